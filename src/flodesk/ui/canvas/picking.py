"""What is selected, and what is done to it: move, delete, rename, open, walk on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from shiboken6 import isValid

from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import HEADER
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.naming import Naming
from flodesk.ui.canvas.node_item import NodeItem
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
        self._reported: list[str] = []
        self.extra_places: Callable[[], dict[str, Place]] = dict
        self.naming = Naming(viewer, changes, lambda name: self.select([name]))
        viewer.scene().selectionChanged.connect(self.report)
        viewer.moved_nodes.connect(self._dragged)
        viewer.connection_sliced.connect(self._sliced)
        viewer.double_clicked.connect(self._double_clicked)

    # -------------------------------------------------------------- selecting
    def cards(self) -> list[NodeItem]:
        """Return the selected cards."""
        return [card for card in self._board.cards.values() if card.isSelected()]

    def selection(self) -> list[str]:
        """Return the ids of the selected nodes."""
        return [key for key, card in self._board.cards.items() if card.isSelected()]

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
        if now != self._reported:
            self._reported = now
            self.changed.emit(now)

    def select(self, ids: Iterable[str]) -> None:
        """Select these nodes alone and bring the first into view."""
        wanted = [self._board.node_of(name) for name in ids]
        cards = [self._board.cards[key] for key in wanted if key is not None]
        # one whose header can be taken hold of is in view: the canvas must not jump under the hand that just added it
        at_hand = bool(cards) and self._viewer.visible_rect().contains(cards[0].pos() + GRIP)
        self.choose(cards, reveal=not at_hand)

    def choose(self, cards: list[NodeItem], reveal: bool = True) -> None:
        """Select these cards alone; `reveal` brings the first of them into view."""
        scene = self._viewer.scene()
        scene.blockSignals(True)
        scene.clearSelection()
        for card in cards:
            card.setSelected(True)
        scene.blockSignals(False)
        self.report()
        self._viewer.viewport().update()
        if reveal and cards and not self._viewer.visible_rect().contains(cards[0].box()):
            self._viewer.center_on(cards[0].box().center())

    def select_all(self) -> None:
        """Select every node."""
        scene = self._viewer.scene()
        scene.blockSignals(True)
        for card in self._board.cards.values():
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
    def _dragged(self, before: Mapping[NodeItem, list[float]]) -> None:
        cards = [card for card in before if card.scene() is not None]
        self._move(cards, {card.node.id: (float(round(card.x())), float(round(card.y()))) for card in cards})

    def _move(self, cards: list[NodeItem], places: dict[str, Place], merge: str = "") -> bool:
        done = self._changes.move(self.extra_places() | places, merge)
        for card in cards:
            if card.node.id in places and done:
                card.setPos(*places[card.node.id])
        return done

    def nudge(self, step: QPointF) -> bool:
        """Move the selected cards by a step; steps in a row are one edit. Return whether there were any."""
        cards = self.cards()
        if not cards:
            return False
        places = {card.node.id: (round(card.x() + step.x(), 1), round(card.y() + step.y(), 1)) for card in cards}
        return self._move(cards, places, merge=f"nudge {' '.join(sorted(places))}")

    def walk(self, step: int) -> bool:
        """Select the card `step` places on in reading order; return False if none is selected."""
        now = self.cards()
        found = following(self._board.cards.values(), now[0], step) if now else None
        if found is not None:
            self.choose([found])
        return found is not None

    def walk_to(self, direction: QPointF) -> bool:
        """Select the nearest card in a direction, from the selected one or the middle of the view."""
        now = self.cards()
        if not now:
            middle = self._viewer.visible_rect().center()
            every = self._board.cards.values()
            first = min(every, key=lambda card: (card.box().center() - middle).manhattanLength(), default=None)
        else:
            first = nearest(self._board.cards.values(), now[0].box().center(), direction)
        if first is not None:
            self.choose([first])
        return first is not None

    # -------------------------------------------------------------- deleting, renaming, opening
    def delete_selection(self) -> None:
        """Delete the selected nodes and wires in one step."""
        wires = [wire.wire for wire in self._viewer.scene().selectedItems() if isinstance(wire, WireItem)]
        self._changes.remove(self.selection(), wires)

    def _sliced(self, ports: list[list[object]]) -> None:
        ends = {(out.end, into.end) for into, out in ports}  # type: ignore[attr-defined]
        self._changes.disconnect([item.wire for key, item in self._board.wires.items() if key in ends])

    def rename_selected(self) -> None:
        """Edit the name of the selected node on its card."""
        cards = self.cards()
        if len(cards) == 1:
            self.naming.rename(cards[0])

    def activate_selected(self) -> bool:
        """Open the selected node."""
        keys = self.selection()
        if len(keys) == 1:
            self.activated.emit(keys[0])
        return len(keys) == 1

    def _double_clicked(self, at: QPoint) -> None:
        place = self._viewer.mapToScene(at)
        card = self._viewer.scene().node_at(place)
        if card is None:
            self.add_wanted.emit(place)
        elif card.in_title(card.mapFromScene(place)):
            self.naming.rename(card)
        else:
            self.activated.emit(card.node.id)

    # -------------------------------------------------------------- the rest of what keys ask for
    def ask_for_node(self) -> bool:
        """Ask for a new node at the cursor, or in the middle of the view if the cursor is elsewhere."""
        at = self._viewer.viewport().mapFromGlobal(self._viewer.cursor().pos())
        inside = self._viewer.viewport().rect().contains(at)
        self.add_wanted.emit(self._viewer.mapToScene(at) if inside else self._viewer.visible_rect().center())
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
