"""Keys that go through the window: a node into the selected wire, from function to function."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import dsp, maths, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=50)
    size = dsp.rms(signal)


def other():
    second = maths.add(1.0, 2.0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
CTRL = Qt.KeyboardModifier.ControlModifier


def test_tab_with_a_wire_selected_adds_a_node_into_it(opened: Window, qtbot: QtBot) -> None:
    canvas = opened.canvases.current
    canvas.select(["signal"])
    for key in (Qt.Key.Key_W, Qt.Key.Key_Right, Qt.Key.Key_Tab):
        QTest.keyClick(canvas.viewer, key)
    popup = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QuickAdd))
    assert "signal" in popup.field.placeholderText()
    QTest.keyClicks(popup.field, "butterworth")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    text = write(opened.document.flow)
    assert "size = dsp.rms(signal)" not in text
    assert "butterworth(signal" in text
    assert len(opened.document._done) == 1


def test_ctrl_and_a_page_key_turn_to_the_next_function(opened: Window) -> None:
    assert opened.canvases.function == "flow"
    QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_PageDown, CTRL)
    assert opened.canvases.function == "other"
    QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_PageDown, CTRL)
    assert opened.canvases.function == "flow"
    QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_PageUp, CTRL)
    assert opened.canvases.function == "other"


def test_ctrl_del_takes_the_wires_of_a_card_out(opened: Window) -> None:
    opened.canvases.current.select(["size"])
    QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_Delete, CTRL)
    assert "dsp.rms(signal)" not in write(opened.document.flow)
    assert "size" in opened.canvases.current.board.cards
