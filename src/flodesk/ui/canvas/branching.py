"""Branches and loops by hand: around what is selected, at a wire of truth; and the arms of a switch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, Many
from flodesk.flow.edit.tree import find
from flodesk.flow.formulas import is_test
from flodesk.flow.graph import Node, picture
from flodesk.flow.model import Bind, Flow, Ref, Switch
from flodesk.flow.pieces import Box
from flodesk.ui.canvas.adding import along
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.dragging import flat
from flodesk.ui.canvas.enclosing import enclosed
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.menus import Entry

_NEAR = 400.0
"""How far around what goes into a branch new cards may come to stand, in scene pixels."""


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
        self._say_else()

    def _say_else(self) -> None:
        """Say what is read outside of a new branch where it is not taken."""
        chosen = [card for card in self._picking.cards() if card.node.kind == "switch"]  # else it was refused
        switch = find(self._document.flow, self._function, chosen[0].id)[1] if len(chosen) == 1 else None
        if not isinstance(switch, Switch) or switch.arms[0].test is None or switch.arms[-1].test is not None:
            return
        else_is = [
            f"“{one.name}” is “{one.value.text}”, as it comes in"
            if isinstance(one.value, Ref)
            else f"“{one.name}” is {one.value.text}"
            for one in switch.arms[-1].body.statements
            if isinstance(one, Bind)
        ]
        if else_is:
            self._changes.refuse(f"Where “{switch.arms[0].test.text}” is not true, {'; '.join(else_is)}.")

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
        givers = [card for card in cards if _gives_truth(card.node)]
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
            self._bring_in(made)

    def _room(self, flow: Flow) -> list[Edit]:
        """Return the edits by which what is new finds its place, and the others make room."""
        graph = picture(flow, self._catalog(), self._function)

        def went_in(card: NodeItem) -> bool:  # the card that decides is selected along, and stays outside
            now, was = graph.nodes.get(card.id), card.node
            return now is None or (now.kind, now.arms, now.loops) != (was.kind, was.arms, was.loops)

        chosen = [card for card in self._picking.cards() if went_in(card)]
        others = {key: flat(card.box()) for key, card in self._board.cards.items() if card not in chosen}
        boxes = [flat(card.box()) for card in chosen]
        return enclosed(flow, graph, boxes, others, self._wires_near(chosen))

    def _wires_near(self, cards: list[NodeItem]) -> list[Box]:
        """Return boxes along the wires around some cards: nothing new is to stand in one."""
        around = QRectF()
        for card in cards:
            around = around.united(card.box())
        around.adjust(-_NEAR, -_NEAR, _NEAR, _NEAR)
        near = [wire for wire in self._board.wires.values() if wire.path().boundingRect().intersects(around)]
        return [box for wire in near for box in along(wire) if around.intersects(QRectF(*box))]

    def _bring_in(self, made: list[str]) -> None:
        """Let what is new be seen together with what it is around, if there is room for both."""
        both = QRectF()
        for card in self._board.cards.values():
            around = {card.id, *card.node.loops, *(switch for switch, _ in card.node.arms)}
            if around & set(made):
                both = both.united(card.box())
        self._picking.bring_in(both)

    def _arm(self, make: Callable[[], Edit]) -> None:
        self._changes.do(make)


def _gives_truth(node: Node) -> bool:
    """Say whether a card gives what is true or false, and nothing else; a comparison of whatever types is one."""
    if node.kind in ("switch", "merge") or len(node.outputs) != 1:
        return False
    return node.outputs[0].type == "truth" or (node.kind == "code" and is_test(node.text))
