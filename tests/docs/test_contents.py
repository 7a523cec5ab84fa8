"""The list of the guide's pages is whole: every page of the docs stands in it once, and each that it names is there."""

from __future__ import annotations

import tomllib
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_page_is_in_the_contents_once() -> None:
    parts = tomllib.loads((DOCS / "contents.toml").read_text(encoding="utf-8"))
    listed = [page for part in parts.values() for page in part.values()]
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    shelves = {page for page in there if page.startswith("nodes/")}  # nodes.md lists them
    assert sorted(listed) == sorted(there - shelves)
