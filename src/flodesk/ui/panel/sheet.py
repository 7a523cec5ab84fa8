"""A table to look at: only the cells on the screen are read, so a hundred thousand rows scroll as ten do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from flodesk.public import Indicator, Sheet, Table
from flodesk.ui.focus import keep_keys
from flodesk.ui.panel.face import Face
from flodesk.ui.panel.paint import nothing_yet
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_SAMPLE = 40
"""Rows that the widths of columns are measured on."""


class SheetModel(QAbstractTableModel):
    """A pandas DataFrame (or None) as Qt wants it. Columns are read into arrays when first shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: Table = None
        self._columns: dict[int, Any] = {}
        self._names: list[str] = []
        self._rows = 0

    def show_table(self, table: Table) -> bool:
        """Replace the table; True if its columns are other ones."""
        names = [] if table is None else [str(name) for name in table.columns]
        rows = 0 if table is None else len(table)
        same = names == self._names and rows == self._rows
        if same and rows:
            self.table, self._columns = table, {}
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(names) - 1))
            return False
        changed = names != self._names
        self.beginResetModel()
        self.table, self._columns, self._names, self._rows = table, {}, names, rows
        self.endResetModel()
        return changed

    def _column(self, number: int) -> Any:
        if number not in self._columns:
            series = self.table.iloc[:, number]
            kind = getattr(series.dtype, "kind", "O")
            decimals = _decimals(series.array[:_SAMPLE]) if kind == "f" else None
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
            cells, _, decimals = self._column(index.column())
            return cell_text(cells[index.row()], decimals)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a column's name or a row's label."""
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Horizontal:
                return self._names[section] if section < len(self._names) else None
            return cell_text(self.table.index[section]) if section < self._rows else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = orientation == Qt.Orientation.Horizontal and section < len(self._names)
            return _TEXT if across and self._column(section)[1] not in "fiuc" else _NUMBER
        return None


class SheetFace(Face):
    """A table with its size below."""

    takes = Sheet

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.model = SheetModel(self)
        self.view = QTableView(self)
        keep_keys(self.view)
        self.view.setModel(self.model)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.setCornerButtonEnabled(False)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.view.verticalHeader()
        rows.setDefaultSectionSize(24)
        rows.setMinimumSectionSize(20)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.hide()
        self.size_label = QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.size_label)
        self.wear_theme()

    def show_value(self, value: Indicator) -> None:
        """Show a table. Where only its first rows came over, its true size stands below."""
        assert isinstance(value, Sheet)
        self.shown += 1
        self.view.setVisible(value.table is not None)
        if self.model.show_table(value.table) and value.table is not None:
            self._fit_columns()
            self.view.verticalHeader().setVisible(not _numbered(value.table))
        table = value.table
        if table is None:
            self.size_label.setText("No table")
            return
        rows, columns = table.attrs.get("shape", table.shape)
        first = f" (the first {len(table):,} shown)" if rows > len(table) else ""
        self.size_label.setText(f"{rows:,} × {columns:,}{first}".replace(",", " "))

    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the table."""
        copy = QAction("Copy as CSV", self)
        copy.setEnabled(self.model.table is not None)
        copy.triggered.connect(self.copy_csv)
        yield copy

    def copy_csv(self) -> None:
        """Put the rows that came over onto the clipboard."""
        QGuiApplication.clipboard().setText(self.model.table.to_csv(index=False))

    def _fit_columns(self) -> None:
        """Give each column the width of its name and first rows; measuring all would take seconds."""
        metrics = self.view.fontMetrics()
        for column in range(self.model.columnCount()):
            texts = [str(self.model.headerData(column, Qt.Orientation.Horizontal))]
            texts += [
                str(self.model.data(self.model.index(row, column)))
                for row in range(min(_SAMPLE, self.model.rowCount()))
            ]
            self.view.setColumnWidth(column, min(max(map(metrics.horizontalAdvance, texts)) + 28, 260))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say that there is no value yet, while there is none."""
        if not self.shown:
            nothing_yet(self)

    def wear_theme(self) -> None:
        """Lines of the card's colours."""
        colors = theme()
        self.view.setStyleSheet(
            f"QTableView {{ background: transparent; border: none; color: {colors.text}; }}"
            f"QTableView {{ alternate-background-color: {colors.surface}; }}"
            f"QHeaderView, QHeaderView::section {{ background: transparent; border: none; }}"
            f"QHeaderView::section {{ padding: 2px 11px; color: {colors.muted}; }}"
            f"QHeaderView::section:horizontal {{ border-bottom: 1px solid {colors.line_strong}; font-weight: 600; }}"
            f"QTableView::item {{ padding: 0 8px; border: none; }}"
            f"QTableCornerButton::section, QAbstractScrollArea::corner {{ background: transparent; border: none; }}"
        )
        self.size_label.setStyleSheet(f"color: {colors.muted}; background: transparent;")


def _numbered(table: Table) -> bool:
    """Return whether the rows have no names but their numbers."""
    return bool(table.index.dtype.kind in "iu" and table.index.tolist() == list(range(len(table))))


def _decimals(cells: Any) -> int | None:
    """Return how many decimals numbers of a column need, so that its points stand one below the other.

    None where they need more than four, or are so large or small that digits count and not decimals.
    """
    numbers = [float(cell) for cell in cells if cell == cell]
    if any(abs(number) >= 1e9 or 0 < abs(number) < 1e-3 for number in numbers):
        return None
    return next((n for n in range(5) if all(abs(round(v, n) - v) <= 1e-9 * max(abs(v), 1) for v in numbers)), None)


def cell_text(value: Any, decimals: int | None = None) -> str:
    """Return a cell as text: a number with so many decimals (None: six digits), nothing for what is missing."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return ""
    if isinstance(value, float):
        text = f"{value:.6g}" if decimals is None else f"{value:.{decimals}f}"
        return text.replace("-", "−")
    text = str(value)
    return text.removesuffix(" 00:00:00")
