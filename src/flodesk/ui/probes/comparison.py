"""The values of a probe at two moments, and what is different between them, side by side."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from flodesk.engine.probing import Kept
from flodesk.ui.canvas.hover_card import in_one_unit

_HEADS = ("A", "B", "B − A")
_ROWS = ("min", "max", "mean", "std")


class Comparison(QWidget):
    """Three columns: at A, at B, and B minus A; hidden until one of the moments is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The moments A and B compared")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(1)
        self.rows: list[tuple[str, ...]] = []
        self.hide()

    def show_sides(self, sides: tuple[Kept | None, ...], unit: str) -> None:
        """Show what there is."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        known = any(side is not None for side in sides[:2])
        self.setVisible(known)
        self.rows = rows_of(sides, unit) if known else []
        for number, row in enumerate(self.rows):
            for column, text in enumerate(row):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("role", "small" if number == 0 or column == 0 else "figure")
                if column:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight)
                    self._grid.setColumnStretch(column, 1)
                self._grid.addWidget(label, number, column)


def rows_of(sides: tuple[Kept | None, ...], unit: str) -> list[tuple[str, ...]]:
    """Return the rows of the comparison: heads, turns, then the values or their statistics."""
    places = [side.place if side is not None else None for side in sides]
    turns = [
        f"turn {place.turn}" if place and place.turn else f"no. {place.number}" if place else "" for place in places
    ]
    rows: list[tuple[str, ...]] = [("", *_HEADS), ("", *turns[:2], "")]
    found = [side.insight.statistics if side is not None else None for side in sides]
    if any(numbers is not None for numbers in found):
        own = next((side.insight.unit for side in sides if side is not None and side.insight.unit), unit)
        columns = [(n.low, n.high, n.mean, n.deviation) if n is not None else (float("nan"),) * 4 for n in found]
        texts, shown = in_one_unit([number for column in columns for number in column], own)
        for place, name in enumerate(_ROWS):
            rows.append((f"{name} ({shown})" if shown else name, *(texts[4 * side + place] for side in range(3))))
        return rows
    numbers = [_number(side) for side in sides]
    if all(number is not None for number in numbers[: 1 + (sides[1] is not None)]):
        texts, shown = in_one_unit([float("nan") if n is None else n for n in numbers], unit, 6)
        return [*rows, (shown or "value", *texts)]
    words = [side.insight.text if side is not None else "–" for side in sides]
    if sides[2] is not None and isinstance(sides[2].value, bool):
        words[2] = "the same" if sides[2].value else "different"
    return [*rows, ("value", *(text[:24] for text in words))]


def _number(side: Kept | None) -> float | None:
    value: Any = side.value if side is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
