"""A picture is drawn once for what it shows: not for each view that asks, and not when nodes have only moved."""

from __future__ import annotations

from pathlib import Path

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Move, SetDrawn, SetParameter
from flodesk.flow.graph import picture
from flodesk.flow.model import Literal
from flodesk.flow.script import read

TEXT = """\
from flodesk.nodes import maths


def flow():
    a = maths.scale(1.0, factor=2.0)
    b = maths.scale(a, factor=3.0)
"""


def test_moved_nodes_have_the_picture_that_they_had() -> None:
    flow, catalog = read(TEXT), Catalog.builtin()
    before = picture(flow, catalog)
    moved, _ = Move("flow", {"a": (40.0, 20.0)}).apply(flow)
    assert picture(moved, catalog) is before
    assert picture(read(TEXT), catalog) is not before, "another text may say the same: it is drawn"


def test_whatever_else_changes_draws_anew() -> None:
    flow, catalog = read(TEXT), Catalog.builtin()
    before = picture(flow, catalog)
    changed, _ = SetParameter("flow", "a", "factor", Literal("5.0")).apply(flow)
    assert picture(changed, catalog).nodes["a"].fields != before.nodes["a"].fields
    pinned, _ = SetDrawn("pins", "flow", "a", ["offset"], "Pin").apply(flow)
    assert picture(pinned, catalog).nodes["a"].pins == ("offset",)
    assert picture(flow, Catalog()).nodes["a"].spec is None
    assert picture(flow, catalog) == before


def test_types_of_a_file_beside_are_asked_for_each_time(tmp_path: Path) -> None:
    flow = read("import other\n\n\ndef flow():\n    a = other.make(1.0)\n")
    (tmp_path / "other.py").write_text("def make(x: float) -> float:\n    return x\n")
    first = picture(flow, Catalog.builtin().with_flow(flow, tmp_path))
    (tmp_path / "other.py").write_text("def make(x: float, y: float = 2.0) -> str:\n    return ''\n")
    second = picture(flow, Catalog.builtin().with_flow(flow, tmp_path))
    assert first.nodes["a"].outputs != second.nodes["a"].outputs
