"""Which card is meant by a name that the engine, the checker and the log use: ``function.statement`` or of a value."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.node_item import NodeItem


class CardNames:
    """Finds the cards of a picture by the names of their statements and of their values."""

    def __init__(self, cards: Mapping[str, NodeItem]) -> None:
        self._cards = cards
        self._function = ""
        self._node_of: dict[str, str] = {}
        self._port_of: dict[str, tuple[str, str]] = {}

    def follow(self, graph: Graph) -> None:
        """Learn the names of a picture."""
        self._function = graph.function
        self._node_of = {s: node.id for node in graph.nodes.values() for s in (node.id, *node.statements)}
        self._port_of = {
            port.variable: (node.id, port.name)
            for node in graph.nodes.values()
            for port in node.outputs
            if port.variable
        }

    def local(self, name: str) -> str | None:
        """Return the name within this function of ``function.name``, or None if it is of another one."""
        function, dot, rest = name.partition(".")
        if not dot:
            return name
        return rest if function == self._function else None

    def node_of(self, name: str) -> str | None:
        """Return the card's id for a node or statement, with or without its function; None if there is no such card."""
        local = self.local(name)
        return self._node_of.get(local) if local is not None else None

    def end_of(self, name: str) -> tuple[NodeItem | None, str]:
        """Return the card and the port that give ``function.variable``."""
        local = self.local(name)
        node, port = self._port_of.get(local, ("", "")) if local is not None else ("", "")
        return self._cards.get(node), port

    def by_card(self, messages: Mapping[str, str]) -> dict[str, str]:
        """Return messages by the ids of the cards that they are about, the first of each."""
        found: dict[str, str] = {}
        for name, message in messages.items():
            key = self.node_of(name)
            if key is not None:
                found.setdefault(key, message)
        return found
