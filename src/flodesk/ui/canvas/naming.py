"""Names that are edited in place, on the cards that bear them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.rename import NameField
from flodesk.ui.canvas.viewer import Viewer


class Naming:
    """Opens the field of a name, and makes what is typed into it an edit.

    Parameters
    ----------
    select : callable
        Selects the node that has got a new name.

    Attributes
    ----------
    field : NameField, optional
        The one that is open.
    """

    def __init__(self, viewer: Viewer, changes: Changes, select: Callable[[str], None]) -> None:
        self._viewer = viewer
        self._changes = changes
        self._select = select
        self.field: NameField | None = None

    def rename(self, card: NodeItem) -> None:
        """Edit the name of a node on its card."""
        if card.node.kind in ("inputs", "return"):
            return  # the function's own ends: they have no name
        if self.field is not None:
            self.field.leave()
        if not self._viewer.visible_rect().contains(card.box().topLeft() + QPointF(40, 10)):
            self._viewer.center_on(card.box().center())
        node = card.node

        def accept(new: str) -> str:
            problem = self._changes.rename(node.id, new)
            if not problem:
                self._select(node.renamed(new))
            return problem

        self._open(card, accept, node.name)

    def rename_everywhere(self, card: NodeItem, old: str) -> None:
        """Edit the name of the queue that a card is an end of, or of the function that it calls."""
        if self.field is not None:
            self.field.leave()
        self._open(card, lambda new: self._changes.rename_everywhere(old, new), old)

    def ask(self, card: NodeItem, old: str, accept: Callable[[str], str]) -> None:
        """Let a name be typed on a card; `accept` returns why it cannot be, or an empty text."""
        if self.field is not None:
            self.field.leave()
        self._open(card, accept, old)

    def _open(self, card: NodeItem, accept: Callable[[str], str], old: str) -> None:
        self.field = NameField(self._viewer, card, accept, old)
        self.field.closed.connect(self._closed)

    def _closed(self) -> None:
        self.field = None
