"""A drop-down that the engine fills when it is opened, and anew when what it follows from has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.inspector.offered import OfferedEditor
from flodesk.ui.window import Window

SCRIPT = '''\
"""One column."""
import flodesk
from flodesk.nodes import file


def flow():
    data = file.read_column("one.csv", column="gone")


if __name__ == "__main__":
    flodesk.main(flow)
'''


def shown(open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path) -> tuple[Window, OfferedEditor]:
    (tmp_path / "one.csv").write_text("time,volt\n1,2\n")
    (tmp_path / "two.csv").write_text("x;y;z\n1;2;3\n")
    path = tmp_path / "flow.py"
    path.write_text(SCRIPT)
    window = open_window()
    assert window.files.open(path)
    qtbot.waitUntil(lambda: "flow" in window.document.flow.functions)
    window.inspector.show_nodes("flow", ["data"])
    assert window.inspector.sheet is not None
    editor = window.inspector.sheet.rows["column"].editor
    assert isinstance(editor, OfferedEditor)
    return window, editor


def said(window: Window) -> str:
    assert window.inspector.sheet is not None
    return window.inspector.sheet.rows["column"].error.text()


def entries(editor: OfferedEditor) -> list[str]:
    return [editor.box.itemText(n) for n in range(editor.box.count())]


def test_the_list_is_filled_when_it_is_opened(open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path) -> None:
    window, editor = shown(open_window, qtbot, tmp_path)
    assert editor.box.placeholderText() == "gone"
    QTest.mouseClick(editor.box, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    qtbot.waitUntil(lambda: entries(editor) == ["time", "volt"])
    assert editor.box.placeholderText() == "gone"
    assert said(window) == "“gone” is not among the choices (any more)."
    view = editor.box.view()
    qtbot.waitUntil(view.isVisible)
    view.setCurrentIndex(view.model().index(1, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "column='volt'" in write(window.document.flow))
    assert editor.box.currentText() == "volt"
    assert said(window) == ""


def test_it_is_filled_anew_when_the_other_field_changes(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    window, editor = shown(open_window, qtbot, tmp_path)
    editor.box.showPopup()
    qtbot.waitUntil(lambda: entries(editor) == ["time", "volt"])
    editor.box.hidePopup()
    assert window.inspector.sheet is not None
    window.inspector.sheet.field_changed.emit("path", "'two.csv'")
    qtbot.waitUntil(lambda: entries(editor) == ["x", "y", "z"])
    assert editor.box.placeholderText() == "gone"
    assert said(window) == "“gone” is not among the choices (any more)."


def test_why_there_is_nothing_to_choose_is_said_beside_the_field(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    window, editor = shown(open_window, qtbot, tmp_path)
    (tmp_path / "one.csv").unlink()
    editor.box.showPopup()
    row = window.inspector.sheet.rows["column"] if window.inspector.sheet else None
    assert row is not None
    qtbot.waitUntil(lambda: "one.csv" in row.error.text())
    assert "choices are not known" in row.error.text()
