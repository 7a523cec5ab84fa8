"""Columns of a table as wide as what is seen of them needs: they grow as wider cells come into view."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTableView

_BESIDE = 28
"""Pixels of a cell that its text has not: the style's margins, and room between the columns."""


class ColumnWidths(QObject):
    """Keeps the columns of one view wide enough, within limits; a column that a hand has sized stays as it is.

    They never become narrower by themselves, so that a table whose values change does not tremble.

    Parameters
    ----------
    view : QTableView
        With a model; only cells on the screen are looked at.
    least, most : int
        Limits in pixels.
    """

    def __init__(self, view: QTableView, least: int, most: int) -> None:
        super().__init__(view)
        self._view, self._least, self._most = view, least, most
        self._by_hand: set[int] = set()
        self._setting = False
        """Whether it is this that sizes a column now, and no hand."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.grow)
        model = view.model()
        header = view.horizontalHeader()
        header.sectionResized.connect(self._resized)
        down, across = view.verticalScrollBar(), view.horizontalScrollBar()
        for moved in (model.dataChanged, model.modelReset, down.valueChanged, down.rangeChanged):
            moved.connect(self._soon)
        for moved in (across.valueChanged, across.rangeChanged):
            moved.connect(self._soon)

    def fit(self, rows: int) -> None:
        """Measure the names of the columns and so many rows anew: the columns are other ones."""
        self._by_hand.clear()
        model, header = self._view.model(), self._view.horizontalHeader()
        for column in range(model.columnCount()):
            name = header.sectionSizeHint(column)
            self._set(column, max(name, self._measured(column, range(min(rows, model.rowCount())))))

    def grow(self) -> None:
        """Make those columns wider of which something is seen that has no room."""
        view = self._view
        if not view.isVisible() or not view.model().rowCount():
            return
        room = view.viewport().rect()
        rows = _seen(view.rowAt(0), view.rowAt(room.bottom()), view.model().rowCount())
        for column in _seen(view.columnAt(0), view.columnAt(room.right()), view.model().columnCount()):
            if column not in self._by_hand:
                self._set(column, max(view.columnWidth(column), self._measured(column, rows)))

    def _measured(self, column: int, rows: range) -> int:
        model, metrics = self._view.model(), self._view.fontMetrics()
        texts = (model.data(model.index(row, column)) for row in rows)
        return max((metrics.horizontalAdvance(str(text)) + _BESIDE for text in texts if text), default=0)

    def _set(self, column: int, wide: int) -> None:
        wide = min(max(wide, self._least), self._most)
        if wide != self._view.columnWidth(column):
            self._setting = True
            self._view.setColumnWidth(column, wide)
            self._setting = False

    def _soon(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def _resized(self, column: int, before: int, now: int) -> None:
        if not self._setting and before and now:
            self._by_hand.add(column)


def _seen(first: int, last: int, count: int) -> range:
    """Return what lies between two places of the view, which are -1 where nothing is."""
    return range(max(first, 0), (last if last >= 0 else count - 1) + 1)
