"""The list of dead letters on the screen: several can be chosen; Del drops, Ctrl+C copies, Enter shows the node."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView

from flodesk.engine.letters import Head
from flodesk.ui.focus import keep_keys
from flodesk.ui.letters.rows import WHEN, Rows

_WIDTHS = (76, 110, 130, 64, 52)


class LetterList(QTreeView):
    """Shows heads of letters."""

    chosen_changed = Signal()
    dropped = Signal()
    copied = Signal()
    undone = Signal()
    entered_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Dead letters")
        keep_keys(self, QKeySequence.StandardKey.Undo)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        for place, width in enumerate(_WIDTHS):
            self.setColumnWidth(place, width)
        self.selectionModel().selectionChanged.connect(lambda: self.chosen_changed.emit())

    @property
    def heads(self) -> list[Head]:
        """The letters that are listed, the newest first."""
        return self.rows.heads

    @property
    def chosen(self) -> list[Head]:
        """The letters that are chosen."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.heads[row] for row in rows if row < len(self.heads)]

    @property
    def current(self) -> Head | None:
        """The letter that the keyboard is at."""
        row = self.currentIndex().row()
        return self.heads[row] if 0 <= row < len(self.heads) else None

    def show_heads(self, heads: list[Head]) -> None:
        """Show these instead of those before; what is chosen, and what is in sight, stays so."""
        if heads == self.heads:
            return
        chosen, at = [head.id for head in self.chosen], self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        self.rows.show_heads(heads)
        for id in chosen:
            if (row := self.rows.row_of(id)) >= 0:
                self.choose(row, more=True)
        self.selectionModel().blockSignals(False)
        self.verticalScrollBar().setValue(at)
        self.viewport().update()
        if [head.id for head in self.chosen] != chosen:
            self.chosen_changed.emit()

    def choose(self, row: int, *, more: bool = False) -> None:
        """Choose a letter, and the others no more unless `more`."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.rows.index(row, WHEN)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.selectionModel().select(index, (flags.Select if more else flags.ClearAndSelect) | flags.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.dropped.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit()
        else:
            super().keyPressEvent(event)
