"""The keyboard among ports and wires: from a card to its ports, along wires to other cards, and wiring without a mouse.

A place is a port, with a ring around it, or a wire, which is selected: so every command about selected wires does its
work there. Arrows walk, Enter wires or wires anew, Delete disconnects, Escape goes back to the card.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from shiboken6 import isValid

from flodesk.flow.types import WORDS
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import title_of
from flodesk.ui.canvas.card_words import called
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.hovering import Hovering
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.port_mark import PortRing, PortWords
from flodesk.ui.canvas.taker_list import Extra, NewNode, TakerList
from flodesk.ui.canvas.takers import Taker, takers
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_item import WireItem

_Key = Qt.Key
_SIDES = {_Key.Key_Left: False, _Key.Key_Right: True}
_ROWS = {_Key.Key_Up: -1, _Key.Key_Down: 1}
_ENTER = (_Key.Key_Return, _Key.Key_Enter)
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier
_POPUP = QPoint(24, 16)
"""From a port to the corner of the list of what takes its wire."""
_AT_PORT = "Enter: wire   V: value   Del: disconnect   Esc: back"
_AT_WIRE = "Enter: other target   Shift+Enter: other source   Del: disconnect"


class KeyWalk(QObject):
    """Where the keyboard is among the ports of a canvas, and what its keys do there.

    Attributes
    ----------
    port : PortItem or None
        The port with the ring around it.
    list : TakerList or None
        What takes a wire, while it is asked for.
    """

    def __init__(self, viewer: Viewer, board: Board, changes: Changes, picking: Picking, hovering: Hovering) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._board = board
        self._changes = changes
        self._picking = picking
        self._hovering = hovering
        self.port: PortItem | None = None
        self.list: TakerList | None = None
        self.new_node: Callable[[PortItem, QPointF], object] = changes.loose_end
        """Asks for a new node at the end of a wire that hangs on a port."""
        self.more: Callable[[PortItem], list[Extra]] = lambda _: []
        """What the list of what takes a wire offers besides."""
        self.new_nodes: Callable[[PortItem, str], list[NewNode]] = lambda *_: []
        """Finds node types by words that take the wire of a port."""
        self._seen: tuple[str, str, str] | None = None
        self._wires: tuple[list[WireItem], PortItem] | None = None
        self._ring = PortRing()
        viewer.scene().addItem(self._ring)
        self._words = PortWords(viewer.viewport())
        viewer.viewport().installEventFilter(self)
        viewer.view_changed.connect(self._place)
        picking.changed.connect(self._selected)

    # -------------------------------------------------------------- keys
    def press(self, event: QKeyEvent) -> bool:
        """Do what a key asks for here; return whether it did anything."""
        key, held = _Key(event.key()), event.modifiers() & _MODIFIERS
        if key in _SIDES and held == Qt.KeyboardModifier.AltModifier:
            return self.to_card(_SIDES[key])
        wire = self.wire()
        if key in _ENTER and wire is not None and held in (_NONE, Qt.KeyboardModifier.ShiftModifier):
            return self.rewire(wire, source=held != _NONE)
        if held:
            return False
        if key == _Key.Key_W:
            return self.begin()
        if wire is not None and (key in _SIDES or (key in _ROWS and self._wires is not None)):
            return self._from_wire(wire, key)
        return self.port is not None and self._at_port(self.port, key)

    def _at_port(self, port: PortItem, key: _Key) -> bool:
        if key in _SIDES:
            self._sideways(port, right=_SIDES[key])
        elif key in _ROWS:
            row = self._row(port.node, port.is_output)
            self.go_to(row[(row.index(port) + _ROWS[key]) % len(row)])
        elif key in _ENTER:
            self.wire_from(port)
        elif key in (_Key.Key_Delete, _Key.Key_Backspace):
            self._disconnect(port)
        elif key == _Key.Key_V:
            self._hovering.point_at(port)
        elif key == _Key.Key_Escape:
            self._hovering.leave()
            self.leave()
        else:
            return False
        return True

    # -------------------------------------------------------------- walking
    def wire(self) -> WireItem | None:
        """Return the selected wire, if nothing else is selected."""
        chosen = self._viewer.scene().selectedItems()
        only = chosen[0] if len(chosen) == 1 else None
        return only if isinstance(only, WireItem) else None

    def begin(self) -> bool:
        """Go to the first output of the selected card, or to its first input; from a wire to where it ends."""
        wire = self.wire()
        if wire is not None:
            self.go_to(wire.target)
            return True
        if not self._picking.cards() and not self._picking.walk_to(QPointF(1, 0)):
            return False
        cards = self._picking.cards()
        ports = [*self._row(cards[0], True), *self._row(cards[0], False)] if cards else []
        if not ports:
            self._changes.refuse("This card has no port to wire.")
            return True
        self.go_to(self.port if self.port in ports else ports[0])
        return True

    def go_to(self, port: PortItem) -> None:
        """Put the ring around a port; its card is the selected one."""
        self._hovering.leave()
        self.port, self._wires = None, None
        self._picking.choose([port.node])
        self.port, self._seen = port, (*port.end, str(port.port_type))
        if not self._viewer.visible_rect().contains(port.middle()):
            self._viewer.center_on(port.middle())
        self._show()

    def leave(self) -> None:
        """Take the ring away; the card stays selected."""
        self.port = self._seen = self._wires = None
        self._ring.setVisible(False)
        self._words.hide()

    def to_card(self, onward: bool) -> bool:
        """Select the card that a wire of the selected card leads to, or comes from: the nearest by height."""
        cards = self._picking.cards()
        if len(cards) != 1:
            return False
        wires = [wire for wire in cards[0].wires() if isinstance(wire, WireItem)]
        ends = [wire.target if onward else wire.source for wire in wires]
        nodes = {port.node for port in ends if port.node is not cards[0]}
        height = cards[0].box().center().y()
        found = min(nodes, key=lambda card: abs(card.box().center().y() - height), default=None)
        if found is None:
            self._changes.refuse(f"No wire {'leads on from' if onward else 'comes to'} {called(cards[0].node)}.")
        else:
            self._picking.choose([found])
        return True

    @staticmethod
    def _row(card: NodeItem, outputs: bool) -> list[PortItem]:
        ports = [port for port in card.ports.values() if port.is_output == outputs]
        return sorted(ports, key=lambda port: port.y())

    def _sideways(self, port: PortItem, right: bool) -> None:
        if port.is_output == right:  # out of the card: onto a wire
            wires = _by_height(port)
            if wires:
                self._go_to_wire(wires, wires[0], port)
            else:
                self._show("Nothing is wired to it")
            return
        across = self._row(port.node, not port.is_output)
        if across:
            self.go_to(min(across, key=lambda other: abs(other.y() - port.y())))

    def _from_wire(self, wire: WireItem, key: _Key) -> bool:
        if key in _SIDES:
            self.go_to(wire.target if _SIDES[key] else wire.source)
        elif self._wires is not None:
            wires, port = self._wires
            there = [one for one in wires if one.scene() is not None]
            self._go_to_wire(there, there[(there.index(wire) + _ROWS[key]) % len(there)], port)
        return True

    def _go_to_wire(self, wires: list[WireItem], wire: WireItem, port: PortItem) -> None:
        self.leave()
        self._viewer.scene().clearSelection()
        wire.setSelected(True)
        self._wires = wires, port
        if not self._viewer.visible_rect().contains(wire.middle()):
            self._viewer.center_on(wire.middle())
        number = f", {wires.index(wire) + 1} of {len(wires)}" if len(wires) > 1 else ""
        words = f"Wire {wire.label()} → {called(wire.target.node.node)} · {_name(wire.target)}{number}"
        self._words.say(words, _AT_WIRE, self._viewer.mapFromScene(wire.middle()))

    # -------------------------------------------------------------- wiring
    def wire_from(self, port: PortItem) -> None:
        """List what takes a wire of this port."""
        what = "output" if port.is_output else "input"
        extras: list[Extra] = [("A new node…", lambda: self.new_node(port, self._beside(port)))]
        extras += self.more(port)
        if port.connected_pipes:
            extras.append(("Disconnect", lambda: self._disconnect(port)))
        found = takers(port, self._board)
        name = _name(port)
        of = title_of(port.node.node)
        hint = f"Wire {of} to" if name == port.node.id else f"Wire the {what} {name} of {of} to"
        self._open(port, hint, found, None, extras, lambda text: self.new_nodes(port, text))

    def rewire(self, wire: WireItem, source: bool) -> bool:
        """List what could be the other target, or `source`, of a wire."""
        stays = wire.target if source else wire.source
        found = takers(stays, self._board, wire.wire)
        hint = f"Another {'source' if source else 'target'} for the wire {wire.label()}"
        self._open(stays, hint, found, wire, [("Disconnect", lambda: self._changes.disconnect([wire.wire]))])
        return True

    def _open(
        self,
        port: PortItem,
        hint: str,
        found: Sequence[Taker],
        taken: WireItem | None,
        extras: Sequence[Extra],
        types: Callable[[str], Sequence[NewNode]] = lambda _: (),
    ) -> None:
        self._words.hide()
        old = taken.wire if taken is not None else None

        def ends(taker: Taker) -> tuple[tuple[str, str], tuple[str, str]]:
            return (port.end, taker.end) if port.is_output else (taker.end, port.end)

        gesture = self._viewer.gesture
        gesture.begin(port, taken)
        refusal = lambda taker: self._changes.refusal(*ends(taker), old)  # noqa: E731 - of the ends above
        opened = TakerList(self._viewer, hint, found, refusal, extras, types)
        opened.walked.connect(lambda taker: gesture.show_at(taker.middle if taker is not None else port.middle()))
        opened.left.connect(gesture.cancel)
        opened.left.connect(lambda: self._closed(taken))

        def wire(taker: Taker) -> None:
            wired = ends(taker)  # now: a card that is drawn anew for the wire has other ports
            self._changes.connect(*wired, old, taker.middle)
            made = self._board.wires.get(wired)
            if taken is not None and made is not None:
                self._picking.choose([])
                made.setSelected(True)

        opened.taken.connect(wire)
        self.list = opened
        at = self._viewer.mapFromScene(port.middle())
        opened.open_at(self._viewer.viewport().mapToGlobal(at) + _POPUP, 320, 300)

    def _closed(self, taken: WireItem | None) -> None:
        self.list = None
        if taken is not None and taken.scene() is not None:  # what is hidden is not selected any more
            taken.setSelected(True)
        self._viewer.viewport().update()
        if self.port is not None:
            self._show()

    def _disconnect(self, port: PortItem) -> None:
        wires = [wire.wire for wire in port.connected_pipes if isinstance(wire, WireItem)]
        if wires:
            self._changes.disconnect(wires)
        else:
            self._changes.refuse(f"Nothing is wired to {_name(port)} of {called(port.node.node)}.")

    def _beside(self, port: PortItem) -> QPointF:
        return port.middle() + QPointF(80 if port.is_output else -80, 0)

    # -------------------------------------------------------------- what is seen and said
    def check(self) -> None:
        """Follow a picture that has changed: the port may be another item now, or gone."""
        if self._wires is not None and self.wire() is None:
            self.leave()
        if self._seen is None:
            return
        node, name, side = self._seen
        card = self._board.cards.get(node)
        port = card.ports.get((side, name)) if card is not None else None
        if port is None and card is not None:
            port = next(iter(self._row(card, side == "out")), None)
        if port is None:
            self.leave()
        elif self.list is None:
            self.port, self._seen = port, (*port.end, side)
            self._show()

    def _show(self, remark: str = "") -> None:
        port = self.port
        if port is None:
            return
        self._ring.setPos(port.middle())
        self._ring.setVisible(True)
        wires = [wire for wire in port.connected_pipes if isinstance(wire, WireItem)]
        others = ", ".join(called((wire.target if port.is_output else wire.source).node.node) for wire in wires[:3])
        more = f" and {len(wires) - 3} more" if len(wires) > 3 else ""
        way = f"{'to' if port.is_output else 'from'} {others}{more}" if wires else "open"
        side = "Output" if port.is_output else "Input"
        words = f"{side} {_name(port)} of {called(port.node.node)}: {WORDS[port.port.type]}, {way}"
        self._words.say(remark or words, _AT_PORT, self._viewer.mapFromScene(port.middle()))

    def _place(self) -> None:
        if self.port is not None and self._words.isVisible():
            self._words.place(self._viewer.mapFromScene(self.port.middle()))
        elif self._wires is not None:
            self._words.hide()

    def _selected(self) -> None:
        """Leave when a hand, or another key, has selected something else."""
        if not isValid(self._ring):  # the canvas is being taken down
            return
        if (self.port is not None and not (isValid(self.port) and self.port.node.isSelected())) or (
            self._wires is not None and self.wire() is None
        ):
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give way to the mouse."""
        if event.type() == QEvent.Type.MouseButtonPress and (self.port is not None or self._wires is not None):
            self.leave()
        return False


def _name(port: PortItem) -> str:
    return port.port.label or port.port.name or port.port.variable


def _by_height(port: PortItem) -> list[WireItem]:
    wires = [wire for wire in port.connected_pipes if isinstance(wire, WireItem)]
    return sorted(wires, key=lambda wire: (wire.target if port.is_output else wire.source).middle().y())
