"""The drop-down of the places that a node may run in."""

from __future__ import annotations

from PySide6.QtCore import Signal

from flodesk.flow.place_rules import LOCAL, known_places
from flodesk.ui.inspector.drop_down import DropDown


class PlaceBox(DropDown):
    """Offers the places; `chosen` gives the one that a hand has picked."""

    chosen = Signal(str)

    def __init__(self, place: str) -> None:
        super().__init__("Runs in")
        self._shown = ""
        self.addItems(list(known_places()))
        self.show_place(place)
        self.activated.connect(self._activated)

    def show_place(self, place: str) -> None:
        """Show a place; one that is not there is shown all the same."""
        self._shown = place or LOCAL
        if self.findText(self._shown) < 0:
            self.addItem(self._shown)
        self.setCurrentIndex(self.findText(self._shown))

    def _activated(self) -> None:
        if self.currentText() != self._shown:
            self.chosen.emit(self.currentText())
