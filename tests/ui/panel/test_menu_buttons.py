"""Buttons of the bar that open a menu: lit under the mouse, and at rest once the menu is closed somewhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from flodesk.ui.panel import ControlPanel


@pytest.mark.parametrize("name", ["add", "presets", "more"])
def test_a_menu_that_is_filled_anew_leaves_none_of_those_below_it_behind(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot, name: str
) -> None:
    panel = open_panel(flow_text(["a = control.slider(1.0)", "b = control.slider(1.0)"], ["a = [0, 0, 4, 2]"]))
    panel.presets.save("mine")
    menu = getattr(panel.bar, name).menu()
    menu.aboutToShow.emit()
    below = len(menu.findChildren(QMenu))
    assert below or name == "more"
    for _ in range(5):
        menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(menu.findChildren(QMenu)) == below)


@pytest.mark.parametrize("name", ["add", "presets", "more"])
@pytest.mark.parametrize("stays", [False, True])
def test_a_button_is_lit_after_its_menu_only_if_the_mouse_is_still_on_it(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot, name: str, stays: bool
) -> None:
    panel = open_panel(flow_text(["a = control.slider(1.0)"], ["a = [0, 0, 4, 2]"]))
    button: QToolButton = getattr(panel.bar, name)
    menu = button.menu()

    def leave() -> None:
        if not stays:
            QCursor.setPos(panel.mapToGlobal(QPoint(20, panel.height() - 20)))
        menu.close()

    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, panel, leave))
    QCursor.setPos(button.mapToGlobal(button.rect().center()))
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt does where there is a screen
    with qtbot.waitSignal(menu.aboutToHide):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    if stays:
        QTimer.singleShot(0, panel, lambda: panel.setProperty("later", True))
        qtbot.waitUntil(lambda: panel.property("later") is True)
        assert button.underMouse()
    else:
        qtbot.waitUntil(lambda: not button.underMouse())
    assert not button.isDown()
