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
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView

from flodesk.ui.focus import keep_keys
from flodesk.ui.queues.fitting import FittedColumns
from flodesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
ROW = int(Qt.ItemDataRole.UserRole)
"""Role under which a cell has the thing that its row shows."""


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
    beside : bool
        Whether the page beside the list says it, too: it is left out where that leaves the list too little room.
    """

    title: str
    width: int
    words: Callable[[Any], str]
    right: bool = False
    order: Callable[[Any], Any] | None = None
    color: Callable[[Any], str] | None = None
    tip: Callable[[Any], str] | None = None
    beside: bool = False


class Rows(QAbstractTableModel):
    """Things in rows, known by their keys."""

    def __init__(self, columns: Sequence[Column], key: Callable[[Any], str]) -> None:
        super().__init__()
        self.columns, self.key = columns, key
        self.things: list[Any] = []
        self.shown: list[Any] = []
        """Those of the things in which the words stand that are looked for, in the order of their rows."""
        self._words: list[str] = []
        self._order = (-1, False)

    def show_things(self, things: Sequence[Any]) -> bool:
        """Show these instead of those before; returns whether other rows stand there now."""
        self.things = list(things)
        return self._renew()

    def look_for(self, text: str) -> bool:
        """Show those alone in which these words stand, in any column."""
        self._words = text.casefold().split()
        return self._renew()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by none they stand as they were given."""
        self._order = column, order == Qt.SortOrder.DescendingOrder
        before = self.persistentIndexList()
        keys = [self.key(self.shown[index.row()]) for index in before]
        self.layoutAboutToBeChanged.emit()
        self.shown = self._fitting()
        rows = {self.key(thing): row for row, thing in enumerate(self.shown)}
        self.changePersistentIndexList(
            before, [self.index(rows[key], index.column()) for key, index in zip(keys, before, strict=True)]
        )
        self.layoutChanged.emit()

    def _fitting(self) -> list[Any]:
        found = [thing for thing in self.things if self._fits(thing)]
        at, backwards = self._order
        if 0 <= at < len(self.columns):
            column = self.columns[at]
            found.sort(key=column.order or (lambda thing: column.words(thing).casefold()), reverse=backwards)
        return found

    def _fits(self, thing: Any) -> bool:
        if not self._words:
            return True
        whole = " ".join(column.words(thing) for column in self.columns).casefold()
        return all(word in whole for word in self._words)

    def _renew(self) -> bool:
        before, now = self.shown, self._fitting()
        if [self.key(thing) for thing in now] == [self.key(thing) for thing in before]:
            changed = [at for at, thing in enumerate(now) if thing != before[at]]
            self.shown = now
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1))
            return False
        self.beginResetModel()
        self.shown = now
        self.endResetModel()
        return True

    def rowCount(self, parent: _Index = _NONE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.shown)

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
        thing, column = self.shown[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(thing)
        if role == ROW:
            return thing
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(thing) if column.tip is not None else column.words(thing)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.color is not None and (name := column.color(thing)):
            return QColor(getattr(theme(), name))
        return None


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
        self.setModel(self.rows)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        keep_keys(self)
        self.setSortingEnabled(True)
        self.header().setSortIndicatorClearable(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the order that the server's list has
        beside = [at for at, column in enumerate(columns) if column.beside]
        self.columns = FittedColumns(self, [column.width for column in columns], beside)
        self._quiet = False
        self.selectionModel().selectionChanged.connect(self._chose)

    @property
    def shown(self) -> list[Any]:
        """The things that are listed, in the order of their rows."""
        return self.rows.shown

    @property
    def chosen(self) -> list[Any]:
        """The things that are chosen, in that order."""
        return [self.shown[row] for row in sorted(index.row() for index in self.selectionModel().selectedRows())]

    def show_things(self, things: Sequence[Any]) -> None:
        """Show these instead of those before; what is chosen, and what is in sight, stays so."""
        self._change(lambda: self.rows.show_things(things))

    def look_for(self, text: str) -> None:
        """Show those alone in which these words stand."""
        self._change(lambda: self.rows.look_for(text))

    def choose(self, key: str) -> None:
        """Choose the one with this key."""
        self._choose({key}, key)

    def index_of(self, key: str) -> QModelIndex:
        """Return where the one with this key stands."""
        row = next((row for row, thing in enumerate(self.shown) if self.rows.key(thing) == key), -1)
        return self.rows.index(row, 0)

    def _change(self, change: Callable[[], bool]) -> None:
        keys, at = self._keys(), self.verticalScrollBar().value()
        current = self.currentIndex().data(ROW)
        self._quiet = True
        if change():
            self._choose(set(keys), self.rows.key(current) if current is not None else "")
            self.verticalScrollBar().setValue(at)
        self._quiet = False
        self.columns.words_changed()
        if self._keys() != keys:
            self.chosen_changed.emit()

    def _keys(self) -> list[str]:
        return [self.rows.key(thing) for thing in self.chosen]

    def _choose(self, keys: set[str], current: str) -> None:
        flags, model = QItemSelectionModel.SelectionFlag, self.selectionModel()
        if not keys and not current:
            return
        for row, thing in enumerate(self.shown):
            key = self.rows.key(thing)
            if key == current:
                model.setCurrentIndex(self.rows.index(row, 0), flags.NoUpdate)
            if key in keys:
                model.select(self.rows.index(row, 0), flags.Select | flags.Rows)

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
