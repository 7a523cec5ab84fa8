"""Why no subflow is made is said in the words of the cards, above the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, source


def flow():
    signal = source.sine(frequency=5.0, samples=50)
    peak = max(signal) * 2
    louder = maths.multiply(signal, peak)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_subflow_that_is_refused_names_the_card_between(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.picking.choose([canvas.board.cards[key] for key in ("signal", "louder")])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    words = opened.bar.text
    assert words.startswith("No subflow was made. “peak = max(signal) * 2” stands between the selected nodes")
    assert "code_1" not in words
