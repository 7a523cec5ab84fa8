"""Lines of the panel that a hand has got wrong: kept to the letter, shown where there is room, and told with a fix."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.cells import COLUMNS, ROWS, TALLEST, cells_of_page
from flodesk.flow.check import Problem, check
from flodesk.flow.fixes import fixes_of
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
CODE = """import flodesk
from flodesk.nodes import control, show


def flow():
    gain = control.slider(2.0)
    level = show.number(gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def with_lines(*lines: str) -> str:
    """Return the flow with these lines in its header."""
    return "\n".join(["# /// script", *(f"# {line}" for line in lines), "# ///", CODE])


def problems_of(text: str, kind: str) -> list[Problem]:
    return [problem for problem in check(read(text), CATALOG) if problem.kind == kind]


@pytest.mark.parametrize(
    "at",
    ["[0, 99999999, 4, 2]", "[0, -3, 4, 2]", "[-1, 0, 4, 2]", "[0, 0, 0, 2]", "[0, 0, 4, -2]", "[11, 0, 4, 2]",
     "[0, 0, 4, 99999999]", "[0, 1000000000000000000000000, 4, 2]"],
)  # fmt: skip
def test_a_place_off_the_panel_is_brought_onto_it_and_told_with_its_line_and_a_fix(at: str) -> None:
    text = with_lines("[tool.flodesk.panel.flow]", "gain = [0, 0, 4, 1]", f'level = {{ at = {at}, page = "" }}')
    flow = read(text)
    assert write(flow) == text
    cells = cells_of_page(flow)["flow.level"]
    assert 0 <= cells.column <= COLUMNS - cells.width
    assert 0 <= cells.row < ROWS
    assert 0 < cells.height <= TALLEST
    (problem,) = problems_of(text, "view-place")
    assert (problem.severity, problem.line) == ("warning", 4)
    assert "“level”" in problem.message
    fix, _ = fixes_of(flow, CATALOG, problem)
    assert fix.title == "Put “level” in the first free place"
    assert fix.edit is not None
    mended, back = fix.edit.apply(flow)
    assert not problems_of(write(mended), "view-place")
    assert not cells_of_page(mended)["flow.level"].overlaps(cells_of_page(mended)["flow.gain"])
    assert write(back.apply(mended)[0]) == text
