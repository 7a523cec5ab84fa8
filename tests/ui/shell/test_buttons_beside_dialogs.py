"""A button that was held down when a dialog came is not down once that is closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = "import flodesk\nfrom flodesk.nodes import control\n\n\ndef flow():\n    gain = control.slider(1.0)\n"
LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize("name", ["history", "arrange", "presets"])
def test_a_dialog_that_comes_under_a_pressed_button_leaves_none_down(qtbot: QtBot, opened: Window, name: str) -> None:
    button = getattr(opened.panel.bar, name)
    qtbot.waitUntil(button.isVisible)
    button.setDown(True) if button.menu() is not None else QTest.mousePress(button, LEFT)
    assert button.isDown()
    dialog = QDialog(opened)
    dialog.setModal(True)
    dialog.show()
    qtbot.waitExposed(dialog)
    QTest.mouseRelease(dialog, LEFT)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt leaves it where the mouse went on over the dialog
    dialog.close()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not button.isDown())
    assert not button.underMouse(), "the mouse is elsewhere"
    assert not opened.panel.bar.history.isChecked()
    QTest.mouseClick(opened.panel.bar.history, LEFT)
    assert opened.panel.bar.history.isChecked(), "and it works as ever"
