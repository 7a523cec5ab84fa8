"""The page of the examples is what its script makes of them now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from flodesk.ui.examples import TAGS, gallery

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_examples", DOCS / "make_examples.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = (DOCS / "examples.md").read_text(encoding="utf-8")
    assert written == script.page(), "docs/examples.md is out of date: run python docs/make_examples.py"


def test_every_example_is_on_it_with_its_sentence() -> None:
    page = (DOCS / "examples.md").read_text(encoding="utf-8")
    for path in (DOCS.parent / "resources/examples").glob("*.py"):
        assert page.count(f"](../resources/examples/{path.name})") == 1
    for one in gallery():
        assert one.sentence in page
        assert set(one.tags) <= set(TAGS)
