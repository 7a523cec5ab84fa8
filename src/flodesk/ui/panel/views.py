"""The views that the panel has: added, moved and taken off, each by an edit of the flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, Many, SetParameter, SetView, each_edit
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.groups import Member
from flodesk.flow.groups import joined as of_group
from flodesk.flow.model import View
from flodesk.flow.tab_order import order_tabs
from flodesk.flow.viewed import node_of
from flodesk.ui.panel.fits import Choice
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.layout.grid import Cells, placed
from flodesk.ui.panel.new_view import another, first_look, offer
from flodesk.ui.panel.setting import offers, shown, variable_of
from flodesk.ui.panel.showing import Spot, showing


class Views(QObject):
    """The hand's way from the panel into the flow.

    Attributes
    ----------
    graphs : dict
        The pictures of the functions whose nodes can be shown, as they are now.
    page : str
        The page that new views go to.
    """

    refused = Signal(str)
    """Something could not be done; a sentence for the status bar."""
    stale = Signal()
    """What the panel shows is not what the flow says."""

    def __init__(self, parent: QObject, document: Document, board: Board, catalog: Catalog) -> None:
        super().__init__(parent)
        self._document = document
        self._board = board
        self.locked = False
        """Whether nothing but values may be changed from the panel."""
        self.graphs: dict[str, Graph] = {}
        self.page = ""
        self.catalog = catalog

    def do(self, make: Callable[[], Edit], merge: str = "") -> None:
        """Make an edit and apply it; if that is refused say why, and show again what the flow says."""
        try:
            edit = make()
            if self.locked and not all(isinstance(part, SetParameter) for part in each_edit(edit)):
                raise EditError("This panel is locked: only what its controls are set to can be changed.")
            self._document.do(edit, merge)
        except EditError as error:
            self.refused.emit(str(error))
            self.stale.emit()

    def arrange(self, places: Mapping[str, Cells], joined: Mapping[str, Member] | None = None, title: str = "") -> None:
        """Write new places into the flow, and what views are of now, as one edit."""
        changed = {}
        for key, cells in places.items():
            if key in self._board.cards:  # it may have gone while a hand moved it
                view = placed(self._board.cards[key].view, cells)
                changed[key] = of_group(view, joined[key]) if joined is not None and key in joined else view
        chosen = self._board.glass.selection
        moved = chosen.main.rpartition(".")[2] if len(chosen) == 1 else f"{len(chosen)} views" if chosen else ""
        self.change(changed, title or (f"Arrange {moved}" if moved else "Arrange the panel"))

    def change(self, changed: Mapping[str, View | None], title: str) -> None:
        """Write other lines of views (``function.view``) into the flow, None takes one out; all as one edit."""
        edits: list[Edit] = []
        for key, view in changed.items():
            card = self._board.cards[key]
            if view != card.view:
                edits.append(SetView(card.function, card.view.id, view))
        if edits:
            self.do(lambda: Many(tuple(edits), title))
        self.stale.emit()

    def order_tabs(self, group: str, tabs: Sequence[str]) -> None:
        """Put the tabs of a group of the page into another order."""
        flow = self._document.flow
        self._board.boxes.stay(group)
        self.do(lambda: order_tabs(flow, self.page, group, tabs))

    def remove(self, key: str) -> None:
        """Take a view (``function.view``) off the panel; what it shows stays in the flow."""
        card = self._board.cards.get(key)
        if card is not None:
            self.do(lambda: SetView(card.function, card.view.id, None))

    def dress(self, key: str, options: Mapping[str, Any]) -> None:
        """Give a view another form, or other looks: its options."""
        card = self._board.cards.get(key)
        if card is not None:
            view = replace(card.view, options=tuple(options.items()))
            self.do(lambda: SetView(card.function, view.id, view))

    def show_again(self, key: str) -> None:
        """Show what a view shows a second time."""
        card = self._board.cards.get(key)
        if card is not None:
            flow = self._document.flow
            self.do(lambda: another(flow, card.function, card.view, self._board))

    def known(self) -> Catalog:
        """Return the node types that the flow can have, its own included."""
        return self.catalog.with_flow(self._document.flow, self._document.folder)

    def picture_of(self, function: str) -> Graph | None:
        """Return the picture of any function of the flow; None if there is none of that name."""
        flow = self._document.flow
        if function not in self.graphs and function in flow.functions:
            return picture(flow, self.known(), function)
        return self.graphs.get(function)

    def show(self, choices: Iterable[Choice], spot: Spot) -> None:
        """Show what was chosen for something that was dropped, or is wanted on the panel."""
        flow = self._document.flow
        self.do(lambda: showing(flow, self.known(), choices, spot))

    def available(self) -> dict[str, list[Node]]:
        """Return, for each function, the controls and indicators that are not on the panel."""
        panel = self._document.flow.header.panel
        return {name: offers(graph, panel.get(name, {}).values()) for name, graph in self.graphs.items()}

    def variables(self) -> set[str]:
        """Return the values (``function.variable``) that views of all pages show."""
        panel = self._document.flow.header.panel
        there = ((self.graphs[name], views) for name, views in panel.items() if name in self.graphs)
        return {variable_of(shown(view, graph)) for graph, views in there for view in views.values()} - {""}

    def node_of(self, key: str) -> str:
        """Return the node (``function.node``) that the view ``function.view`` shows something of."""
        card = self._board.cards[key]
        graph = self.picture_of(card.function)
        head = card.view.shows.partition(".")[0]
        return f"{card.function}.{node_of(graph, card.view.shows) if graph is not None else head}"

    def offer(self, menu: QMenu) -> None:
        """List in a menu what can be added in the first place that is free."""
        offer(menu, self.graphs, self.available(), self.add)

    def takes(self, node: str) -> bool:
        """Whether a node (``function.node``) is a control or an indicator that is not on the panel."""
        return any(found.address == node for nodes in self.available().values() for found in nodes)

    def add(self, node: str, column: int | None = None, row: int | None = None) -> None:
        """Show a control, an indicator or a value (``function.node``, ``function.node.port``) on the panel.

        Without a place it takes the first free one; at a place it pushes down what is there.
        """
        function, _, shows = node.partition(".")
        graph = self.graphs.get(function)
        if graph is None or shows.partition(".")[0] not in graph.nodes:
            self.refused.emit(f"The panel cannot show “{node}”: the flow has no such node.")
            return
        place = None if column is None or row is None else (column, row)
        self.show([first_look(graph, shows)], Spot(place, self.page, self._board.shown_tabs()))
