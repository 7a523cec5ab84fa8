"""A text that a hand has changed, read beside the flow as it was: ids, places and what is the same go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Many, SetParameter, SetText
from flodesk.flow.journal import Journal, load_journal, replay
from flodesk.flow.retyped import retyped
from flodesk.flow.script import ScriptError, read, write
from flodesk.resource import resource

HEADER = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# cutoff = [0, 0]
# twice = [240, 0]
# if_1 = [480, 0]
#
# [tool.flodesk.panel.flow]
# cutoff = [0, 0, 8, 1]
# ///
"""
BODY = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0, maximum=100.0)
    twice = maths.scale(cutoff, factor=2.0)
    high = maths.greater(twice, 5.0)
    if high:
        low = maths.scale(twice, factor=0.5)


if __name__ == "__main__":
    flodesk.main(flow)
"""
TEXT = HEADER + BODY
CATALOG = Catalog.builtin()
EXAMPLES = sorted(Path(str(resource("examples"))).glob("*.py"))


def after(text: str, new: str) -> str:
    """The text of the flow after its text was changed by a hand; undo leads back."""
    document = Document()
    document.flow = read(text)
    edit = retyped(document.flow, new, CATALOG)
    assert edit is not None
    document.do(edit)
    found = write(document.flow)
    document.undo()
    assert write(document.flow) == text
    return found


def test_the_flows_own_text_is_no_edit() -> None:
    assert retyped(read(TEXT), TEXT) is None


def test_what_is_no_python_says_where() -> None:
    with pytest.raises(ScriptError) as told:
        retyped(read(TEXT), TEXT.replace("factor=2.0)", "factor=2.0"))
    assert told.value.line == TEXT[: TEXT.index("    twice")].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ("factor=2.0", "factor=3", {("twice", "factor", "3")}),
        ("slider(20.0", "slider(25.0", {("cutoff", "value", "25.0")}),
        (
            "slider(20.0, maximum=100.0",
            "slider(25.0, maximum=90.0",
            {("cutoff", "value", "25.0"), ("cutoff", "maximum", "90.0")},
        ),
        ("factor=0.5", "factor=0.25", {("low", "factor", "0.25")}),
    ],
)  # fmt: skip
def test_nothing_but_literals_is_a_change_of_parameters(old: str, new: str, edits: set[tuple[str, str, str]]) -> None:
    edit = retyped(read(TEXT), TEXT.replace(old, new), CATALOG)
    found = edit.edits if isinstance(edit, Many) else (edit,)
    assert all(isinstance(e, SetParameter) and e.function == "flow" for e in found)
    assert {(e.id, e.parameter, e.value.text) for e in found if isinstance(e, SetParameter) and e.value} == edits
    assert after(TEXT, TEXT.replace(old, new)) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    "new",
    [
        TEXT.replace("factor=2.0)", "factor=3.0)  # doubled"),
        TEXT.replace("(cutoff, factor=2.0)", "(cutoff, 2.0)"),
        TEXT.replace("factor=2.0)", "factor=cutoff)"),
        TEXT.replace("factor=2.0)", "factor=3.0)").replace("import flodesk\n", "import flodesk\nimport math\n"),
        TEXT.replace("factor=2.0)", "factor=3.0)").replace("# twice = [240, 0]", "# twice = [250, 0]"),
    ],
)
def test_anything_else_is_a_new_text(new: str) -> None:
    assert isinstance(retyped(read(TEXT), new, CATALOG), SetText)
    assert after(TEXT, new) == new


def test_a_node_with_another_name_keeps_its_place_and_its_view() -> None:
    found = after(TEXT, TEXT.replace("cutoff", "limit").replace(HEADER.replace("cutoff", "limit"), HEADER))
    assert sorted(found.split("\n")) == sorted(TEXT.replace("cutoff", "limit").split("\n"))
    only_there = after(TEXT, TEXT.replace("    cutoff =", "    c ="))
    assert "# c = [0, 0]\n" in only_there
    assert "# c = [0, 0, 8, 1]\n" in only_there
    assert "maths.scale(cutoff," in only_there


def test_a_function_with_another_name_keeps_its_places() -> None:
    found = after(TEXT, TEXT.replace("def flow():", "def main_part():"))
    assert "[tool.flodesk.canvas.main_part]" in found
    assert "[tool.flodesk.panel.main_part]" in found


def test_a_header_that_a_hand_has_changed_stays_as_it_was_written() -> None:
    new = TEXT.replace("cutoff = control", "limit = control").replace("# cutoff = [0, 0]\n", "# limit = [7, 7]\n")
    assert after(TEXT, new) == new


def test_what_is_numbered_keeps_its_number() -> None:
    new = TEXT.replace("    if high:", "    if cutoff:\n        one = maths.scale(cutoff, factor=1.0)\n    if high:")
    found = after(TEXT, new)
    flow = read(found)
    tests = {s.id: s.arms[0].test.text for s in flow.functions["flow"].body.statements if hasattr(s, "arms")}
    assert tests == {"if_2": "cutoff", "if_1": "high"}
    assert found.replace(found[: found.index("import flodesk")], "") == new.replace(HEADER, "")


def test_what_is_the_same_is_shared() -> None:
    old = read(TEXT)
    edit = retyped(old, TEXT.replace("factor=0.5", "factor=0.25  "))
    assert isinstance(edit, SetText)
    assert edit.flow is not None
    before, now = old.functions["flow"].body.statements, edit.flow.functions["flow"].body.statements
    assert [a is b for a, b in zip(before, now, strict=True)] == [True, True, True, False]
    assert edit.flow.header is old.header


def test_other_ends_of_lines_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    flow = read(text)
    assert retyped(flow, TEXT) is None
    edit = retyped(flow, TEXT.replace("    high", "    # a remark\n    high"))
    assert edit is not None
    assert write(edit.apply(flow)[0]) == text.replace("    high", "    # a remark\r\n    high")


def test_what_is_typed_in_a_row_is_one_edit_and_the_journal_has_it(tmp_path: Path) -> None:
    document = Document()
    document.flow = read(TEXT)
    journal = Journal(document, tmp_path / "journal")
    text = TEXT
    for typed in ("#", " ", "o", "n", "e"):
        text = text.replace("\n    high", f"{typed}\n    high")
        edit = retyped(document.flow, text, CATALOG)
        assert edit is not None
        document.do(edit, merge="script 1")
    assert document.steps == 1
    inverse = document._done[-1].inverse
    assert isinstance(inverse, SetText)  # and no list of as many as there were keys
    recovery = load_journal(tmp_path / "journal")
    assert recovery is not None
    again = Document()
    again.flow = read(TEXT)
    assert replay(again, recovery) == 5
    assert write(again.flow) == text == write(document.flow)
    again.undo()
    assert write(again.flow) == TEXT
    journal.close()


def lines_of_examples() -> list[str]:
    return [line for path in EXAMPLES for line in path.read_text(encoding="utf-8").split("\n")]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_text_that_can_be_read_comes_back_but_for_its_header(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(EXAMPLES)).read_text(encoding="utf-8")
    document = Document()
    document.flow = read(text)
    for _ in range(data.draw(st.integers(1, 5))):
        lines = write(document.flow).split("\n")
        at = data.draw(st.integers(0, len(lines)))
        end = min(len(lines), at + data.draw(st.integers(0, 3)))
        put = data.draw(st.lists(st.sampled_from(lines_of_examples()), max_size=3))
        wanted = "\n".join([*lines[:at], *put, *lines[end:]])
        before = write(document.flow)
        try:
            edit = retyped(document.flow, wanted, CATALOG)
        except ScriptError:
            continue
        if edit is None:
            assert wanted == before
            continue
        document.do(edit)
        found = write(document.flow)
        assert read(found) == document.flow
        if found != wanted:  # ids or places went on: nothing but the header tells of them
            assert found[found.index("# ///\n") :] == wanted[wanted.index("# ///\n") :]
        document.undo()
        assert write(document.flow) == before
        document.redo()
        assert write(document.flow) == found
