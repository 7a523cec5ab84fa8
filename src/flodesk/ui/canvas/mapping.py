"""Running a node once for each item of an input: what the menus of its card and of its ports offer."""

from __future__ import annotations

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.graph import Node
from flodesk.flow.mapping import LISTS
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.menus import Entry

IF_ONE_FAILS = (
    ("fail", "Stop: the error names the item"),
    ("skip", "Leave it out, and say so in the log"),
    ("collect", "Leave it out, and give the errors beside"),
)
"""What an item does that fails, and what a menu calls it."""


class ForEach:
    """The verbs on one card."""

    def __init__(self, document: Document, board: Board, changes: Changes) -> None:
        self._document = document
        self._board = board
        self._changes = changes

    def entries(self, node: Node, port: PortItem | None) -> list[Entry]:
        """Return what the menu of a card offers, or that of one of its ports."""
        if not wiring.may_map(node):
            return []
        if node.mapped:
            failing = [self._failing(node, how, words) for how, words in IF_ONE_FAILS]
            whole: list[Entry] = [(f"Take “{node.mapped}” whole", "", lambda: self._whole(node.id))]
            if port is not None and not port.is_output and port.port.name != node.mapped:
                whole.insert(0, self._over(node.id, port.port.name, "Map over this port instead"))
            return [*whole, ("If an item fails", "", failing)]
        if port is not None:
            words = "Map over this port"
            return [] if port.is_output else [self._over(node.id, port.port.name, words)]
        wires = [w for w in self._board.graph.wires if w.target[0] == node.id and w.type in LISTS]
        names = dict.fromkeys(w.target[1] for w in wires if w.target[1] != "object")
        return [self._over(node.id, name, f"Map over “{name}”") for name in names]

    def _over(self, node: str, port: str, words: str) -> Entry:
        return (
            words,
            "",
            lambda: self._changes.do(lambda: wiring.map_over(self._document.flow, self._board.graph, node, port)),
        )

    def _failing(self, node: Node, how: str, words: str) -> Entry:
        sign = "✓ " if how == node.on_item_error else ""
        return f"{sign}{words}", "", lambda: self._on_error(node.id, how)

    def _whole(self, node: str) -> None:
        self._changes.do(lambda: wiring.map_whole(self._document.flow, self._board.graph, node))

    def _on_error(self, node: str, how: str) -> None:
        self._changes.do(lambda: wiring.set_on_item_error(self._document.flow, self._board.graph, node, how))


__all__ = ["IF_ONE_FAILS", "ForEach"]
