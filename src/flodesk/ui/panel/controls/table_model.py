"""The cells of a table that is typed, as Qt wants them: with an empty row below, in which the next one begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from flodesk.ui.panel.tabular import KINDS, RefusedError, Tabular, text_of

_Index = QModelIndex | QPersistentModelIndex
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel):
    """Shows a table, and hands on what is typed into it.

    Attributes
    ----------
    change : callable
        Takes what is to become of the table, as a function from the old to the new one; False if that was refused.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = Tabular()
        self.fixed = False
        """Whether nothing can be typed: a wire sets it, or the script says something else."""
        self.change: Callable[[Callable[[Tabular], Tabular]], bool] = lambda make: False

    def show_table(self, table: Tabular, fixed: bool) -> None:
        """Show another table; the selection stays where rows and columns do."""
        same = (table.columns, len(table.rows), fixed) == (self.table.columns, len(self.table.rows), self.fixed)
        if same:
            self.table = table
            if table.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(table.rows) - 1, len(table.columns) - 1))
            return
        self.beginResetModel()
        self.table, self.fixed = table, fixed
        self.endResetModel()

    # -------------------------------------------------------------- what Qt asks
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Rows, and the empty one."""
        room = not self.fixed and bool(self.table.columns) and not self.table.full
        return 0 if parent.isValid() else len(self.table.rows) + room

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Columns."""
        return 0 if parent.isValid() else len(self.table.columns)

    def cell(self, index: _Index) -> Any:
        """Return the value of a cell; None in the row below."""
        return self.table.rows[index.row()][index.column()] if index.row() < len(self.table.rows) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and side of a cell; texts stand left, all else right."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text_of(self.cell(index))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if self.table.columns[index.column()].kind in ("number", "integer") else _TEXT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name of a column, number of a row; a plus at the one that begins another."""
        if orientation == Qt.Orientation.Vertical:
            new = section >= len(self.table.rows)
            if role == Qt.ItemDataRole.DisplayRole:
                return "+" if new else str(section + 1)
            return "Type here for another row" if new and role == Qt.ItemDataRole.ToolTipRole else None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == Qt.ItemDataRole.ToolTipRole:
            how = "" if self.fixed else "\nDouble click to rename it; a right click changes its type."
            return f"{column.name}: {KINDS[column.kind].lower()}{how}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if column.kind in ("number", "integer") else _TEXT
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every cell can be typed into."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if self.fixed else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed; what is the same as before changes nothing, and an empty text begins no row."""
        row, column, text = index.row(), index.column(), str(value)
        if role != Qt.ItemDataRole.EditRole or text == text_of(self.cell(index)):
            return False
        return self.change(lambda table: table.with_cell(row, column, text))

    def refusal(self, index: _Index, text: str) -> str:
        """Return why a text cannot be typed into a cell; empty if it can."""
        try:
            self.table.with_cell(index.row(), index.column(), text)
        except RefusedError as refused:
            return str(refused)
        return ""
