"""A producer, or an if, that is deleted, cut or copied alone: it is said what becomes of what stood below."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    for tick in timing.ticks(rate=10.0):
        double = maths.multiply(tick, 2.0)
        half = tick / 2
        for inner in timing.ticks(rate=1.0, count=2):
            size = maths.add(double, 1.0)
        if half > 3:
            show.number(half)


if __name__ == "__main__":
    flodesk.main(flow)
"""

_CTRL, _NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
_WHOLE = "(double, “half = tick / 2”, inner, size and 2 more)"


def _choose(window: Window, *keys: str) -> None:
    canvas = window.canvases.current
    canvas.picking.choose([canvas.board.cards[key] for key in keys])
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("key", "press", "says"),
    [
        (
            "tick",
            (Qt.Key.Key_Delete, _NONE),
            f"“tick” went without what stood in its loop {_WHOLE}: that runs once now.",
        ),
        ("tick", (Qt.Key.Key_X, _CTRL), f"“tick” went without what stood in its loop {_WHOLE}: that runs once now."),
        (
            "inner",
            (Qt.Key.Key_Delete, _NONE),
            "“inner” went without what stood in its loop (size): that runs once in each turn of “tick” now.",
        ),
        (
            "if_1",
            (Qt.Key.Key_Delete, _NONE),
            "“If half > 3” went without what stood in its arms (call_1): that runs always now.",
        ),
        (
            "inner",
            (Qt.Key.Key_C, _CTRL),
            "“inner” is copied without what stands in its loop (size): select that along with it to have it too.",
        ),
    ],
)
def test_what_becomes_of_the_body_is_said(
    qtbot: QtBot, opened: Window, key: str, press: tuple[Qt.Key, Qt.KeyboardModifier], says: str
) -> None:
    _choose(opened, key)
    qtbot.keyClick(opened.canvases.current.viewer, *press)
    assert opened.statusBar().currentMessage().startswith(says)
    opened.commands.trigger("edit.undo")
    assert opened.statusBar().currentMessage() == "" or press[0] == Qt.Key.Key_C
    assert write(opened.document.flow).partition("def flow")[2] == TEXT.partition("def flow")[2]


def test_nothing_is_said_of_a_loop_that_goes_as_a_whole(qtbot: QtBot, opened: Window) -> None:
    _choose(opened, "inner", "size")
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_X, _CTRL)
    assert opened.statusBar().currentMessage() == ""
    assert "for inner in" in QGuiApplication.clipboard().text()
    assert "size" not in write(opened.document.flow).partition("def flow")[2]
