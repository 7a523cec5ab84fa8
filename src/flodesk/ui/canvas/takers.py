"""What could take the wire of a port: ports and fields of other cards, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from flodesk.flow.graph import Wire
from flodesk.flow.types import PortType
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card_words import called, short_title
from flodesk.ui.canvas.field_ends import fields_for
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.reach import fits

_BACK = 1000.0
"""Scene pixels that a way back, against the run of the values, counts as longer."""

_VAGUE = 200.0
"""Scene pixels that a port of another type, or of any, counts as farther away."""


@dataclass(frozen=True, slots=True)
class Taker:
    """One end that a wire could get.

    Attributes
    ----------
    end : node and port, or node and field
    type : PortType
    port : PortItem or None
        None for a field that has no port yet.
    note : str
        What is there now: the value of the field, or where the port has its wire from.
    middle : QPointF
        Where it is on the canvas.
    """

    end: tuple[str, str]
    type: PortType
    port: PortItem | None
    note: str
    middle: QPointF

    @property
    def title(self) -> str:
        """Return the card and the port, in words."""
        node, name = self.end
        label = (self.port.port.label if self.port is not None else "") or name
        node = short_title(self.port.node.node) if self.port is not None else node
        return node if label in (self.end[0], node, "", "result") else f"{node} · {label}"


def takers(start: PortItem, board: Board, taken: Wire | None = None) -> list[Taker]:
    """Return what could be wired to a port, by its type alone: open ports first, then fields, then wired ports.

    `taken` is the wire whose other end is looked for: where that ends now is left out.
    """
    now = None if taken is None else taken.target if start.is_output else taken.source
    gives = start.is_output and start.node.node.kind != "switch"
    found: list[tuple[int, float, Taker]] = []
    for card in board.cards.values():
        if card is start.node:
            continue
        for port in card.ports.values():
            wired = any(pipe in start.connected_pipes for pipe in port.connected_pipes)
            if fits(start, port) and port.end != now and not wired:
                taken_by = (
                    [called(pipe.source.node.node) for pipe in port.connected_pipes] if not port.is_output else []
                )
                note = f"now from {', '.join(taken_by)}" if taken_by else ""
                taker = Taker(port.end, port.port.type, port, note, port.middle())
                vague = _VAGUE if port.port.type != start.port.type else 0.0
                found.append((2 if taken_by else 0, _far(start, taker.middle) + vague, taker))
        for field in fields_for(card.node, start.port.type) if gives else ():
            text = next((f.text for f in card.node.fields if f.name == field.name), "")
            taker = Taker((card.id, field.name), field.type, None, f"field: {text}" if text else "field", card.pos())
            found.append((1, _far(start, taker.middle), taker))
    return [taker for *_, taker in sorted(found, key=lambda entry: entry[:2])]


def _far(start: PortItem, place: QPointF) -> float:
    """Return how far away a place is; one that the values would have to run back to is farther."""
    way = place - start.middle()
    ahead = way.x() if start.is_output else -way.x()
    return way.manhattanLength() + (_BACK if ahead < 0 else 0.0)
