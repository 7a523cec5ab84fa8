"""A rectangle on a picture, moved and resized by mouse and keys: whole columns and rows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

GRIP = 7.0
"""So near, in pixels, a hand takes an edge or a corner."""
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


_CURSORS = {
    "n": Qt.CursorShape.SizeVerCursor, "s": Qt.CursorShape.SizeVerCursor,
    "w": Qt.CursorShape.SizeHorCursor, "e": Qt.CursorShape.SizeHorCursor,
    "nw": Qt.CursorShape.SizeFDiagCursor, "se": Qt.CursorShape.SizeFDiagCursor,
    "ne": Qt.CursorShape.SizeBDiagCursor, "sw": Qt.CursorShape.SizeBDiagCursor,
    "in": Qt.CursorShape.SizeAllCursor,
}  # fmt: skip


def cursor_of(grip: str) -> Qt.CursorShape:
    """Return what the mouse looks like over a part of a region, as `Region.grip` names it."""
    return _CURSORS.get(grip, Qt.CursorShape.ArrowCursor)


class Region:
    """Columns and rows of a picture; none until it is set up."""

    def __init__(self) -> None:
        self.cells: QRect | None = None
        self._size = QSize()
        self._held: tuple[str, QRect, QPoint] | None = None

    def fit(self, columns: int, rows: int) -> None:
        """Stay within a picture of this size."""
        self._size = QSize(columns, rows)
        if self.cells is not None:
            self.cells = self._within(self.cells)

    def set_up(self, cells: QRect) -> None:
        """Begin with these columns and rows."""
        self.cells = self._within(cells)

    def _within(self, cells: QRect) -> QRect:
        wide, high = min(max(cells.width(), 1), self._size.width()), min(max(cells.height(), 1), self._size.height())
        left = min(max(cells.left(), 0), self._size.width() - wide)
        top = min(max(cells.top(), 0), self._size.height() - high)
        return QRect(left, top, wide, high)

    # -------------------------------------------------------------- hands
    def grip(self, at: QPointF, box: QRectF) -> str:
        """Return what of the rectangle is under the mouse: ``n``, ``se``, ``in``, or nothing."""
        if self.cells is None or not box.adjusted(-GRIP, -GRIP, GRIP, GRIP).contains(at):
            return ""
        near = {
            "n": abs(at.y() - box.top()),
            "s": abs(at.y() - box.bottom()),
            "w": abs(at.x() - box.left()),
            "e": abs(at.x() - box.right()),
        }
        up = min(("n", "s"), key=lambda side: near[side])
        across = min(("w", "e"), key=lambda side: near[side])
        found = (up if near[up] <= GRIP else "") + (across if near[across] <= GRIP else "")
        return found or "in"

    def press(self, grip: str, cell: QPoint) -> None:
        """Take hold of it."""
        assert self.cells is not None
        self._held = (grip, QRect(self.cells), cell)

    @property
    def held(self) -> bool:
        """Whether a hand holds it."""
        return self._held is not None

    def drag(self, cell: QPoint) -> None:
        """Follow the hand."""
        if self._held is None:
            return
        grip, before, start = self._held
        by = cell - start
        if grip == "in":
            self.cells = self._within(before.translated(by))
            return
        self.cells = self._within(
            before.adjusted(
                min(by.x(), before.width() - 1) if "w" in grip else 0,
                min(by.y(), before.height() - 1) if "n" in grip else 0,
                max(by.x(), 1 - before.width()) if "e" in grip else 0,
                max(by.y(), 1 - before.height()) if "s" in grip else 0,
            ).intersected(QRect(QPoint(0, 0), self._size))
        )

    def release(self) -> None:
        """Let go of it."""
        self._held = None

    def key(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Move it by an arrow key, or its lower right corner with Shift; ten steps with Ctrl."""
        by = next((step for name, step in _KEYS.items() if name == key), None)
        if self.cells is None or by is None:
            return False
        times = 10 if modifiers & Qt.KeyboardModifier.ControlModifier else 1
        x, y = by[0] * times, by[1] * times
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            room = QRect(QPoint(0, 0), self._size)
            grown = QRect(self.cells.topLeft(), self.cells.size() + QSize(x, y))
            self.cells = self._within(grown.intersected(room) if grown.isValid() else self.cells)
        else:
            self.cells = self._within(self.cells.translated(x, y))
        return True

    # -------------------------------------------------------------- paint
    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Paint it over the picture, dark and light so that it is seen on any."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((color("#000000", 0.6), 3.0), (color(theme().accent), 1.5)):
            painter.setPen(QPen(ink, width))
            painter.drawRect(box)
        painter.setPen(QPen(color("#000000", 0.6), 1))
        painter.setBrush(color(theme().accent))
        for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight()):
            painter.drawRect(QRectF(corner.x() - 3, corner.y() - 3, 6, 6))
