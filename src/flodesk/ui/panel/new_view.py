"""New views for the panel: what is offered, and where one finds its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu

from flodesk.flow import forms
from flodesk.flow.edit import Edit, SetView
from flodesk.flow.graph import Graph, Node
from flodesk.flow.groups import Member, joined, taken
from flodesk.flow.model import Flow, View
from flodesk.flow.wiring.views import free_id
from flodesk.ui.menus import Entry, fill
from flodesk.ui.panel.fits import PLAIN, Choice, suiting
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.layout.grid import free_place, placed
from flodesk.ui.panel.setting import Reading, Setting, shown
from flodesk.ui.subject import Subject


def offer(
    menu: QMenu, graphs: Mapping[str, Graph], offered: Mapping[str, list[Node]], add: Callable[[str], None]
) -> None:
    """List in a menu what can be added: controls and indicators by function; where there is nothing, say why."""
    for function, nodes in offered.items():
        if nodes and len(offered) > 1:
            menu.addSection(function)
        for node in nodes:
            kind = node.spec.title if node.spec else node.kind
            menu.addAction(f"{node.id}   ({kind})", partial(add, node.address))
    if not any(offered.values()):
        every = (node for graph in graphs.values() for node in graph.nodes.values())
        some = any(node.spec is not None and node.spec.viewed for node in every)
        words = "All controls and indicators are shown" if some else "The flow has no control and no indicator yet"
        menu.addAction(words).setEnabled(False)


def offer_parts(menu: QMenu, graphs: Mapping[str, Graph], entries: Callable[[Subject], list[Entry]]) -> None:
    """List the nodes of the flow in a menu, each with the forms for its values and fields, found when it opens."""
    for function, graph in graphs.items():
        nodes = [node for node in graph.nodes.values() if node.outputs or node.fields]
        if nodes:
            menu.addSection("Values and fields" if len(graphs) == 1 else f"Values and fields of {function}")
        for node in nodes:
            below = menu.addMenu(node.id)
            below.aboutToShow.connect(partial(_open, below, Subject("node", function, node.id), entries))


def _open(menu: QMenu, subject: Subject, entries: Callable[[Subject], list[Entry]]) -> None:
    if menu.isEmpty():
        fill(menu, entries(subject))
    if menu.isEmpty():
        menu.addAction("Nothing that the panel could show").setEnabled(False)


def another(flow: Flow, function: str, view: View, board: Board) -> Edit:
    """Return the edit that shows the same a second time, in the first place that is free, with the same looks."""
    id = free_id(flow, function, view.shows)
    cells = free_place(taken(board.places(), board.members()), view.width, view.height)
    return SetView(function, id, joined(placed(replace(view, id=id), cells), Member()))


def first_look(graph: Graph, shows: str) -> Choice:
    """Return how something (the node's id, ``node.port``) is shown where nobody asks for another form."""
    what = shown(View("", shows, 0, 0, 1, 1), graph)
    if isinstance(what, Reading):
        form = forms.indicator(what.form)
        return Choice(shows, graph.function, shows, form.size if form is not None else suiting(what.type))
    form = forms.control(what.widget) if isinstance(what, Setting) else None
    return Choice(shows, graph.function, shows, form.size if form is not None else PLAIN)
