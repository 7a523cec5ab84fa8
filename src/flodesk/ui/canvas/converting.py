"""A wire that was refused for its types: what turns the one into the other is offered where it was let go."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPointF

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter, chains, converters
from flodesk.flow.graph import Graph, Wire
from flodesk.flow.mapping import LISTS
from flodesk.flow.problem import quoted
from flodesk.flow.types import PortType
from flodesk.ui.canvas.adding import Adding
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.menus import Entry

End = tuple[str, str]
Chain = tuple[Converter, Converter]
MOST = 5
LONGEST = 44
"""Letters of what a converter does, in the menu."""
_CLAUSE = re.compile(r"[,:;(]")


class Converting:
    """Offers converters and puts them in.

    Parameters
    ----------
    offer : callable
        Opens a menu with some words above its entries, at a place of the scene.
    select : callable
        Selects nodes.
    changes : Changes
        Maps a node over what is wired to it.
    """

    def __init__(
        self,
        board: Board,
        adding: Adding,
        catalog: Callable[[], Catalog],
        offer: Callable[[str, list[Entry], QPointF], None],
        select: Callable[[list[str]], None],
        changes: Changes,
    ) -> None:
        self._changes = changes
        self._board = board
        self._adding = adding
        self._catalog = catalog
        self._offer = offer
        self._select = select

    def offer(self, refusal: str, source: End, target: End, instead_of: Wire | None, place: QPointF) -> bool:
        """Say why two ends cannot be wired, and offer what could come between them; False if nothing could."""
        graph = self._board.graph
        gives, takes = _given(graph, source), _taken(graph, target)
        found = converters(self._catalog(), gives, takes)[:MOST] if gives is not None and takes is not None else ()
        two = (
            chains(self._catalog(), gives, takes)[:MOST]
            if not found and gives is not None and takes is not None
            else ()
        )
        deeds = [(_title(made), self._deed(made, source, target, instead_of)) for made in found]
        deeds += [(_title_of_two(chain), self._deed_of_two(chain, source, target, instead_of)) for chain in two]
        if gives in LISTS and self._changes.may_connect_each(source, target, instead_of):
            title = f"Map over it: run {quoted(target[0])} for each item"
            deeds.insert(0, (title, lambda: self._each(source, target, instead_of)))
        if not deeds:
            return False
        entries: list[Entry] = [
            (title, "Enter" if number == 0 else "", deed) for number, (title, deed) in enumerate(deeds)
        ]
        self._offer(refusal, [*entries, None, ("Leave it", "Esc", lambda: None)], place)
        return True

    def _each(self, source: End, target: End, instead_of: Wire | None) -> None:
        if self._changes.connect_each(source, target, instead_of):
            self._select([target[0]])

    def _deed(self, made: Converter, source: End, target: End, instead_of: Wire | None) -> Callable[[], None]:
        def insert() -> None:
            title = f"Put {made.words} between {quoted(source[0])} and {quoted(target[1])} of {quoted(target[0])}"
            name = self._adding.put_between(made.spec.path, source, target, title, instead_of)
            if name:
                self._select([name])

        return insert

    def _deed_of_two(self, chain: Chain, source: End, target: End, instead_of: Wire | None) -> Callable[[], None]:
        def insert() -> None:
            both = " and ".join(made.words for made in chain)
            title = f"Put {both} between {quoted(source[0])} and {quoted(target[1])} of {quoted(target[0])}"
            names = self._adding.put_chain(chain, source, target, title, instead_of)
            if names:
                self._select(list(names))

        return insert


def _title_of_two(chain: Chain) -> str:
    return f"Insert {chain[0].words}, then {chain[1].words}"


def _title(made: Converter) -> str:
    words = _CLAUSE.split(made.spec.summary, maxsplit=1)[0].rstrip(".").replace("&", "&&")
    return f"Insert {made.words}: {words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'}"


def _given(graph: Graph, end: End) -> PortType | None:
    node = graph.nodes.get(end[0])
    if node is None or node.kind == "switch":
        return None
    return next((port.type for port in node.outputs if port.name == end[1]), None)


def _taken(graph: Graph, end: End) -> PortType | None:
    """Return what an input takes, or a field that has no port yet."""
    node = graph.nodes.get(end[0])
    if node is None:
        return None
    port = next((port for port in node.inputs if port.name == end[1]), None)
    if port is not None:
        return port.type
    parameter = node.spec.parameter(end[1]) if node.spec is not None else None
    return parameter.type if parameter is not None else None
