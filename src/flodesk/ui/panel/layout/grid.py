"""The snap grid of the control panel in pixels: twelve columns that share the width, rows of one height."""

from __future__ import annotations

from dataclasses import dataclass

from flodesk.flow.cells import COLUMNS, Cells, free_place, make_room, placed

ROW = 48
"""Height of a row in pixels, the gap below it included."""
HIGH_ROW = 64
"""The same where fingers work."""
GAP = 8
MARGIN = 12
NARROWEST = 36
"""Width of a column in pixels when the panel scrolls sideways."""
TIGHTEST = 32
"""Width under which it does so: a little tighter than that, as nobody scrolls for a few pixels."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Turns cells into pixels for a panel that is `width` pixels wide."""

    width: int
    row: int = ROW
    """Height of a row in pixels."""

    @property
    def column(self) -> float:
        """Width of a column with its gap, in pixels."""
        share = (self.width - 2 * MARGIN + GAP) / COLUMNS
        return share if share >= TIGHTEST else NARROWEST

    def rectangle(self, cells: Cells) -> tuple[int, int, int, int]:
        """Return x, y, width and height in pixels; edges of neighbours line up whatever the rounding."""
        left = round(MARGIN + cells.column * self.column)
        right = round(MARGIN + (cells.column + cells.width) * self.column) - GAP
        return left, MARGIN + cells.row * self.row, right - left, cells.height * self.row - GAP

    def size(self, rows: int) -> tuple[int, int]:
        """Return the width and height in pixels that so many rows need."""
        return round(2 * MARGIN - GAP + COLUMNS * self.column), 2 * MARGIN - GAP + rows * self.row

    def steps(self, dx: float, dy: float) -> tuple[int, int]:
        """Return the columns and rows that a movement in pixels comes to."""
        return round(dx / self.column), round(dy / self.row)

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Return the column and row of a point, brought back onto the grid."""
        column = int((x - MARGIN) // self.column)
        return min(max(column, 0), COLUMNS - 1), max(int((y - MARGIN) // self.row), 0)


__all__ = ["COLUMNS", "Cells", "Metrics", "free_place", "make_room", "placed"]
