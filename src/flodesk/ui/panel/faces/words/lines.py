"""The lines of a log as a list has them: those of a filter, taken in by batches, the oldest let go."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from flodesk.indicators.telling import LEVELS, Lines
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

MOST = 20_000
"""Lines that a window keeps at least; where they have become a quarter more, the oldest go."""
MISSED = len(LEVELS)
"""The level of a line that says how many are missing."""
_Index = QModelIndex | QPersistentModelIndex
Row = tuple[float, int, str]


class LogModel(QAbstractListModel):
    """The lines that a filter lets through."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.seen: list[Row] = []
        """Those of `rows` that the filter lets through."""
        self.count = 0
        """How many lines of the log there were, up to the last one that came here."""
        self.log = 0
        self.gap: tuple[Row, int, int] | None = None
        """Of the lines that were taken in last: what stands for those that are missing, how many there were before
        them, and how many they are."""
        self._text = ""
        self._least = 0

    def take(self, lines: Lines) -> int:
        """Take in the lines that are new, and return how many."""
        if lines.log != self.log or lines.count < self.count:
            self.beginResetModel()
            self.rows, self.seen, self.count, self.log = [], [], lines.first, lines.log
            self.endResetModel()
        new = lines.count - self.count
        if new <= 0:
            return 0
        rows: list[Row] = lines.rows(new)
        missing = new - len(rows)
        self.gap = None
        if missing:
            words = f"{missing:,} lines came faster than the screen could take them".replace(",", "\u202f")
            rows.insert(0, (rows[0][0] if rows else time.time(), MISSED, words))
            self.gap = (rows[0], self.count, missing)
        self.count = lines.count
        self.rows += rows
        self._append([row for row in rows if self._passes(row)])
        if len(self.rows) > MOST * 5 // 4:
            self._let_go()
        return new

    def fill(self, gap: Row, lines: Lines, start: int) -> None:
        """Put lines in the place of the row that stood for them; of those that are gone, from `start` on, words."""
        place = next((n for n, row in enumerate(self.rows) if row is gap), -1)
        if place < 0 or lines.log != self.log:
            return  # it has gone meanwhile, or the list begins anew
        rows: list[Row] = lines.rows()
        gone = lines.first - start
        if gone > 0:
            words = f"{gone:,} lines are not kept any more".replace(",", "\u202f")
            rows.insert(0, (gap[0], MISSED, words))
        self.beginResetModel()
        self.rows[place : place + 1] = rows
        self.seen = [row for row in self.rows if self._passes(row)]
        self.endResetModel()

    def _append(self, rows: list[Row]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.seen), len(self.seen) + len(rows) - 1)
            self.seen += rows
            self.endInsertRows()

    def _let_go(self) -> None:
        going = self.rows[: len(self.rows) - MOST]
        self.rows = self.rows[len(going) :]
        gone = sum(map(self._passes, going))
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self.seen[:gone]
            self.endRemoveRows()

    def filter(self, text: str, least: int) -> None:
        """Let only lines of a level, or above it, through that have a text in them, in capitals or not."""
        self.beginResetModel()
        self._text, self._least = text.casefold(), least
        self.seen = [row for row in self.rows if self._passes(row)]
        self.endResetModel()

    def _passes(self, row: Row) -> bool:
        return row[1] >= self._least and (not self._text or self._text in row[2].casefold())

    def clear(self) -> None:
        """Let all lines go that there are."""
        self.beginResetModel()
        self.rows, self.seen = [], []
        self.endResetModel()

    # -------------------------------------------------------------- as Qt asks for it
    def rowCount(self, parent: _Index | None = None) -> int:
        """Lines that the filter lets through."""
        return 0 if parent is not None and parent.isValid() else len(self.seen)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a line: time, level, and text."""
        if not index.isValid() or index.row() >= len(self.seen):
            return None
        row = self.seen[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text_of(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return ink_of(row[1])
        return None


def clock(when: float) -> str:
    """Write the time of a day out, to a thousandth of a second."""
    return f"{time.strftime('%H:%M:%S', time.localtime(when))}.{int(when % 1 * 1000):03d}"


def word_of(level: int) -> str:
    """Return what stands for a level; nothing for that of most lines."""
    return "" if level == 1 else "gap" if level == MISSED else LEVELS[level]


def ink_of(level: int) -> QColor:
    """Return the colour of a level."""
    colors = theme()
    return color((colors.muted, colors.text, colors.warning, colors.error, colors.warning)[level])


def text_of(row: Row) -> str:
    """Write a line out, as it is copied."""
    return f"{clock(row[0])}  {word_of(row[1]) or 'info':<8}{row[2]}"
