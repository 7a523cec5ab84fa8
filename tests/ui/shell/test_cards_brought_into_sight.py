"""What is added without a mouse, and what a run is held at, is seen whole: not over the edge, not under the map."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

TEXT = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk.canvas.flow]
# first = [0, 0]
# second = [400, 500]
# third = [2400, 1600]
# ///
import flodesk
from flodesk.nodes import maths, source


def flow():
    first = source.constant(1.0)
    second = maths.scale(first, factor=2.0)
    third = maths.scale(second, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_each_card_of_a_chain_is_seen_whole(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.viewer.zoom_to(1.0)
    canvas.picking.choose([canvas.board.cards["first"]])
    for room in (110, 170, 230):  # right of the card that is selected: less than the next one takes, and a little more
        last = canvas.board.cards[canvas.selection()[0]].box()
        width = canvas.viewer.visible_rect().width()
        canvas.viewer.move_to(QPointF(last.right() + room - width, last.top() - 100))
        before = set(canvas.board.cards)
        QTest.keyClick(canvas.viewer, Qt.Key.Key_Tab)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QuickAdd)
        QTest.keyClicks(popup.field, "scale")
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
        (new,) = set(canvas.board.cards) - before
        assert canvas.selection() == [new]
        assert canvas.viewer.visible_rect().contains(canvas.board.cards[new].box())


def test_the_card_at_which_a_run_is_held_is_clear_of_the_map(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    card = canvas.board.cards["second"]
    canvas.picking.choose([card])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F9)
    canvas.picking.clear_selection()
    canvas.viewer.zoom_to(1.0)
    port = canvas.viewport().rect()
    canvas.viewer.move_to(card.box().bottomRight() - QPointF(port.width() - 20, port.height() - 20))
    qtbot.waitUntil(lambda: canvas.minimap.isVisible() and canvas.minimap.covers(card.box()))
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: card.held)
    assert canvas.viewer.visible_rect().contains(card.box())
    assert not canvas.minimap.covers(card.box())
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: opened.run.phase == "idle")
