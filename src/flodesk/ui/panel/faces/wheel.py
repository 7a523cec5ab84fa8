"""The plain wheel over what zooms with Ctrl: it is the panel's, and where that cannot scroll it says how to zoom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import card, color, small
from flodesk.ui.soon import soon
from flodesk.ui.theme import theme

WORDS = "Ctrl + wheel zooms"
STAYS = 2500
"""Milliseconds."""
_PAD, _LEAST = 10, 8


def leave_wheel(face: QWidget, event: QWheelEvent) -> None:
    """Leave a turn of the wheel to the panel; the first one that moves nothing there shows a hint on the face."""
    event.ignore()
    up = event.angleDelta().y()
    if not up or _scrolls(face, up > 0) or face.findChild(WheelHint) is not None:
        return
    hint = WheelHint(face)
    if hint.width() <= face.width() - _LEAST and hint.height() <= face.height() - _LEAST:
        hint.show()
    soon(hint, hint.hide, STAYS)


def _scrolls(widget: QWidget, up: bool) -> bool:
    """Say whether what a widget lies in can scroll on in a direction."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is None:
        return False
    bar = area.verticalScrollBar()
    return bar.value() > bar.minimum() if up else bar.value() < bar.maximum()


class WheelHint(Guarded, QWidget):
    """A few words over the middle of a face; it stays there, hidden, and so is shown once."""

    def __init__(self, face: QWidget) -> None:
        super().__init__(face)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        measure = QFontMetrics(small(self, 12))
        self.resize(measure.horizontalAdvance(WORDS) + 2 * _PAD, measure.height() + _PAD)
        self.move((face.width() - self.width()) // 2, (face.height() - self.height()) // 2)
        self.setAccessibleName(WORDS)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words on a ground of their own."""
        with QPainter(self) as painter:
            card(painter, QRectF(self.rect()), border=theme().line_strong)
            painter.setFont(small(self, 12))
            painter.setPen(color(theme().text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, WORDS)


__all__ = ["WORDS", "WheelHint", "leave_wheel"]
