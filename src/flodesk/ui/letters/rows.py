"""The list of dead letters as Qt asks for it: the newest first, quick also where there are thousands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from flodesk.engine.letters import Head
from flodesk.ui.letters.words import flow_name, tip, when
from flodesk.ui.theme import theme

COLUMNS = ("When", "Flow", "Node", "Turn", "Tries", "Message")
WHEN, FLOW, NODE, TURN, TRIES, MESSAGE = range(6)
_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class Rows(QAbstractTableModel):
    """Heads of letters in rows."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[Head] = []

    def show_heads(self, heads: list[Head]) -> None:
        """Show these instead of those before."""
        if heads != self.heads:
            self.beginResetModel()
            self.heads = list(heads)
            self.endResetModel()

    def put(self, head: Head) -> None:
        """Show a new letter at the top, or one that has failed again where it stands."""
        for row, known in enumerate(self.heads):
            if known.id == head.id:
                self.heads[row] = replace(head, count=known.count + 1, iteration=known.iteration, size=known.size)
                self.dataChanged.emit(self.index(row, 0), self.index(row, MESSAGE))
                return
        self.beginInsertRows(_NONE, 0, 0)
        self.heads.insert(0, head)
        self.endInsertRows()

    def row_of(self, id: int) -> int:
        """Return where a letter stands; -1 if it is not there."""
        return next((row for row, head in enumerate(self.heads) if head.id == id), -1)

    # -------------------------------------------------------------- what Qt asks for
    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return how many letters there are."""
        return 0 if parent.isValid() else len(self.heads)

    def columnCount(self, parent: _Index = _NONE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section in (TURN, TRIES):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        head, column = self.heads[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(head, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(head)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (TURN, TRIES):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == MESSAGE:
            return QColor(theme().error)
        if role == Qt.ItemDataRole.ForegroundRole and column == TRIES and head.count > 1:
            return QColor(theme().warning)
        return None


def _cell(head: Head, column: int) -> str:
    if column == WHEN:
        return when(head.time)
    if column == FLOW:
        return flow_name(head.path)
    if column == NODE:
        return head.node
    if column == TURN:
        return f"{head.iteration:,}".replace(",", "\u202f")
    return str(head.count) if column == TRIES else " ".join(head.error.split())
