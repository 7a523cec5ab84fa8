"""Another node in the place of one: what a search or a drop asks for becomes one edit."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.picking import Picking


class Replacing:
    """Replaces nodes of a canvas."""

    def __init__(
        self, document: Document, board: Board, changes: Changes, picking: Picking, catalog: Callable[[], Catalog]
    ) -> None:
        self._document = document
        self._board = board
        self._changes = changes
        self._picking = picking
        self._catalog = catalog

    def replace(self, node: str, path: str) -> None:
        """Put a node of a type in the place of another, and select it. What could not be kept is said."""
        made: list[wiring.Replacement] = []

        def replacing() -> Edit:
            made.append(wiring.replace_node(self._document.flow, self._catalog(), self._board.graph, node, path))
            return self._changes.keeping_places([made[0].edit], made[0].edit.title)

        if self._changes.do(replacing):
            if made[0].lost:
                self._changes.refuse(f"{node} was replaced. Not kept: {'; '.join(made[0].lost)}.")
            self._picking.select([made[0].node])

    def why_not(self, node: str, path: str) -> str:
        """Say why a node of a type cannot stand in the place of another; empty if it can."""
        old, spec = self._board.graph.nodes.get(node), self._catalog().find(path)
        return wiring.why_not_replaced(old, spec) if old is not None and spec is not None else "It is not known here."
