"""The gesture of wiring: from a port, or from a wire taken off, to a port, a field, a card, or nothing.

It is ours and not NodeGraphQt's, which destroys the old wire as soon as a hand touches it, knows no Escape and says
nothing when it refuses. Here a wire that is taken off is only hidden: whatever goes wrong, it comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGraphicsSceneMouseEvent
from shiboken6 import isValid

from flodesk.flow.graph import Wire
from flodesk.flow.spec import Parameter
from flodesk.ui.canvas.card_words import called
from flodesk.ui.canvas.field_ends import chip_at, chip_end, fields_for
from flodesk.ui.canvas.lost_wire import LostWire
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.reach import Reach, fits
from flodesk.ui.canvas.wire_item import LiveWire, WireItem

End = tuple[str, str]
_CLICK = 5.0
"""A hand that moved less than so many screen pixels has clicked."""


class Requests(Protocol):
    """What a finished gesture asks for. Nothing is changed on the scene itself: the flow decides."""

    def connect(self, source: End, target: End, instead_of: Wire | None, place: QPointF | None = None) -> None:
        """Wire an output to an input, and take another wire out in the same step.

        Where they do not fit, what could come between them may be offered at a place of the scene.
        """

    def disconnect(self, wires: list[Wire]) -> None:
        """Take wires out."""

    def refusal(self, source: End, target: End, instead_of: Wire | None) -> str:
        """Say why these two cannot be wired; an empty text if they can."""

    def refuse(self, message: str) -> None:
        """Tell the hand why nothing happened."""

    def into_field(
        self, source: End, node: str, fields: list[Parameter], instead_of: Wire | None, place: QPointF
    ) -> None:
        """Let the hand choose the field of a node that an output is wired to, at a place of the scene."""

    def loose_end(self, port: PortItem, place: QPointF) -> None:
        """Offer what fits a wire that was let go over nothing, at a place of the scene."""


class Ground(Protocol):
    """What the gesture asks of the scene."""

    def port_at(self, place: QPointF, *, pressed: bool = False) -> PortItem | None:
        """Return the port under a point of the scene, generously; where it is pressed less so inside of a card."""

    def node_at(self, place: QPointF) -> NodeItem | None:
        """Return the card under a point of the scene."""

    def wire_at(self, place: QPointF) -> WireItem | None:
        """Return the wire under a point of the scene, if nothing lies above it."""

    def lost_at(self, place: QPointF) -> LostWire | None:
        """Return the wire without a beginning under a point of the scene."""

    def card_items(self) -> list[NodeItem]:
        """Return all cards."""

    def cards_seen(self) -> list[NodeItem]:
        """Return the cards that are seen, and some around them."""

    def zoom(self) -> float:
        """Return screen pixels a scene pixel."""


class WireGesture:
    """One wiring at a time; `active` while a wire hangs on the hand."""

    def __init__(self, ground: Ground, live: LiveWire, requests: Callable[[], Requests]) -> None:
        self._ground = ground
        self._live = live
        self._requests = requests
        self._reach = Reach(ground.cards_seen, ground.card_items)
        self._start: PortItem | None = None
        self._taken: WireItem | None = None
        self._grip: tuple[WireItem, QPointF] | None = None
        self._lost: tuple[LostWire, QPointF] | None = None
        """A wire without a beginning that was pressed: pulled off, it looks for one."""
        self._origin = QPointF()
        self._reasons: dict[PortItem | End, str] = {}
        self._lit: NodeItem | None = None
        self.new_port: Callable[[PortItem, NodeItem], Callable[[], object] | None] = lambda *_: None
        """Returns what a wire of a port does over the body of a card, if that makes a port there; else None."""
        self._message = ""
        self.told: Callable[[], object] = lambda: None
        """Is called when the message is another: it lies anywhere beside the hand, and is painted anew."""
        self.place = QPointF()

    @property
    def active(self) -> bool:
        """A wire hangs on the hand."""
        return self._start is not None

    @property
    def start(self) -> PortItem | None:
        """The port that the wire hangs on whose other end is on the hand."""
        return self._start

    @property
    def message(self) -> str:
        """Why the port under the hand refuses, for the viewer to show."""
        return self._message

    @message.setter
    def message(self, text: str) -> None:
        if text != self._message:
            self._message = text
            self.told()

    @property
    def held(self) -> WireItem | None:
        """The wire that was pressed and has not been pulled off: let go, it was clicked."""
        return self._grip[0] if self._grip is not None else None

    # -------------------------------------------------------------- the hand
    def press(self, event: QGraphicsSceneMouseEvent) -> bool:
        """Begin, or end a wire that was begun by a click; return whether the press was used up."""
        place = event.scenePos()
        if self.active:
            self.drop(place)
            return True
        self._grip = None
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        port = self._ground.port_at(place, pressed=True)
        if port is not None:
            wire = next((w for w in port.connected_pipes if isinstance(w, WireItem)), None)
            if wire is not None and not port.is_output:
                self._begin(wire.source, place, wire)
            else:
                self._begin(port, place, None)
            return True
        lost = self._ground.lost_at(place)
        self._lost = (lost, place) if lost is not None else None
        wire = self._ground.wire_at(place) if lost is None else None
        if wire is not None:
            self._grip = (wire, place)
        return False

    def move(self, place: QPointF) -> None:
        """Follow the hand."""
        if self._grip is not None:
            wire, origin = self._grip
            if self._far(origin, place):
                self._grip = None
                near_target = (place - wire.target.middle()).manhattanLength() <= (
                    place - wire.source.middle()
                ).manhattanLength()
                self._begin(wire.source if near_target else wire.target, origin, wire)
        if self._lost is not None and self._far(self._lost[1], place):
            lost, origin = self._lost
            self._lost = None
            self._begin(lost.port, origin, None)
        if self._start is not None:
            self._follow(self._start, place)

    def release(self, place: QPointF) -> None:
        """Let go; a press and release at one place leaves the wire on the hand, until the next click."""
        self._grip = self._lost = None
        if self._start is None:
            return
        if not self._far(self._origin, place):
            if self._taken is not None:
                self.cancel()
            return
        self.drop(place)

    def drop(self, place: QPointF) -> None:
        """End the gesture here."""
        start, taken = self._start, self._taken
        if start is None:
            return
        card = self._ground.node_at(place)
        field = self._field_at(start, place)
        port = self._ground.port_at(place)
        fields: list[Parameter] = []
        if port is None and card is not None and taken is None and (make := self.new_port(start, card)) is not None:
            self.cancel()
            make()
            return
        if port is None and card is not None and card is not start.node:
            port = self._open_port(start, card)
            if port is None and _gives_value(start):
                fields = fields_for(card.node, start.port.type)
            port = port or (None if fields else self._any_port(start, card))
        asked = self._requests()
        wire = taken.wire if taken else None
        self.cancel()
        if field is not None:
            asked.connect(start.end, field, wire, place)
        elif card is not None and fields:
            asked.into_field(start.end, card.id, fields, wire, place)
        elif port is None and card is not None:
            if card is not start.node:
                asked.refuse(f"{called(card.node)} has no {'input' if start.is_output else 'output'} to wire.")
        elif port is None:
            if wire is not None:
                asked.disconnect([wire])
            else:
                asked.loose_end(start, place)
        elif port is not start:
            self._connect(start, port, wire, asked, place)

    def begin(self, port: PortItem, taken: WireItem | None = None) -> None:
        """Let a wire hang on a port without a hand; of one that is `taken` off, this end stays."""
        self.cancel()
        self._begin(port, taken.target.middle() if taken is not None else port.middle(), taken)

    def show_at(self, place: QPointF) -> None:
        """Draw the wire that hangs to a port or field that takes it."""
        if self._start is not None:
            self.place, self.message = place, ""
            self._live.draw(self._start, place, refused=False, settled=True)

    def cancel(self) -> None:
        """Leave everything as it was."""
        if self._taken is not None:
            self._taken.setVisible(True)
        self._start = self._taken = self._grip = self._lost = None
        self.message = ""
        self._reasons.clear()
        self._live.setVisible(False)
        self._light(None, "")
        self._reach.hide()

    def check(self) -> None:
        """Stop if the gesture's port or wire went with the old picture."""
        lost = [item for item in (self._start, self._taken) if item is not None and item.scene() is None]
        if lost:
            self._taken = None if self._taken in lost else self._taken
            self.cancel()
        if self._grip is not None and self._grip[0].scene() is None:
            self._grip = None
        if self._lost is not None and (not isValid(self._lost[0]) or self._lost[0].scene() is None):
            self._lost = None

    # -------------------------------------------------------------- inner
    def _far(self, a: QPointF, b: QPointF) -> bool:
        return (a - b).manhattanLength() * self._ground.zoom() > _CLICK

    def _begin(self, start: PortItem, place: QPointF, taken: WireItem | None) -> None:
        self._start, self._taken, self._origin = start, taken, place
        if taken is not None:
            taken.setVisible(False)
        self._reach.show(start)
        self._follow(start, place)

    def _follow(self, start: PortItem, place: QPointF) -> None:
        self.place = place
        field = self._field_at(start, place)
        port = self._ground.port_at(place) if field is None else None
        if port is start:
            port = None
        reason, end = "", place
        if field is not None:
            reason = self._field_reason(start, field)
            card = self._ground.node_at(place)
            chip = chip_at(card, place, self._ground.zoom()) if card is not None else None
            if card is not None and chip is not None and not reason:
                end = chip_end(card, chip)
            self._light(card, "" if reason else field[1])
        else:
            self._light(None, "")
        if port is not None:
            reason, end = self._reason(start, port), port.middle()
        self.message = reason
        self._live.draw(start, end, refused=bool(reason), settled=(port or field) is not None and not reason)

    def _field_at(self, start: PortItem, place: QPointF) -> End | None:
        """Return the field under the hand, if a wire from an output hangs on it: a field comes before ports near by."""
        card = self._ground.node_at(place) if _gives_value(start) else None
        if card is None or card is start.node:
            return None
        chip = chip_at(card, place, self._ground.zoom())
        return (card.id, chip.label) if chip is not None else None

    def _field_reason(self, start: PortItem, field: End) -> str:
        if field not in self._reasons:
            taken = self._taken.wire if self._taken else None
            self._reasons[field] = self._requests().refusal(start.end, field, taken)
        return self._reasons[field]

    def _light(self, card: NodeItem | None, field: str) -> None:
        if self._lit is not None and self._lit is not card:
            self._lit.light_field("")
        self._lit = card
        if card is not None:
            card.light_field(field)

    def _reason(self, start: PortItem, port: PortItem) -> str:
        """Say why a port does not take the wire; asked once a port and gesture, for it costs an edit."""
        if port not in self._reasons:
            self._reasons[port] = self._ask(start, port)
        return self._reasons[port]

    def _ask(self, start: PortItem, port: PortItem) -> str:
        if port.is_output == start.is_output:
            side = "outputs" if port.is_output else "inputs"
            return f"Both ends are {side}: a wire goes from an output to an input."
        source, target = (start, port) if start.is_output else (port, start)
        if self._taken is not None and self._taken.source is source and self._taken.target is target:
            return ""
        return self._requests().refusal(source.end, target.end, self._taken.wire if self._taken else None)

    def _open_port(self, start: PortItem, card: NodeItem) -> PortItem | None:
        """Choose a port for a wire let go over a card: the one it was taken off, else one that is open and fits."""
        fitting = [port for port in card.ports.values() if fits(start, port)]
        taken = self._taken
        still = [p for p in fitting if taken is not None and taken in p.connected_pipes]
        is_open = [port for port in fitting if port.is_output or not port.connected_pipes]
        return next(iter(still or is_open), None)

    def _any_port(self, start: PortItem, card: NodeItem) -> PortItem | None:
        """Choose a port of a card that has no open one: one that fits, else one to say why not."""
        sides = [port for port in card.ports.values() if port.is_output != start.is_output]
        fitting = [port for port in sides if fits(start, port)]
        return next(iter(fitting or sides), None)

    def _connect(self, start: PortItem, port: PortItem, wire: Wire | None, asked: Requests, place: QPointF) -> None:
        if port.is_output == start.is_output:
            asked.refuse(self._ask(start, port))
            return
        source, target = (start, port) if start.is_output else (port, start)
        if wire is not None and (wire.source, wire.target) == (source.end, target.end):
            return
        asked.connect(source.end, target.end, wire, place)


def _gives_value(start: PortItem) -> bool:
    """Return whether a field could read it; an arm of a switch is no value: its wire says where a card runs."""
    return start.is_output and start.node.node.kind != "switch"
