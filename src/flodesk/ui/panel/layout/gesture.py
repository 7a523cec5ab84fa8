"""What a hand makes of places, in cells: views moved and stretched as one, and the groups that they come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint

from flodesk.flow.groups import Member, around, boxes, extent, joined_at, settled, whole
from flodesk.ui.panel.layout.grid import COLUMNS, Cells, Metrics

Places = Mapping[str, Cells]
Members = Mapping[str, Member]


def shifted(places: Places, members: Members, keys: Collection[str], dx: int, dy: int) -> dict[str, Cells]:
    """Return the places with some views moved, as far as all of them stay on the grid."""
    box = extent(places, members, keys)
    dx = min(max(dx, -box.column), COLUMNS - box.column - box.width)
    dy = max(dy, -box.row)
    moved = {key: replace(places[key], column=places[key].column + dx, row=places[key].row + dy) for key in keys}
    return {**places, **moved}


def stretched(places: Places, keys: Collection[str], edges: Collection[str], dx: int, dy: int) -> dict[str, Cells]:
    """Return the places with some views resized as one: the edges of their frame move, and they share what that gives.

    Parameters
    ----------
    edges : collection of str
        Of ``l``, ``t``, ``r``, ``b``.
    """
    box = around(places[key] for key in keys)
    left, top, right, bottom = box.column, box.row, box.column + box.width, box.bottom
    if "l" in edges:
        left = min(max(left + dx, 0), right - 1)
    if "r" in edges:
        right = min(max(right + dx, left + 1), COLUMNS)
    if "t" in edges:
        top = min(max(top + dy, 0), bottom - 1)
    if "b" in edges:
        bottom = max(bottom + dy, top + 1)

    def across(column: int) -> int:
        return left + _rounded((column - box.column) * (right - left) / box.width)

    def down(row: int) -> int:
        return top + _rounded((row - box.row) * (bottom - top) / box.height)

    made = {}
    for key in keys:
        cells = places[key]
        x, y = across(cells.column), down(cells.row)
        width, height = across(cells.column + cells.width) - x, down(cells.bottom) - y
        made[key] = Cells(x, y, width, height).on_grid()
    return {**places, **made}


def _rounded(number: float) -> int:
    """Round half up: what meets before meets after."""
    return int(number + 0.5)


def joins(
    before: Places, after: Places, members: Members, keys: Collection[str], shown: Mapping[str, str]
) -> dict[str, Member]:
    """Return what moved views are of now, where that is something else: whole groups stay what they are.

    A view whose middle comes to lie in the box of a group is of it, on the tab that is shown; one that is more than a
    cell away from all else of its own group leaves it.

    Parameters
    ----------
    shown : mapping
        The tab that is shown, by group.
    """
    carried = whole(members, keys)
    loose = [key for key in keys if members[key].group not in carried]
    rest = boxes(before, {key: member for key, member in members.items() if key not in keys})
    found: dict[str, Member] = {}
    for key in loose:
        cells, own = after[key], members[key]
        hit = joined_at(cells, rest, shown)
        if hit.group and hit.group != own.group:
            found[key] = hit
        elif not hit.group and own.group and not _near(cells, rest[own.group]):
            found[key] = Member()
    return found


def _near(cells: Cells, box: Cells) -> bool:
    return cells.overlaps(Cells(box.column - 2, box.row, box.width + 4, box.height + 2))


@dataclass(frozen=True, slots=True)
class Moved:
    """What letting go would do: the places of all views, the groups that some come to, and the frame of the hand."""

    places: dict[str, Cells]
    joined: dict[str, Member]
    frame: Cells


@dataclass(frozen=True, slots=True)
class Drag:
    """A gesture under way.

    Attributes
    ----------
    keys : tuple of str
        The views that it moves or resizes.
    edges : frozenset of str
        The edges of their frame that it pulls; without any it moves them.
    start : QPoint
        Where it began, in pixels.
    """

    keys: tuple[str, ...]
    edges: frozenset[str]
    start: QPoint
    before: Places
    members: Members

    def steps(self, metrics: Metrics, at: QPoint) -> tuple[int, int]:
        """Return how many columns and rows a point is away from where it began."""
        way = at - self.start
        return metrics.steps(way.x(), way.y())

    def by(self, dx: int, dy: int, shown: Mapping[str, str]) -> Moved:
        """Return what so many columns and rows would do."""
        if self.edges:
            target, joined = stretched(self.before, self.keys, self.edges, dx, dy), {}
        else:
            target = shifted(self.before, self.members, self.keys, dx, dy)
            joined = joins(self.before, target, self.members, self.keys, shown)
        frame = around(target[key] for key in self.keys)
        return Moved(settled(target, {**self.members, **joined}, self.keys), joined, frame)
