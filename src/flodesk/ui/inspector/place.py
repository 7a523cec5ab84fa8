"""The drop-down of the places that a node may run in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox

from flodesk.flow.place_rules import LOCAL, known_places


class PlaceBox(QComboBox):
    """Offers the places; `chosen` gives the one that a hand has picked."""

    chosen = Signal(str)

    def __init__(self, place: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName("Runs in")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(4)
        self.setMinimumWidth(60)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.addItems(list(known_places()))
        self.show_place(place)
        self.activated.connect(self._activated)
        self.installEventFilter(self)

    def show_place(self, place: str) -> None:
        """Show a place; one that is not there is shown all the same."""
        self._shown = place or LOCAL
        if self.findText(self._shown) < 0:
            self.addItem(self._shown)
        self.setCurrentIndex(self.findText(self._shown))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel for the page unless the box has the focus."""
        if event.type() == QEvent.Type.Wheel and not self.hasFocus():
            event.ignore()
            return True
        return False

    def _activated(self) -> None:
        if self.currentText() != self._shown:
            self.chosen.emit(self.currentText())
