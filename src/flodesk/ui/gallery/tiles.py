"""The pictures of the gallery side by side: a click looks closer, a double click or Enter opens."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget

from flodesk.ui.examples import Example
from flodesk.ui.gallery.pictures import packed
from flodesk.ui.start.tiles import Tiles
from flodesk.ui.theme import theme

SIZE = (208, 130)
"""Width and height in pixels at 100 % of a picture."""
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class GalleryTiles(Tiles):
    """Shows examples by their names. `chosen` gives the one to open, `typed` what was typed while it had the keys."""

    LINES = 2
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__("Examples", SIZE, gallery=True)
        self.itemClicked.disconnect()
        self.itemDoubleClicked.connect(self._choose)

    @property
    def name(self) -> str:
        """The name of the example that is looked at; empty for none."""
        item = self.currentItem()
        return str(item.data(self.KEY)) if item is not None else ""

    def show_examples(self, examples: list[Example]) -> None:
        """Show these; the one that was looked at stays so if it is among them, else it is the first."""
        before = self.name
        self.show_flows([(one.name, one.title, one.sentence) for one in examples])
        self.paint_pictures()
        names = [one.name for one in examples]
        if names:
            self.setCurrentRow(names.index(before) if before in names else 0)

    def paint_pictures(self) -> None:
        """Show the pictures of the theme that is worn."""
        for row in range(self.count()):
            name = str(self.item(row).data(self.KEY))
            if (image := packed(name, theme(), SIZE)) is not None:
                self.show_picture(name, image)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the place: the details beside it are of that one."""
        QListWidget.focusOutEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give what is typed to the search."""
        text = event.text()
        if text.isprintable() and text.strip() and not event.modifiers() & _COMMANDS:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)


__all__ = ["SIZE", "GalleryTiles"]
