"""What a dialog offers to do, as buttons below what it shows; each closes it first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them."""

    title: str
    tip: str
    do: Callable[[], object]


class ChoiceRow(QHBoxLayout):
    """The buttons of a dialog, and the one that only closes it.

    Attributes
    ----------
    buttons : list of QPushButton
        Those of the choices.
    """

    def __init__(self, dialog: QDialog, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._dialog = dialog
        self.setSpacing(8)
        self.addStretch(1)
        self.buttons = [self._button(choice) for choice in choices]
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(dialog.reject)
        self.addWidget(close)

    def _button(self, choice: Choice) -> QPushButton:
        def do() -> None:
            self._dialog.accept()
            choice.do()

        button = QPushButton(choice.title)
        button.setToolTip(choice.tip)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        self.addWidget(button)
        return button
