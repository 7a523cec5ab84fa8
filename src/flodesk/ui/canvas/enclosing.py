"""Places for what comes with a branch or a loop around cards: what decides above them, what joins right of them.

Where a card or a wire is above them, what decides comes below; where there is no room either, they go down themselves.
What lies to the right and below gives way, a frame around them grows, a wire that would run behind them goes below.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flodesk.flow import wiring
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow
from flodesk.flow.pieces import Box, pieces
from flodesk.flow.routes import Route, routes, wire_name
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.placing import Place
from flodesk.ui.canvas.unfolding import Room, room_for

GAP = 60.0
"""Between the cards and what comes beside them, in scene pixels."""
_NEAR = 24.0
"""Between two that come beside each other."""
_LANE = 28.0
"""Below the cards: a wire that goes by there."""
_SAG = 16.0
"""How far below its points such a wire may hang."""
_CLEAR = 16.0
"""What stays free around the cards that come above."""
_BEHIND = ("merge", "object")


def enclosed(
    flow: Flow, graph: Graph, chosen: Collection[Box], others: Mapping[str, Box], wires: Collection[Box] = ()
) -> list[Edit]:
    """Give the edits that place the new nodes of a picture, and make room for them.

    Parameters
    ----------
    flow, graph : Flow, Graph
        With the new nodes in it: those that have no place yet.
    chosen : boxes
        Of the cards that went into the branch or the loop.
    others : by id, the boxes of all other cards
    wires : small boxes along the wires nearby
    """
    function = graph.function
    given = flow.header.canvas.get(function, {})
    new = {key: measure(node) for key, node in graph.nodes.items() if key not in given}
    if not chosen or not new:
        return []
    inside = [key for key in graph.nodes if key in given and key not in others]
    old = _around(chosen)
    found = pieces(flow, function)
    notes = [piece.box for piece in found.values() if piece.kind == "note"]
    frames = [piece.box for piece in found.values() if piece.kind == "frame"]
    above = [key for key in new if graph.nodes[key].kind not in _BEHIND]
    above.sort(key=lambda key: graph.nodes[key].kind != "call")  # a new switch of the panel, before what it decides
    high = max((new[key].height for key in above), default=0.0)
    wide = sum(new[key].width + _NEAR for key in above) - _NEAR
    ground = _around([*chosen, *((*given[key], *_size(graph, key)) for key in inside)])
    below = ground[1] + ground[3] + GAP + _LANE * len(_lanes(graph, set(new), ground, others))
    taken = [*others.values(), *notes, *frames]
    rows = [(old[0], y, wide, high) for y in (old[1] - high - GAP, below)]
    rows = [row for row in rows if not any(_touch(row, box, _CLEAR) for box in taken)]
    rows.sort(key=lambda row: any(_touch(row, box, 0.0) for box in wires))  # over a wire where nothing else is free
    free = bool(rows)
    level = rows[0][1] if free else old[1]
    lift = 0.0 if free or not above else high + GAP
    at: dict[str, Place] = {}
    left = old[0]
    for key in above:
        at[key] = left, level
        left += new[key].width + _NEAR
    sizes = {key: measure(graph.nodes[key]) for key in inside}  # another name, another width
    sunk = [(given[key][0], given[key][1] + lift, sizes[key].width, sizes[key].height) for key in inside]
    ground = _around([*sunk, (old[0], old[1] + lift, old[2], 0.0)])
    lanes = _lanes(graph, set(new), ground, others)
    top = old[1] + lift
    for key in new:
        if key not in at:
            at[key] = ground[0] + ground[2] + GAP, top
            top += new[key].height + _NEAR
    boxes = [(*at[key], new[key].width, new[key].height) for key in new if not free or key not in above]
    boxes += [*sunk, *((old[0], points[0][1], old[2], _SAG) for points in lanes.values())]
    way = room_for(boxes, old, [*others.values(), *notes], frames)
    at |= {key: (given[key][0], given[key][1] + lift) for key in inside if lift}
    at |= {key: way.place(box[:2]) for key, box in others.items() if key in graph.nodes}
    drawings = {k: way.frame(p.box) if p.kind == "frame" else way.box(p.box) for k, p in found.items()}
    wired = _bent(flow, graph, set(inside), lift, way) | {name: Route(points) for name, points in lanes.items()}
    places = {key: (float(round(x)), float(round(y))) for key, (x, y) in at.items()}
    moved = {key: place for key, place in places.items() if given.get(key) != place}
    return [
        wiring.move(function, moved),
        *wiring.put_pieces(flow, function, drawings),
        *wiring.put_routes(flow, function, wired),
    ]


def _size(graph: Graph, key: str) -> tuple[float, float]:
    card = measure(graph.nodes[key])
    return card.width, card.height


def _lanes(graph: Graph, new: Collection[str], inside: Box, others: Mapping[str, Box]) -> dict[str, tuple[Place, ...]]:
    """Return the way below the cards for each wire that would run behind them to what joins, by its name."""
    found: dict[str, tuple[Place, ...]] = {}
    for wire in graph.wires:
        source = others.get(wire.source[0])
        joins = wire.target[0] in new and graph.nodes[wire.target[0]].kind in _BEHIND
        if joins and source is not None and source[0] + source[2] <= inside[0] + inside[2]:
            y = inside[1] + inside[3] + _LANE * (len(found) + 1)
            found[wire_name(wire.source, wire.target)] = (
                (inside[0], y),
                (inside[0] + inside[2], y),
            )
    return found


def _bent(flow: Flow, graph: Graph, inside: Collection[str], lift: float, way: Room) -> dict[str, Route]:
    """Return the wires that go by points, as they go then: between the chosen cards they move with these."""
    own = {
        wire_name(wire.source, wire.target)
        for wire in graph.wires
        if wire.source[0] in inside and wire.target[0] in inside
    }
    return {
        name: replace(route, points=tuple((x, y + lift) if name in own else way.place((x, y)) for x, y in route.points))
        for name, route in routes(flow, graph.function).items()
    }


def _around(boxes: Collection[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def _touch(a: Box, b: Box, air: float) -> bool:
    across = a[0] < b[0] + b[2] + air and b[0] < a[0] + a[2] + air
    return across and a[1] < b[1] + b[3] + air and b[1] < a[1] + a[3] + air
