"""What is typed in the script and cannot be read yet outlives a crash, too, also after a save that cannot take it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.engine.folders import data_folder
from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
BROKEN = "    pair = (twice,"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    return path


def journals() -> int:
    return len(list(data_folder("unsaved").glob("*.jsonl")))


def type_below_twice(qtbot: QtBot, window: Window, text: str) -> str:
    """Type a line below that of `twice`, and return all that stands in the script then."""
    window.docks.script.show()
    editor = window.script.editor
    line = editor.raw_text().split("\n").index("    twice = maths.scale(cutoff, factor=2.0)")
    cursor = QTextCursor(editor.document().findBlockByNumber(line))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    editor.setTextCursor(cursor)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(editor, text)
    qtbot.waitUntil(lambda: window.script.in_step.unread is not None, timeout=20_000)
    return editor.raw_text()


def restored(qtbot: QtBot, window: Window) -> str:
    """Answer the question about what was found, and return what is said then."""
    window.restoring.begin()
    window.restoring.offer()
    button = next(b for b in window.bar.buttons if b.text() == "Restore")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.script.in_step.unread is not None, timeout=20_000)
    return window.bar.text


@pytest.mark.parametrize("shown", [True, False], ids=["script seen", "script hidden"])
def test_text_alone_comes_back(qtbot: QtBot, open_window: Callable[..., Window], file: Path, shown: bool) -> None:
    first = open_window()
    first.restoring.begin()
    first.files.open(file)
    typed = type_below_twice(qtbot, first, BROKEN)
    assert BROKEN.strip() in typed
    assert journals() == 1
    first.restoring.end(keep=True)
    second = open_window()
    second.docks.script.setVisible(shown)
    said = restored(qtbot, second)
    assert said == "What was typed in the script of mine.py, and cannot be read yet, is there again."
    assert second.script.editor.raw_text() == typed
    assert write(second.document.flow) == TEXT
    second.restoring.end(keep=True)  # and after a second crash
    third = open_window()
    restored(qtbot, third)
    assert third.script.editor.raw_text() == typed
    third.restoring.end()
    assert file.read_text() == TEXT


def test_text_comes_back_with_the_changes_before_it_and_after_it(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    first = open_window()
    first.restoring.begin()
    first.files.open(file)
    first.document.do(SetNote("flow", "cutoff", "before"))
    type_below_twice(qtbot, first, BROKEN)
    first.document.do(SetNote("flow", "twice", "after"))
    qtbot.waitUntil(lambda: "# after" in first.script.in_step.typed_text(), timeout=20_000)
    typed, text = first.script.editor.raw_text(), write(first.document.flow)
    first.restoring.end(keep=True)
    second = open_window()
    said = restored(qtbot, second)
    assert said.startswith("2 changes of mine.py are back")
    assert said.endswith("What was typed in the script of mine.py, and cannot be read yet, is there again, too.")
    assert second.script.editor.raw_text() == typed
    assert write(second.document.flow) == text
    second.restoring.end()


def test_a_save_that_cannot_take_the_text_keeps_it_for_a_crash(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    first = open_window()
    first.restoring.begin()
    first.files.open(file)
    first.document.do(SetNote("flow", "cutoff", "saved"))
    typed = type_below_twice(qtbot, first, BROKEN)
    first.document.save()
    assert "# saved" in file.read_text()
    assert journals() == 1
    first.restoring.end(keep=True)
    second = open_window()
    restored(qtbot, second)
    assert second.script.editor.raw_text() == typed
    assert not second.document.dirty
    second.restoring.end()


def test_text_that_can_be_read_in_the_end_or_is_taken_back_leaves_nothing(
    qtbot: QtBot, open_window: Callable[..., Window], file: Path
) -> None:
    window = open_window()
    window.restoring.begin()
    window.files.open(file)
    type_below_twice(qtbot, window, BROKEN)
    assert journals() == 1
    window.script.in_step.take_back()
    assert journals() == 0
    type_below_twice(qtbot, window, BROKEN)
    window.script.in_step.take_back()
    window.restoring.end(keep=True)
    assert journals() == 0
    again = open_window()
    again.restoring.begin()
    again.restoring.offer()
    assert again.bar.text == ""
    again.restoring.end()
