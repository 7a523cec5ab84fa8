"""Switching the selected nodes off and on, and bypassing them: commands, menu, and whether they are."""

from __future__ import annotations

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Node
from flodesk.flow.switched import How
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.menus import Entry


class Switching:
    """The verbs on the selection of a canvas."""

    def __init__(self, document: Document, board: Board, changes: Changes, picking: Picking) -> None:
        self._document = document
        self._board = board
        self._changes = changes
        self._picking = picking

    def _nodes(self) -> list[Node]:
        return [card.node for card in self._picking.cards()]

    @property
    def possible(self) -> bool:
        """Whether all selected nodes can be switched off, or are."""
        nodes = self._nodes()
        return bool(nodes) and all(map(wiring.can_be_switched, nodes))

    @property
    def is_off(self) -> bool:
        """Whether all selected nodes are switched off."""
        return self._all("off")

    @property
    def is_bypassed(self) -> bool:
        """Whether all selected nodes are bypassed."""
        return self._all("bypass")

    def _all(self, how: How) -> bool:
        nodes = self._nodes()
        return bool(nodes) and all(node.switched == how for node in nodes)

    def toggle_off(self) -> None:
        """Switch the selected nodes off, or on again if all of them are off."""
        self._switch("" if self.is_off else "off")

    def toggle_bypass(self) -> None:
        """Bypass the selected nodes, or let them run again if all of them are bypassed."""
        self._switch("" if self.is_bypassed else "bypass")

    def _switch(self, wanted: How) -> None:
        chosen = [node.id for node in self._nodes()]
        done: list[wiring.Switched] = []

        def switching() -> Edit:
            done.append(wiring.switch(self._document.flow, self._board.graph, chosen, wanted))
            return self._changes.keeping_places([done[0].edit], done[0].edit.title)

        if self._changes.do(switching):
            self._picking.select(done[0].nodes)
            if done[0].words:
                self._changes.refuse(done[0].words)

    def entries(self) -> list[Entry]:
        """Return what the menu of a card offers."""
        if not self.possible:
            return []
        return [
            ("Switch on" if self.is_off else "Switch off", "Ctrl+M", self.toggle_off),
            ("Run it again" if self.is_bypassed else "Bypass", "Ctrl+B", self.toggle_bypass),
        ]
