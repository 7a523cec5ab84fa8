"""In the window the keys of copying and deleting belong to who has the keyboard: to a view that was clicked, too."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.script import write
from flodesk.public import Waveform
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# gain = [0, 0]
# wave = [260, 0]
#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 4, 1]
# wave = { at = [0, 1, 6, 5], options = { as = "line" } }
# ///
import flodesk
from flodesk.nodes import control, source


def flow():
    gain = control.slider(2.0)
    wave = source.sine(amplitude=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NODES = "more = control.slider(1.0)\n"
CTRL = Qt.KeyboardModifier.ControlModifier


def test_keys_are_of_the_view_that_was_clicked_and_no_node_s(opened: Window, qtbot: QtBot) -> None:
    window = opened
    qtbot.waitUntil(lambda: window.panel.isVisible() and set(window.panel.board.cards) == {"flow.gain", "flow.wave"})
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    cards, board = window.panel.board.cards, window.canvases.current
    said: list[str] = []
    window.panel.refused.connect(said.append)
    plot_card = cards["flow.wave"]
    plot_card.show_sample(Sample(1, Waveform(np.arange(5.0), 0.1, 0.0, "V")))
    plot = plot_card.content
    assert isinstance(plot, LinePlot)
    board.select(["gain"])
    text = write(window.document.flow)

    qtbot.mouseClick(plot.plot.viewport(), Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is plot
    QApplication.clipboard().setText(NODES)
    qtbot.keyClick(plot, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text().splitlines()[0] == "Time (s),wave"
    assert said == ["5 samples on the clipboard as CSV."]

    slider = cards["flow.gain"].content
    assert slider is not None
    for one in (plot, slider, plot_card):
        one.setFocus()
        has, chosen = QApplication.focusWidget(), board.selection()
        assert has is not None
        QApplication.clipboard().setText(NODES)
        for key in (Qt.Key.Key_X, Qt.Key.Key_D, Qt.Key.Key_G, Qt.Key.Key_V, Qt.Key.Key_A):
            qtbot.keyClick(has, key, CTRL)
        for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2):
            qtbot.keyClick(has, key)
        qtbot.keyClick(has, Qt.Key.Key_Delete, CTRL)
        assert QApplication.focusWidget() is has
        assert QApplication.clipboard().text() == NODES
        assert write(window.document.flow) == text
        assert board.selection() == chosen

    board.select(["gain"])
    board.setFocus()
    has = QApplication.focusWidget()
    assert has is not None
    qtbot.keyClick(has, Qt.Key.Key_C, CTRL)
    assert "gain = control.slider" in QApplication.clipboard().text(), "on the canvas they are the nodes'"
