"""A layered layout: columns as the values go, few crossings, wires as straight as the cards allow.

After Sugiyama, Tagawa and Toda (1981): a wire that passes columns holds a lane free in each of them, so that it does
not run behind cards; columns are sorted by the middle of their neighbours; heights are found by isotonic regression,
which moves cards as little as can be from where their neighbours want them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

Place = tuple[float, float]
Size = tuple[float, float]
Item = tuple[str, int]
"""A card as (id, -1), or the lane of the wires from a card through a column as (id, column)."""
ACROSS, DOWN = 84.0, 40.0
"""Room between columns, and between cards of a column, in scene pixels."""
_LANE = 6.0
_SWEEPS = 12
_MANY = 600
"""With more items than these crossings are not counted: it would take longer than the layout."""


def layered(keys: Sequence[str], sources: Mapping[str, Sequence[str]], sizes: Mapping[str, Size]) -> dict[str, Place]:
    """Return a place for every card: its upper left corner.

    Parameters
    ----------
    sources : by the id of a card, the cards that it reads
    sizes : width and height of every card
    """
    depth = _columns_of(keys, sources)
    columns, links = _with_lanes(keys, sources, depth)
    _sort(columns, links)
    heights = {item: sizes[item[0]][1] if item[1] < 0 else _LANE for column in columns for item in column}
    tops = _tops(columns, links, heights)
    result: dict[str, Place] = {}
    x = 0.0
    for column in columns:
        cards = [item for item in column if item[1] < 0]
        for item in cards:
            result[item[0]] = (x, float(round(tops[item])))
        x += max((sizes[item[0]][0] for item in cards), default=0.0) + ACROSS
    return result


def depths(keys: Sequence[str], sources: Mapping[str, Sequence[str]]) -> dict[str, int]:
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


def _columns_of(keys: Sequence[str], sources: Mapping[str, Sequence[str]]) -> dict[str, int]:
    depth = depths(keys, sources)
    readers: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for source in sources.get(key, ()):
            readers[source].append(key)
    for key in keys:
        if not sources.get(key) and readers[key]:  # a control stands right before what it sets
            depth[key] = max(0, min(depth[reader] for reader in readers[key]) - 1)
    return depth


def _with_lanes(
    keys: Sequence[str], sources: Mapping[str, Sequence[str]], depth: Mapping[str, int]
) -> tuple[list[list[Item]], list[tuple[Item, Item]]]:
    """Return the items of each column, and the links between items of columns side by side."""
    columns: list[list[Item]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in keys:
        columns[depth[key]].append((key, -1))
    longest: dict[str, int] = {}
    for key in keys:
        for source in sources.get(key, ()):
            longest[source] = max(longest.get(source, 0), depth[key])
    lanes = {source: range(depth[source] + 1, end) for source, end in longest.items()}
    if sum(map(len, lanes.values())) > _MANY:
        lanes = {}
    links: set[tuple[Item, Item]] = set()
    for key in keys:
        for source in dict.fromkeys(sources.get(key, ())):
            if depth[source] >= depth[key]:
                continue  # it closes a circle
            way: list[Item] = [(source, -1)]
            way += [(source, n) for n in lanes.get(source, range(0)) if n < depth[key]]
            way.append((key, -1))
            if len(way) == depth[key] - depth[source] + 1:
                links.update(pairwise(way))
    for source, passed in lanes.items():
        for number in passed:
            columns[number].append((source, number))
    return columns, sorted(links)


def _sort(columns: list[list[Item]], links: list[tuple[Item, Item]]) -> None:
    """Sort each column by the middle of what its items are linked with, to and fro; the best order stays."""
    before, after = _neighbours(links)
    counted = sum(map(len, columns)) <= _MANY
    best, least = [list(column) for column in columns], _crossings(columns, links) if counted else 0
    at: dict[Item, float] = {}

    def note(column: list[Item]) -> None:
        at.update((item, n / max(len(column) - 1, 1)) for n, item in enumerate(column))

    for column in columns:
        note(column)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        near = before if forth else after
        for column in columns if forth else reversed(columns):
            column.sort(key=lambda item: _mean([at[other] for other in near.get(item, ())], at[item]))
            note(column)
        found = _crossings(columns, links) if counted else 0
        if found < least or not counted:
            best, least = [list(column) for column in columns], found
    columns[:] = best


def _crossings(columns: Iterable[list[Item]], links: list[tuple[Item, Item]]) -> int:
    row = {item: n for column in columns for n, item in enumerate(column)}
    number = {item: n for n, column in enumerate(columns) for item in column}
    gaps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source, target in links:
        gaps[number[source]].append((row[source], row[target]))
    return sum((a - c) * (b - d) < 0 for gap in gaps.values() for (a, b), (c, d) in combinations(gap, 2))


def _tops(
    columns: list[list[Item]], links: list[tuple[Item, Item]], heights: Mapping[Item, float]
) -> dict[Item, float]:
    """Return the upper edge of each item, near to the middle of what it is linked with."""
    before, after = _neighbours(links)
    middle: dict[Item, float] = {}
    for column in columns:
        y = -sum(heights[item] + DOWN for item in column) / 2
        for item in column:
            middle[item] = y + heights[item] / 2
            y += heights[item] + DOWN
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for column in columns if forth else reversed(columns):
            near = [(before if forth else after).get(item, ()) for item in column]
            wishes = [_mean([middle[o] for o in near[n]], middle[item]) for n, item in enumerate(column)]
            for item, y in zip(column, _spread(column, wishes, heights), strict=True):
                middle[item] = y
    return {item: y - heights[item] / 2 for item, y in middle.items()}


def _spread(column: list[Item], wishes: list[float], heights: Mapping[Item, float]) -> list[float]:
    """Return the middles nearest to the wishes (least squares) that keep the order and the room between items."""
    offset, offsets = 0.0, []
    for n, item in enumerate(column):
        if n:
            last = column[n - 1]
            gap = DOWN if item[1] < 0 or last[1] < 0 else _LANE
            offset += (heights[last] + heights[item]) / 2 + gap
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []  # (sum, count): neighbours whose wishes meet move together
    for n, wish in enumerate(wishes):
        total, count = wish - offsets[n], 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    levels = [total / count for total, count in blocks for _ in range(count)]
    return [level + offsets[n] for n, level in enumerate(levels)]


def _neighbours(links: Iterable[tuple[Item, Item]]) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    before: dict[Item, list[Item]] = defaultdict(list)
    after: dict[Item, list[Item]] = defaultdict(list)
    for source, target in links:
        before[target].append(source)
        after[source].append(target)
    return before, after


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


__all__ = ["ACROSS", "DOWN", "depths", "layered"]
