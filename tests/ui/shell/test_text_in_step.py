"""A text that is typed and the flow stay in step, whatever is done to either: nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Connect, EditError, Move, RemoveNode, SetNote, SetParameter, SetText
from flodesk.flow.model import Call, Literal, Ref
from flodesk.flow.script import write
from flodesk.flow.text_diff import hunks, lines_of
from flodesk.ui.script.editor import ScriptEditor
from flodesk.ui.script.in_step import LONG, InStep

TEXT = """\
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
# ///
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)  # twice as much
    high = maths.greater(twice, 5.0)
    if high:
        low = maths.scale(twice, factor=0.5)
    total = 0.0


if __name__ == "__main__":
    flodesk.main(flow)
"""
CATALOG = Catalog.builtin()


def units(text: str) -> int:
    """Places of a text in Qt's documents."""
    return len(text.encode("utf-16-le")) // 2


class Desk:
    """A document, and an editor in step with it."""

    def __init__(self, text: str = TEXT) -> None:
        self.document = Document()
        self.editor = ScriptEditor()
        self.in_step = InStep(self.document, self.editor, lambda: CATALOG)
        self.in_step.show()
        self.load(text)

    def load(self, text: str) -> None:
        self.document.new()
        self.document.do(SetText(text, "Start"))
        self.in_step.pull()

    @property
    def text(self) -> str:
        return self.editor.raw_text()

    @property
    def flow_text(self) -> str:
        return write(self.document.flow)

    def type_at(self, at: int, removed: int, text: str) -> None:
        """Replace a part of the text as a hand would."""
        cursor = QTextCursor(self.editor.document())
        cursor.setPosition(at)
        cursor.setPosition(at + removed, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def replace(self, old: str, new: str) -> None:
        self.type_at(units(self.text[: self.text.index(old)]), units(old), new)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.in_step.close()
    made.editor.deleteLater()


def test_a_pause_takes_the_text_over(qtbot: QtBot, desk: Desk) -> None:
    assert desk.text == TEXT
    desk.replace("factor=2.0", "factor=3.0")
    assert desk.in_step.ahead
    assert desk.flow_text == TEXT
    qtbot.waitUntil(lambda: not desk.in_step.ahead)
    assert desk.flow_text == desk.text == TEXT.replace("factor=2.0", "factor=3.0")
    assert desk.document.undo_title == "Change factor of twice"


def test_colours_are_no_typing(qtbot: QtBot, desk: Desk) -> None:
    desk.editor.coloring.rehighlight()
    qtbot.wait(20)
    assert not desk.in_step.ahead


def test_what_is_typed_in_a_row_is_one_step_and_elsewhere_another(desk: Desk) -> None:
    before = desk.document.steps
    for part in ("    extra", " = ", "maths.add(twice", ", high)"):
        at = desk.text.index("    total") if part == "    extra" else desk.text.index("    total") - 1
        desk.type_at(at, 0, part + ("\n" if part == "    extra" else ""))
        desk.in_step.settle()
    assert desk.in_step.unread is None
    assert desk.document.steps == before + 1
    desk.editor.show_line(0)
    desk.editor.show_line(18)
    desk.replace("# twice as much", "# two of them")
    desk.in_step.settle()
    assert desk.document.steps == before + 2
    desk.in_step.undo()
    desk.in_step.undo()
    assert desk.text == desk.flow_text == TEXT
    desk.in_step.redo()
    desk.in_step.redo()
    assert "# two of them" in desk.text
    assert "    extra = maths.add(twice, high)\n" in desk.flow_text


def test_what_cannot_be_read_leaves_the_flow_and_says_where(desk: Desk) -> None:
    desk.replace("twice, 5.0)", "twice, 5.0")
    assert not desk.in_step.settle()
    unread = desk.in_step.unread
    assert unread is not None
    assert (unread.line, unread.start) == (19, len("    high = maths.greater"))
    assert "never closed" in unread.message
    assert desk.flow_text == TEXT
    desk.replace("twice, 5.0", "twice, 6.0)")
    assert desk.in_step.settle()
    assert desk.in_step.unread is None
    assert desk.flow_text == desk.text


def test_edits_elsewhere_go_into_a_text_that_cannot_be_read(desk: Desk) -> None:
    desk.replace("twice, 5.0)", "twice, 7.0")
    desk.in_step.settle()
    desk.document.do(SetNote("flow", "low", "from the canvas"))
    desk.document.do(Move("flow", {"twice": (17.0, 17.0)}))
    desk.in_step.pull()
    assert "twice, 7.0\n" in desk.text
    assert "factor=0.5)  # from the canvas\n" in desk.text
    assert "# twice = [17, 17]\n" in desk.text
    desk.replace("twice, 7.0", "twice, 7.0)")
    assert desk.in_step.settle()
    assert desk.flow_text == desk.text
    assert "# from the canvas" in desk.flow_text


def test_where_both_changed_a_line_the_typed_one_stays_and_undo_has_the_other(desk: Desk) -> None:
    desk.replace("twice, 5.0)", "twice, 7.0")
    desk.in_step.settle()
    desk.document.do(SetNote("flow", "high", "from the canvas"))
    desk.in_step.pull()
    assert desk.in_step.clashes == (19,)
    assert "from the canvas" not in desk.text
    desk.replace("twice, 7.0", "twice, 7.0)")
    assert desk.in_step.settle()
    assert desk.in_step.clashes == ()
    assert desk.flow_text == desk.text
    desk.in_step.undo()
    assert "5.0)  # from the canvas" in desk.text


def test_the_text_can_be_taken_back_and_brought_back(desk: Desk) -> None:
    desk.replace("twice, 5.0)", "twice, 7.0")
    desk.in_step.settle()
    typed = desk.text
    desk.in_step.take_back()
    assert desk.text == TEXT
    assert desk.in_step.unread is None
    desk.in_step.undo()
    assert desk.text == typed
    desk.in_step.settle()
    assert desk.in_step.unread is not None
    desk.in_step.undo()
    desk.in_step.redo()
    assert desk.flow_text == TEXT


def test_undo_first_takes_back_what_cannot_be_read(desk: Desk) -> None:
    desk.document.do(SetNote("flow", "low", "a note"))
    desk.in_step.pull()
    before = desk.text
    desk.replace("high = maths", "high = = maths")
    desk.in_step.undo()
    assert desk.text == before
    assert "a note" in desk.flow_text
    desk.in_step.settle()
    desk.editor.document().clearUndoRedoStacks()
    desk.in_step.undo()
    assert desk.text == desk.flow_text == TEXT


def test_the_cursor_and_the_view_stay_where_they_are(qtbot: QtBot, desk: Desk) -> None:
    desk.editor.resize(400, 160)
    desk.editor.show()
    desk.editor.fold.put(False)
    desk.editor.show_line(20, 7)
    desk.editor.verticalScrollBar().setValue(15)
    seen = desk.editor.firstVisibleBlock().text()
    cursor = desk.editor.textCursor()
    assert cursor.block().text() == "    if high:"
    desk.document.do(RemoveNode("flow", "cutoff"))
    desk.document.do(SetParameter("flow", "twice", "factor", Literal("11.5")))
    desk.in_step.pull()
    assert desk.text == desk.flow_text
    assert desk.editor.textCursor().block().text() == "    if high:"
    assert desk.editor.textCursor().positionInBlock() == 7
    assert desk.editor.firstVisibleBlock().text() == seen
    desk.editor.hide()


def test_a_cursor_in_the_very_line_stays_behind_the_same_letter(desk: Desk) -> None:
    desk.editor.show_line(18, 12)
    desk.document.do(SetParameter("flow", "twice", "factor", Literal("11.5")))
    desk.in_step.pull()
    assert desk.editor.textCursor().positionInBlock() == 12
    assert desk.editor.textCursor().block().text().startswith("    twice = maths.scale(cutoff, factor=11.5)")


def test_a_file_that_is_opened_is_shown_when_somebody_looks(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "other.py"
    path.write_text(TEXT.replace("twice", "double"))
    desk.in_step.hide()
    desk.document.open(path)
    assert desk.text == TEXT
    desk.in_step.show()
    assert desk.text == path.read_text()


def test_a_hidden_pane_keeps_what_was_typed(desk: Desk) -> None:
    desk.replace("twice, 5.0)", "twice, 7.0")
    desk.in_step.settle()
    desk.in_step.hide()
    desk.document.do(SetNote("flow", "low", "meanwhile"))
    desk.in_step.show()
    assert "twice, 7.0\n" in desk.text
    assert "# meanwhile" in desk.text


@pytest.mark.parametrize("strange", ["\u2029", "\ufdd0"])
def test_what_an_editor_would_turn_into_something_else_is_not_edited(desk: Desk, strange: str) -> None:
    desk.document.new()
    text = TEXT.replace("# twice as much", f"# twice{strange}as much")
    desk.document.do(SetText(text, "Start"))
    desk.in_step._stale = True
    desk.in_step.show()
    assert desk.editor.isReadOnly()
    assert desk.flow_text == text


@pytest.mark.parametrize("kept", ["a\u00a0b", "a\u2028b", "\f", "🙂 é"])
def test_rare_characters_stay_to_the_letter(desk: Desk, kept: str) -> None:
    text = TEXT.replace("# twice as much", f"# {kept} x")
    desk.load(text)
    assert desk.text == text
    desk.replace(" x\n", " y\n")
    assert desk.in_step.settle()
    assert desk.flow_text == text.replace(" x\n", " y\n")


def test_other_ends_of_lines_stay(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "windows.py"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    desk.document.open(path)
    assert desk.text == TEXT
    desk.replace("factor=2.0", "factor=3.0")
    desk.type_at(desk.text.index("    total"), 0, "    # a remark\n")
    assert desk.in_step.settle()
    desk.document.save()
    found = path.read_bytes()
    assert found == desk.text.replace("\n", "\r\n").encode()
    assert b"    # a remark\r\n    total" in found


def test_a_long_text_is_read_in_a_thread(qtbot: QtBot, desk: Desk) -> None:
    many = "".join(f"    n{i} = maths.scale(cutoff, factor={i}.0)\n" for i in range(LONG // 40))
    desk.load(TEXT.replace("    total", many + "    total"))
    desk.replace("factor=3.0", "factor=3.5")
    desk.in_step._paused()
    assert desk.in_step.ahead
    assert "factor=3.5" not in desk.flow_text
    desk.replace("factor=4.0", "factor=4.5")  # more is typed while it is read
    qtbot.waitUntil(lambda: not desk.in_step.ahead, timeout=60000)
    assert desk.flow_text == desk.text
    assert "factor=3.5" in desk.flow_text
    assert "factor=4.5" in desk.flow_text
    desk.replace("factor=5.0)", "factor=5.0")
    desk.in_step._paused()
    desk.document.do(SetNote("flow", "n9", "while it is read"))
    qtbot.waitUntil(lambda: desk.in_step.unread is not None, timeout=60000)
    assert "# while it is read" in desk.text
    desk.replace("factor=5.0", "factor=5.0)")
    assert desk.in_step.settle()
    assert desk.flow_text == desk.text


# ------------------------------------------------------------------ whatever is typed
PIECES = st.sampled_from(
    ["(", ")", '"', '"""', "#", "\n", "    ", " ", "x", "twice", "=", ",", "3.5", "if high:\n        ", "\\",
     "    other = maths.scale(twice, factor=4.0)\n", "# ///\n", "\t", "def f():\n    pass\n", "🙂", "total", ":"]
)  # fmt: skip
PLACE = st.integers(0, 10_000)
TYPED = st.tuples(st.just("type"), PLACE, st.integers(0, 12), st.lists(PIECES, max_size=4).map("".join))
DONE = st.tuples(
    st.sampled_from(["settle", "undo", "redo", "note", "literal", "remove", "move", "wire", "mend"]), PLACE
)
STEPS = st.lists(st.one_of(TYPED, TYPED, DONE), min_size=1, max_size=12)


def elsewhere(desk: Desk, kind: str, at: int) -> None:
    """An edit as the canvas makes them; one that does not fit the flow as it is now does nothing."""
    function = desk.document.flow.functions.get("flow")
    calls = [s for s in function.body.statements if isinstance(s, Call)] if function else []
    if not calls:
        return
    call = calls[at % len(calls)]
    edits = {
        "note": SetNote("flow", call.id, f"note {at}"),
        "literal": SetParameter("flow", call.id, "factor", Literal(f"{at}.5")),
        "remove": RemoveNode("flow", call.id),
        "move": Move("flow", {call.id: (float(at), 1.0)}),
        "wire": Connect("flow", call.id, "factor", Ref(calls[0].id)),
    }
    with suppress(EditError):
        desk.document.do(edits[kind])


def apply(desk: Desk, step: tuple[object, ...]) -> None:
    """Do a step, and look whether anything that was typed is lost."""
    kind, at = step[0], int(step[1])  # type: ignore[call-overload]
    base, own = lines_of(desk.in_step.lines.text), lines_of(desk.text)
    typed = [line for h in hunks(base, own) for line in own[h.new_start : h.new_end]]
    if kind == "type":
        place = at % (len(desk.text) + 1)
        end = min(place + int(step[2]), len(desk.text))  # type: ignore[call-overload]
        wanted = desk.text[:place] + str(step[3]) + desk.text[end:]
        desk.type_at(units(desk.text[:place]), units(desk.text[place:end]), str(step[3]))
        assert desk.text == wanted
    elif kind == "settle":
        before = desk.text
        if desk.in_step.settle():
            assert desk.text == desk.flow_text
            assert desk.text[len(desk.text) - 40 :] == before[len(before) - 40 :]
        else:
            assert desk.text == before
    elif kind == "undo":
        desk.in_step.undo()
    elif kind == "redo":
        desk.in_step.redo()
    elif kind == "mend":
        desk.in_step.take_back()
        assert desk.text == desk.flow_text
    else:
        elsewhere(desk, str(kind), at)
        desk.in_step.pull()
        left = lines_of(desk.text)
        assert [line for line in typed if line not in left] == []
    if not desk.in_step.ahead:
        assert desk.text == desk.flow_text


@pytest.mark.parametrize("cases", [pytest.param(60, id="few"), pytest.param(3000, id="many", marks=pytest.mark.long)])
def test_whatever_is_typed_nothing_is_lost_and_what_can_be_read_is_the_flow(desk: Desk, cases: int) -> None:
    @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def check(steps: list[tuple[object, ...]]) -> None:
        desk.load(TEXT)
        assert desk.text == TEXT
        for step in steps:
            apply(desk, step)
        desk.in_step.take_back()
        assert desk.text == desk.flow_text

    check()
