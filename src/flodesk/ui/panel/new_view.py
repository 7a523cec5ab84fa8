"""New views for the panel: what is offered, and where one finds its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu

from flodesk.flow import forms
from flodesk.flow.edit import Edit, Many, SetView
from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Flow, View
from flodesk.flow.wiring.views import free_id
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.layout.grid import Cells, free_place, make_room, placed
from flodesk.ui.panel.setting import Reading, Setting, shown

_PLAIN = (4, 2)
"""Columns and rows of a value of which no form is known before it is there."""


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


def showing(flow: Flow, graph: Graph, shows: str, board: Board, place: tuple[int, int] | None, page: str = "") -> Edit:
    """Return the edit that shows a value on the panel, and moves away what is in its place.

    Parameters
    ----------
    shows : str
        The node's id, or ``node.port``.
    place : tuple of int, optional
        Column and row; by default the first that is free.
    page : str
        The page that the board shows.
    """
    function = graph.function
    width, height = _size(View("", shows, 0, 0, 1, 1), graph)
    places = board.places()
    cells = free_place(places, width, height) if place is None else Cells(*place, width, height).on_grid()
    id = free_id(flow, function, shows)
    edits: list[Edit] = [SetView(function, id, placed(View(id, shows, 0, 0, 1, 1, page), cells))]
    settled = make_room({**places, "": cells}, "")
    for key, card in board.cards.items():
        if settled[key] != places[key]:
            edits.append(SetView(card.function, card.view.id, placed(card.view, settled[key])))
    return Many(tuple(edits), f"Show {shows} on the panel")


def another(flow: Flow, function: str, view: View, board: Board) -> Edit:
    """Return the edit that shows the same a second time, in the first place that is free, with the same looks."""
    id = free_id(flow, function, view.shows)
    cells = free_place(board.places(), view.width, view.height)
    return SetView(function, id, placed(replace(view, id=id), cells))


def _size(view: View, graph: Graph) -> tuple[int, int]:
    """Return the columns and rows of a first view of what it shows."""
    what = shown(view, graph)
    if isinstance(what, Reading):
        form = forms.indicator(what.form)
    else:
        form = forms.control(what.widget) if isinstance(what, Setting) else None
    return form.size if form is not None else _PLAIN
