"""Running a node once for each item of an input, or of several: what the menus of its card and of its ports offer."""

from __future__ import annotations

from collections.abc import Sequence

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
            return [*self._of_mapped(node, port), ("If an item fails", "", failing)]
        if port is not None:
            words = "Map over this port"
            return [] if port.is_output else [self._over(node.id, words, port.port.name)]
        wires = [w for w in self._board.graph.wires if w.target[0] == node.id and w.type in LISTS]
        names = list(dict.fromkeys(w.target[1] for w in wires if w.target[1] != "object"))
        both = [self._over(node.id, f"Map over {_quoted(names)} side by side", *names)] if len(names) > 1 else []
        return [*(self._over(node.id, f"Map over “{name}”", name) for name in names), *both]

    def _of_mapped(self, node: Node, port: PortItem | None) -> list[Entry]:
        """Return what else a mapped node may be mapped over."""
        whole: Entry = (f"Take {_quoted(node.mapped)} whole", "", lambda: self._whole(node.id))
        if port is None or port.is_output:
            return [whole]
        name = port.port.name
        rest = [other for other in node.mapped if other != name]
        if name not in node.mapped:
            return [
                self._over(node.id, "Map over this port, too", *node.mapped, name),
                self._over(node.id, "Map over this port instead", name),
                whole,
            ]
        return [self._over(node.id, f"Take “{name}” alone whole", *rest), whole] if rest else [whole]

    def _over(self, node: str, words: str, *ports: str) -> Entry:
        return (
            words,
            "",
            lambda: self._changes.do(lambda: wiring.map_over(self._document.flow, self._board.graph, node, *ports)),
        )

    def _failing(self, node: Node, how: str, words: str) -> Entry:
        sign = "✓ " if how == node.on_item_error else ""
        return f"{sign}{words}", "", lambda: self._on_error(node.id, how)

    def _whole(self, node: str) -> None:
        self._changes.do(lambda: wiring.map_whole(self._document.flow, self._board.graph, node))

    def _on_error(self, node: str, how: str) -> None:
        self._changes.do(lambda: wiring.set_on_item_error(self._document.flow, self._board.graph, node, how))


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)


__all__ = ["IF_ONE_FAILS", "ForEach"]
