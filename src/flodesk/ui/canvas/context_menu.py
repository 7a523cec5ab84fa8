"""The context menu of a canvas: what can be done to the card, the wire or the ground under the cursor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtWidgets import QGraphicsItem, QMenu

from flodesk.flow import wiring
from flodesk.flow.graph import Node, Wire
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.field_ends import chip_at
from flodesk.ui.canvas.leaving import of_cards, of_port
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.pieces.desk import Desk
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.subject import Subject


class ContextMenu(QObject):
    """Opens the menu where the hand asks for it.

    Signals
    -------
    subflow_wanted : the selected nodes are to become a subflow
    replacement_wanted : another node is to take the place of the selected one
    own_source_wanted : the source of the selected node is to be opened
    function_name_wanted : the function that the canvas shows is to have another name
    breakpoint_wanted : a place for a breakpoint, and whether its condition is to be asked for

    Attributes
    ----------
    menu : QMenu, optional
        The one that was opened last.
    """

    subflow_wanted = Signal()
    function_name_wanted = Signal()
    replacement_wanted = Signal()
    own_source_wanted = Signal()
    breakpoint_wanted = Signal(str, bool)

    def __init__(
        self, parent: QObject, viewer: Viewer, board: Board, changes: Changes, picking: Picking, pieces: Desk
    ) -> None:
        super().__init__(parent)
        self._pieces = pieces
        self._viewer = viewer
        self._board = board
        self._changes = changes
        self._picking = picking
        self.panel_entries: Callable[[Subject], list[Entry]] = lambda _: []
        """What the menu offers to show something on the control panel."""
        self.breakpoint_of: Callable[[str], str | None] = lambda _: None
        """The condition of the breakpoint at a place; None if there is none."""
        self.arranging: Callable[[], list[Entry]] = list
        """What the menu offers about where the selected things stand."""
        self.of_wire: Callable[[WireItem, QPointF], list[Entry]] = lambda *_: []
        """What the menu offers about how a wire is drawn."""
        self.probing: Callable[[list[QGraphicsItem]], list[Entry]] = lambda items: []
        """What the menu offers about the values of cards and wires."""
        self.apart: Callable[[str], tuple[str, ...]] = lambda _: ()
        """Puts the nodes of a subflow in the place of a node that calls it, and returns them."""
        self.of_fields: Callable[[NodeItem, str], list[Entry]] = lambda *_: []
        """What the menu offers about the fields of a card."""
        self.mapping: Callable[[Node, PortItem | None], list[Entry]] = lambda *_: []
        """What the menu offers about running a node for each item of an input."""
        self.fixes_of_node: Callable[[str], list[Entry]] = lambda _: []
        self.fixes_of_wire: Callable[[Wire], list[Entry]] = lambda _: []
        """What can be done about the problems of a node, by its id, and about a wire that cannot work."""
        self.of_ends: Callable[[NodeItem], list[Entry]] = lambda _: []
        """What the menu offers about the ports of the function, on the cards of its ends."""
        self.of_function: Callable[[], list[Entry]] = list
        """What the menu of the ground offers about the function."""
        self.around: Callable[[], list[Entry]] = list
        """What the menu offers to put around the selected cards."""
        self.clipboard: Callable[..., list[Entry]] = lambda *, selected: []
        """What the menu offers about copies: of what is selected, or of what was copied."""
        self.menu: QMenu | None = None
        viewer.menu_requested.connect(self._open)

    def offer(self, entries: list[Entry], on_screen: QPoint, words: str = "") -> None:
        """Open a menu with these entries, and some words above them."""
        self.menu = pop_up(self._viewer, on_screen, entries, words)

    def _open(self, at: QPoint, on_screen: QPoint) -> None:
        place = self._viewer.mapToScene(at)
        scene = self._viewer.scene()
        card = scene.node_at(place)
        wire = None if card is not None else scene.wire_at(place)
        piece = None if card is not None else scene.piece_at(place)
        junction = scene.junction_at(place)
        if junction is not None:
            self._picking.choose([junction], reveal=False)
            self.offer([("Remove the point", "Del", self._picking.delete_selection)], on_screen)
            return
        port = scene.port_at(place, pressed=True)
        if card is None and wire is None and port is not None:  # its outer half, beside the card
            card = port.node
        lost = scene.lost_at(place)
        if lost is not None:
            scene.clearSelection()
            lost.setSelected(True)
            entries = _apart(self.fixes_of_wire(lost.lost.wire))
            self.offer([*entries, ("Take it off", "Del", self._picking.delete_selection)], on_screen)
            return
        if piece is not None and not piece.isSelected():
            self._picking.choose([piece], reveal=False)
        if card is not None and not card.isSelected():
            self._picking.choose([card])
        if wire is not None:
            scene.clearSelection()
            wire.setSelected(True)
        if card is not None:
            chip = chip_at(card, place, self._viewer.zoom())
            entries = self._of_card(card, chip.label if chip is not None else "", port)
        elif piece is not None:
            entries = self._pieces.entries(piece)
        else:
            entries = self._of_wire(wire, place) if wire is not None else self._of_ground(place)
        self.offer(entries, on_screen)

    def _of_wire(self, wire: WireItem, place: QPointF) -> list[Entry]:
        return [
            *_apart(self.fixes_of_wire(wire.wire)),
            *self.of_wire(wire, place),
            *self.probing([wire]),
            *self.panel_entries(Subject("output", wire.source.node.node.function, *wire.source.end)),
            *self._breakpoint(self._board.place_of(wire)),
            ("Disconnect", "Del", lambda: self._changes.disconnect([wire.wire])),
        ]

    def _of_ground(self, place: QPointF) -> list[Entry]:
        picking = self._picking
        return [
            ("Add node…", "Tab", lambda: picking.add_wanted.emit(place)),
            ("Add a note", "Ctrl+Shift+N", lambda: self._pieces.add_note(place)),
            ("Add a frame", "Ctrl+J", lambda: self._pieces.add_frame(place)),
            ("Rename the function…", "", self.function_name_wanted.emit),
            *self.of_function(),
            None,
            *self.clipboard(selected=False),
            ("Select all", "Ctrl+A", picking.select_all),
            ("Zoom to fit", "F", picking.fit),
            ("Actual size", "Ctrl+0", lambda: picking.zoom_to(1.0)),
        ]

    def _of_card(self, card: NodeItem, field: str, port: PortItem | None) -> list[Entry]:
        cards, naming = self._picking.cards(), self._picking.naming
        wires = list({id(w): w.wire for c in cards for w in c.wires() if isinstance(w, WireItem)}.values())
        entries: list[Entry] = []
        if len(cards) == 1:
            entries += _apart(self.fixes_of_node(card.node.id))
            entries.append(("Rename…", "F2", lambda: naming.rename(card)))
            if wiring.replaceable(card.node):
                entries.append(("Replace…", "Ctrl+Shift+R", self.replacement_wanted.emit))
            if card.node.kind in ("call", "object", "producer", "code", "jump"):
                entries.append(("Edit source", "F12", self.own_source_wanted.emit))
            if shared := self._changes.shared_by(card.node):
                entries.append((f"Rename {shared} everywhere…", "", lambda: naming.rename_everywhere(card, shared)))
                if shared == card.node.type:
                    entries.append((f"Take {shared} apart", "Ctrl+Alt+G", lambda: self.take_apart(card.node.id)))
            entries += self.of_ends(card)
            entries += self.of_fields(card, field)
            entries += self.mapping(card.node, port)
            entries += self._where(card.node)
            named = Subject("field", card.node.function, card.node.id, field) if field else None
            entries += self.panel_entries(named or next(iter(of_port(port) if port else of_cards([card]))))
            entries += self._breakpoint(card.node.address)
        entries += self.probing(list(cards))
        entries.append(("Draw a frame around", "Ctrl+J", self._pieces.add_frame))
        entries += self.arranging()
        entries.append(("Make a subflow", "Ctrl+G", self.subflow_wanted.emit))
        entries += self.around()
        if wires:
            entries.append(("Disconnect", "Ctrl+Del", lambda: self._changes.disconnect(wires)))
        return [*entries, None, *self.clipboard(selected=True), ("Delete", "Del", self._picking.delete_selection)]

    def take_apart(self, node: str) -> None:
        """Put the nodes of a subflow in the place of a node that calls it, and select them."""
        nodes = self.apart(node)
        if nodes:
            self._picking.select(nodes)

    def _where(self, node: Node) -> list[Entry]:
        """Return the entry that lets a node of a loop's body run beside the loop, or in it again."""
        if self._changes.runs_beside(node.id):
            return [("Run in the loop again", "", lambda: self._changes.run_beside(node.id, on=False))]
        if not node.loops or node.loops == (node.id,):
            return []
        return [("Run beside the loop", "", lambda: self._changes.run_beside(node.id, on=True))]

    def _breakpoint(self, place: str) -> list[Entry]:
        if not place:
            return []
        there = self.breakpoint_of(place) is not None
        title = "Remove the breakpoint" if there else "Breakpoint"
        return [
            (title, "F9", lambda: self.breakpoint_wanted.emit(place, False)),
            ("Condition of the breakpoint…", "Shift+F9", lambda: self.breakpoint_wanted.emit(place, True)),
        ]


def _apart(entries: list[Entry]) -> list[Entry]:
    """Return entries with a line below them."""
    return [*entries, None] if entries else []
