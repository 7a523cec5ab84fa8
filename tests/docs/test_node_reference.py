"""The reference of the node types is what its script makes of the catalog now."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from flodesk.flow.catalog import Catalog

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_nodes", DOCS / "make_nodes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_what_the_script_makes(script: ModuleType) -> None:
    written = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in (DOCS / "nodes.md", *(DOCS / "nodes").glob("*.md"))
    }
    assert written == script.pages(), "docs/nodes.md or docs/nodes is out of date: run python docs/make_nodes.py"


def test_every_node_type_and_every_parameter_is_in_it(script: ModuleType) -> None:
    for spec in Catalog.builtin().specs.values():
        text = (DOCS / script.page_of(spec.category)).read_text(encoding="utf-8")
        path = spec.path.removeprefix("flodesk.nodes.")
        assert f"`{path}`: " in text
        entry = text.partition(f"`{path}`: ")[2].partition("\n## ")[0]
        for parameter in spec.parameters:
            star = "*" if parameter.passing == "many" else ""
            assert f"| `{star}{parameter.name}` |" in entry, (path, parameter.name)


def test_every_link_to_a_node_leads_to_its_heading(script: ModuleType) -> None:
    headings = {
        path.relative_to(DOCS).as_posix(): [
            script.anchor(line.lstrip("#").strip())
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("#")
        ]
        for path in (DOCS / "nodes").glob("*.md")
    }
    links = re.findall(r"\]\(([^)#]+)#([^)]+)\)", (DOCS / "nodes.md").read_text(encoding="utf-8"))
    assert len(links) == len(Catalog.builtin().specs)
    for page, anchor in links:
        assert headings[page].count(anchor) == 1, (page, anchor)
