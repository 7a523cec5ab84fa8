"""What is bound where a run is held, above the fields of the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.client import Look
from flodesk.ui.focus import keep_keys
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import code_font

_ROW, _HIGHEST = 24, 300
_NAME = Qt.ItemDataRole.UserRole
_TYPE = Qt.ItemDataRole.UserRole + 1
_OLDER = Qt.ItemDataRole.UserRole + 2
_BRIEF = ("number", "text", "truth")
"""Types whose values stand in the table themselves; of others it is said what they are."""


class HeldView(QFrame):
    """Where a run is held and why, and a table of the variables there; hidden while nothing is held.

    `wanted` asks for one variable (``function.name``) in full.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("held")
        self.setAccessibleName("Where the run is held")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.title.setWordWrap(True)
        self.why = QLabel()
        self.why.setWordWrap(True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTreeWidget()
        keep_keys(self.table)
        self.table.setAccessibleName("Values where the run is held")
        self.table.setHeaderLabels(["Variable", "Value"])
        self.table.setIndentation(12)
        self.table.setUniformRowHeights(True)
        self.table.setRootIsDecorated(False)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemActivated.connect(self._activated)
        self._line = QFrame()
        self._line.setFixedHeight(1)
        for part in (self.title, self.why, self.table, self._line):
            column.addWidget(part)
        current.changed.connect(self._color)
        self._color()
        self.hide()

    def show_place(self, title: str, why: str) -> None:
        """Say where and why."""
        self.title.setText(title)
        self.why.setText(why)
        self.show()

    def show_values(self, look: Look) -> None:
        """Show what is bound there, the innermost function first."""
        self.table.clear()
        several = len(look.frames) > 1
        for frame in reversed(look.frames):
            parent: QTreeWidget | QTreeWidgetItem = self.table
            if several:
                parent = QTreeWidgetItem(self.table, [f"in {frame.function}"])
                parent.setFirstColumnSpanned(True)
                parent.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for name, seen in frame.variables:
                brief = (
                    seen.text
                    if seen.type in _BRIEF
                    else seen.detail.rpartition("; ")[2].removeprefix("array of ") or seen.text
                )
                row = QTreeWidgetItem(parent, [name, f"{brief}  (of before)" if name in frame.older else brief])
                row.setData(0, _OLDER, name in frame.older)
                row.setData(0, _NAME, f"{frame.function}.{name}")
                row.setToolTip(0, seen.type)
                old = "\nOf before: in this turn it has not been computed yet" if name in frame.older else ""
                row.setToolTip(1, f"{seen.detail or seen.text}{old}\nDouble-click to see all of it")
                row.setData(0, _TYPE, seen.type)
        self._color()
        self.table.expandAll()
        count = sum(len(frame.variables) for frame in look.frames) + len(look.frames) * several
        if not count:
            QTreeWidgetItem(self.table, ["nothing is bound yet"]).setFlags(Qt.ItemFlag.NoItemFlags)
        self.table.setFixedHeight(min(_HIGHEST, (max(count, 1) + 1) * _ROW + 12))

    def show_in_full(self, name: str, look: Look) -> QDialog:
        """Open all of one value, as text."""
        dialog = QDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setObjectName("value")
        dialog.setWindowTitle(name)
        dialog.resize(720, 460)
        page = QPlainTextEdit(look.text or look.error)
        page.setReadOnly(True)
        page.setProperty("role", "code")
        page.setFont(code_font())
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # tables stay tables
        page.setAccessibleName(f"Value of {name}")
        QVBoxLayout(dialog).addWidget(page)
        dialog.open()
        return dialog

    def _activated(self, row: QTreeWidgetItem) -> None:
        name = row.data(0, _NAME)
        if name:
            self.wanted.emit(str(name))

    def _color(self) -> None:
        self.why.setStyleSheet(f"color: {theme().warning}")
        self._line.setStyleSheet(f"background: {theme().line}")
        rows = QTreeWidgetItemIterator(self.table)
        while (row := rows.value()) is not None:
            if row.data(0, _TYPE):
                row.setForeground(0, QColor(theme().type_color(str(row.data(0, _TYPE)))))
                row.setForeground(1, QColor(theme().muted if row.data(0, _OLDER) else theme().text))
            rows += 1


def stacked(above: QWidget, below: QWidget) -> QWidget:
    """Put one above the other, which takes the rest."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(above)
    column.addWidget(below, 1)
    return page
