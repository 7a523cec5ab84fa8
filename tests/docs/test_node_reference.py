"""The reference of the node types is what its script makes of the catalog now."""

from __future__ import annotations

import importlib.util
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


def test_the_page_is_what_the_script_makes(script: ModuleType) -> None:
    written = (DOCS / "nodes.md").read_text(encoding="utf-8")
    assert written == script.page(), "docs/nodes.md is out of date: run python docs/make_nodes.py"


def test_every_node_type_and_every_parameter_is_in_it() -> None:
    text = (DOCS / "nodes.md").read_text(encoding="utf-8")
    for spec in Catalog.builtin().specs.values():
        path = spec.path.removeprefix("flodesk.nodes.")
        assert f"`{path}`: " in text
        entry = text.partition(f"`{path}`: ")[2].partition("\n### ")[0]
        for parameter in spec.parameters:
            star = "*" if parameter.passing == "many" else ""
            assert f"| `{star}{parameter.name}` |" in entry, (path, parameter.name)


def test_every_link_to_a_shelf_leads_to_its_heading(script: ModuleType) -> None:
    lines = (DOCS / "nodes.md").read_text(encoding="utf-8").splitlines()
    headings = [script.anchor(line.lstrip("#").strip()) for line in lines if line.startswith("#")]
    links = [line.partition("](#")[2].partition(")")[0] for line in lines if line.startswith("- [")]
    assert links
    for link in links:
        assert headings.count(link) == 1, link
