"""The strip below the script: what cannot be read yet, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import pixmap


class Strip(QFrame):
    """Says one thing; hidden where there is nothing to say. `line_wanted` and `back_wanted` are its buttons."""

    line_wanted = Signal()
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("script_strip")
        self._sign = QLabel()
        self._level = "error"
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_line = QPushButton("Show the line")
        self.show_line.setToolTip("Put the cursor where the text cannot be read")
        self.take_back = QPushButton("Take the text back")
        self.take_back.setToolTip("Show the flow's own text again; Ctrl+Z brings back what you typed")
        for button, wanted in ((self.show_line, self.line_wanted), (self.take_back, self.back_wanted)):
            button.setProperty("flat", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(wanted)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.words, 1)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addStretch(1)
        below.addWidget(self.show_line)
        below.addWidget(self.take_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 4)
        column.setSpacing(2)
        column.addLayout(top)
        column.addLayout(below)
        current.changed.connect(self._tint)
        self.hide()

    def say(self, text: str, level: str = "error", *, line: bool = True, back: bool = True) -> None:
        """Say something, with the buttons that help; empty takes it away."""
        self._level = level
        self.words.setText(text)
        self.show_line.setVisible(line)
        self.take_back.setVisible(back)
        self._tint()
        self.setVisible(bool(text))

    def _tint(self) -> None:
        self._sign.setPixmap(
            pixmap(self._level, getattr(theme(), "accent" if self._level == "info" else self._level), 16)
        )
