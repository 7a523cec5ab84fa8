"""What lies over the window during the tour: a card with words and buttons, and a ring around what it is about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.theme import theme
from flodesk.ui.tour.steps import STEPS, Step

_WIDTH = 340
_BAR = 80
"""Height in pixels up to which a part is a bar: the card stands below it rather than beside it."""
_GAP = 14
"""Pixels between the card and what it is about, and from the edges of the window."""


class Card(QFrame):
    """Says a step. `stepped` by 1 or -1, `left` when it was closed by a hand."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setAccessibleName("Tour")
        self.setFixedWidth(_WIDTH)
        self.count = _label("small")
        self.title = _label("title")
        self.words = _label("")
        self.back = QPushButton("Back")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.next = QPushButton("Next")
        self.next.setProperty("primary", True)
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        for button in (self.back, self.next):
            button.setAutoDefault(True)
        head = QHBoxLayout()
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(small_button("close", "Leave the tour (Esc)", self.left.emit))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 14)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(6)
        column.addLayout(foot)

    def show_step(self, number: int) -> None:
        """Say a step, counted from 0; the keyboard is on what goes on."""
        step: Step = STEPS[number]
        self.count.setText(f"{number + 1} of {len(STEPS)}")
        self.title.setText(step.title)
        self.words.setText(step.text)
        self.back.setVisible(number > 0)
        self.next.setText("Next" if number + 1 < len(STEPS) else "Show the examples")
        self.resize(_WIDTH, self.heightForWidth(_WIDTH) if self.hasHeightForWidth() else self.sizeHint().height())
        self.next.setFocus()

    def lie_at(self, target: QRect, room: QRect) -> None:
        """Stand beside a part of the window, or in its lower corner where there is no room beside it."""
        size = self.size()
        inner = room.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        corners = _beside(target, size)
        boxes = [QRect(corner, size) for corner in (corners if target.height() > _BAR else corners[::-1])]
        inside = [box for box in boxes if inner.contains(box)]
        corner = target.bottomRight() - QPoint(size.width() + _GAP, size.height() + _GAP)
        place = inside[0] if inside else QRect(corner, size)
        place.moveLeft(max(inner.left(), min(place.left(), inner.right() - size.width())))
        place.moveTop(max(inner.top(), min(place.top(), inner.bottom() - size.height())))
        self.move(place.topLeft())


class Ring(QWidget):
    """A line around a part of the window; the mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme().accent), 3.0))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 7.0, 7.0)


def _beside(target: QRect, size: QSize) -> tuple[QPoint, ...]:
    """Return where the upper left corner may be: to the right, to the left, above and below."""
    level = target.top() + min(40, max(0, (target.height() - size.height()) // 2))
    middle = target.center().x() - size.width() // 2
    return (
        QPoint(target.right() + _GAP, level),
        QPoint(target.left() - _GAP - size.width(), level),
        QPoint(middle, target.top() - _GAP - size.height()),
        QPoint(target.right() - size.width(), target.bottom() + _GAP),
        QPoint(middle, target.bottom() + _GAP),
    )


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


__all__ = ["Card", "Ring"]
