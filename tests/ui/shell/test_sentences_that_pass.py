"""A sentence in the status bar goes with its occasion: a run, or what it explains being off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """
import flodesk


def flow():
    first = 3
    second = first + 1


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_refusal_is_gone_when_the_flow_runs(qtbot: QtBot, opened: Window) -> None:
    QGuiApplication.clipboard().clear()
    QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "nothing to paste" in opened.statusBar().currentMessage(), timeout=20_000)
    with qtbot.waitSignal(opened.run.finished, timeout=60_000):
        QTest.keyClick(opened.canvases.current.viewer, Qt.Key.Key_F5)
    assert "nothing to paste" not in opened.statusBar().currentMessage()


def test_what_the_numbers_say_goes_with_them_and_takes_nothing_else_along(opened: Window) -> None:
    keys = (Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    viewer, status = opened.canvases.current.viewer, opened.statusBar()
    QTest.keyClick(viewer, *keys)
    assert status.currentMessage().startswith("The numbers say")
    QTest.keyClick(viewer, *keys)
    assert status.currentMessage() == ""
    QTest.keyClick(viewer, *keys)
    opened.reports.sentence("Something else")
    QTest.keyClick(viewer, *keys)
    assert not opened.ordering.shown
    assert status.currentMessage() == "Something else"
