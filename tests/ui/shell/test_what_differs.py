"""A file that was changed outside: what differs, side by side, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.ui.script import TextDiff
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    a = maths.scale(cutoff, factor=1.0)
    b = maths.scale(a, factor=2.0)
    c = maths.scale(b, factor=3.0)
    d = maths.scale(c, factor=4.0)
    e = maths.scale(d, factor=5.0)
    f = maths.scale(e, factor=6.0)
    g = maths.scale(f, factor=7.0)
    h = maths.scale(g, factor=8.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
OTHER = TEXT.replace("factor=8.0)", "factor=9.0)\n    i = maths.scale(h, factor=9.0)")


@pytest.fixture
def changed(qtbot: QtBot, window: Window, tmp_path: Path) -> Iterator[Path]:
    """A flow with an edit of its own, whose file was changed outside."""
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    qtbot.wait(20)
    window.document.do(SetNote("flow", "a", "a note of mine"))
    path.write_text(OTHER)
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=60000)
    yield path
    for dialog in window.findChildren(TextDiff):
        dialog.close()
    qtbot.waitUntil(lambda: not window.findChildren(TextDiff))


def shown(qtbot: QtBot, window: Window) -> TextDiff:
    button = next(b for b in window.bar.buttons if b.text() == "Compare the texts")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(TextDiff)
    assert isinstance(dialog, TextDiff)
    qtbot.waitExposed(dialog)
    return dialog


def test_what_differs_is_shown_side_by_side(qtbot: QtBot, window: Window, changed: Path) -> None:
    dialog = shown(qtbot, window)
    kinds = [(row.kind, row.left, row.right) for row in dialog.rows if row.kind not in ("same", "skipped")]
    assert kinds == [("changed", 6, 6), ("changed", 13, 13), ("added", None, 14)]
    assert dialog._where.text() == "1 of 2 differences"
    left, right = dialog.left.toPlainText().split("\n"), dialog.right.toPlainText().split("\n")
    assert len(left) == len(right) == len(dialog.rows)
    at = next(n for n, row in enumerate(dialog.rows) if row.kind == "added")
    assert left[at] == ""
    assert right[at] == "    i = maths.scale(h, factor=9.0)"
    assert dialog.left.number(at) == ""
    assert dialog.right.number(at) == "15"
    assert set(dialog.right.inner) == {at - 1, next(n for n, r in enumerate(dialog.rows) if r.kind == "changed")}
    QTest.keyClick(dialog.right, Qt.Key.Key_F7)
    assert dialog._where.text() == "2 of 2 differences"
    assert dialog.right.textCursor().blockNumber() == at - 1
    QTest.keyClick(dialog.right, Qt.Key.Key_F7)
    assert dialog._where.text() == "1 of 2 differences"
    QTest.keyClick(dialog.right, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert dialog._where.text() == "2 of 2 differences"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.bar.isVisible()  # the question is still there


def test_it_can_be_decided_there(qtbot: QtBot, window: Window, changed: Path) -> None:
    dialog = shown(qtbot, window)
    keep = next(b for b in dialog.buttons if b.text() == "Keep mine")
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert not window.bar.isVisible()
    assert "a note of mine" in write(window.document.flow)
    changed.write_text(OTHER + "# more\n")
    qtbot.waitUntil(window.bar.isVisible, timeout=60000)
    qtbot.waitUntil(lambda: not window.findChildren(TextDiff))
    dialog = shown(qtbot, window)
    again = next(b for b in dialog.buttons if b.text() == "Read again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert write(window.document.flow) == OTHER + "# more\n"


def test_saving_over_it_offers_the_look_too(
    qtbot: QtBot, window: Window, changed: Path, press: Callable[[str], None]
) -> None:
    press("Compare the texts")
    assert not window.files.save()
    assert window.findChild(TextDiff) is not None
    assert changed.read_text() == OTHER


def test_a_file_that_is_no_python_can_be_looked_at(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    qtbot.wait(20)
    path.write_text(TEXT.replace("factor=8.0)", "factor=8.0"))
    qtbot.waitUntil(lambda: "cannot be read" in window.bar.text, timeout=60000)
    dialog = shown(qtbot, window)
    assert [(r.kind, r.left) for r in dialog.rows if r.kind not in ("same", "skipped")] == [("changed", 13)]
    dialog.close()
    qtbot.waitUntil(lambda: not window.findChildren(TextDiff))
    assert QApplication.activeModalWidget() is None
