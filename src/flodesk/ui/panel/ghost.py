"""Where what is dragged would lie on the panel: a dashed card that says what it is and what fits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.paint import RADIUS, color, elided, small
from flodesk.ui.theme import theme


class Ghost(QWidget):
    """Lies over the cards and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_ghost")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = ""
        self.lines: tuple[str, ...] = ()
        self.refuses = False
        self.hide()

    def say(self, title: str, *lines: str, refuses: bool = False) -> None:
        """Say what would lie here, or why nothing can."""
        self.title, self.lines, self.refuses = title, tuple(filter(None, lines)), refuses
        self.setAccessibleName(" – ".join((title, *self.lines)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed card and the words."""
        colors = theme()
        ink = colors.error if self.refuses else colors.accent
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color(ink), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(color(colors.raised, 0.92))
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            painter.setBrush(color(ink, 0.12))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            painter.setFont(small(self, 12, bold=True))
            painter.setPen(color(colors.text))
            area = box.adjusted(12, 0, -12, 0)
            elided(
                painter, QRectF(area.left(), box.top() + 7, area.width(), 18), self.title, Qt.AlignmentFlag.AlignLeft
            )
            painter.setFont(small(self, 12))
            painter.setPen(color(colors.text if self.refuses else colors.muted))
            rest = QRectF(area.left(), box.top() + 28, area.width(), max(box.height() - 32, 0))
            if rest.height() >= 14:
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.setClipRect(rest)
                painter.drawText(rest, flags, "\n".join(self.lines))
