"""Places on the control panel, as plain numbers: rectangles of cells on a grid of twelve columns, and how they part."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from flodesk.flow.model import Flow, View

Key = TypeVar("Key", bound=Hashable)

COLUMNS = 12
"""Width of the panel's grid."""
ROWS, TALLEST = 1000, 100
"""Rows that views stand in, and that one of them takes, at most: a slip in the file is not to be a panel of a mile."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of grid cells."""

    column: int
    row: int
    width: int
    height: int

    @classmethod
    def of(cls, view: View) -> Cells:
        """Return the cells of a view, brought back onto the grid where a hand wrote something that is not on it."""
        return cls(view.column, view.row, view.width, view.height).on_grid()

    def on_grid(self) -> Cells:
        """Return the nearest rectangle that lies on the grid and is at least one cell large."""
        width = min(max(self.width, 1), COLUMNS)
        column = min(max(self.column, 0), COLUMNS - width)
        return Cells(column, min(max(self.row, 0), ROWS - 1), width, min(max(self.height, 1), TALLEST))

    def overlaps(self, other: Cells) -> bool:
        """Return whether the two share a cell."""
        across = self.column < other.column + other.width and other.column < self.column + self.width
        return across and self.row < other.row + other.height and other.row < self.row + self.height

    @property
    def bottom(self) -> int:
        """The first row below."""
        return self.row + self.height


def placed(view: View, cells: Cells) -> View:
    """Return the view at another place; where it is shown there already, its line stays as a hand wrote it."""
    return view if cells == Cells.of(view) else written(view, cells)


def written(view: View, cells: Cells) -> View:
    """Return the view with the very numbers of a place in its line."""
    column, row, width, height = cells.column, cells.row, cells.width, cells.height
    return replace(view, column=column, row=row, width=width, height=height, odd_at=())


def make_room(places: Mapping[str, Cells], moved: str) -> dict[str, Cells]:
    """Push down what `moved` covers, and what that covers in turn, and leave all else where it is.

    Parameters
    ----------
    places : mapping of view to Cells
        As the hand left them; those that overlapped before are parted too.
    moved : str
        The view that keeps its place.
    """
    return part(places, (moved,))


def part(
    places: Mapping[Key, Cells], first: Collection[Key], meet: Callable[[Key, Key], bool] = lambda one, other: True
) -> dict[Key, Cells]:
    """Push down what is in the way of others, and leave all else where it is.

    Parameters
    ----------
    first : collection
        What goes before the others; the uppermost of it keeps its place.
    meet : callable
        Says of two whether they are ever seen together: others may lie in the same place.
    """
    order = sorted(places, key=lambda key: (key not in first, places[key].row, places[key].column))
    tallest = max((cells.height for cells in places.values()), default=0)
    settled: dict[Key, Cells] = {}
    by_row: list[tuple[int, int, Key]] = []
    """What is settled, from the top: row, a number that keeps equal rows apart, and which it is."""
    for number, key in enumerate(order):
        cells = places[key]
        # what begins so far above ends above, too: a view meets its neighbours, and not all that there are
        for at in range(bisect(by_row, (cells.row - tallest, number)), number):
            row, _, name = by_row[at]
            if row >= cells.bottom:
                break  # all others are below: there is room between
            other = settled[name]
            if other.overlaps(cells) and meet(name, key):
                cells = replace(cells, row=other.bottom)
        settled[key] = cells
        insort(by_row, (cells.row, number, key))
    return {key: settled[key] for key in places}


def free_place(places: Mapping[str, Cells], width: int, height: int) -> Cells:
    """Return the first place from the top and the left where a view of that size covers nothing."""
    lowest = max((cells.bottom for cells in places.values()), default=0)
    # what can go no higher stands at the top, or on something
    rows = sorted({0, *(cells.bottom for cells in places.values() if cells.bottom > 0)})
    return next(free_places(places.values(), rows, width, height), Cells(0, lowest, width, height))


def place_beside(places: Mapping[str, Cells], beside: Cells, width: int, height: int) -> Cells:
    """Return the free place of a size that is nearest to one that is taken, below or beside it rather than above."""
    lowest = max(cells.bottom for cells in places.values())
    # in each column the nearest is level with it, or stands on something, or hangs below something
    ends = {end for cells in places.values() for end in (cells.bottom, cells.row - height)}
    rows = sorted(row for row in {beside.row, 0, *ends} if 0 <= row <= lowest)
    free = free_places(places.values(), rows, width, height)
    return min(free, key=lambda c: (abs(c.row - beside.row) + abs(c.column - beside.column), c.row < beside.row, c.row))


def free_places(places: Iterable[Cells], rows: Iterable[int], width: int, height: int) -> Iterator[Cells]:
    """Give the places in some rows where a view of that size covers nothing, row by row and from the left."""
    there = list(places)
    for row in rows:
        beside = [cells for cells in there if cells.row < row + height and row < cells.bottom]
        covered = {column for cells in beside for column in range(cells.column, cells.column + cells.width)}
        for column in range(COLUMNS - width + 1):
            if covered.isdisjoint(range(column, column + width)):
                yield Cells(column, row, width, height)


def cells_of_page(flow: Flow, page: str = "") -> dict[str, Cells]:
    """Return where the views of a page stand, by ``function.view``: those of all functions share one grid."""
    panels = flow.header.panel.items()
    views = {f"{function}.{name}": view for function, panel in panels for name, view in panel.items()}
    return {key: Cells.of(view) for key, view in views.items() if view.page == page}
