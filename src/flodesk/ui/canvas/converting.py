"""A wire that was refused for its types: what turns the one into the other is offered where it was let go."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPointF

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter, converters
from flodesk.flow.graph import Graph, Wire
from flodesk.flow.problem import quoted
from flodesk.flow.types import PortType
from flodesk.ui.canvas.adding import Adding
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.menus import Entry

End = tuple[str, str]
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
    """

    def __init__(
        self,
        board: Board,
        adding: Adding,
        catalog: Callable[[], Catalog],
        offer: Callable[[str, list[Entry], QPointF], None],
        select: Callable[[list[str]], None],
    ) -> None:
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
        if not found:
            return False
        entries: list[Entry] = [
            (_title(made), "Enter" if number == 0 else "", self._deed(made, source, target, instead_of))
            for number, made in enumerate(found)
        ]
        self._offer(refusal, [*entries, None, ("Leave it", "Esc", lambda: None)], place)
        return True

    def _deed(self, made: Converter, source: End, target: End, instead_of: Wire | None) -> Callable[[], None]:
        def insert() -> None:
            title = f"Put {made.words} between {quoted(source[0])} and {quoted(target[1])} of {quoted(target[0])}"
            name = self._adding.put_between(made.spec.path, source, target, title, instead_of)
            if name:
                self._select([name])

        return insert


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
