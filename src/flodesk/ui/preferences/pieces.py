"""What the groups of the preferences are made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLayout, QLineEdit, QPushButton, QScrollArea, QWidget

from flodesk.ui.soon import soon
from flodesk.ui.theme import theme

_BELOW = 44
"""Pixels that are shown below a reply: what it may have beside its words, as the way to a page."""


_WIDEST_NAME = "User, password"


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


def form(*rows: tuple[str, QWidget | QLayout]) -> QFormLayout:
    """Return named fields below one another; those of all groups begin at the same place."""
    made = QFormLayout()
    made.setSpacing(8)
    for name, what in rows:
        label = QLabel(name)
        label.ensurePolished()
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(_WIDEST_NAME))
        if isinstance(what, QWidget):
            label.setBuddy(what)
            made.addRow(label, what)
        else:
            made.addRow(label, what)
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


class Reply(Answer):
    """What becomes of what was pressed: it comes into view where the page is longer than the dialog."""

    def say(self, words: str, role: str = "muted") -> None:
        """Show it, and scroll to it."""
        super().say(words, role)
        soon(self, self._come)

    def _come(self) -> None:
        page = self.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            # else it has the height of the words before, and the page has
            QCoreApplication.sendPostedEvents(page, QEvent.Type.LayoutRequest.value)
            page = page.parentWidget()
        inside = page.widget() if page is not None else None
        if page is not None and inside is not None and self.isVisible():
            page.ensureVisible(0, self.mapTo(inside, self.rect().bottomLeft()).y(), 0, _BELOW)
