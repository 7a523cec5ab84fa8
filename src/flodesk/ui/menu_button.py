"""Buttons that open a menu at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton


def opens(button: QToolButton, menu: QMenu) -> None:
    """Let a button open a menu at once, and look like one at rest when that is closed."""
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(menu)
    menu.aboutToHide.connect(partial(QTimer.singleShot, 0, button, partial(_look, button)))


def _look(button: QToolButton) -> None:
    """Take the look of a button under the mouse away: Qt does not tell it that the mouse left while a menu was open."""
    if not button.rect().contains(button.mapFromGlobal(QCursor.pos())):
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
        button.update()
