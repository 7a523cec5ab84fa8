"""A line that gives a name another value cannot be switched off: what is said names its card, and what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    if level > 3:
        high = maths.add(level, 1.0)
    else:
        high = maths.add(level, 2.0)
    total = 0.0
    for tick in timing.ticks(rate=10.0):
        total = total + tick


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("key", [Qt.Key.Key_M, Qt.Key.Key_B])
def test_what_a_loop_carries_stays_on(qtbot: QtBot, opened: Window, key: Qt.Key) -> None:
    _press(qtbot, opened, "code_1", key)
    assert opened.statusBar().currentMessage() == (
        "“total = total + tick” gives “total” a new value in the place of the one that it has: it cannot be switched "
        "off, as that would not come back. Delete it, or change its source in the inspector."
    )
    assert write(opened.document.flow) == TEXT


def test_the_second_of_two_arms_stays_on(qtbot: QtBot, opened: Window) -> None:
    _press(qtbot, opened, "call_1", Qt.Key.Key_M)
    assert "high = None  # off: maths.add(level, 1.0)" in write(opened.document.flow)
    _press(qtbot, opened, "call_2", Qt.Key.Key_M)
    assert opened.statusBar().currentMessage() == (
        "“call_2” gives “high” a value, as another arm of its if does, and only one of them can be off. "
        "Switch that one on first, or delete this one."
    )


def _press(qtbot: QtBot, window: Window, card: str, key: Qt.Key) -> None:
    canvas = window.canvases.current
    canvas.picking.choose([canvas.board.cards[card]])
    QApplication.processEvents()
    qtbot.keyClick(canvas.viewer, key, Qt.KeyboardModifier.ControlModifier)
