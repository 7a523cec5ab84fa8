"""What stands in the place of the panel where the flow cannot run: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from flodesk.ui.message_bar import Level
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import pixmap

_WIDEST = 720
"""Width of a column of words in pixels."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the panel is not shown.

    Attributes
    ----------
    heading : str
        In a few words.
    items : tuple of (str, str)
        What is wrong, and what to do about that.
    answers : tuple of (str, callable)
        Buttons; the first is the one that is meant to be pressed.
    """

    heading: str
    items: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, Callable[[], object]], ...] = ()
    level: Level = "error"


class Page(QScrollArea):
    """Shows trouble, one at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.trouble: Trouble | None = None
        self.buttons: list[QPushButton] = []
        current.changed.connect(self._again)

    @property
    def text(self) -> str:
        """All that it says."""
        found = self.trouble
        return "" if found is None else " ".join((found.heading, *(f"{what} {do}" for what, do in found.items)))

    def show_trouble(self, trouble: Trouble) -> None:
        """Show this one."""
        if trouble.heading == getattr(self.trouble, "heading", "") and trouble.items == getattr(
            self.trouble, "items", ()
        ):
            return  # the buttons stay under the hand
        self.trouble = trouble
        self._build(trouble)

    def _again(self) -> None:
        if self.trouble is not None:
            self._build(self.trouble)

    def _build(self, trouble: Trouble) -> None:
        self.buttons = []
        column = QVBoxLayout()
        column.setSpacing(8)
        sign = QLabel()
        color = {"error": current.theme.error, "warning": current.theme.warning}.get(trouble.level, "")
        sign.setPixmap(pixmap(trouble.level, color or current.theme.accent, 40))
        column.addStretch(2)
        column.addWidget(sign)
        column.addWidget(_label(trouble.heading, "operator_heading"))
        for what, do in trouble.items:
            column.addSpacing(6)
            column.addWidget(_label(what, "operator_words"))
            if do:
                column.addWidget(_label(do, "operator_muted"))
        if trouble.answers:
            column.addSpacing(14)
            column.addLayout(self._row(trouble.answers))
        column.addStretch(3)
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        inner.setLayout(column)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(24, 16, 24, 16)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        self.setWidget(around)

    def _row(self, answers: Sequence[tuple[str, Callable[[], object]]]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for number, (title, do) in enumerate(answers):
            button = QPushButton(title)
            button.setProperty("primary", number == 0)
            button.setMinimumHeight(reach(self, 34))
            button.clicked.connect(lambda _=False, do=do: do())
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        return row


def _label(words: str, role: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


__all__ = ["Page", "Trouble"]
