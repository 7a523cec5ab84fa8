"""What the groups of the preferences are made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from flodesk.ui.theme import theme


def field(name: str, placeholder: str = "") -> QLineEdit:
    """Return a field for a text."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def button(words: str, tip: str, do: Callable[[], object]) -> QPushButton:
    """Return a button that Enter does not press by itself."""
    made = QPushButton(words)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: do())
    return made


def row(*parts: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Put some side by side."""
    made = QHBoxLayout()
    made.setSpacing(8)
    for part in parts:
        made.addWidget(part)
    if stretch:
        made.addStretch(1)
    return made


def heading(words: str) -> QLabel:
    """Return the heading of a group."""
    made = QLabel(words)
    made.setProperty("role", "title")
    return made


class Answer(QLabel):
    """A sentence about what was done or tried, in the colour of how it went."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._role = "muted"

    def say(self, words: str, role: str = "muted") -> None:
        """Show it; `role` names a colour of the theme."""
        self._role = role
        self.setText(words)
        self.wear_theme()

    def wear_theme(self) -> None:
        """Wear the theme that is chosen now."""
        self.setStyleSheet(f"color: {getattr(theme(), self._role)}")
