"""Guides of a drag: lines along the edges of what is dragged, strong where they meet edges of other views."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from flodesk.ui.panel.layout.grid import Cells, Metrics
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

ALL = "ltrb"


@dataclass(frozen=True, slots=True)
class Guide:
    """A line along an edge of the frame.

    Attributes
    ----------
    edge : str
        ``l``, ``t``, ``r`` or ``b`` of the frame.
    met : tuple of Cells
        The views one of whose edges lies on the line.
    """

    edge: str
    met: tuple[Cells, ...]


def guides(frame: Cells, others: Iterable[Cells], edges: Collection[str] = ALL) -> list[Guide]:
    """Return the lines along edges of a frame, each with those that it meets."""
    near = list(others)
    found = []
    for edge in ALL:
        if edge in edges:
            at = _ends(frame, edge)[edge in "rb"]
            found.append(Guide(edge, tuple(other for other in near if at in _ends(other, edge))))
    return found


def _ends(cells: Cells, edge: str) -> tuple[int, int]:
    """Return where a rectangle begins and ends in the direction in which an edge is moved."""
    return (cells.column, cells.column + cells.width) if edge in "lr" else (cells.row, cells.bottom)


def alike(frame: Cells, others: Iterable[tuple[str, Cells]]) -> str:
    """Say which other views are as wide and as high; empty if none is."""
    wide, high = "", ""
    for title, other in others:
        wide = wide or (title if other.width == frame.width else "")
        high = high or (title if other.height == frame.height else "")
    if wide and wide == high:
        return f"as large as “{wide}”"
    return ", ".join(filter(None, (wide and f"as wide as “{wide}”", high and f"as high as “{high}”")))


def paint_guides(painter: QPainter, metrics: Metrics, frame: Cells, found: Iterable[Guide], size: QSizeF) -> None:
    """Paint the lines: dashed over the whole panel, and solid from the frame to those whose edges they meet."""
    accent = theme().accent
    area = QRectF(*metrics.rectangle(frame))
    for guide in found:
        across = guide.edge in "lr"
        at = {"l": area.left(), "r": area.right(), "t": area.top(), "b": area.bottom()}[guide.edge]
        painter.setPen(QPen(color(accent, 0.35), 1, Qt.PenStyle.DashLine))
        far = size.height() if across else size.width()
        painter.drawLine(*_line(across, at, 0, far))
        if guide.met:
            around = [area, *(QRectF(*metrics.rectangle(cells)) for cells in guide.met)]
            first = min(one.top() if across else one.left() for one in around)
            last = max(one.bottom() if across else one.right() for one in around)
            painter.setPen(QPen(color(accent), 2))
            painter.drawLine(*_line(across, at, first, last))


def _line(across: bool, at: float, first: float, last: float) -> tuple[QPointF, QPointF]:
    ends = (QPointF(at, first), QPointF(at, last))
    return ends if across else (QPointF(first, at), QPointF(last, at))
