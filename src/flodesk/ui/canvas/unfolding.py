"""Room for what comes out of a card: all that lies right of it and below it gives way together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product

from flodesk.flow import wiring
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow
from flodesk.flow.pieces import Box, Key, lies_in, pieces
from flodesk.flow.routes import routes, wire_name
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.layers import ACROSS, DOWN
from flodesk.ui.canvas.placing import Place, places

_AIR = 28.0
"""What a frame keeps free at its right and lower edge, in scene pixels."""
_SLACK = 1.0


@dataclass(frozen=True, slots=True)
class Room:
    """Two lines, and how far what lies behind them moves away: to the right, or else down.

    Attributes
    ----------
    right, below : float
        Where the lines are.
    across, down : float
        How far the rest gives way.
    both : bool
        Whether what lies behind both lines moves both ways. Then nothing can come to lie on anything else: two boxes
        that both move, or both stay, keep their distance, and where only one moves it is the one farther along.
        Without, columns to the right stay as they are, which is nicer to look at.
    """

    right: float
    below: float
    across: float
    down: float
    both: bool = False

    def place(self, at: Place) -> Place:
        """Return the new place of a card, a note or a point by its upper left corner."""
        x, y = at
        behind = x >= self.right
        return x + (self.across if behind else 0.0), y + (self.down if y >= self.below and self._sinks(x) else 0.0)

    def box(self, box: Box) -> Box:
        """Return a card or a note at its new place."""
        return (*self.place(box[:2]), *box[2:])

    def frame(self, box: Box) -> Box:
        """Return a frame at its new place; one that a line goes through grows."""
        x, y, width, height = box
        left, top = self.place((x, y))
        right = x + width + (self.across if x + width >= self.right else 0.0)
        bottom = y + height + (self.down if y + height >= self.below and self._sinks(x) else 0.0)
        return left, top, right - left, bottom - top

    def _sinks(self, x: float) -> bool:
        return self.both or x < self.right


def room_for(new: Collection[Box], old: Box, others: Collection[Box], frames: Collection[Box]) -> Room:
    """Find how far the others have to give way, so that what stands in the place of `old` covers none of them.

    Parameters
    ----------
    new : boxes (left, top, width, height), none of them left of or above the corner of `old`
    old : the card that they came out of
    others : the boxes of the cards and notes that stay
    frames : those that may lie around
    """
    x, y, width, height = old
    end = max(left + across for left, _, across, _ in new)
    bottom = max(top + down for _, top, _, down in new)
    right_of = [o for o in others if o[0] >= x + width - _SLACK and o[1] < bottom + DOWN and o[1] + o[3] > y - DOWN]
    room = min((o[0] for o in right_of), default=None)
    # a distance that a hand has chosen smaller than usual stays
    across = max(0.0, end + min(ACROSS, room - x - width) - room) if room is not None else 0.0
    around = [f for f in frames if lies_in(old, f)]
    across = max([across, *(end + _AIR - f[0] - f[2] for f in around)])
    way = Room(x + width - _SLACK, y + height - _SLACK, across, 0.0)
    under = [o for o in others if o[1] >= way.below and way.place(o[:2])[0] < end and o[0] + o[2] > x]
    room = min((o[1] for o in under), default=None)
    down = max(0.0, bottom + min(DOWN, room - y - height) - room) if room is not None else 0.0
    way = replace(way, down=max([down, *(bottom + _AIR - f[1] - f[3] for f in around)]))
    return replace(way, both=way.down > 0 and _touch([way.box(other) for other in others], new))


def _touch(moved: Collection[Box], new: Collection[Box]) -> bool:
    """Say whether any of the moved boxes lies on another one, or on a new one."""
    pairs = [*combinations(moved, 2), *product(moved, new)]
    return any(
        a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3] for a, b in pairs
    )


def unfolded(
    flow: Flow, graph: Graph, new: Collection[str], old: Box, others: Mapping[str, Box], drawn: Collection[Key]
) -> list[Edit]:
    """Give the edits that put new nodes in the place of the card that they came out of, and make room for them.

    Parameters
    ----------
    flow, graph : Flow, Graph
        With the new nodes in it.
    new : ids
        Those nodes.
    old : box
        Of the card.
    others : by id, the boxes of the cards that were there before
    drawn : the notes and frames that were there before
    """
    function, here = graph.function, set(new)
    inner = tuple(w for w in graph.wires if w.source[0] in here and w.target[0] in here)
    cards = {key: measure(graph.nodes[key]) for key in new}
    sizes = {key: (card.width, card.height) for key, card in cards.items()}
    given = flow.header.canvas.get(function, {})
    known = {key: given[key] for key in new if key in given}
    at = known | places(Graph(function, {key: graph.nodes[key] for key in new}, inner), sizes, known)
    found = pieces(flow, function)
    along = {key: piece.box for key, piece in found.items() if key not in drawn}
    boxes = [(*at[key], *sizes[key]) for key in new] + list(along.values())
    if not boxes:
        return []
    x, y = old[0] - min(box[0] for box in boxes), old[1] - min(box[1] for box in boxes)
    boxes = [(left + x, top + y, width, height) for left, top, width, height in boxes]
    staying = {key: box for key, box in others.items() if key in graph.nodes and key not in here}
    theirs = {key: piece for key, piece in found.items() if key in drawn}
    notes = [piece.box for piece in theirs.values() if piece.kind == "note"]
    frames = [piece.box for piece in theirs.values() if piece.kind == "frame"]
    way = room_for(boxes, old, [*staying.values(), *notes], frames)
    moves = {key: (left + x, top + y) for key, (left, top) in at.items()}
    moves |= {key: way.place(box[:2]) for key, box in staying.items()}
    drawings = {key: (left + x, top + y, width, height) for key, (left, top, width, height) in along.items()}
    for key, piece in theirs.items():
        box = piece.box
        drawings[key] = way.frame(box) if piece.kind == "frame" else way.box(box)
    own = {wire_name(wire.source, wire.target) for wire in inner}
    bent = {
        name: replace(
            route, points=tuple((px + x, py + y) if name in own else way.place((px, py)) for px, py in route.points)
        )
        for name, route in routes(flow, function).items()
    }
    changed = {key: place for key, place in moves.items() if given.get(key) != place}
    edits = [wiring.move(function, changed)] if changed else []
    return [*edits, *wiring.put_pieces(flow, function, drawings), *wiring.put_routes(flow, function, bent)]
