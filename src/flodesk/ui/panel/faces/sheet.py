"""A table to look at: only the cells on the screen are read, so a hundred thousand rows scroll as ten do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from flodesk.engine.probing import Rows
from flodesk.public import Indicator, Sheet, Table
from flodesk.ui.focus import keep_keys
from flodesk.ui.panel.column_widths import ColumnWidths
from flodesk.ui.panel.faces.clipping import Clipping
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.rows import PAGE, SAMPLE, SheetModel
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.paint import nothing_yet
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_WIDTHS = 40, 260
"""Least and greatest width of a column in pixels, as long as no hand makes it wider."""


class _Sheet(QTableView):
    """The cells. Ctrl+C copies the selected ones, Ctrl+F finds rows."""

    def __init__(self, face: SheetFace) -> None:
        super().__init__(face)
        self._face = face
        keep_keys(self, QKeySequence.StandardKey.Find)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, find, end finding."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._face.copy_cells()
        elif event.matches(QKeySequence.StandardKey.Find):
            self._face.seek()
        elif event.key() != Qt.Key.Key_Escape or not self._face.let_off():
            super().keyPressEvent(event)


class SheetFace(Face):
    """A table with its size below."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.model = SheetModel(self)
        self.view = _Sheet(self)
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
        header = self.view.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.sectionClicked.connect(self.sort)
        self.widths = ColumnWidths(self.view, *_WIDTHS)
        self.sought = QLineEdit(self, placeholderText="Find rows with this text", clearButtonEnabled=True)
        self.sought.setAccessibleName("Find rows with this text")
        self.sought.textChanged.connect(self._arrange)
        self.sought.hide()
        self.model.wanted.connect(self._fetch)
        self.model.counted.connect(self._tell)
        self.clipping = Clipping(self, self)
        self.clipping.changed.connect(self._tell)
        self.size_label = QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.sought)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.size_label)
        self.wear_theme()

    def show_value(self, value: Indicator) -> None:
        """Show a table. Where only its first rows came over, its true size stands below."""
        assert isinstance(value, Sheet)
        self.shown += 1
        self.view.setVisible(value.table is not None)
        self.model.fetches = self.asking is not None and self.asking.ready
        if self.model.show_table(value.table) and value.table is not None:
            self.view.horizontalHeader().setSortIndicatorShown(False)
            self.widths.fit(SAMPLE)
            self.view.verticalHeader().setVisible(not _numbered(value.table))
        self._tell()

    def _tell(self) -> None:
        """Say how many rows and columns there are, and how many of the rows are to be seen."""
        table, model = self.model.table, self.model
        if table is None:
            self.size_label.setText("No table")
            return
        if self.clipping.coming:
            self.size_label.setText(f"Copying {counted(self.clipping.coming)} cells … Esc ends it")
            return
        rows, columns = table.attrs.get("shape", table.shape)
        words = f"{rows:,} × {columns:,}"
        if rows > len(table) and not model.partial:
            words += f" (the first {len(table):,} shown)"
        elif model.find:
            words += f" ({model.rowCount():,} found)"
        self.size_label.setText(words.replace(",", " "))

    # -------------------------------------------------------------- rows that are not here
    def _fetch(self, page: int) -> None:
        """Ask for the rows of a page."""
        if self.asking is None or not self.asking.ready:
            self.model.missed(page)
            return
        model = self.model
        sort, find = model.order, model.find
        told = partial(self._take, page, sort, find)
        self.asking.rows(self.reading.variable, page * PAGE, PAGE, sort, find, told)

    def _take(self, page: int, sort: tuple[int, bool] | None, find: str, rows: Rows) -> None:
        if (sort, find) != (self.model.order, self.model.find):
            return  # another order is wanted by now
        if rows.error:
            self.model.missed(page)
        else:
            self.model.show_page(page, rows.part, rows.total)
            self._tell()

    # -------------------------------------------------------------- order
    def sort(self, column: int) -> None:
        """Sort by a column: rising, falling, and at the third time as it came."""
        before = self.model.order
        if before is None or before[0] != column:
            after: tuple[int, bool] | None = (column, False)
        else:
            after = (column, True) if not before[1] else None
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(after is not None)
        if after is not None:
            header.setSortIndicator(
                column, Qt.SortOrder.DescendingOrder if after[1] else Qt.SortOrder.AscendingOrder
            )  # the arrow alone: rows are put in order where they are
        self.model.arrange(after, self.model.find)
        self.view.scrollToTop()

    def seek(self, on: bool = True) -> None:
        """Show the field for what is to be found, or take it away and show all rows."""
        self.sought.setVisible(on)
        if on:
            self.sought.setFocus()
            self.sought.selectAll()
        else:
            self.sought.clear()
            self.view.setFocus()

    def _arrange(self) -> None:
        self.model.arrange(self.model.order, self.sought.text().strip())
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End finding by Esc."""
        if event.key() != Qt.Key.Key_Escape or not self.let_off():
            super().keyPressEvent(event)

    def let_off(self) -> bool:
        """Copy nothing of what is on its way; else show all rows again."""
        if self.clipping.coming:
            self.clipping.cancel()
        elif self.model.find or not self.sought.isHidden():
            self.seek(False)
        else:
            return False
        return True

    def actions_of_face(self) -> Iterator[QAction]:
        """Find, copy."""
        find = QAction("Find rows…", self, enabled=self.model.table is not None)
        find.setShortcut(QKeySequence.StandardKey.Find)
        find.triggered.connect(lambda: self.seek())
        yield find
        cells = QAction("Copy cells", self, enabled=self.view.selectionModel().hasSelection())
        cells.setShortcut(QKeySequence.StandardKey.Copy)
        cells.triggered.connect(self.copy_cells)
        yield cells
        copy = QAction("Copy as CSV", self)
        copy.setEnabled(self.model.table is not None)
        copy.triggered.connect(self.copy_csv)
        yield copy

    def copy_csv(self) -> None:
        """Put all rows that are shown onto the clipboard, in their order."""
        self.clipping.csv()

    def copy_cells(self) -> None:
        """Put the selected cells onto the clipboard as a spreadsheet takes them."""
        self.clipping.cells(self.view.selectionModel().selection())

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
