"""The bar over the canvas: what went wrong, and what can be done about it. It never blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.soon import soon
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap

Level = Literal["info", "warning", "error"]
Shown = tuple[str, Level, tuple[tuple[str, Callable[[], object]], ...], bool]
"""Words, level, buttons, and whether it stays."""
_COLORS = {"info": "accent", "warning": "warning", "error": "error"}

_WORDS = 420
"""Width in pixels that words and signs keep beside the buttons."""
_EDGE = 2
"""Height in pixels of the line that the style sheet draws around it."""


class MessageBar(QFrame):
    """Shows one message at a time, the newest; hidden when there is none.

    An error that another message comes over is there again when that one goes: it stays until a hand closes it, or
    what it says is no longer true.

    It lies over the upper edge of a view (`lie_over`), which is told by `covered` how many pixels of it are hidden: it
    gives way where that is needed, and all else stays where it is.
    """

    covered = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message_bar")
        self.level: Level = "info"
        self._stays = False
        self._shown: Shown | None = None
        self._error: Shown | None = None
        """An error below the message that is seen."""
        self._covers = 0
        self.home: Callable[[], QWidget | None] = lambda: self._below
        """Gives the widget that gets the keyboard when a message goes that had it."""
        self._below: QWidget | None = None
        self._sign = QLabel()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 7, 8, 7)
        self._rows.setSpacing(2)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._below_words = QHBoxLayout()
        self._below_words.setSpacing(8)
        self._below_words.addStretch(1)
        self._rows.addLayout(self._row)
        self._rows.addLayout(self._below_words)
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
        if self._shown is not None and self._shown[1] == "error":
            self._error = self._shown
        if level == "error":
            self._error = None
        self._shown = (text, level, actions, stays)
        self._clear_buttons()
        self._stays = stays
        self.level = level
        self.words.setText(text if len(text) <= 600 else text[:600] + " …")
        for title, do in actions:
            button = QPushButton(title)
            button.setProperty("flat", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
            button.clicked.connect(do)
            self._row.insertWidget(self._row.count() - 1, button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
        self.setProperty("level", level)
        self._tint()
        self.show()
        self._lie()
        soon(self, self._lie)  # new buttons get their size when the style has dressed them

    def dismiss(self) -> None:
        """Take all messages away, as something else begins; one that stays is still to be answered."""
        self._error = None
        if not self._stays:
            self.clear()

    def give_way(self) -> None:
        """Take a message away that was read, and no error."""
        if not self._stays and self.level != "error":
            self.clear()

    def mended(self, words: str) -> None:
        """Take an error away that begins with these words: it is no longer true."""
        if self._error is not None and self._error[0].startswith(words):
            self._error = None
        if self.text.startswith(words):
            self.dismiss()

    def say_otherwise(self, old: str, new: str) -> None:
        """Let an error that begins with some words begin with others: what it names is called so now."""
        if self._error is not None and self._error[0].startswith(old):
            self._error = (new + self._error[0].removeprefix(old), *self._error[1:])
        if self._shown is not None and self._shown[0].startswith(old):
            text, level, actions, stays = self._shown
            self._shown = (new + text.removeprefix(old), level, actions, stays)
            self.words.setText(new + self.text.removeprefix(old))
            self._lie()

    def clear(self) -> None:
        """Take the message away, whatever it is; an error that it lay over is seen again."""
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self._stays = False
        self._shown, below, self._error = None, self._error, None
        if below is not None:
            self.show_message(*below)
            if had_focus and (home := self.home()) is not None:
                home.setFocus()
            return
        self.words.clear()
        self._clear_buttons()
        self.hide()
        self._cover(0)
        home = self.home()
        if had_focus and home is not None:
            home.setFocus()

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
        for button in self.buttons:
            button.ensurePolished()
        self._align()
        self._place_buttons(width)
        height = max(self._rows.heightForWidth(width), self._rows.minimumSize().height())
        self.setGeometry(QRect(self._below.mapTo(parent, QPoint()), QSize(width, height + _EDGE)))
        self.raise_()
        self._cover(height + _EDGE)

    def _align(self) -> None:
        """Let the sign and the first line of the words stand at the height of the buttons."""
        self._close.ensurePolished()
        high = self._close.sizeHint().height()
        edge = max(0, (high - self.words.fontMetrics().height()) // 2)
        self.words.setContentsMargins(0, edge, 0, edge)
        self._sign.setFixedHeight(high)

    def _place_buttons(self, width: int) -> None:
        """Put the buttons beside the words, or below where the words would get too little room."""
        needed = sum(button.sizeHint().width() + self._row.spacing() for button in self.buttons)
        row = self._row if width - needed >= _WORDS else self._below_words
        edges = self._rows.contentsMargins()
        fits = needed <= width - edges.left() - edges.right()
        directions = QHBoxLayout.Direction
        self._below_words.setDirection(directions.LeftToRight if fits else directions.TopToBottom)
        for button in self.buttons:
            if row.indexOf(button) < 0:
                self._row.removeWidget(button)
                self._below_words.removeWidget(button)
                row.insertWidget(row.count() - (1 if row is self._row else 0), button, 0, Qt.AlignmentFlag.AlignTop)
        for layout in (self._row, self._below_words, self._rows):
            layout.invalidate()

    def _cover(self, pixels: int) -> None:
        if pixels != self._covers:
            self._covers = pixels
            self.covered.emit(pixels)

    def _clear_buttons(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            self._below_words.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons.clear()

    def _tint(self) -> None:
        self._sign.setPixmap(pixmap(self.level, getattr(current.theme, _COLORS[self.level]), 18))
        self.style().polish(self)
