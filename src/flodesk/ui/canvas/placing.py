"""Places for nodes that the file gives none: left to right as the values go, nothing on top of anything else."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.layers import ACROSS, DOWN, depths, layered
from flodesk.ui.canvas.regions import airs

Place = tuple[float, float]
Size = tuple[float, float]
BETWEEN = 48.0
"""Room at each side of a card that is put into a wire, in scene pixels."""
_NO_AIR = 0.0, 0.0
_GRID, _GAP, _RINGS = 20, 16, 80
"""Of free places: the grid, what stays free around a card, and how many steps of the grid are tried each way."""


def places(graph: Graph, sizes: Mapping[str, Size], placed: Mapping[str, Place]) -> dict[str, Place]:
    """Return a place for every node that `placed` lacks; the same picture gives the same places.

    Parameters
    ----------
    sizes : width and height of every card
    placed : the upper left corners that are given
    """
    missing = [key for key in graph.nodes if key not in placed]
    if not missing:
        return {}
    sources = links_of(graph)
    air = airs(graph)
    sizes = with_air(sizes, air)
    if any(key in placed for key in graph.nodes):
        placed = {key: (x, y - air.get(key, _NO_AIR)[0]) for key, (x, y) in placed.items()}
        found = _beside(missing, sources, sizes, placed)
    else:
        found = layered(list(graph.nodes), sources, sizes)
    return {key: (x, y + air.get(key, _NO_AIR)[0]) for key, (x, y) in found.items()}


def with_air(sizes: Mapping[str, Size], air: Mapping[str, tuple[float, float]]) -> Mapping[str, Size]:
    """Return the sizes of cards with what some of them need above and below."""
    return {key: (width, height + sum(air.get(key, _NO_AIR))) for key, (width, height) in sizes.items()}


def links_of(graph: Graph) -> dict[str, list[str]]:
    """Return the cards that each card reads, and so stands right of."""
    sources: dict[str, list[str]] = defaultdict(list)
    for wire in graph.wires:
        if not wire.feedback and wire.source[0] != wire.target[0]:
            sources[wire.target[0]].append(wire.source[0])
    for node in graph.nodes.values():
        if node.arms and not sources[node.id]:
            sources[node.id].append(node.arms[-1][0])  # behind the switch that leads to it
    return sources


def between(
    source: tuple[float, float, float, float],
    target: tuple[float, float, float, float],
    size: Size,
    wanted: Place,
    others: Mapping[str, Place],
) -> tuple[Place, dict[str, Place]]:
    """Return the place of a new card in a wire, and the new places of the cards that make room for it.

    All that begins right of where the wire ends moves to the right together, so that nothing comes to lie on anything.

    Parameters
    ----------
    source, target : boxes (x, y, width, height) of the cards at the wire's ends
    wanted : where the hand let go
    others : the places of all cards
    """
    begin, end = source[0] + source[2] + BETWEEN, target[0] - BETWEEN
    if end < source[0] + source[2]:  # the wire goes back to the left: there is no "right of it"
        return wanted, {}
    lack = max(0.0, size[0] - (end - begin))
    moves = {key: (x + lack, y) for key, (x, y) in others.items() if lack and x >= target[0]}
    return (max(begin, min(wanted[0], end + lack - size[0])), wanted[1]), moves


def row_between(
    source: tuple[float, float, float, float],
    target: tuple[float, float, float, float],
    sizes: Sequence[Size],
    boxes: Mapping[str, tuple[float, float, float, float]],
    notes: Sequence[tuple[float, float, float, float]] = (),
) -> tuple[list[Place], dict[str, Place]]:
    """Return places for new cards one behind the other on the way between two, and those of the cards that make room.

    They stand in the middle of the way, or as near to it as a row of them covers nothing.

    Parameters
    ----------
    source, target : boxes (x, y, width, height) of the cards at the ends
    boxes : those of all cards
    notes : the boxes of what else must not be covered
    """
    width = sum(across for across, _ in sizes) + BETWEEN * (len(sizes) - 1)
    height = max(down for _, down in sizes)
    middle = [(source[n] + source[n + 2] / 2 + target[n] + target[n + 2] / 2) / 2 for n in (0, 1)]
    gap = source[0] + source[2], target[0]
    wanted = (sum(gap) / 2 if gap[0] <= gap[1] else middle[0]) - width / 2, middle[1] - height / 2
    (x, y), moves = between(source, target, (width, height), wanted, {key: box[:2] for key, box in boxes.items()})
    taken = [(*moves.get(key, box[:2]), *box[2:]) for key, box in boxes.items()]
    left, top = free_place((x, y), (width, height), [*taken, *notes])
    places = []
    for across, down in sizes:
        places.append((float(round(left)), float(round(top + (height - down) / 2))))
        left += across + BETWEEN
    return places, moves


def _beside(
    missing: list[str], sources: Mapping[str, list[str]], sizes: Mapping[str, Size], placed: Mapping[str, Place]
) -> dict[str, Place]:
    """Put each new node right of what it reads, or left of what reads it, and down until it covers nothing."""
    known = {key: place for key, place in placed.items() if key in sizes}
    result: dict[str, Place] = {}
    left = min(place[0] for place in known.values())
    below = max(place[1] + sizes[key][1] for key, place in known.items())
    depth = depths(missing, sources)
    readers: dict[str, list[str]] = defaultdict(list)
    for reader, read in sources.items():
        for source in read:
            readers[source].append(reader)
    for key in sorted(missing, key=lambda key: depth[key]):
        reads = [source for source in sources.get(key, ()) if source in known]
        into = [reader for reader in readers[key] if reader in known]
        if reads or not into:
            x = max((known[s][0] + sizes[s][0] + ACROSS for s in reads), default=left)
        else:
            x = min(known[reader][0] for reader in into) - ACROSS - sizes[key][0]
        y = _mean([known[s][1] for s in reads or into], below + DOWN)
        x, y = _free(x, y, sizes[key], known, sizes)
        known[key] = result[key] = (float(round(x)), float(round(y)))
    return result


def free_place(
    wanted: Place, size: Size, boxes: Sequence[tuple[float, float, float, float]], least: float = -math.inf
) -> Place:
    """Return the place next to `wanted` where a card of that size covers none of the `boxes` (x, y, width, height).

    It is `wanted` itself if that is free, else on a grid of 20 scene pixels, and not left of `least`.
    """
    width, height = size

    def free(x: float, y: float) -> bool:
        return not any(
            x < left + across + _GAP and left < x + width + _GAP and y < top + down + _GAP and top < y + height + _GAP
            for left, top, across, down in boxes
        )

    if free(*wanted):
        return wanted
    middle = (round(wanted[0] / _GRID), round(wanted[1] / _GRID))
    for ring in range(1, _RINGS):
        steps = range(-ring, ring + 1)
        around = [(x, y) for x in steps for y in steps if ring in (abs(x), abs(y))]
        for x, y in sorted(around, key=lambda step: (step[0] ** 2 + step[1] ** 2, -step[1], -step[0])):
            place = (_GRID * (middle[0] + x), _GRID * (middle[1] + y))
            if place[0] >= least and free(*place):
                return place
    return wanted


def _free(x: float, y: float, size: Size, known: Mapping[str, Place], sizes: Mapping[str, Size]) -> Place:
    for _ in range(len(known) + 1):
        in_the_way = [
            other_y + sizes[key][1] + DOWN
            for key, (other_x, other_y) in known.items()
            if x < other_x + sizes[key][0] + 20
            and other_x < x + size[0] + 20
            and y < other_y + sizes[key][1] + 20
            and other_y < y + size[1] + 20
        ]
        if not in_the_way:
            break
        y = max(in_the_way)
    return x, y


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
