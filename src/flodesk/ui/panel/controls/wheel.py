"""The wheel over a control: it is the panel's, until the control has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

_NOTCH = 120
"""Eighths of a degree, in which Qt tells how far a wheel was turned."""


def step_by_wheel(event: QWheelEvent, step_by: Callable[[float], None], *, here: bool) -> None:
    """Step by the notches of the wheel where the control has the keyboard; else leave it: it scrolls the panel."""
    if here and event.angleDelta().y():
        step_by(event.angleDelta().y() / _NOTCH)
        event.accept()
    else:
        event.ignore()


def leave_wheel(area: QAbstractScrollArea, control: QWidget) -> None:
    """Let the wheel scroll an area only while its control has the keyboard: else it scrolls the panel."""
    area.viewport().installEventFilter(_Leaving(control))


class _Leaving(QObject):
    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on to what is below, without a keyboard here."""
        if event.type() != QEvent.Type.Wheel:
            return False
        focus = QApplication.focusWidget()
        if focus is not None and (focus is self._control or self._control.isAncestorOf(focus)):
            return False
        event.ignore()
        return True
