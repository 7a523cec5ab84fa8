"""Branches and loops by hand: around what is selected, at a wire of truth; and the arms of a switch."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, Many
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.menus import Entry
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.placing import free_place
from flodesk.ui.canvas.wire_item import WireItem

_GAP = 60.0
"""Scene pixels between the selected cards and what comes beside them."""


class Branching:
    """Puts what is selected into an `if` or a loop, and adds arms.

    What decides is the truth that is selected along, a wire or the card that gives it; without one a new switch does.
    """

    def __init__(
        self,
        document: Document,
        function: str,
        catalog: Callable[[], Catalog],
        board: Board,
        changes: Changes,
        picking: Picking,
    ) -> None:
        self._document = document
        self._function = function
        self._catalog = catalog
        self._board = board
        self._changes = changes
        self._picking = picking

    # -------------------------------------------------------------- verbs
    @property
    def possible(self) -> bool:
        """Whether there is something to put into a branch."""
        return bool(self._picking.cards() or self._wires())

    @property
    def loop_possible(self) -> bool:
        """Whether a card is selected."""
        return bool(self._picking.cards())

    def into_if(self) -> None:
        """Put the selected cards into an `if`; with a wire of truth alone, begin one there."""
        cards, wires = self._picking.cards(), self._wires()
        if not cards and wires:
            source = wires[0].wire.source
            self._do(lambda flow: wiring.begin_if(flow, self._board.graph, source))
            return
        ids = [card.id for card in cards]
        test = self._truth(cards, wires)
        self._do(lambda flow: wiring.put_into_if(flow, self._board.graph, self._catalog(), ids, test))

    def into_loop(self) -> None:
        """Put the selected cards into a loop."""
        ids = [card.id for card in self._picking.cards()]
        self._do(lambda flow: wiring.put_into_loop(flow, self._board.graph, ids))

    def entries(self, card: NodeItem) -> list[Entry]:
        """Return what the menu of a card offers about its arms."""
        switch = card.node.statements[0] if card.node.kind == "switch" else ""
        flow, function = self._document, self._function
        arms: list[Entry] = [
            ("Add an elif", "", lambda: self._arm(lambda: wiring.add_arm(flow.flow, function, switch, test=True))),
            ("Add an else", "", lambda: self._arm(lambda: wiring.add_arm(flow.flow, function, switch, test=False))),
        ]
        return arms if switch else []

    def around(self) -> list[Entry]:
        """Return what the menu offers for all that is selected."""
        return [("Put into an if", "Ctrl+I", self.into_if), ("Put into a loop", "Ctrl+U", self.into_loop)]

    def of_wire(self, wire: WireItem) -> list[Entry]:
        """Return what the menu of a wire offers: where it carries a truth, an `if` begins there."""
        return [("Begin an if", "Ctrl+I", self.into_if)] if wire.source.port.type == "truth" else []

    # -------------------------------------------------------------- inside
    def _wires(self) -> list[WireItem]:
        return [wire for wire in self._board.wires.values() if wire.isSelected()]

    @staticmethod
    def _truth(cards: list[NodeItem], wires: list[WireItem]) -> str:
        """Return the variable that decides: that of a selected wire, or what a selected card gives alone and is true.

        A card on the way among others is no such card: what it gives goes to one that is selected, too.
        """
        for wire in wires:
            if wire.source.port.type == "truth" and wire.source.port.variable:
                return wire.source.port.variable
        givers = [card for card in cards if [port.type for port in card.node.outputs] == ["truth"]]
        givers = [card for card in givers if card.node.kind not in ("switch", "merge")]
        if len(givers) != 1 or len(cards) < 2:
            return ""
        read = {wire.target.node for wire in givers[0].wires() if wire.source.node is givers[0]}
        return "" if read & set(cards) else givers[0].node.outputs[0].variable

    def _do(self, make: Callable[[Flow], tuple[Edit, str]]) -> None:
        made: list[str] = []

        def edit() -> Edit:
            known = self._changes.keeping_places([], "")
            flow = known.apply(self._document.flow)[0]
            found, name = make(flow)
            made.append(name)
            return Many((known, found, *self._room(found.apply(flow)[0])), found.title)

        if self._changes.do(edit):
            self._picking.select(made)

    def _room(self, flow: Flow) -> list[Edit]:
        """Return the places of what is new: what decides above the selected cards, what joins behind them."""
        graph = picture(flow, self._catalog(), self._function)
        given = flow.header.canvas.get(self._function, {})
        new = [node for key, node in graph.nodes.items() if key not in given]
        boxes = [card.box() for card in self._picking.cards()]
        if not boxes or not new:
            return []
        left, top = min(box.left() for box in boxes), min(box.top() for box in boxes)
        right = max(box.right() for box in boxes)
        chosen = self._picking.cards()
        behind = [node for node in new if node.kind in ("merge", "object")]
        sizes = {node.id: measure(node) for node in new}
        shift = max((sizes[node.id].width for node in behind), default=0.0) + _GAP if behind else 0.0
        cards = {key: card for key, card in self._board.cards.items() if card not in chosen}
        places = {key: (card.x() + (shift if card.x() >= right - 1 else 0.0), card.y()) for key, card in cards.items()}
        taken = [(*places[key], card.card.width, card.card.height) for key, card in cards.items()]
        taken += [(box.x(), box.y(), box.width(), box.height()) for box in boxes]
        for node in new:
            size = sizes[node.id]
            wanted = (right + _GAP, top) if node in behind else (left, top - size.height - _GAP)
            if node.kind == "call":  # the new switch of the panel, before the one that it decides
                wanted = (left - size.width - _GAP, top - size.height - _GAP)
            at = free_place(wanted, (size.width, size.height), taken)
            places[node.id] = at
            taken.append((*at, size.width, size.height))
        rounded = {key: (float(round(x)), float(round(y))) for key, (x, y) in places.items() if key in graph.nodes}
        return [wiring.move(self._function, rounded)]

    def _arm(self, make: Callable[[], Edit]) -> None:
        self._changes.do(make)
