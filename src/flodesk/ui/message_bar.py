"""The bar over the canvas: what went wrong, and what can be done about it. It never blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap

Level = Literal["info", "warning", "error"]
_COLORS = {"info": "accent", "warning": "warning", "error": "error"}

_EDGE = 2
"""Height in pixels of the line that the style sheet draws around it."""


class MessageBar(QFrame):
    """Shows one message at a time, the newest; hidden when there is none.

    It lies over the upper edge of a view (`lie_over`) and takes no room from it: what is below stays where it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message_bar")
        self.level: Level = "info"
        self._stays = False
        self._below: QWidget | None = None
        self._sign = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 7, 8, 7)
        self._row.setSpacing(8)
        self._row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.words, 1)
        self._close = small_button("close", "Close the message", self.clear)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons: list[QPushButton] = []
        current.changed.connect(self._tint)
        self.hide()

    @property
    def text(self) -> str:
        """The message; empty if there is none."""
        return self.words.text()

    def show_message(
        self,
        text: str,
        level: Level = "info",
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
        stays: bool = False,
    ) -> None:
        """Show a message with buttons (title, what it does). One that `stays` goes only by a hand or for a newer."""
        self._clear_buttons()
        self._stays = stays
        self.level = level
        self.words.setText(text if len(text) <= 600 else text[:600] + " …")
        for title, do in actions:
            button = QPushButton(title)
            button.setProperty("flat", True)
            button.clicked.connect(do)
            self._row.insertWidget(self._row.count() - 1, button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
        self.setProperty("level", level)
        self._tint()
        self.show()
        self._lie()

    def dismiss(self) -> None:
        """Take the message away, as something else begins; one that stays is still to be answered."""
        if not self._stays:
            self.clear()

    def clear(self) -> None:
        """Take the message away, whatever it is."""
        self._stays = False
        self.words.clear()
        self._clear_buttons()
        self.hide()

    def lie_over(self, view: QWidget, parent: QWidget) -> None:
        """Lie over the upper edge of `view`, which is somewhere in `parent`."""
        self.setParent(parent)
        self._below = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the view below."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._lie()
        return super().eventFilter(watched, event)

    def _lie(self) -> None:
        parent = self.parentWidget()
        if self._below is None or parent is None or self.isHidden():
            return
        width = self._below.width()
        self._row.invalidate()
        height = max(self._row.heightForWidth(width), self._row.minimumSize().height())
        self.setGeometry(QRect(self._below.mapTo(parent, QPoint()), QSize(width, height + _EDGE)))
        self.raise_()

    def _clear_buttons(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons.clear()

    def _tint(self) -> None:
        self._sign.setPixmap(pixmap(self.level, getattr(current.theme, _COLORS[self.level]), 18))
        self.style().polish(self)
