"""Places for nodes that the file gives none: left to right as the values go, nothing on top of anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flodesk.flow.graph import Graph

Place = tuple[float, float]
Size = tuple[float, float]
_ACROSS, _DOWN = 84.0, 40.0
"""Room between columns, and between cards of a column, in scene pixels."""
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
    sources: dict[str, list[str]] = defaultdict(list)
    for wire in graph.wires:
        if not wire.feedback and wire.source[0] != wire.target[0]:
            sources[wire.target[0]].append(wire.source[0])
    if any(key in placed for key in graph.nodes):
        return _beside(missing, sources, sizes, placed)
    return _columns(graph, sources, sizes)


def depths(keys: list[str], sources: Mapping[str, list[str]]) -> dict[str, int]:
    """Return for each node the longest way to it from a node without inputs; circles are cut where they close."""
    found: dict[str, int] = {}
    for start in keys:
        stack, open_ = [start], {start}
        while stack:
            key = stack[-1]
            todo = [s for s in sources.get(key, ()) if s not in found and s not in open_]
            if todo:
                stack.append(todo[0])
                open_.add(todo[0])
                continue
            stack.pop()
            open_.discard(key)
            found.setdefault(key, 1 + max((found[s] for s in sources.get(key, ()) if s in found), default=-1))
    return found


def _columns(graph: Graph, sources: Mapping[str, list[str]], sizes: Mapping[str, Size]) -> dict[str, Place]:
    """Lay all nodes out in columns; within one, each as near as can be to the middle of what it reads."""
    keys = list(graph.nodes)
    depth = depths(keys, sources)
    readers: dict[str, list[str]] = defaultdict(list)
    for key, reads in sources.items():
        for source in reads:
            readers[source].append(key)
    for key in keys:
        if not sources.get(key) and readers[key]:  # a control stands right before what it sets
            depth[key] = max(0, min(depth[reader] for reader in readers[key]) - 1)
    columns: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        columns[depth[key]].append(key)
    row = {key: float(n) for column in columns.values() for n, key in enumerate(column)}
    for number in sorted(columns):
        column = columns[number]
        column.sort(key=lambda key: _mean([row[s] for s in sources.get(key, ()) if s in row], row[key]))
        row.update((key, float(n)) for n, key in enumerate(column))
    middle: dict[str, float] = {}
    result: dict[str, Place] = {}
    x = 0.0
    for number in sorted(columns):
        column = columns[number]
        height = sum(sizes[key][1] for key in column) + _DOWN * (len(column) - 1)
        wish = _mean([middle[s] for key in column for s in sources.get(key, ()) if s in middle], 0.0)
        y = wish - height / 2
        for key in column:
            result[key] = (x, float(round(y)))
            middle[key] = y + sizes[key][1] / 2
            y += sizes[key][1] + _DOWN
        x += max(sizes[key][0] for key in column) + _ACROSS
    return result


def _beside(
    missing: list[str], sources: Mapping[str, list[str]], sizes: Mapping[str, Size], placed: Mapping[str, Place]
) -> dict[str, Place]:
    """Put each new node to the right of what it reads, and down until it covers nothing."""
    known = {key: place for key, place in placed.items() if key in sizes}
    result: dict[str, Place] = {}
    left = min(place[0] for place in known.values())
    below = max(place[1] + sizes[key][1] for key, place in known.items())
    depth = depths(missing, sources)
    for key in sorted(missing, key=lambda key: depth[key]):
        reads = [source for source in sources.get(key, ()) if source in known]
        x = max((known[s][0] + sizes[s][0] + _ACROSS for s in reads), default=left)
        y = _mean([known[s][1] for s in reads], below + _DOWN)
        x, y = _free(x, y, sizes[key], known, sizes)
        known[key] = result[key] = (float(round(x)), float(round(y)))
    return result


def free_place(wanted: Place, size: Size, boxes: Sequence[tuple[float, float, float, float]]) -> Place:
    """Return the place next to `wanted` where a card of that size covers none of the `boxes` (x, y, width, height).

    It is `wanted` itself if that is free, else on a grid of 20 scene pixels.
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
            if free(*place):
                return place
    return wanted


def _free(x: float, y: float, size: Size, known: Mapping[str, Place], sizes: Mapping[str, Size]) -> Place:
    for _ in range(len(known) + 1):
        in_the_way = [
            other_y + sizes[key][1] + _DOWN
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
