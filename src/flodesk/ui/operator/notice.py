"""What an operator has to know: one thing at a time, in large words, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from flodesk.ui.message_bar import Level
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap

Answers = Sequence[tuple[str, Callable[[], object]]]
_COLORS = {"info": "accent", "warning": "warning", "error": "error"}
_WHILE = 8000
"""Milliseconds that something is to be read which needs no answer."""


class Notice(QFrame):
    """Hidden while there is nothing to say. What went wrong stays until a hand closes it or the flow starts anew."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.level: Level = "info"
        self._sign, self.heading, self.words = QLabel(), QLabel(), QLabel()
        self.heading.setProperty("role", "title")
        self.words.setProperty("role", "operator_muted")
        for label in (self.heading, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.buttons: list[QPushButton] = []
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self.heading)
        text.addWidget(self.words)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 10, 10, 10)
        self._row.setSpacing(10)
        self._row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(text, 1)
        self._over = QTimer(self, singleShot=True, interval=_WHILE)
        self._over.timeout.connect(self.clear)
        current.changed.connect(self._tint)
        self.hide()

    @property
    def text(self) -> str:
        """All that is said; empty if nothing is."""
        return "" if self.isHidden() else f"{self.heading.text()} {self.words.text()}".strip()

    def say(self, heading: str, words: str = "", level: Level = "info", answers: Answers = ()) -> None:
        """Say something; `answers` are buttons, beside the one that closes it."""
        self._over.stop()
        self.level = level
        self.heading.setText(heading)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._clear_buttons()
        for title, do in (*answers, ("Close", self.clear)):
            button = QPushButton(title, self)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumHeight(reach(self, 30))
            button.clicked.connect(lambda _=False, do=do: do())
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
        self.setProperty("level", level)
        self._tint()
        self.show()

    def hint(self, sentence: str) -> None:
        """Say something in passing, unless something more important stands there."""
        if self.isHidden() or self._over.isActive():
            self.say(sentence)
            self._over.start()

    def clear(self) -> None:
        """Say nothing any more."""
        self._over.stop()
        self._clear_buttons()
        self.hide()

    def _clear_buttons(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons.clear()

    def _tint(self) -> None:
        self._sign.setPixmap(pixmap(self.level, getattr(current.theme, _COLORS[self.level]), 24))
        self.style().polish(self)


__all__ = ["Notice"]
