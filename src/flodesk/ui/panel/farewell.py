"""What stands on a card whose view shows something that is gone: which, and what to do about it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from flodesk.ui.panel.content import Content
from flodesk.ui.panel.paint import color, elided
from flodesk.ui.theme import theme

COMPACT = 60
"""Height in pixels under which title and content of a card stand side by side."""
_GAP = 6


class Farewell(Content):
    """Says that what the view showed is gone, and offers to show something else, or to take the view away."""

    titled = False

    def __init__(self, message: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self._locked = False
        self.button = QPushButton("Remove", self)
        self.button.setToolTip("Take this view off the panel")
        self.other = QPushButton("Show something else…", self)
        self.other.setToolTip("Let this view show another value, in its place and with its looks")
        self.setAccessibleName(message)

    def tip(self) -> str:
        """Return the whole message: a low card has no room for it."""
        return self.message

    def lock(self) -> None:
        """Offer nothing: whoever sees it must not change the panel."""
        self._locked = True
        self.button.hide()
        self.other.hide()

    def resizeEvent(self, event: Any) -> None:
        """Place the buttons: below the message, or beside it where the card is low."""
        if self._locked:
            self.button.setGeometry(self.width(), self.height() // 2 + 12, 0, 0)  # the message is written around it
            return
        room = self.width()
        high = min(self.button.sizeHint().height(), self.height())
        wide = min(self.button.sizeHint().width(), room)
        more = self.other.sizeHint().width()
        both = more + _GAP + wide <= (room if self.height() >= COMPACT else room * 2 // 3)
        stacked = not both and self.height() >= 2 * high + _GAP + COMPACT // 2 and more <= room
        self.other.setVisible(both or stacked)
        if self.height() < COMPACT:
            top, left = (self.height() - high) // 2, room - wide
            self.button.setGeometry(left, top, wide, high)
            self.other.setGeometry(left - _GAP - more, top, more, high)
            return
        rows = 2 * high + _GAP if stacked else high
        top = min(self.height() // 2 + 12, self.height() - rows)
        if both:
            left = (room - more - _GAP - wide) // 2
            self.other.setGeometry(left, top, more, high)
            self.button.setGeometry(left + more + _GAP, top, wide, high)
        else:
            self.other.setGeometry((room - more) // 2, top, more, high)
            self.button.setGeometry((room - wide) // 2, top + rows - high, wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the message."""
        first = self.other if not self.other.isHidden() else self.button
        with QPainter(self) as painter:
            painter.setPen(color(theme().muted))
            if self.height() < COMPACT:
                area = QRectF(6, 0, first.x() - 12, self.height())
                elided(painter, area, self.message, Qt.AlignmentFlag.AlignLeft)
            else:
                area = QRectF(0, 0, self.width(), first.y() - 1)
                painter.setClipRect(area)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(area, flags, self.message)
