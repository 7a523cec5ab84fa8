"""The rows of a table as Qt wants them: those that are here, and those that are asked for as they come into view."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from flodesk.indicators.columns import arranged
from flodesk.public import Table

PAGE = 250
"""Rows that are asked for at once."""
MOST_PAGES = 40
"""Pages that are kept; the others are asked for again."""
_Index = QModelIndex | QPersistentModelIndex
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
SAMPLE = 40
"""Rows that the widths of columns are measured on."""
_MIDNIGHT = " 00:00:00"
_TIMED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*")
"""A date with a time of the day, as pandas writes it."""


class SheetModel(QAbstractTableModel):
    """A pandas DataFrame (or None) in some order. Columns are read into arrays when first shown.

    Of a table of which only the first rows came over (``attrs["shape"]`` says how many there are) the others are
    fetched: `wanted` is emitted with the number of a page, and `show_page` brings it.
    """

    wanted = Signal(int)
    counted = Signal()
    """Another number of rows is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: Table = None
        self.order: tuple[int, bool] | None = None
        self.find = ""
        self._columns: dict[int, Any] = {}
        self._names: list[str] = []
        self._rows = 0
        self._timed: set[int] = set()
        """The columns of which not all dates are days: midnight is told, too."""
        self._order: Any = None
        self._pages: dict[int, Table] = {}
        self.fetches = False
        """Whether somebody brings the rows that are not here."""
        self._asked: dict[int, int] = {}
        """The pages that are on their way, and which table they were asked of."""
        self._epoch = 0
        self._stale: set[int] = set()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._ask)
        self._next: list[int] = []

    # -------------------------------------------------------------- the table
    def show_table(self, table: Table) -> bool:
        """Replace the table; True if its columns are other ones."""
        names = [] if table is None else [str(name) for name in table.columns]
        changed = names != self._names
        if changed:
            self.order, self._pages, self._timed = None, {}, set()
        self._stale = set(self._pages)
        self._epoch += 1
        self.table, self._columns = table, {}
        self._order = None if self.partial or table is None else arranged(table, self.order, self.find)
        rows = self._rows if self.partial and self.arranged and not changed else self._count()
        if not changed and rows == self._rows and rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(names) - 1))
            return False
        self.beginResetModel()
        self._names, self._rows = names, rows
        self.endResetModel()
        self.counted.emit()
        return changed

    @property
    def whole(self) -> int:
        """How many rows the table has."""
        return 0 if self.table is None else int(self.table.attrs.get("shape", self.table.shape)[0])

    @property
    def partial(self) -> bool:
        """Whether only some of its rows are here."""
        return self.fetches and self.table is not None and self.whole > len(self.table)

    @property
    def arranged(self) -> bool:
        """Whether its rows are not all there, or not in their own order."""
        return self.order is not None or bool(self.find)

    def _count(self) -> int:
        if self.table is None:
            return 0
        if self._order is not None:
            return len(self._order)
        return self.whole if self.partial else len(self.table)

    def arrange(self, sort: tuple[int, bool] | None, find: str) -> None:
        """Show only rows with a text in them, and in the order of a column."""
        if (sort, find) == (self.order, self.find):
            return
        self.beginResetModel()
        self.order, self.find = sort, find
        self._pages, self._stale = {}, set()
        self._asked.clear()
        self._epoch += 1
        self._order = None if self.partial or self.table is None else arranged(self.table, sort, find)
        self._rows = self._count()
        self.endResetModel()
        self.counted.emit()
        if self.partial and self.arranged:
            self._want(0)

    # -------------------------------------------------------------- pages
    def show_page(self, number: int, part: Table, total: int) -> None:
        """Take in rows that were asked for, and how many there are in all in this order."""
        if self._asked.pop(number, None) == self._epoch:
            self._stale.discard(number)
        else:
            self._stale.add(number)  # there is a newer table by now
        self._pages.pop(number, None)
        self._pages[number] = part
        self._timed |= {n for n in range(part.shape[1]) if n not in self._timed and not _days(part.iloc[:, n].array)}
        while len(self._pages) > MOST_PAGES:
            self._pages.pop(next(iter(self._pages)))
        if total != self._rows and self.partial:
            self.beginResetModel()
            self._rows = total
            self.endResetModel()
            self.counted.emit()
        elif len(part) and self._rows:
            first = number * PAGE
            self.dataChanged.emit(
                self.index(first, 0), self.index(min(first + len(part), self._rows) - 1, len(self._names) - 1)
            )

    def missed(self, number: int) -> None:
        """Note that a page could not be had; it is asked for again when it is seen again."""
        self._asked.pop(number, None)

    def _want(self, number: int) -> None:
        if number in self._asked or number in self._next:
            return
        self._next.append(number)
        if not self._later.isActive():
            self._later.start()

    def _ask(self) -> None:
        """Ask for what is seen; of much that was only passed by, for the last of it."""
        wanted, self._next = self._next[-3:], []
        for number in wanted:
            self._asked[number] = self._epoch
            self.wanted.emit(number)

    def _cell(self, row: int, column: int) -> Any:
        """Return a cell; nothing while its row is on its way."""
        if not self.partial:
            return self._column(column)[0][row if self._order is None else self._order[row]]
        if not self.arranged and row < len(self.table):
            return self._column(column)[0][row]
        number = row // PAGE
        page = self._pages.get(number)
        if page is None or number in self._stale:
            self._want(number)
        if page is None or row % PAGE >= len(page) or column >= page.shape[1]:
            return None
        return page.iat[row % PAGE, column]

    def label(self, row: int) -> Any:
        """Return a row's own name."""
        if not self.partial:
            return self.table.index[row if self._order is None else self._order[row]]
        if not self.arranged and row < len(self.table):
            return self.table.index[row]
        page = self._pages.get(row // PAGE)
        return page.index[row % PAGE] if page is not None and row % PAGE < len(page) else None

    # -------------------------------------------------------------- as Qt asks for it
    def _column(self, number: int) -> Any:
        if number not in self._columns:
            series = self.table.iloc[:, number]
            kind = getattr(series.dtype, "kind", "O")
            decimals = _decimals(series.array[:SAMPLE]) if kind == "f" else None
            if number not in self._timed and not _days(series.array[:PAGE]):
                self._timed.add(number)
            self._columns[number] = (series.array, kind, decimals)
        return self._columns[number]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Rows of the table."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: _Index | None = None) -> int:
        """Columns of the table, its index not counted."""
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell's text, or its side: numbers to the right."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if self._column(index.column())[1] in "fiuc" else _TEXT
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            decimals = self._column(index.column())[2]
            return cell_text(self._cell(index.row(), index.column()), decimals, days=index.column() not in self._timed)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a column's name or a row's label."""
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Horizontal:
                return self._names[section] if section < len(self._names) else None
            return cell_text(self.label(section)) if section < self._rows else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = orientation == Qt.Orientation.Horizontal and section < len(self._names)
            return _TEXT if across and self._column(section)[1] not in "fiuc" else _NUMBER
        return None


def _decimals(cells: Any) -> int | None:
    """Return how many decimals numbers of a column need, so that its points stand one below the other.

    None where they need more than four, or are so large or small that digits count and not decimals.
    """
    numbers = [float(cell) for cell in cells if cell == cell]
    if any(abs(number) >= 1e9 or 0 < abs(number) < 1e-3 for number in numbers):
        return None
    return next((n for n in range(5) if all(abs(round(v, n) - v) <= 1e-9 * max(abs(v), 1) for v in numbers)), None)


def _days(cells: Any) -> bool:
    """Say whether no cell is a time of a day: dates among them need no midnight."""
    if getattr(cells.dtype, "kind", "O") not in "OM":
        return True
    return not any(_TIMED.fullmatch(str(cell)) and not str(cell).endswith(_MIDNIGHT) for cell in cells)


def cell_text(value: Any, decimals: int | None = None, *, days: bool = True) -> str:
    """Return a cell as text: a number with so many decimals (None: six digits), nothing for what is missing.

    Of a date at midnight it is the day, if the others of its column are `days`, too.
    """
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return ""
    if isinstance(value, float):
        text = f"{value:.6g}" if decimals is None else f"{value:.{decimals}f}"
        return text.replace("-", "−")
    text = str(value)
    return text.removesuffix(_MIDNIGHT) if days else text
