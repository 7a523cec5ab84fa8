"""Buttons that a dialog has taken the mouse from: once it is closed they look as ever."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget


class LetGo(QObject):
    """Lets the buttons of a window go when a dialog in front of it is closed.

    Qt forgets which button is being pressed as soon as a dialog blocks the window: who lets the mouse go over the
    dialog leaves the button down, and one that the mouse was over lit.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the buttons when the window can be used again."""
        if event.type() == QEvent.Type.WindowUnblocked:
            self._let_go()
        return False

    def _let_go(self) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        for button in self._window.findChildren(QAbstractButton):
            if button.isDown():
                button.setDown(False)
            if button.underMouse() and not button.rect().contains(button.mapFromGlobal(QCursor.pos())):
                button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
                button.update()


__all__ = ["LetGo"]
