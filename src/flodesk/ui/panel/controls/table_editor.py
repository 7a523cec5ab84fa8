"""A table that is typed on the panel: cells, rows and columns by hand, or pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QActionGroup, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QToolTip,
    QWidget,
)

from flodesk.flow.model import Symbol
from flodesk.ui.focus import keep_keys
from flodesk.ui.panel.column_widths import ColumnWidths
from flodesk.ui.panel.controls.column_dialog import ColumnDialog
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.table_model import TableModel
from flodesk.ui.panel.controls.wheel import leave_wheel
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.tabular import (
    KINDS,
    Column,
    RefusedError,
    Tabular,
    block_of,
    headed,
    read,
    text_of,
    text_of_block,
)
from flodesk.ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_Change = Callable[[Tabular], Tabular]
_WIDTHS = 56, 220
"""Least and greatest width of a column in pixels, as long as no hand makes it wider."""
_TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
"""Keys that take what was typed."""
_HOW = (
    "Type into a cell, or paste from a spreadsheet (Ctrl+V). "
    "Insert adds a row, Ctrl+Del takes the selected ones out; a right click does the same for columns."
)


class _Typing(QStyledItemDelegate):
    """Lets go of a cell only with something that the column can hold; else it says why, and the text stays."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view
        self._taken: QObject | None = None
        """The line of which the text is being taken: a new row below closes it, and it then loses the keyboard."""

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Take what was typed once: when Enter or Tab is pressed, or the keyboard goes elsewhere."""
        if editor is self._taken:
            return False
        before, self._taken = self._taken, editor  # Tab opens the next line while this one is being taken
        try:
            return self._take(editor, event) or super().eventFilter(editor, event)
        finally:
            self._taken = before

    def _take(self, field: QObject, event: QEvent) -> bool:
        """Look at what was typed before Enter or Tab take it; Enter goes to the cell below."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() not in _TAKE:
            return False
        if not isinstance(field, QLineEdit):
            return False
        refusal = self._view.cells.refusal(self._view.currentIndex(), field.text())
        if refusal:
            self._view.say(refusal)
            field.selectAll()
            return True
        if event.key() not in _TAKE[:2]:
            return False
        self.commitData.emit(field)
        self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)
        self._view.go_down()
        return True

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Make a line as high as its cell."""
        field = QLineEdit(parent)
        field.setStyleSheet("border-radius: 0; padding: 0 3px; min-height: 0;")
        return field


class TableView(QTableView):
    """The cells, with the keys of a spreadsheet."""

    def __init__(self, editor: TableEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.cells = TableModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_Typing(self))
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(24)
        rows.setMinimumSectionSize(20)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(32)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        keep_keys(self)
        leave_wheel(self, editor)
        self.plus = QToolButton(self.horizontalHeader().viewport())
        self.plus.setText("+")
        self.plus.setStyleSheet("padding: 0;")
        self.plus.setToolTip("Add a column")
        self.plus.setAccessibleName("Add a column")
        self.plus.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plus.clicked.connect(lambda: editor.insert_column(self.cells.columnCount()))
        for moved in (self.horizontalHeader().sectionResized, self.horizontalHeader().geometriesChanged):
            moved.connect(self.place_plus)
        self.horizontalScrollBar().valueChanged.connect(self.place_plus)

    def place_plus(self) -> None:
        """Put the button for another column behind the last one."""
        header = self.horizontalHeader()
        self.plus.setVisible(not self.cells.fixed)
        self.plus.setGeometry(header.length() - header.offset() + 2, 2, 24, max(header.height() - 4, 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say below a table without rows how it is filled."""
        super().paintEvent(event)
        if not self.cells.table.rows and not self.cells.fixed:
            with QPainter(self.viewport()) as painter:
                painter.setPen(color(theme().muted))
                room = self.viewport().rect().adjusted(8, 32, -8, -4)
                flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(room, flags, "Type into the cell, or paste cells of a spreadsheet (Ctrl+V).")

    def say(self, text: str) -> None:
        """Tell at the cell why something cannot be done."""
        self._editor.notice = text
        QToolTip.showText(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()), text, self)

    def go_down(self) -> None:
        """Go to the cell below."""
        now = self.currentIndex()
        below = self.cells.index(min(now.row() + 1, self.cells.rowCount() - 1), now.column())
        self.setCurrentIndex(below)
        self.setFocus()

    def chosen_rows(self) -> list[int]:
        """Return the rows with a selected cell, without the empty one below."""
        rows = {index.row() for index in self.selectedIndexes()}
        return sorted(row for row in rows if row < len(self.cells.table.rows))

    def chosen_columns(self) -> list[int]:
        """Return the columns with a selected cell."""
        return sorted({index.column() for index in self.selectedIndexes()})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, cut, paste; clear cells, insert and take out rows."""
        editor, keys = self._editor, QKeySequence.StandardKey
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        delete = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if event.matches(keys.Copy):
            editor.copy_cells()
        elif event.matches(keys.Cut):
            editor.copy_cells()
            editor.clear_cells()
        elif event.matches(keys.Paste):
            editor.paste()
        elif delete and controlled:
            editor.remove_rows()
        elif delete:
            editor.clear_cells()
        elif event.key() == Qt.Key.Key_Insert:
            editor.insert_row(max(self.currentIndex().row(), 0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class TableEditor(Control):
    """Sets the rows and columns of a table; each change is a step of undo."""

    narrowest = 160

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.notice = ""
        """What was refused last, in words."""
        self.view = TableView(self)
        self.view.cells.change = self._change
        self.widths = ColumnWidths(self.view, *_WIDTHS)
        self.row.addWidget(self.view)
        self.setFocusProxy(self.view)
        for area in (self.view.horizontalHeader(), self.view.verticalHeader(), self.view):
            area.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            area.customContextMenuRequested.connect(partial(self._open_menu, area))
        self.view.horizontalHeader().sectionDoubleClicked.connect(self.ask_column)
        self.show_setting(setting)

    @property
    def table(self) -> Tabular:
        """What is shown."""
        return self.view.cells.table

    def show_setting(self, setting: Setting) -> None:
        """Show another state of the literal; the current cell stays where it is."""
        super().show_setting(setting)
        found = read(setting.value)
        now = self.view.currentIndex()
        place = now.row(), now.column()
        heads = [column.name for column in self.table.columns]
        self.view.cells.show_table(found or Tabular(), bool(setting.wired) or found is None)
        if [column.name for column in self.table.columns] != heads:
            self.widths.fit(len(self.table.rows))
        if now.isValid() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.view.cells.index(*place))
        self.view.setVisible(found is not None)
        self.view.place_plus()
        self.view.setAccessibleName(setting.title)
        self.update()

    def tip(self) -> str:
        """Return how it is filled, or what is wrong with the script."""
        if self.setting.wired:
            return super().tip()
        return self._wrong or "\n".join(filter(None, (super().tip(), _HOW)))

    @property
    def _wrong(self) -> str:
        if read(self.setting.value) is not None:
            return ""
        value = self.setting.value
        said = value.text if isinstance(value, Symbol) else repr(value)
        said = said if len(said) < 60 else f"{said[:57]}…"
        return f"The script says {said}, which cannot be typed here: begin it with its columns and their types."

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say where the cells would be what is wrong with the script."""
        if self._wrong and not self.setting.wired:
            with QPainter(self) as painter:
                painter.setPen(color(theme().muted))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect(), flags, self._wrong)

    # -------------------------------------------------------------- changes
    def _change(self, make: _Change) -> bool:
        """Make another table of this one; if that is refused, say why."""
        if self.setting.wired or self.view.cells.fixed:
            return False
        try:
            made = make(self.table)
        except RefusedError as refused:
            self.view.say(str(refused))
            return False
        self.notice = ""
        if made != self.table:
            self.turn(made.value)
            self.show_setting(self.setting)
            self.let_go()
        return True

    def insert_row(self, at: int) -> None:
        """Insert an empty row."""
        at = min(at, len(self.table.rows))
        if self._change(lambda table: table.with_rows(at)):
            self.view.setCurrentIndex(self.view.cells.index(at, max(self.view.currentIndex().column(), 0)))

    def remove_rows(self) -> None:
        """Take the rows out that have a selected cell."""
        rows = self.view.chosen_rows()
        if rows:
            self._change(lambda table: table.without_rows(rows))

    def insert_column(self, at: int) -> None:
        """Insert an empty column."""
        if self._change(lambda table: table.with_column(at)):
            self.view.setCurrentIndex(self.view.cells.index(max(self.view.currentIndex().row(), 0), at))

    def remove_columns(self, columns: list[int]) -> None:
        """Take columns out."""
        self._change(lambda table: table.without_columns(columns))

    def retype(self, at: int, kind: str) -> None:
        """Give a column another type."""
        self._change(lambda table: table.retyped(at, kind))  # type: ignore[arg-type]

    def ask_column(self, at: int) -> None:
        """Ask for name and type of a column."""
        if self.view.cells.fixed:
            return

        def take(wanted: Column) -> None:
            if at >= len(self.table.columns):
                raise RefusedError("The table has no such column any more.")
            made = self.table.renamed(at, wanted.name).retyped(at, wanted.kind)
            self._change(lambda _: made)

        ColumnDialog(self, self.table.columns[at], take).open()

    # -------------------------------------------------------------- clipboard
    def clear_cells(self) -> None:
        """Take the values out of the selected cells."""
        cells = [(index.row(), index.column()) for index in self.view.selectedIndexes()]
        self._change(lambda table: table.cleared(cells))

    def copy_cells(self) -> None:
        """Put the selected cells on the clipboard, as spreadsheets take them; of whole columns with their names."""
        rows, columns = self.view.chosen_rows(), self.view.chosen_columns()
        lines = [[text_of(self.table.rows[row][column]) for column in columns] for row in rows]
        if rows and len(rows) == len(self.table.rows) and len(rows) > 1:
            lines.insert(0, [self.table.columns[column].name for column in columns])
        QGuiApplication.clipboard().setText(text_of_block(lines))

    def paste(self) -> None:
        """Take the cells of the clipboard, the first one into the current cell.

        In a table that has no rows yet a first line of names becomes the columns.
        """
        block = block_of(QGuiApplication.clipboard().text())
        if not block:
            self.view.say("There is no text on the clipboard: copy cells of a spreadsheet first.")
            return
        now = self.view.currentIndex()
        row, column = max(now.row(), 0), max(now.column(), 0)
        if not self.table.rows and headed(block):
            names = block[0]
            self._change(lambda table: _with_names(table.pasted(0, 0, block[1:]), names))
        else:
            self._change(lambda table: table.pasted(row, column, block))

    # -------------------------------------------------------------- menu
    def _open_menu(self, area: QWidget, at: QPoint) -> None:
        header = area if isinstance(area, QHeaderView) else None
        row, column = self.view.rowAt(at.y()), self.view.columnAt(at.x())
        if header is not None:
            across = header.orientation() == Qt.Orientation.Horizontal
            row, column = (-1, header.logicalIndexAt(at)) if across else (header.logicalIndexAt(at), -1)
        menu = self.menu(row, column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup((area.viewport() if isinstance(area, QAbstractItemView) else area).mapToGlobal(at))

    def menu(self, row: int, column: int) -> QMenu:
        """Return what can be done at a cell, with a row (no column: -1), or with a column."""
        menu = QMenu(self)
        live = not self.view.cells.fixed
        menu.addAction("Copy\tCtrl+C", self.copy_cells).setEnabled(bool(self.view.chosen_rows()))
        menu.addAction("Paste\tCtrl+V", self.paste).setEnabled(live)
        if row >= 0:
            menu.addSeparator()
            menu.addAction("Insert row above\tIns", partial(self.insert_row, row)).setEnabled(live)
            menu.addAction("Insert row below", partial(self.insert_row, row + 1)).setEnabled(live)
            rows = self.view.chosen_rows() if row in self.view.chosen_rows() else [row]
            words = f"Remove {len(rows)} rows\tCtrl+Del" if len(rows) > 1 else "Remove row\tCtrl+Del"
            remove = menu.addAction(words, lambda: self._change(lambda table: table.without_rows(rows)))
            remove.setEnabled(live and row < len(self.table.rows))
        if 0 <= column < len(self.table.columns):
            menu.addSeparator()
            menu.addAction("Name and type…", partial(self.ask_column, column)).setEnabled(live)
            kinds = menu.addMenu("Type of column")
            kinds.setEnabled(live)
            group = QActionGroup(kinds)
            for kind, words in KINDS.items():
                action = kinds.addAction(words, partial(self.retype, column, kind))
                action.setCheckable(True)
                action.setChecked(kind == self.table.columns[column].kind)
                group.addAction(action)
            menu.addAction("Insert column left", partial(self.insert_column, column)).setEnabled(live)
            menu.addAction("Insert column right", partial(self.insert_column, column + 1)).setEnabled(live)
            remove = menu.addAction("Remove column", partial(self.remove_columns, [column]))
            remove.setEnabled(live and len(self.table.columns) > 1)
        return menu


def _with_names(table: Tabular, names: list[str]) -> Tabular:
    for at, name in enumerate(names[: len(table.columns)]):
        table = table.renamed(at, f"\0{at}{name}")  # a name may be that of another column still
    for at, name in enumerate(names[: len(table.columns)]):
        table = table.renamed(at, name)
    return table
