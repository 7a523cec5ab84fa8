"""A quiet sign over the canvas: the script is being edited, and the canvas shows the flow as it was before."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import pixmap

_MARGIN = 12


class AheadChip(QFrame):
    """Lies in the lower left corner of a view; a click leads to the line."""

    clicked = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("ahead_chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("The canvas follows as soon as the text can be read. Click to see the line.")
        self._view = view
        self._sign = QLabel()
        self._words = QLabel()
        self._text = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._words)
        view.installEventFilter(self)
        current.changed.connect(self._tint)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty if nothing."""
        return self._text

    def say(self, reason: str) -> None:
        """Say that the script is ahead, and why; empty takes it away."""
        self._text = f"The script is ahead of the canvas. {reason}" if reason else ""
        self.setAccessibleName(self._text)
        self._tint()
        self._lie()
        self.setVisible(bool(reason))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._lie()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lead to the line."""
        self.clicked.emit()

    def _lie(self) -> None:
        room = max(self._view.width() - 2 * _MARGIN - 60, 60)
        self._words.setText(self._words.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room))
        self.adjustSize()
        self.move(_MARGIN, self._view.height() - self.height() - _MARGIN)
        self.raise_()

    def _tint(self) -> None:
        self._sign.setPixmap(pixmap("script", theme().warning, 16))
