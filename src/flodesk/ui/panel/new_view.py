"""New views for the panel: what is offered, and where one finds its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMenu

from flodesk.flow.edit import Edit, Many, SetView
from flodesk.flow.graph import Node
from flodesk.flow.model import Flow, View
from flodesk.ui.panel.board import Board
from flodesk.ui.panel.grid import Cells, free_place, make_room, placed

_SIZES = {
    "line": (6, 6), "xy": (6, 6), "table": (6, 6), "text": (4, 3), "number": (3, 2), "lamp": (3, 1), "slider": (5, 2),
    "switch": (3, 1), "button": (2, 1), "choice": (4, 1),
}  # fmt: skip
"""Columns and rows that a new view takes, by the last part of the node type's name."""


def offer(menu: QMenu, offered: Mapping[str, list[Node]], add: Callable[[str], None]) -> None:
    """List in a menu what can be added: controls and indicators by function."""
    for function, nodes in offered.items():
        if nodes and len(offered) > 1:
            menu.addSection(function)
        for node in nodes:
            kind = node.spec.title if node.spec else node.kind
            menu.addAction(f"{node.id}   ({kind})", partial(add, node.address))
    if not any(offered.values()):
        menu.addAction("All controls and indicators are shown").setEnabled(False)


def showing(flow: Flow, function: str, shows: str, node: Node, board: Board, place: tuple[int, int] | None) -> Edit:
    """Return the edit that shows a value on the panel, and moves away what is in its place.

    Parameters
    ----------
    shows : str
        The node's id, or ``node.port``.
    place : tuple of int, optional
        Column and row; by default the first that is free.
    """
    name = node.spec.path.rpartition(".")[2] if node.spec else ""
    width, height = _SIZES.get(name, (4, 2))
    places = board.places()
    cells = free_place(places, width, height) if place is None else Cells(*place, width, height).on_grid()
    taken = flow.header.panel.get(function, {})
    base = shows.replace(".", "_")
    id = next(n for n in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    edits: list[Edit] = [SetView(function, id, placed(View(id, shows, 0, 0, 1, 1), cells))]
    settled = make_room({**places, "": cells}, "")
    for key, card in board.cards.items():
        if settled[key] != places[key]:
            edits.append(SetView(card.function, card.view.id, placed(card.view, settled[key])))
    return Many(tuple(edits), f"Show {shows} on the panel")
