"""A list of things that a server tells again and again: what is chosen stays so, and what is the same stays put."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView

from flodesk.ui.focus import keep_keys
from flodesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
ROW = int(Qt.ItemDataRole.UserRole)
"""Role under which a cell has the thing that its row shows."""
_ORDER = ROW + 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    words : callable
        Gives what stands in it for a thing.
    order : callable, optional
        Gives what the column is sorted by, where that is not what stands in it.
    color : callable, optional
        Gives the name of the theme's colour for its words; empty for that of text.
    tip : callable, optional
        Gives more words about it.
    """

    title: str
    width: int
    words: Callable[[Any], str]
    right: bool = False
    order: Callable[[Any], Any] | None = None
    color: Callable[[Any], str] | None = None
    tip: Callable[[Any], str] | None = None


class Rows(QAbstractTableModel):
    """Things in rows, known by their keys."""

    def __init__(self, columns: Sequence[Column], key: Callable[[Any], str]) -> None:
        super().__init__()
        self.columns, self.key = columns, key
        self.things: list[Any] = []

    def show_things(self, things: Sequence[Any]) -> bool:
        """Show these instead of those before; returns whether other rows stand there now."""
        same = [self.key(thing) for thing in things] == [self.key(thing) for thing in self.things]
        if same:
            changed = [at for at, thing in enumerate(things) if thing != self.things[at]]
            self.things = list(things)
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1))
            return False
        self.beginResetModel()
        self.things = list(things)
        self.endResetModel()
        return True

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.things)

    def columnCount(self, parent: _Index = _NONE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        thing, column = self.things[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(thing)
        if role == ROW:
            return thing
        if role == _ORDER:
            return column.order(thing) if column.order is not None else column.words(thing).casefold()
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(thing) if column.tip is not None else column.words(thing)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.color is not None and (name := column.color(thing)):
            return QColor(getattr(theme(), name))
        return None


class _Sieve(QSortFilterProxyModel):
    """Lets those rows pass in which all words stand that are looked for, in any column."""

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self.setSortRole(_ORDER)

    def look_for(self, text: str) -> None:
        self.beginResetModel()
        self._words = text.casefold().split()
        self.endResetModel()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        rows = self.sourceModel()
        if not self._words or not isinstance(rows, Rows):
            return True
        whole = " ".join(column.words(rows.things[row]) for column in rows.columns).casefold()
        return all(word in whole for word in self._words)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        a, b = left.data(_ORDER), right.data(_ORDER)
        return bool(a < b)


class Listing(QTreeView):
    """Shows them. Del, Ctrl+C and Enter are told by `dropped`, `copied` and `entered_on`."""

    chosen_changed = Signal()
    dropped = Signal()
    copied = Signal()
    entered_on = Signal()

    def __init__(self, name: str, columns: Sequence[Column], key: Callable[[Any], str]) -> None:
        super().__init__()
        self.rows = Rows(columns, key)
        self.rows.setParent(self)
        self._sieve = _Sieve()
        self._sieve.setParent(self)
        self._sieve.setSourceModel(self.rows)
        self.setModel(self._sieve)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        keep_keys(self)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.setSortingEnabled(True)
        self.header().setSortIndicatorClearable(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the order that the server's list has
        for place, column in enumerate(columns):
            self.setColumnWidth(place, column.width)
        self._quiet = False
        self.selectionModel().selectionChanged.connect(self._chose)

    @property
    def shown(self) -> list[Any]:
        """The things that are listed, in the order of their rows."""
        return [self._sieve.index(row, 0).data(ROW) for row in range(self._sieve.rowCount())]

    @property
    def chosen(self) -> list[Any]:
        """The things that are chosen, in that order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._sieve.index(row, 0).data(ROW) for row in rows]

    def show_things(self, things: Sequence[Any]) -> None:
        """Show these instead of those before; what is chosen, and what is in sight, stays so."""
        keys, at = self._keys(), self.verticalScrollBar().value()
        current = self.currentIndex().data(ROW)
        self._quiet = True
        if self.rows.show_things(things):
            self._choose(set(keys), self.rows.key(current) if current is not None else "")
            self.verticalScrollBar().setValue(at)
        self._quiet = False
        if self._keys() != keys:
            self.chosen_changed.emit()

    def look_for(self, text: str) -> None:
        """Show those alone in which these words stand."""
        keys = self._keys()
        self._quiet = True
        self._sieve.look_for(text)
        self._choose(set(keys), "")
        self._quiet = False
        if self._keys() != keys:
            self.chosen_changed.emit()

    def choose(self, key: str) -> None:
        """Choose the one with this key."""
        self._choose({key}, key)

    def index_of(self, key: str) -> QModelIndex:
        """Return where the one with this key stands."""
        for row in range(self._sieve.rowCount()):
            index = self._sieve.index(row, 0)
            if self.rows.key(index.data(ROW)) == key:
                return index
        return QModelIndex()

    def _keys(self) -> list[str]:
        return [self.rows.key(thing) for thing in self.chosen]

    def _choose(self, keys: set[str], current: str) -> None:
        flags, model = QItemSelectionModel.SelectionFlag, self.selectionModel()
        for row in range(self._sieve.rowCount()):
            index = self._sieve.index(row, 0)
            key = self.rows.key(index.data(ROW))
            if key == current:
                model.setCurrentIndex(index, flags.NoUpdate)
            if key in keys:
                model.select(index, flags.Select | flags.Rows)

    def _chose(self) -> None:
        if not self._quiet:
            self.chosen_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means."""
        if event.key() == Qt.Key.Key_Delete:
            self.dropped.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit()
        else:
            super().keyPressEvent(event)
