"""Which card is meant by a name that the engine, the checker and the log use: ``function.statement`` or of a value."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.node_item import NodeItem

_Tables = tuple[dict[str, str], dict[str, tuple[str, str]], dict[str, list[str]]]


class CardNames:
    """Finds the cards of a picture by the names of their statements and of their values; learnt when they are asked."""

    def __init__(self, cards: Mapping[str, NodeItem]) -> None:
        self._cards = cards
        self._graph = Graph("", {}, ())
        self._learnt: _Tables | None = None

    def follow(self, graph: Graph) -> None:
        """Find the cards of another picture from now on."""
        self._graph, self._learnt = graph, None

    def _tables(self) -> _Tables:
        """Return the nodes by their statements, the ports by their values, and the merges by what they join."""
        if self._learnt is None:
            nodes = self._graph.nodes.values()
            by_statement = {s: node.id for node in nodes for s in (node.id, *node.statements)}
            by_statement |= {node.id: node.id for node in nodes}  # what feeds a merge is a statement of that, too
            values = ((self._graph.value(node.id, p), node.id, p.name) for node in nodes for p in node.outputs)
            ports = {value.partition(".")[2]: (node, port) for value, node, port in values if value}
            merges: dict[str, list[str]] = {}
            for node in nodes:
                for statement in node.statements if node.kind == "merge" else ():
                    merges.setdefault(statement, []).append(node.id)
            self._learnt = by_statement, ports, merges
        return self._learnt

    def local(self, name: str) -> str | None:
        """Return the name within this function of ``function.name``, or None if it is of another one."""
        function, dot, rest = name.partition(".")
        if not dot:
            return name
        return rest if function == self._graph.function else None

    def node_of(self, name: str) -> str | None:
        """Return the card's id for a node or statement, with or without its function; None if there is no such card."""
        local = self.local(name)
        return self._tables()[0].get(local) if local is not None else None

    def cards_of(self, name: str) -> tuple[str, ...]:
        """Return the ids of the cards that a statement is of: its own, and that of the merge which it feeds."""
        key, local = self.node_of(name), self.local(name)
        if key is None or local is None:
            return ()
        return (key, *(merge for merge in self._tables()[2].get(local, ()) if merge != key))

    def end_of(self, name: str) -> tuple[NodeItem | None, str]:
        """Return the card and the port that give a value (``function.variable``)."""
        local = self.local(name)
        node, port = self._tables()[1].get(local, ("", "")) if local is not None else ("", "")
        return self._cards.get(node), port

    def by_card(self, messages: Mapping[str, str]) -> dict[str, str]:
        """Return messages by the ids of the cards that they are about, the first of each."""
        found: dict[str, str] = {}
        for name, message in messages.items():
            key = self.node_of(name)
            if key is not None:
                found.setdefault(key, message)
        return found
