"""Quick add: a search for a node at the cursor; after a wire was dropped on nothing, for one that takes its value."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.catalog import Catalog
from flodesk.flow.types import PortType
from flodesk.ui.library.rows import Rows
from flodesk.ui.library.shelves import SPEC, Shelves
from flodesk.ui.popup import SearchPopup


class QuickAdd(SearchPopup):
    """`picked` gives the path of the node type, the place on the canvas, and the wire's source (node, port) or None."""

    picked = Signal(str, QPointF, object)

    def __init__(
        self, parent: QWidget, catalog: Catalog, place: QPointF, source: tuple[str, str, PortType] | None = None
    ) -> None:
        self._rows = Shelves()
        fits = source[2] if source else None
        hint = f"Add a node that takes {fits} from {source[0]}" if source and fits != "any" else "Add a node"
        super().__init__(parent, self._rows, Rows(), hint)
        self._rows.setParent(self)
        self._catalog = catalog
        self._fits = fits
        self._place = place
        self._source = (source[0], source[1]) if source else None
        self.chosen.connect(self._pick)

    def fill(self, text: str) -> str:
        """Show what fits, best first."""
        self._rows.show_found(self._catalog, text, self._fits)
        what = f" that takes {self._fits}" if self._fits else ""
        return f"No node{what} matches “{text}”." if text else f"No node{what} is in the library."

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(index.data(SPEC).path, self._place, self._source)
