"""The snap grid of the control panel: twelve columns that share the width, rows of one height, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flodesk.flow.model import View

COLUMNS = 12
ROW = 48
"""Height of a row in pixels, the gap below it included."""
GAP = 8
MARGIN = 12
NARROWEST = 36
"""Width of a column in pixels when the panel scrolls sideways."""
TIGHTEST = 32
"""Width under which it does so: a little tighter than that, as nobody scrolls for a few pixels."""


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
        return Cells(column, max(self.row, 0), width, max(self.height, 1))

    def overlaps(self, other: Cells) -> bool:
        """Return whether the two share a cell."""
        across = self.column < other.column + other.width and other.column < self.column + self.width
        return across and self.row < other.row + other.height and other.row < self.row + self.height

    @property
    def bottom(self) -> int:
        """The first row below."""
        return self.row + self.height


def placed(view: View, cells: Cells) -> View:
    """Return the view at another place."""
    return replace(view, column=cells.column, row=cells.row, width=cells.width, height=cells.height)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Turns cells into pixels for a panel that is `width` pixels wide."""

    width: int

    @property
    def column(self) -> float:
        """Width of a column with its gap, in pixels."""
        share = (self.width - 2 * MARGIN + GAP) / COLUMNS
        return share if share >= TIGHTEST else NARROWEST

    def rectangle(self, cells: Cells) -> tuple[int, int, int, int]:
        """Return x, y, width and height in pixels; edges of neighbours line up whatever the rounding."""
        left = round(MARGIN + cells.column * self.column)
        right = round(MARGIN + (cells.column + cells.width) * self.column) - GAP
        return left, MARGIN + cells.row * ROW, right - left, cells.height * ROW - GAP

    def size(self, rows: int) -> tuple[int, int]:
        """Return the width and height in pixels that so many rows need."""
        return round(2 * MARGIN - GAP + COLUMNS * self.column), 2 * MARGIN - GAP + rows * ROW

    def steps(self, dx: float, dy: float) -> tuple[int, int]:
        """Return the columns and rows that a movement in pixels comes to."""
        return round(dx / self.column), round(dy / ROW)

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Return the column and row of a point, brought back onto the grid."""
        column = int((x - MARGIN) // self.column)
        return min(max(column, 0), COLUMNS - 1), max(int((y - MARGIN) // ROW), 0)


def make_room(places: Mapping[str, Cells], moved: str) -> dict[str, Cells]:
    """Push down what `moved` covers, and what that covers in turn, and leave all else where it is.

    Parameters
    ----------
    places : mapping of view to Cells
        As the hand left them; those that overlapped before are parted too.
    moved : str
        The view that keeps its place.
    """
    order = sorted((key for key in places if key != moved), key=lambda key: (places[key].row, places[key].column))
    settled = {moved: places[moved]}
    for key in order:
        cells = places[key]
        while covered := [other for other in settled.values() if other.overlaps(cells)]:
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
