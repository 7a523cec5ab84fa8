"""Where a merge joins calls, all else is copied as ever, and the whole is deleted with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    if level > 3:
        high = maths.add(level, 1.0)
    else:
        high = maths.add(level, 2.0)
    low = maths.multiply(high, 2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("level", "level_2 = control.slider(2.0, minimum=0.0, maximum=10.0)"),
        ("call_1", "high_2 = maths.add(level, 1.0)"),
        ("call_2", "high_2 = maths.add(level, 2.0)"),
    ],
)
def test_a_node_is_duplicated_where_a_merge_joins_others(qtbot: QtBot, opened: Window, key: str, line: str) -> None:
    canvas = opened.canvases.current
    canvas.picking.choose([canvas.board.cards[key]])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_D, _CTRL)
    assert line in write(opened.document.flow)
    assert not opened.statusBar().currentMessage()


def test_all_is_deleted_with_the_merge(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_A, _CTRL)
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Delete)
    assert not canvas.board.cards
    opened.document.undo()
    canvas.picking.choose([canvas.board.cards[key] for key in ("call_1", "high")])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Delete)
    assert "high" in canvas.board.cards  # what the other arm gives still goes through it
    assert opened.statusBar().currentMessage() == "“high” is what the nodes in the arms give: remove or rename these."
