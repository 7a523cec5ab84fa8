"""Lines of the panel that a hand has got wrong: kept to the letter, shown where there is room, and told with a fix."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.engine.tolerance import Rules
from flodesk.flow.catalog import Catalog
from flodesk.flow.cells import COLUMNS, ROWS, TALLEST, cells_of_page
from flodesk.flow.check import Problem, check
from flodesk.flow.document import Document
from flodesk.flow.edit import Move, Rename, RenameFunction, SetView, from_json, to_json
from flodesk.flow.fixes import fixes_of
from flodesk.flow.header_rules import BACKOFF
from flodesk.flow.model import View
from flodesk.flow.script import ScriptError, read, toml, write
from flodesk.flow.view_text import NoViewsError, views_in

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
     "[0, 0, 4, 99999999]", "[0, 1000000000000000000000000, 4, 2]",
     "[0, 1.5, 4, 2]", "[0, 1, 4]", "[0, 1, 4, 2, 9]", "[true, 0, 4, 2]", '"nonsense"', "[nan, inf, -inf, 1]", "7",
     f"[0, {10**400}, 4, 2]", f"[-{10**400}, 0, 4, 2]", f"[0, 0, 0x{'f' * 5000}, 2]", "[0, 1e308, 4, 5e-324]"],
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


@pytest.mark.parametrize("number", [str(10**400), f"-{10**400}", f"0x{'f' * 5000}"], ids=["long", "below", "hex"])
def test_a_number_beyond_all_floats_is_kept_to_the_letter_and_told_with_its_line(number: str) -> None:
    lines = [f"backoff = {number}", "[tool.flodesk.canvas.flow]", f"gain = [{number}, 0]"]
    lines += ["[tool.flodesk.notes.flow]", f'n = {{ at = [{number}, 0, 200, 100], text = "x" }}']
    lines += ["[tool.flodesk.panel.flow]", f"gain = [0, {number}, 4, 2]"]
    text = with_lines("[tool.flodesk]", *lines)
    flow = read(text)
    assert write(flow) == text
    assert sorted(problem.line for problem in check(flow, CATALOG)) == [3, 5, 7, 9]
    assert Rules.of(flow).backoff == BACKOFF
    renamed, back = RenameFunction("flow", "main").apply(flow)
    assert read(write(renamed)) == renamed
    assert write(back.apply(renamed)[0]) == text
    with pytest.raises(NoViewsError, match="whole numbers"):
        views_in("\n".join(lines[-2:]))


def test_a_number_of_more_digits_than_python_reads_is_told_with_its_line() -> None:
    lines = ["[tool.flodesk.panel.flow]", f"gain = [0, {'1' * 5000}, 4, 2]"]
    with pytest.raises(ScriptError, match="shorten it") as refused:
        read(with_lines(*lines))
    assert refused.value.line == 3
    with pytest.raises(NoViewsError, match="thousands of digits"):
        views_in("\n".join(lines))


def test_whole_numbers_with_a_point_are_a_place() -> None:
    text = with_lines("[tool.flodesk.panel.flow]", "gain = [0, 1.0, 4, 2.0]")
    flow = read(text)
    assert write(flow) == text
    assert not check(flow, CATALOG)
    assert flow.header.panel["flow"]["gain"] == View("gain", "gain", 0, 1, 4, 2)
    moved = SetView("flow", "gain", View("gain", "gain", 0, 3, 4, 2)).apply(flow)[0]
    assert "# gain = [0, 3, 4, 2]\n" in write(moved)


def test_of_two_tables_of_the_module_one_counts_and_the_other_is_told_with_its_line_and_kept() -> None:
    tables = ['[tool.flodesk.panel.""]', "gain = [0, 0, 4, 2]", "other = 3"]
    tables += ['[tool.flodesk.panel."<module>"]', "gain = [4, 0, 4, 2]"]
    text = with_lines(*tables)
    flow = read(text)
    assert write(flow) == text
    assert flow.header.panel == {"": {"gain": View("gain", "gain", 4, 0, 4, 2)}}
    (problem,) = problems_of(text, "line")
    assert problem.line == 3
    assert 'panel.""' in problem.message
    for edit in (
        SetView("flow", "gain", View("gain", "gain", 0, 3, 4, 2)),
        SetView("", "gain", View("gain", "gain", 8, 0, 4, 2)),
    ):
        new, back = edit.apply(flow)
        assert read(write(new)) == new
        assert "\n".join(f"# {line}" for line in tables[:3]) in write(new)
        assert write(back.apply(new)[0]) == text
    (fix,) = fixes_of(flow, CATALOG, problem)
    assert fix.edit is not None
    assert not problems_of(write(fix.edit.apply(flow)[0]), "line")


@pytest.mark.parametrize(
    "lines",
    [
        ["[tool.flodesk]", "on_error = @", "backoff = @", "pages = @", "presets = @"],
        ["[tool.flodesk.places.flow]", "gain = @"],
        ["[tool.flodesk.app]", "title = @", "touch = @", "password = @"],
        ["[tool.flodesk.notes.flow]", "n = { at = [0, 0, 200, 100], text = @, color = @ }"],
        ["[tool.flodesk.panel.flow]", "gain = { at = [0, 0, 4, 2], options = { as = @ } }"],
        ["[tool.flodesk.panel.flow]", 'level = { at = [0, 0, 4, 2], options = { as = "show.gauge", minimum = @ } }'],
    ],
)
@pytest.mark.parametrize(
    "value", [f"0x{'f' * 5000}", str(10**400), "nan", "[" * 60 + "]" * 60], ids=["hex", "long", "nan", "deep"]
)
def test_a_setting_of_any_length_is_told_in_a_sentence(lines: list[str], value: str) -> None:
    text = with_lines(*(line.replace("@", value) for line in lines))
    flow = read(text)
    assert write(flow) == text
    assert all(len(problem.message) < 300 for problem in check(flow, CATALOG))


ODD = [
    "[tool.flodesk.canvas.flow]", "gain = [0, 0]", 'level = "nowhere"', "[tool.flodesk.canvas]", "other = 3",
    "[tool.flodesk.panel.flow]", "gain = [0, 0, 4, 1]", 'chart = "nonsense"', "level = { at = [0, 1, 4, 2], page = 3 }",
]  # fmt: skip


def test_lines_that_are_none_are_kept_to_the_letter_left_out_and_told_every_one_with_its_line() -> None:
    text = with_lines(*ODD)
    flow = read(text)
    assert write(flow) == text
    assert list(flow.header.panel["flow"]) == ["gain"]
    assert flow.header.canvas["flow"] == {"gain": (0, 0)}
    found = problems_of(text, "line")
    assert [(problem.severity, problem.line) for problem in found] == [("warning", n) for n in (4, 6, 9, 10)]
    assert "panel.flow.chart" in found[2].message
    assert '"nonsense"' in found[2].message
    for problem in found:
        (fix,) = fixes_of(flow, CATALOG, problem)
        assert fix.edit is not None
        mended, back = fix.edit.apply(flow)
        assert len(problems_of(write(mended), "line")) == len(found) - 1
        assert read(write(mended)) == mended
        assert write(back.apply(mended)[0]) == text


@pytest.mark.parametrize(
    "edit",
    [
        SetView("flow", "chart", View("chart", "gain", 0, 3, 4, 2)),
        SetView("flow", "new", View("new", "gain", 0, 3, 4, 2)),
        SetView("flow", "gain", None),
        Move("flow", {"level": (7, 8)}),
        Move("other", {"x": (7, 8)}),
        Move("flow", {"gain": None}),
    ],
)
def test_an_edit_beside_or_in_the_place_of_such_a_line_is_taken_back_to_the_letter(edit: SetView | Move) -> None:
    text = with_lines(*ODD)
    flow = read(text)
    new, back = edit.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == text


@pytest.mark.parametrize(
    ("edit", "stays"),
    [
        (Rename("flow", "gain", "chart"), 'chart = "nonsense"'),
        (Rename("flow", "gain", "extra"), "extra = 7"),
        (Rename("flow", "level", "chart"), 'chart = "nonsense"'),
        (RenameFunction("flow", "other"), 'chart = "nonsense"'),
        (RenameFunction("flow", "main"), 'chart = "nonsense"'),
    ],
)
def test_a_new_name_that_such_a_line_has_takes_nothing_from_it(edit: Rename | RenameFunction, stays: str) -> None:
    text = with_lines(*ODD, "extra = 7")
    document = Document()
    document.flow = flow = read(text)
    new, back = edit.apply(flow)
    assert f"# {stays}\n" in write(new)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == text
    journal = from_json(to_json(back))
    assert write(journal.apply(new)[0]) == text
    document.do(edit)
    document.undo()
    assert write(document.flow) == text
    document.redo()
    assert write(document.flow) == write(new)
    document.undo()
    assert write(document.flow) == text


_NAMES = st.sampled_from(["flow", "gain", "level", "at", "shows", "page", "options", "group", "flow.gain.value", ""])
_NONSENSE = st.recursive(
    st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["panel", "canvas", "pages", "app", "presets"]), _NONSENSE, min_size=1),
    st.dictionaries(st.sampled_from(["gain", "level"]), _NONSENSE),
)
def test_no_nonsense_in_these_tables_keeps_a_flow_from_being_opened(tables, views) -> None:
    lines = [f"{name} = {toml.value(item)}" for name, item in tables.items() if name != "panel" or not views]
    below = ["[tool.flodesk.panel.flow]", *(f"{name} = {toml.value(item)}" for name, item in views.items())]
    text = with_lines("[tool.flodesk]", *lines, *(below if views else []))
    flow = read(text)
    assert write(flow) == text
    assert not [problem for problem in check(flow, CATALOG) if problem.severity == "error"]
    assert all(cells.row < ROWS for cells in cells_of_page(flow).values())
    new, back = SetView("flow", "seen", View("seen", "gain", 0, 0, 4, 1)).apply(flow)
    assert read(write(new)).header.panel["flow"]["seen"] == new.header.panel["flow"]["seen"]
    assert write(back.apply(new)[0]) == text
