"""What is selected, and what is done to it: move, delete, rename, open, walk on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from shiboken6 import isValid

from flodesk.flow.pieces import Box, Key
from flodesk.flow.routes import Route
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import HEADER
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.dragging import Movable, carried
from flodesk.ui.canvas.field_ends import chip_at
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.lost_wire import LostWire
from flodesk.ui.canvas.naming import Naming
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.telling import tell
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.walking import following, nearest
from flodesk.ui.canvas.wire_item import WireItem

GRIP = QPointF(40, HEADER / 2)
"""From a card's corner to where a hand takes hold of it, however small it is."""

Place = tuple[float, float]


class Picking(QObject):
    """The selection of a canvas and the verbs on it. `extra_places` are saved together with the first drag.

    Signals
    -------
    changed : the ids that are selected now
    activated : the id of a node that was opened
    add_wanted : a place on the canvas where a node is wanted
    """

    changed = Signal(list)
    activated = Signal(str)
    add_wanted = Signal(QPointF)
    fit_wanted = Signal()

    def __init__(self, parent: QObject, viewer: Viewer, board: Board, changes: Changes) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._scene = viewer.scene()
        self._board = board
        self._changes = changes
        self._reported: list[object] = []
        self._lit: set[WireItem] = set()
        self.extra_places: Callable[[], dict[str, Place]] = dict
        self.open_piece: Callable[[PieceItem], object] = lambda _: None
        """Lets the text of a note or the title of a frame be typed."""
        self.edit_field: Callable[[NodeItem, str], object] = lambda *_: None
        """Lets a field be edited on its card."""
        self.bend: Callable[[WireItem, QPointF], object] = lambda *_: None
        self.straighten: Callable[[JunctionItem], object] = lambda _: None
        """Add a point to a wire, and take one out."""
        self.resize: Callable[[QPointF], bool] = lambda _: False
        """Makes the selected notes and frames larger."""
        self.probe: Callable[[], bool] = lambda: False
        """Probes what is selected."""
        self.naming = Naming(viewer, changes, lambda name: self.select([name]))
        viewer.scene().selectionChanged.connect(self.report)
        viewer.moved_nodes.connect(self._dragged)
        viewer.connection_sliced.connect(self._sliced)
        viewer.double_clicked.connect(self._double_clicked)

    # -------------------------------------------------------------- selecting
    def cards(self) -> list[NodeItem]:
        """Return the selected cards."""
        return list(self._board.chosen_cards().values())

    def selection(self) -> list[str]:
        """Return the ids of the selected nodes."""
        return list(self._board.chosen_cards())

    def middle(self) -> QPointF | None:
        """Return the middle of the selected cards, notes and frames together; None if there are none."""
        boxes = [item.box() for item in self._board.movable() if item.isSelected()]
        return reduce(QRectF.united, boxes).center() if boxes else None

    def places(self) -> list[str]:
        """Return the selected nodes, or else the selected wires, as places for breakpoints."""
        function = self._board.graph.function
        wires = [item for item in self._scene.selectedItems() if isinstance(item, WireItem)]
        found = [f"{function}.{key}" for key in self.selection()]
        return found or [place for place in (self._board.place_of(wire) for wire in wires) if place]

    def report(self) -> None:
        """Tell which nodes are selected, if they are others than before."""
        if not isValid(self._scene):  # a scene that is taken down deselects what has gone already
            return
        now = self.selection()
        drawn = [item for item in self._scene.selectedItems() if not isinstance(item, NodeItem)]
        wires = {item for item in drawn if isinstance(item, WireItem)}
        for wire in wires ^ self._lit:
            tell(wire, "touched")
        self._lit = wires
        every: list[object] = [*now, *sorted(map(id, drawn))]
        if every != self._reported:
            self._reported = every
            self.changed.emit(now)

    def select(self, ids: Iterable[str], *, reveal: bool = True) -> None:
        """Select these nodes alone; with `reveal` the first is brought into view."""
        wanted = [self._board.node_of(name) for name in ids]
        cards = [self._board.cards[key] for key in wanted if key is not None]
        # one whose header can be taken hold of is in view: the canvas must not jump under the hand that just added it
        at_hand = bool(cards) and self._viewer.visible_rect().contains(cards[0].pos() + GRIP)
        self.choose(cards, reveal=reveal and not at_hand)

    def choose(self, cards: Sequence[Movable], reveal: bool = True) -> None:
        """Select these cards, notes and frames alone; `reveal` moves the view as far as the first needs to be seen."""
        scene = self._viewer.scene()
        scene.blockSignals(True)
        scene.clearSelection()
        for card in cards:
            card.setSelected(True)
        scene.blockSignals(False)
        self.report()
        if reveal and cards and not self._viewer.visible_rect().contains(cards[0].box()):
            self._viewer.bring_in(cards[0].box())

    def bring_in(self, box: QRectF) -> None:
        """Move the view as far as a part of the flow needs to be seen, if it has room for that."""
        seen = self._viewer.visible_rect()
        if not seen.contains(box) and box.width() <= seen.width() and box.height() <= seen.height():
            self._viewer.bring_in(box)

    def select_all(self) -> None:
        """Select every node, note and frame."""
        scene = self._viewer.scene()
        scene.blockSignals(True)
        for card in self._board.movable():
            card.setSelected(True)
        scene.blockSignals(False)
        self.report()
        self._viewer.viewport().update()

    def clear_selection(self) -> bool:
        """Select nothing; return whether something was selected."""
        before = bool(self._viewer.scene().selectedItems())
        self._viewer.scene().clearSelection()
        return before

    # -------------------------------------------------------------- moving
    def _dragged(self, before: Mapping[Movable, list[float]]) -> None:
        self.move({item: item.pos() for item in before if item.scene() is not None})

    def move(self, wanted: Mapping[Movable, QPointF], merge: str = "", title: str = "") -> bool:
        """Put cards, notes and frames at places, in one step; return whether it was done."""
        places: dict[str, Place] = {}
        pieces: dict[Key, Box] = {}
        routes: dict[str, Route] = {}
        for item, at in wanted.items():
            if isinstance(item, NodeItem):
                places[item.node.id] = (round(at.x(), 1), round(at.y(), 1)) if merge else _whole(at)
            elif isinstance(item, PieceItem):
                pieces[item.piece.key] = (*_whole(at), *item.flat()[2:])
            elif isinstance(item.wire, WireItem):
                points = tuple(_whole(wanted.get(point, point.pos())) for point in item.wire.junctions)
                routes[item.wire.name] = replace(item.wire.route, points=points)
        done = self._changes.move(self.extra_places() | places if places else {}, merge, title, pieces, routes)
        for item, at in wanted.items():
            if done and isinstance(item, JunctionItem):
                item.setPos(*_whole(at))
            elif done and isinstance(item, NodeItem) and item.node.id in places:
                item.setPos(*places[item.node.id])
            elif done and isinstance(item, PieceItem):
                item.setPos(*pieces[item.piece.key][:2])
        return done

    def nudge(self, step: QPointF) -> bool:
        """Move what is selected by a step; steps in a row are one edit. Return whether there was anything."""
        chosen = self._board.chosen()
        items = [*chosen, *carried(self._board, chosen)]
        if not items:
            return False
        words = sorted(str(item.id) for item in items)
        return self.move({item: item.pos() + step for item in items}, merge=f"nudge {' '.join(words)}")

    def walk(self, step: int) -> bool:
        """Select the card `step` places on in reading order, or the first; return False if there is none."""
        now = self._board.chosen()
        found = following(self._board.movable(), now[0] if now else None, step)
        if found is not None:
            self.choose([found])
        return found is not None

    def walk_to(self, direction: QPointF) -> bool:
        """Select the nearest card in a direction, from the selected one or the middle of the view."""
        every = self._board.movable()
        now = self._board.chosen()
        if not now:
            middle = self._viewer.visible_rect().center()
            first = min(every, key=lambda card: (card.box().center() - middle).manhattanLength(), default=None)
        else:
            first = nearest(every, now[0].box().center(), direction)
        if first is not None:
            self.choose([first])
        return first is not None

    # -------------------------------------------------------------- deleting, renaming, opening
    def delete_selection(self) -> None:
        """Delete the selected nodes, wires, notes and frames in one step; what a frame carries stays."""
        chosen = self._viewer.scene().selectedItems()
        wires = [wire.wire for wire in chosen if isinstance(wire, WireItem)]
        wires += [wire.lost.wire for wire in chosen if isinstance(wire, LostWire)]
        routes: dict[str, Route] = {}
        for bent in self._board.bent():
            left = tuple(point for n, point in enumerate(bent.route.points) if not bent.junctions[n].isSelected())
            goes = bent.isSelected() or bent.source.node.isSelected() or bent.target.node.isSelected()
            if len(left) < len(bent.junctions) and not goes:
                routes[bent.name] = replace(bent.route, points=left)
        pieces = [item.piece.key for item in self._board.chosen() if isinstance(item, PieceItem)]
        self._changes.remove(self.selection(), wires, pieces, routes)

    def _sliced(self, ports: list[list[object]]) -> None:
        ends = {(out.end, into.end) for into, out in ports}  # type: ignore[attr-defined]
        self._changes.disconnect([item.wire for key, item in self._board.wires.items() if key in ends])

    def rename_selected(self) -> None:
        """Edit the name of the selected node on its card, the text of a note, or the title of a frame."""
        chosen = self._board.chosen()
        if len(chosen) == 1:
            only = chosen[0]
            if isinstance(only, NodeItem):
                self.naming.rename(only)
            elif isinstance(only, PieceItem):
                self.open_piece(only)

    def activate_selected(self) -> bool:
        """Open the selected node, or the text of the selected note or frame."""
        chosen = self._board.chosen()
        if len(chosen) == 1:
            only = chosen[0]
            if isinstance(only, NodeItem):
                self.activated.emit(only.node.id)
            elif isinstance(only, PieceItem):
                self.open_piece(only)
        return len(chosen) == 1

    def _double_clicked(self, at: QPoint) -> None:
        place = self._viewer.mapToScene(at)
        card = self._viewer.scene().node_at(place)
        scene = self._viewer.scene()
        if card is None and (junction := scene.junction_at(place)) is not None:
            self.straighten(junction)
        elif card is None and (wire := scene.wire_at(place)) is not None:
            if not wire.labels:
                self.bend(wire, place)
        elif card is None and (piece := scene.piece_at(place)) is not None:
            self.open_piece(piece)
        elif card is None:
            self.add_wanted.emit(place)
        elif card.in_title(card.mapFromScene(place)):
            self.naming.rename(card)
        elif (chip := chip_at(card, place, self._viewer.zoom())) is not None:
            self.edit_field(card, chip.label)
        else:
            self.activated.emit(card.node.id)

    # -------------------------------------------------------------- the rest of what keys ask for
    def ask_for_node(self) -> bool:
        """Ask for a new node at the cursor, or in the middle of the view if that is elsewhere or on a card."""
        at = self._viewer.viewport().mapFromGlobal(self._viewer.cursor().pos())
        place = self._viewer.mapToScene(at)
        empty = self._viewer.viewport().rect().contains(at) and self._scene.node_at(place) is None
        self.add_wanted.emit(place if empty else self._viewer.visible_rect().center())
        return True

    def fit(self) -> None:
        """Show the whole flow."""
        self.fit_wanted.emit()

    def zoom_to(self, zoom: float) -> None:
        """Set the zoom."""
        self._viewer.zoom_to(zoom)

    def zoom_by(self, factor: float) -> None:
        """Change the zoom."""
        self._viewer.scale(factor, factor)


def _whole(place: QPointF) -> Place:
    return float(round(place.x())), float(round(place.y()))
