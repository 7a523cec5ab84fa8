"""A new node of one's own Python: it is selected, and its source open in the inspector with the cursor in it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from flodesk.flow.model import Address
from flodesk.ui.canvases import Canvases
from flodesk.ui.docks import Docks
from flodesk.ui.inspector import Inspector
from flodesk.ui.soon import soon


class Writing(QObject):
    """Brings the hand from the canvas to the source of a node that is still to be written."""

    def __init__(self, window: QObject, canvases: Canvases, docks: Docks, inspector: Inspector) -> None:
        super().__init__(window)
        self._canvases = canvases
        self._docks = docks
        self._inspector = inspector
        # a moment later: the gesture that has added the node still selects it, and gives the keyboard back
        canvases.source_wanted.connect(lambda address: soon(self, lambda: self.write(address)))

    def write(self, address: str) -> None:
        """Show the source of a node (``function.node``), and put the keyboard into it."""
        found = Address.parse(address)
        canvas = self._canvases.current
        if canvas.function != found.function or found.id not in canvas.board.cards:
            return  # it is gone already
        if canvas.selection() != [found.id]:
            canvas.select([found.id])
        self._docks.inspector.show()
        self._docks.inspector.raise_()
        sheet = self._inspector.sheet
        if sheet is not None and sheet.code is not None:
            self._inspector.ensureWidgetVisible(sheet.code)
            sheet.code.begin()


__all__ = ["Writing"]
