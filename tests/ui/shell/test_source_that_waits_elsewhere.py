"""Who selects another card of a function, for which a text waits that cannot be read yet, is told where that is."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import source


def twice(value):
    return value * 2


def flow():
    signal = source.constant(1.0)
    one = twice(signal)
    two = twice(one)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def _code(window: Window, card: str) -> CodeEditor:
    canvas = window.canvases.current
    canvas.picking.choose([canvas.board.cards[card]])
    QApplication.processEvents()
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    return sheet.code


def test_another_card_says_where_the_text_waits(qtbot: QtBot, opened: Window) -> None:
    code = _code(opened, "one")
    code.box.setFocus()
    code.box.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(code.box, " + (")
    other = _code(opened, "two")
    assert other.meanwhile.isVisible()
    assert other.meanwhile.text().startswith("Another text for this was typed at “one”")
    back = _code(opened, "one")
    assert back.box.toPlainText().endswith(" + (")
    assert back.meanwhile.isHidden()
    back.revert.click()
    assert _code(opened, "two").meanwhile.isHidden()
