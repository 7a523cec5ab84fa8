"""How new cards come onto a canvas: beside the others, into a wire, or as pasted text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError
from flodesk.flow.graph import Graph, Wire, picture
from flodesk.flow.model import Flow
from flodesk.flow.pieces import pieces
from flodesk.flow.types import compatible
from flodesk.flow.wiring.step import Steps
from flodesk.ui import liked
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import Card, measure
from flodesk.ui.canvas.changes import Changes, End, InputEnd, OutputEnd, loose_end
from flodesk.ui.canvas.layers import layered
from flodesk.ui.canvas.placing import Place, between, free_place, links_of, row_between
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.taker_list import NewNode
from flodesk.ui.canvas.unfolding import unfolded
from flodesk.ui.canvas.wire_item import WireItem

_OPEN = "The input “values” of “some_node” is open: it needs a value there. Wire a node to it."
"""What most new cards say at first, and are longer for it."""
_BESIDE = 84.0
"""Room between a card and one that is wired to it by keys, in scene pixels."""
_GUESS = (190.0, 130.0)
"""The size of a card, in scene pixels, where it cannot be known before the node is there."""


class Adding:
    """Adds nodes where they cover no other card.

    Parameters
    ----------
    document, function : Document, str
        Where they are added.
    board : Board
        The cards that are there.
    changes : Changes
        Makes the edits.
    catalog : callable
        Returns the node types as they are known now.
    """

    def __init__(
        self, document: Document, function: str, board: Board, changes: Changes, catalog: Callable[[], Catalog]
    ) -> None:
        self._document = document
        self._function = function
        self._board = board
        self._changes = changes
        self._catalog = catalog
        self.added: Callable[[str], object] = lambda _: None
        """Is told of a node that was added at a port."""
        self.written: Callable[[str], object] = lambda _: None
        """Is told of a new node of one's own Python: its source is still to be written."""
        self.beside: Callable[[list[str]], object] = lambda _: None
        """Is told of what came, where some of it went into a new function (``flow_2.tick``)."""
        self._unused: Callable[[], object] | None = None
        """Takes the use of the node type back that was added last, as long as nothing else has happened."""

    def follow(self, change: Change) -> None:
        """Take notice of a change of the document: a node that is undone at once was not used."""
        if change.kind == "undo" and self._unused is not None:
            self._unused()
        if change.kind in ("edit", "undo", "redo", "open"):
            self._unused = None

    def add(self, path: str, place: QPointF, end: tuple[str, ...] | None = None) -> str:
        """Add a node of a type, wired to the loose end if there is one; return its id, empty if refused."""
        return self._begun(path, self._changes.add(path, _rounded(place), end))

    def _begun(self, path: str, added: str) -> str:
        if added:
            self._unused = liked.used(path)
        if added and path in [spec.path for spec in wiring.OWN_PYTHON]:  # an expression that was typed is written
            self.written(added)
        if "." in added:
            self.beside([added])
        return added

    def free_place(self, path: str, wanted: QPointF) -> QPointF:
        """Return where a new node of a type covers no other, next to `wanted`."""
        return QPointF(*free_place(_rounded(wanted), self._size_of(path), self._taken()))

    def free_place_around(self, path: str, middle: QPointF) -> QPointF:
        """Return where a new node of a type covers no other, its own middle next to `middle`."""
        width, height = self._size_of(path)
        return self.free_place(path, middle - QPointF(width / 2, height / 2))

    def right_of(self, path: str, key: str) -> QPointF:
        """Return where a new node of a type is free right of a card, beside it if there is room."""
        box = self._board.cards[key].box()
        least = box.right() + _BESIDE
        wanted = _rounded(QPointF(least, box.top()))
        return QPointF(*free_place(wanted, self._size_of(path), self._taken(), least))

    def at_end(self, path: str, place: QPointF, end: tuple[str, ...]) -> QPointF:
        """Return where a new node is free whose wire hangs at `place`: its output if the wire is to feed an input."""
        if not isinstance(end, InputEnd):
            return self.free_place(path, place)
        card = self._card_of(path)
        feeding = [row for row in card.outputs if compatible(row.port.type, end.type)] if card is not None else []
        if card is None or not feeding:
            return self.free_place(path, place)
        best = next((row for row in feeding if row.port.type == end.type), feeding[0])
        return self.free_place(path, place - QPointF(card.width, best.y))

    def new_nodes(self, port: PortItem, text: str) -> list[NewNode]:
        """Return the node types that words find and that take the wire of a port, each with what adds one there."""
        end = loose_end(port)
        fits, feeds = (end.type, None) if isinstance(end, OutputEnd) else (None, end.type)
        if isinstance(end, OutputEnd) and end.runs:
            fits = None

        def add(path: str) -> None:
            box = port.node.box()
            at = QPointF(box.right() + _BESIDE, box.top()) if port.is_output else port.middle() - QPointF(_BESIDE, 0)
            added = self.add(path, self.at_end(path, at, end), end)
            if added:
                self.added(added)

        found = self._catalog().search(text, fits, feeds)
        return [NewNode(spec.title, spec.category, partial(add, spec.path)) for spec in found]

    def drop(self, path: str, place: QPointF, wire: WireItem | None) -> tuple[str, str]:
        """Add a node that a hand has dropped: into the wire that is there if it fits.

        Returns
        -------
        tuple of str
            Its id, empty if refused; and why it does not stand in the wire, if there is one.
        """
        if wire is not None and wiring.is_own_if(path):  # it gives no value: it begins at the wire
            end = OutputEnd(*wire.wire.source, wire.source.port.type)
            return self.add(path, QPointF(*self._beside_wire(path, place, wire)), end), ""
        reason = self.fits_into(path, wire) if wire is not None else ""
        if wire is not None and not reason:
            return self._insert(path, wire.wire, place), ""
        if wire is None:
            return self.add(path, self.free_place(path, place)), ""
        added = self.add(path, QPointF(*self._beside_wire(path, place, wire)))
        return added, f"“{added}” was put beside the wire: {reason}" if added and reason else ""

    def _beside_wire(self, path: str, place: QPointF, wire: WireItem) -> Place:
        return free_place(_rounded(place), self._size_of(path), [*self._taken(), *along(wire)])

    def put_between(
        self,
        path: str,
        source: tuple[str, str],
        target: tuple[str, str],
        title: str = "",
        instead_of: Wire | None = None,
    ) -> str:
        """Add a node of a type between an output and an input; return its id, empty if refused.

        What stands to the right makes room, as for a node that is dropped into a wire. `instead_of` goes.
        """
        cards = self._board.cards
        if source[0] not in cards or target[0] not in cards:
            return ""
        wire = Wire(source, target, "any")
        begin, end = cards[source[0]].box(), cards[target[0]].box()
        width, height = self._size_of(path, wire)
        middle = (begin.center() + end.center()) / 2 - QPointF(width / 2, height / 2)
        return self._insert(path, wire, middle, title, instead_of)

    def put_chain(
        self, chain: Sequence[Converter], source: End, target: End, title: str, instead_of: Wire | None = None
    ) -> tuple[str, ...]:
        """Add nodes one behind the other between an output and an input, on the way; return their ids, none if refused.

        What stands to the right makes room, as for a node that is dropped into a wire.
        """
        made: list[tuple[str, ...]] = []

        def adding() -> Edit:
            steps = Steps(self._document.flow)
            catalog, function = self._catalog(), self._function
            if instead_of is not None and instead_of.target != target:
                steps.do(wiring.disconnect(steps.flow, picture(steps.flow, catalog, function), instead_of))
            before, nowhere = steps.flow, [(0.0, 0.0)] * len(chain)
            trial, names = wiring.insert_chain(before, catalog, function, chain, nowhere, source, target)
            graph = picture(trial.apply(before)[0], catalog, function)
            cards = [measure(graph.nodes[name]) for name in names]
            boxes = {key: _rect(card.box()) for key, card in self._board.cards.items()}
            notes = [item.flat() for item in self._board.pieces.values() if item.piece.kind == "note"]
            sizes = [(card.width, card.height) for card in cards]
            places, moves = row_between(boxes[source[0]], boxes[target[0]], sizes, boxes, notes)
            edit, names = wiring.insert_chain(before, catalog, function, chain, places, source, target)
            steps.do(edit)
            made.append(names)
            return self._changes.keeping_places([steps.edit(title)], title, moves)

        return made[0] if self._changes.do(adding, wires=True) else ()

    def refuses(self, path: str, node: str, port: str) -> str:
        """Say why a new node of a type cannot read an output; empty if it can."""
        try:
            wiring.add_node(self._document.flow, self._catalog(), self._function, path, (0.0, 0.0), (node, port))
        except wiring.Refused as problem:
            return str(problem)
        return ""

    def fits_into(self, path: str, wire: WireItem) -> str:
        """Say why a node of a type cannot stand in a wire; empty if it can."""
        return self._changes.fits_into(path, wire.wire)

    def paste(self, text: str, middle: QPointF, origin: str = "") -> list[str]:
        """Add the nodes of a Python text where nothing is covered, near `middle`; return their ids."""

        def room(graph: Graph, ids: list[str], flow: Flow) -> Place:
            given = flow.header.canvas.get(self._function, {})
            boxes = [
                (*given[key], card.width, card.height)
                for key in ids
                if key in graph.nodes and key in given
                for card in [measure(graph.nodes[key], _OPEN)]
            ]
            new = pieces(flow, self._function).items()
            boxes += [piece.box for key, piece in new if key not in self._board.pieces]
            if not boxes:  # they are a function of their own
                return 0.0, 0.0
            width = max(x + across for x, _, across, _ in boxes)
            height = max(y + down for _, y, _, down in boxes)
            corner = _rounded(middle - QPointF(width / 2, height / 2))
            return free_place(corner, (width, height), self._taken())

        added = [key.removeprefix(f"{self._function}.") for key in self._changes.paste(text, room, _laid_out, origin)]
        if any("." in key for key in added):
            self.beside(added)
        return added

    def take_apart(self, node: str) -> tuple[str, ...]:
        """Put the nodes of a subflow in the place of a node that calls it; return their ids, none if refused.

        What would lie under them gives way.
        """
        boxes = {key: _rect(card.box()) for key, card in self._board.cards.items()}
        drawn = set(pieces(self._document.flow, self._function))
        return self._changes.take_apart(
            node, lambda flow, graph, new: unfolded(flow, graph, new, boxes[node], boxes, drawn)
        )

    def _insert(self, path: str, wire: Wire, wanted: QPointF, title: str = "", instead_of: Wire | None = None) -> str:
        cards = self._board.cards
        begin, end = (cards[key].box() for key in (wire.source[0], wire.target[0]))
        now = {key: (card.x(), card.y()) for key, card in cards.items()}
        size = self._size_of(path, wire)
        place, moves = between(_rect(begin), _rect(end), size, _rounded(wanted), now)
        taken = [
            (*moves.get(key, (box.x(), box.y())), box.width(), box.height())
            for key, box in ((key, card.box()) for key, card in cards.items())
        ]
        corner = free_place(place, size, taken)
        return self._begun(path, self._changes.insert(path, corner, wire, moves, title, instead_of))

    def _size_of(self, path: str, wire: Wire | None = None) -> tuple[float, float]:
        card = self._card_of(path, wire)
        return (card.width, card.height) if card is not None else _GUESS

    def _card_of(self, path: str, wire: Wire | None = None) -> Card | None:
        """Return the card that a new node of a type will have; None if that cannot be known."""
        flow, source, catalog = self._document.flow, wire.source if wire is not None else None, self._catalog()
        try:
            edit, key = wiring.add_node(flow, catalog, self._function, path, (0.0, 0.0), source)
            return measure(picture(edit.apply(flow)[0], catalog, self._function).nodes[key], "" if wire else _OPEN)
        except (wiring.Refused, EditError, KeyError):
            return None

    def _taken(self) -> list[tuple[float, float, float, float]]:
        notes = [item.flat() for item in self._board.pieces.values() if item.piece.kind == "note"]
        return [_rect(card.box()) for card in self._board.cards.values()] + notes


def _laid_out(graph: Graph, ids: Sequence[str]) -> dict[str, Place]:
    """Return places in columns as the values go, for new cards that have none."""
    cards = {key: measure(graph.nodes[key], _OPEN) for key in ids}
    every = links_of(graph)
    links = {key: [source for source in every.get(key, ()) if source in cards] for key in ids}
    return layered(list(ids), links, {key: (card.width, card.height) for key, card in cards.items()})


def along(wire: WireItem) -> list[tuple[float, float, float, float]]:
    """Return boxes along a wire: what lay on one would look as if it stood in it."""
    path, step = wire.path(), 16.0
    parts = max(1, math.ceil(path.length() / step))
    points = [path.pointAtPercent(part / parts) for part in range(parts + 1)]
    return [(point.x() - step / 2, point.y() - step / 2, step, step) for point in points]


def _rect(box: QRectF) -> tuple[float, float, float, float]:
    return box.x(), box.y(), box.width(), box.height()


def _rounded(place: QPointF) -> tuple[float, float]:
    return float(round(place.x())), float(round(place.y()))
