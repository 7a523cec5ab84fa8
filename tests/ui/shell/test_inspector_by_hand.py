"""Fields of the inspector by mouse and keys: Tab goes from edit to edit, and no row moves away under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.inspector import Inspector
from flodesk.ui.window import Window

TEXT = '''\
import flodesk
from flodesk.nodes import record, source


def smooth(length: int, order: int, level: float = 0.0, step: float = 1.0) -> float:
    """Smooth what comes by a curve that is laid through neighbours, and say how far it was from that one.

    It is done again for each of them. The words of this help are many, so that the page is higher than its dock.
    What follows is said twice. It is done again for each of them. The words of this help are many, so that the page
    is higher than its dock. What follows is said twice. It is done again for each of them. The words of this help are
    many, so that the page is higher than its dock. What follows is said twice.
    """
    return level


def flow():
    clean = smooth(5, 2)
    log = record.Csv("log.csv")
    wave = source.sine(0)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def press(qtbot: QtBot, keys: str | Qt.Key) -> None:
    """Press keys where the keyboard is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    if isinstance(keys, str):
        qtbot.keyClicks(focus, keys)
    else:
        qtbot.keyClick(focus, keys)


def click_on(qtbot: QtBot, window: Window, node: str, field: str) -> QLineEdit:
    """Select a node, click into the edit of a field, and return where the keyboard is."""
    window.canvases.current.select([node])
    sheet = window.inspector.sheet
    assert sheet is not None
    editor = sheet.rows[field].editor
    assert editor is not None
    line = editor.focusProxy()
    assert isinstance(line, QLineEdit)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is line
    return line


def test_tab_goes_from_edit_to_edit(qtbot: QtBot, opened: Window) -> None:
    click_on(qtbot, opened, "clean", "length").selectAll()
    press(qtbot, "11")
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, "3")
    press(qtbot, Qt.Key.Key_Return)
    assert "clean = smooth(11, 3)\n" in write(opened.document.flow)
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, "0.5")
    press(qtbot, Qt.Key.Key_Tab)  # now there is a way back to the default beside it
    press(qtbot, "2")
    press(qtbot, Qt.Key.Key_Return)
    assert "clean = smooth(11, 3, level=0.5, step=2.0)\n" in write(opened.document.flow)


def test_the_buttons_beside_the_edits_come_after_the_last_one(qtbot: QtBot, opened: Window) -> None:
    for node in ("clean", "log", "wave"):
        opened.canvases.current.select([node])
        sheet = opened.inspector.sheet
        assert sheet is not None
        rows = list(sheet.rows.values())
        first = rows[0].editor
        assert first is not None
        first.setFocus()
        stops: list[QWidget | None] = [QApplication.focusWidget()]
        for _ in range(40):
            press(qtbot, Qt.Key.Key_Tab)
            focus = QApplication.focusWidget()
            if focus is None or not sheet.isAncestorOf(focus):
                break
            stops.append(focus)
        buttons = [b for row in rows for b in (row.reset, row.pin) if b.isVisible()]
        assert stops[-len(buttons) :] == buttons
        edits = [row for row in rows for stop in stops if row.editor is not None and stop is row.editor.focusProxy()]
        assert edits == rows
    rows[0].pin.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert "# wave = [" in write(opened.document.flow)


def stand(inspector: Inspector) -> tuple[QSize, dict[str, int]]:
    """Return the size of the page, and where its rows are."""
    assert inspector.sheet is not None
    rows = inspector.sheet.rows.items()
    return inspector.widget().size(), {name: row.mapTo(inspector.viewport(), QPoint()).y() for name, row in rows}


def test_rows_stand_from_the_first_where_they_stay(qtbot: QtBot, opened: Window) -> None:
    inspector = opened.inspector
    for node in ("clean", "log", "wave", "clean"):
        opened.canvases.current.select([])
        inspector.settle()
        QApplication.processEvents()
        opened.canvases.current.select([node])
        first = stand(inspector)
        for _ in range(5):
            QApplication.processEvents()
        assert stand(inspector) == first, node
        assert first[0].height() > inspector.viewport().height()
