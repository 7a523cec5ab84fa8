"""Arranging the panel by hand: a sheet of glass over the cards that takes mouse and keys while the panel is edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from flodesk.ui.panel.layout.grid import COLUMNS, Cells, Metrics, make_room
from flodesk.ui.panel.paint import RADIUS, color
from flodesk.ui.theme import theme

_EDGE = 9
_CURSORS = {
    frozenset("l"): Qt.CursorShape.SizeHorCursor, frozenset("r"): Qt.CursorShape.SizeHorCursor,
    frozenset("t"): Qt.CursorShape.SizeVerCursor, frozenset("b"): Qt.CursorShape.SizeVerCursor,
    frozenset("lt"): Qt.CursorShape.SizeFDiagCursor, frozenset("rb"): Qt.CursorShape.SizeFDiagCursor,
    frozenset("rt"): Qt.CursorShape.SizeBDiagCursor, frozenset("lb"): Qt.CursorShape.SizeBDiagCursor,
    frozenset(): Qt.CursorShape.SizeAllCursor,
}  # fmt: skip


class Arranged(Protocol):
    """What the glass lies over."""

    def places(self) -> dict[str, Cells]:
        """Return where each view is."""

    def metrics(self) -> Metrics:
        """Return how cells become pixels now."""

    def preview(self, places: Mapping[str, Cells]) -> None:
        """Show the cards there, without changing the flow."""

    def menu_of(self, key: str) -> QMenu:
        """Return the context menu of a view."""


@dataclass(frozen=True, slots=True)
class _Drag:
    """A gesture under way: which view, by which edges (none moves it), from which point, and where all were before."""

    key: str
    edges: frozenset[str]
    start: QPoint
    before: Mapping[str, Cells]


class Glass(QWidget):
    """Catches what the hand does in edit mode. One drag is one `arranged`."""

    arranged = Signal(dict)
    """New places of all views, after a drag or a key."""
    removal_wanted = Signal(str)

    def __init__(self, board: QWidget, arranged: Arranged) -> None:
        super().__init__(board)
        self._board = arranged
        self.selected = ""
        self._drag: _Drag | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.hide()

    # -------------------------------------------------------------- what is where
    def _rectangle(self, cells: Cells) -> QRect:
        return QRect(*self._board.metrics().rectangle(cells))

    def _hit(self, at: QPoint) -> tuple[str, frozenset[str]]:
        """Return the view at a point and which of its edges are near; the selected one wins."""
        places = self._board.places()
        for key in sorted(places, key=lambda key: key != self.selected):
            area = self._rectangle(places[key])
            if area.adjusted(-3, -3, 3, 3).contains(at):
                across = {"l": at.x() - area.left(), "r": area.right() - at.x()}
                near = {**across, "t": at.y() - area.top(), "b": area.bottom() - at.y()}
                edges = frozenset(name for name, distance in near.items() if distance < _EDGE)
                return key, edges if len(edges) < 3 else frozenset()
        return "", frozenset()

    # -------------------------------------------------------------- mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select, and take hold of a card or one of its edges."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        key, edges = self._hit(event.position().toPoint())
        self.select(key)
        if key:
            self._drag = _Drag(key, edges, event.position().toPoint(), self._board.places())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what letting go here would do."""
        at = event.position().toPoint()
        if self._drag is None:
            key, edges = self._hit(at)
            self.setCursor(_CURSORS.get(edges, Qt.CursorShape.SizeAllCursor) if key else Qt.CursorShape.ArrowCursor)
            return
        target = self._target(at)
        self._board.preview(make_room({**self._drag.before, self._drag.key: target}, self._drag.key))
        size = f"{target.width} × {target.height} at column {target.column + 1}, row {target.row + 1}"
        QToolTip.showText(event.globalPosition().toPoint() + QPoint(14, 18), size, self)
        self.update()

    def _target(self, at: QPoint) -> Cells:
        """Return where the dragged view goes for this place of the mouse."""
        assert self._drag is not None
        moved = at - self._drag.start
        dx, dy = self._board.metrics().steps(moved.x(), moved.y())
        cells, edges = self._drag.before[self._drag.key], self._drag.edges
        if not edges:
            return replace(
                cells, column=min(max(cells.column + dx, 0), COLUMNS - cells.width), row=max(cells.row + dy, 0)
            )
        left, top, right, bottom = cells.column, cells.row, cells.column + cells.width, cells.bottom
        if "l" in edges:
            left = min(max(left + dx, 0), right - 1)
        if "r" in edges:
            right = min(max(right + dx, left + 1), COLUMNS)
        if "t" in edges:
            top = min(max(top + dy, 0), bottom - 1)
        if "b" in edges:
            bottom = max(bottom + dy, top + 1)
        return Cells(left, top, right - left, bottom - top)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the places become an edit, if they are other ones."""
        if self._drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        target = self._target(event.position().toPoint())
        places = make_room({**self._drag.before, self._drag.key: target}, self._drag.key)
        changed = places != self._drag.before
        self._drag = None
        QToolTip.hideText()
        if changed:
            self.arranged.emit(places)
        self.update()

    def _cancel(self) -> None:
        if self._drag is not None:
            self._board.preview(self._drag.before)
            self._drag = None
            QToolTip.hideText()
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the view that was hit."""
        key, _ = self._hit(event.pos())
        self.select(key)
        if key:
            menu = self._board.menu_of(key)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    # -------------------------------------------------------------- keys
    def event(self, event: QEvent) -> bool:
        """Take Tab for walking from view to view, and Escape before a shortcut of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()))
            if step and self._walk(step):
                return True
        return super().event(event)

    def _walk(self, step: int) -> bool:
        places = self._board.places()
        order = sorted(places, key=lambda key: (places[key].row, places[key].column))
        at = order.index(self.selected) + step if self.selected in order else (0 if step > 0 else len(order) - 1)
        if not 0 <= at < len(order):
            return False
        self.select(order[at])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows, resize by them with Shift, remove by Delete, let go by Escape."""
        key = Qt.Key(event.key())
        places = self._board.places()
        if key == Qt.Key.Key_Escape:
            if self._drag is None:
                self.select("")
            self._cancel()
        elif self.selected not in places or self._drag is not None or key not in _KEYS:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_wanted.emit(self.selected)
        else:
            dx, dy = _ARROWS[key]
            cells = places[self.selected]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                width = min(max(cells.width + dx, 1), COLUMNS - cells.column)
                target = replace(cells, width=width, height=max(cells.height + dy, 1))
            else:
                column = min(max(cells.column + dx, 0), COLUMNS - cells.width)
                target = replace(cells, column=column, row=max(cells.row + dy, 0))
            if target != cells:
                self.arranged.emit(make_room({**places, self.selected: target}, self.selected))

    def select(self, key: str) -> None:
        """Select a view, or none."""
        self.selected = key
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End a drag that lost the window."""
        if event.reason() in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._cancel()
        super().focusOutEvent(event)

    # -------------------------------------------------------------- looks
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grid, an outline round each card, and handles on the selected one."""
        colors = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self._board.metrics()
        if self._drag is not None:
            self._paint_columns(painter, metrics)
        for key, cells in self._board.places().items():
            area = QRectF(self._rectangle(cells))
            chosen = key == self.selected
            painter.setPen(QPen(color(colors.accent if chosen else colors.line_strong), 2 if chosen else 1))
            painter.setBrush(color(colors.accent, 0.06) if chosen else Qt.BrushStyle.NoBrush)
            inset = 1.0 if chosen else 0.5
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
            if chosen:
                painter.setBrush(color(colors.raised))
                for x in (area.left() + 1, area.center().x(), area.right() - 1):
                    for y in (area.top() + 1, area.center().y(), area.bottom() - 1):
                        if (x, y) != (area.center().x(), area.center().y()):
                            painter.drawRect(QRectF(x - 3, y - 3, 6, 6))
        painter.end()

    def _paint_columns(self, painter: QPainter, metrics: Metrics) -> None:
        """Paint the columns as guides, and lines along the edges of the dragged view."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme().accent, 0.05))
        for column in range(COLUMNS):
            x, _, width, _ = metrics.rectangle(Cells(column, 0, 1, 1))
            painter.drawRect(x, 0, width, self.height())
        assert self._drag is not None
        area = self._rectangle(self._board.places()[self._drag.key])
        painter.setPen(QPen(color(theme().accent, 0.5), 1, Qt.PenStyle.DashLine))
        for x in (area.left(), area.right()):
            painter.drawLine(x, 0, x, self.height())
        for y in (area.top(), area.bottom()):
            painter.drawLine(0, y, self.width(), y)


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_KEYS = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape, *_ARROWS}
