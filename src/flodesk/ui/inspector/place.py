"""The drop-down of the places that a node may run in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from flodesk.flow.place_rules import LOCAL, known_places
from flodesk.ui.inspector.drop_down import DropDown
from flodesk.ui.place_words import place_words


class PlaceBox(DropDown):
    """Offers the places; `chosen` gives the one that a hand has picked."""

    chosen = Signal(str)

    def __init__(self, place: str) -> None:
        super().__init__("Runs in")
        self._shown = ""
        for name in known_places():
            self._add(name)
        self.show_place(place)
        self.activated.connect(self._activated)

    def _add(self, place: str) -> None:
        self.addItem(place_words(place), place)
        self.setItemData(self.count() - 1, tip_of(place), Qt.ItemDataRole.ToolTipRole)

    def show_place(self, place: str) -> None:
        """Show a place; one that is not there is shown all the same."""
        self._shown = place or LOCAL
        if self.findData(self._shown) < 0:
            self._add(self._shown)
        self.setCurrentIndex(self.findData(self._shown))
        self.setToolTip(tip_of(self._shown))

    def _activated(self) -> None:
        if self.currentData() != self._shown:
            self.chosen.emit(self.currentData())


_MEANINGS = {
    LOCAL: "with the rest of the run: in the engine, or where Run on says",
    "process": "in a worker process of its own, which can be ended",
    "rq": "on a worker of a Redis queue, of a run at home, too",
    "dask": "as a task of a Dask cluster, of a run at home, too",
}


def tip_of(place: str) -> str:
    """Say what a place is, with its name in the file."""
    meaning = _MEANINGS.get(place.partition(":")[0], "a place of an installed package")
    return f"{place}: {meaning}"
