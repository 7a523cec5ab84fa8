"""What a view could show instead, where what it showed is gone or was not meant: what fits it, nearest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from flodesk.flow import forms
from flodesk.flow.edit import SetView
from flodesk.flow.forms import Form
from flodesk.flow.graph import Graph
from flodesk.flow.model import View
from flodesk.flow.wiring.views_along import shows_port
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.setting import Setting, shown
from flodesk.ui.panel.views import Views

_NEAREST, _OF_ONE = 7, 2
"""So many stand in the menu itself, and of each node so many; the others below it, by their nodes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value or a field that a view could show."""

    node: str
    shows: str


def candidates(view: View, graph: Graph) -> list[Candidate]:
    """Return what fits the form that a view asks for, those first whose names are most like the one that it shows."""
    wanted = dict(view.options).get("as")
    form = forms.named(wanted) if isinstance(wanted, str) else None
    found = dict.fromkeys(one for one in _all(graph, form) if one.shows != view.shows)

    def unlike(one: Candidate) -> float:
        same_part = "." in view.shows and one.shows.rpartition(".")[2] == view.shows.rpartition(".")[2]
        return -SequenceMatcher(None, one.shows, view.shows).ratio() - same_part

    return sorted(found, key=unlike)


def _all(graph: Graph, form: Form | None) -> Iterator[Candidate]:
    """Give what can be shown in a form; without one, all that the panel can show."""
    for node in graph.nodes.values():
        own = node.spec is not None and node.spec.viewed
        if own and (form is None or form.role == "control" or node.role != "control"):
            what = shown(View("", node.id, 0, 0, 1, 1), graph)
            fits = form is None or getattr(what, "own", "") == form.key
            if fits or (form is not None and isinstance(what, Setting) and what.type in form.types):
                yield Candidate(node.id, node.id)
        for port in node.outputs if form is None or form.role == "indicator" else ():
            fits = form is None or port.type in form.types or port.type == "any"
            if fits and graph.value(node.id, port) and port.type != "indicator":
                yield Candidate(node.id, shows_port(graph, node, port))
        for entry in node.fields if not own and (form is None or form.role == "control") else ():
            name = f"{node.id}.{entry.name}"
            what = shown(View("", name, 0, 0, 1, 1), graph)
            plain = isinstance(what, Setting) and isinstance(what.value, bool | int | float | str) and not what.wired
            if isinstance(what, Setting) and plain and (form is None or what.type in form.types):
                yield Candidate(node.id, name)


class Instead(QObject):
    """Asks what a view is to show instead, and lets it."""

    def __init__(self, parent: QObject, views: Views, board: Board) -> None:
        super().__init__(parent)
        self._views = views
        self._board = board
        self.menu: QMenu | None = None
        """The one that was opened last."""

    def ask(self, key: str, beside: QWidget) -> None:
        """Open the menu of what the view ``function.view`` could show, below a widget."""
        card = self._board.cards.get(key)
        graph = self._views.picture_of(card.function) if card is not None else None
        if card is None:
            return
        found = candidates(card.view, graph) if graph is not None else []
        if not found:
            self._views.refused.emit(f"Nothing in “{card.function}” fits the form of this view: remove it.")
            return

        def entry(one: Candidate) -> Entry:
            return one.shows, "", partial(self.show, key, one.shows)

        nearest: list[Candidate] = []
        for one in found:
            if len(nearest) < _NEAREST and sum(other.node == one.node for other in nearest) < _OF_ONE:
                nearest.append(one)
        entries = [entry(one) for one in nearest]
        rest = [one for one in found if one not in nearest]
        for node in dict.fromkeys(one.node for one in rest):
            entries.append((f"Of {node}", "", [entry(one) for one in rest if one.node == node]))
        at = beside.mapToGlobal(QPoint(0, beside.height()))
        self.menu = pop_up(beside, at, entries, f"Show in the place of {card.view.shows}")

    def show(self, key: str, shows: str) -> None:
        """Let a view show something else, in its place and with its looks."""
        card = self._board.cards.get(key)
        if card is not None:
            view = replace(card.view, shows=shows)
            self._views.do(lambda: SetView(card.function, view.id, view))
