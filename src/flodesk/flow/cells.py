"""Places on the control panel, as plain numbers: rectangles of cells on a grid of twelve columns, and how they part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
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
    settled: dict[Key, Cells] = {}
    for key in order:
        cells = places[key]
        beside = [other for name, other in settled.items() if meet(name, key)]
        while covered := [other for other in beside if other.overlaps(cells)]:
            cells = replace(cells, row=min(other.bottom for other in covered))
        settled[key] = cells
    return {key: settled[key] for key in places}


def free_place(places: Mapping[str, Cells], width: int, height: int) -> Cells:
    """Return the first place from the top and the left where a view of that size covers nothing."""
    lowest = max((cells.bottom for cells in places.values()), default=0)
    for row in range(lowest + 1):
        for column in range(COLUMNS - width + 1):
            cells = Cells(column, row, width, height)
            if not any(cells.overlaps(other) for other in places.values()):
                return cells
    return Cells(0, lowest, width, height)


def cells_of_page(flow: Flow, page: str = "") -> dict[str, Cells]:
    """Return where the views of a page stand, by ``function.view``: those of all functions share one grid."""
    panels = flow.header.panel.items()
    views = {f"{function}.{name}": view for function, panel in panels for name, view in panel.items()}
    return {key: Cells.of(view) for key, view in views.items() if view.page == page}
