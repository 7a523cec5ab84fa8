"""What is selected, and what is done to it: move, delete, rename, open, walk on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from flodesk.flow.graph import Node
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import HEADER
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.menus import Entry, pop_up
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.rename import NameField
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
    panel_wanted : the id of a node that is wanted on the control panel
    subflow_wanted : the selected nodes are to become a subflow
    breakpoint_wanted : a place for a breakpoint, and whether its condition is to be asked for
    """

    changed = Signal(list)
    activated = Signal(str)
    add_wanted = Signal(QPointF)
    panel_wanted = Signal(str)
    subflow_wanted = Signal()
    fit_wanted = Signal()
    breakpoint_wanted = Signal(str, bool)

    def __init__(self, parent: QObject, viewer: Viewer, board: Board, changes: Changes) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._scene = viewer.scene()
        self._board = board
        self._changes = changes
        self._reported: list[str] = []
        self.extra_places: Callable[[], dict[str, Place]] = dict
        self.panel_takes: Callable[[str], bool] = lambda _: False
        """Whether the control panel could show a node that it does not show yet, by the node's id."""
        self.breakpoint_of: Callable[[str], str | None] = lambda _: None
        """The condition of the breakpoint at a place; None if there is none."""
        self.name_field: NameField | None = None
        self.menu: QMenu | None = None
        viewer.scene().selectionChanged.connect(self.report)
        viewer.moved_nodes.connect(self._dragged)
        viewer.connection_sliced.connect(self._sliced)
        viewer.double_clicked.connect(self._double_clicked)
        viewer.menu_requested.connect(self._open_menu)

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
        self._choose(cards, reveal=not at_hand)

    def _choose(self, cards: list[NodeItem], reveal: bool = True) -> None:
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
            self._choose([found])
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
            self._choose([first])
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
            self.rename(cards[0])

    def rename(self, card: NodeItem) -> None:
        """Edit the name of a node on its card."""
        if card.node.kind in ("inputs", "return"):
            return  # the function's own ends: they have no name
        if self.name_field is not None:
            self.name_field.leave()
        if not self._viewer.visible_rect().contains(card.box().topLeft() + QPointF(40, 10)):
            self._viewer.center_on(card.box().center())
        old = card.node.id

        def accept(new: str) -> str:
            problem = self._changes.rename(old, new)
            if not problem:
                self.select([new])
            return problem

        self._name(card, accept, old)

    def rename_shared(self, card: NodeItem, old: str) -> None:
        """Edit the name of the queue that a card is an end of."""
        if self.name_field is not None:
            self.name_field.leave()
        self._name(card, lambda new: self._changes.rename_shared(old, new), old)

    def _name(self, card: NodeItem, accept: Callable[[str], str], old: str) -> None:
        field = self.name_field = NameField(self._viewer, card, accept, old)
        field.closed.connect(self._name_closed)

    def _name_closed(self) -> None:
        self.name_field = None

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
            self.rename(card)
        else:
            self.activated.emit(card.node.id)

    # -------------------------------------------------------------- the rest of what keys and menus ask for
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

    def _open_menu(self, at: QPoint, on_screen: QPoint) -> None:
        place = self._viewer.mapToScene(at)
        scene = self._viewer.scene()
        card = scene.node_at(place)
        wire = None if card is not None else scene.wire_at(place)
        if card is not None and not card.isSelected():
            self._choose([card])
        if wire is not None:
            scene.clearSelection()
            wire.setSelected(True)
        self.menu = pop_up(self._viewer, on_screen, self._entries(card, wire, place))

    def _where(self, node: Node) -> list[Entry]:
        """Return the entry that lets a node of a loop's body run beside the loop, or in it again."""
        if self._changes.runs_beside(node.id):
            return [("Run in the loop again", "", lambda: self._changes.run_beside(node.id, on=False))]
        if not node.loops or node.loops == (node.id,):
            return []
        return [("Run beside the loop", "", lambda: self._changes.run_beside(node.id, on=True))]

    def _entries(self, card: NodeItem | None, wire: WireItem | None, place: QPointF) -> list[Entry]:
        if wire is not None:
            found = wire.wire
            return [
                *self._breakpoint(self._board.place_of(wire)),
                ("Disconnect", "Del", lambda: self._changes.disconnect([found])),
            ]
        if card is None:
            return [
                ("Add node…", "Tab", lambda: self.add_wanted.emit(place)),
                None,
                ("Select all", "Ctrl+A", self.select_all),
                ("Show all", "F", self.fit),
                ("Actual size", "Ctrl+0", lambda: self.zoom_to(1.0)),
            ]
        cards = self.cards()
        wires = list({id(w): w.wire for c in cards for w in c.wires() if isinstance(w, WireItem)}.values())
        entries: list[Entry] = []
        if len(cards) == 1:
            entries.append(("Rename…", "F2", lambda: self.rename(card)))
            if shared := self._changes.shared_by(card.node):
                entries.append((f"Rename {shared} everywhere…", "", lambda: self.rename_shared(card, shared)))
            entries += self._where(card.node)
            if self.panel_takes(card.node.id):
                entries.append(("Show on the panel", "", lambda: self.panel_wanted.emit(card.node.id)))
        if len(cards) == 1:
            entries += self._breakpoint(card.node.address)
        entries.append(("Make a subflow", "Ctrl+G", self.subflow_wanted.emit))
        if wires:
            entries.append(("Disconnect", "", lambda: self._changes.disconnect(wires)))
        return [*entries, ("Delete", "Del", self.delete_selection)]

    def _breakpoint(self, place: str) -> list[Entry]:
        if not place:
            return []
        there = self.breakpoint_of(place) is not None
        return [
            (
                "Remove the breakpoint" if there else "Breakpoint",
                "F9",
                lambda: self.breakpoint_wanted.emit(place, False),
            ),
            ("Condition of the breakpoint…", "Shift+F9", lambda: self.breakpoint_wanted.emit(place, True)),
        ]
