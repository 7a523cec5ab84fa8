"""Cells of a table on the clipboard: the selected ones, or all as CSV, those too that were never on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QItemSelection, QObject, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication

from flodesk.indicators.as_text import MOST_CELLS, Box, Text, text_as, union
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.faces.rows import SheetModel
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.setting import Reading
from flodesk.ui.side_thread import SideThread

_AT_ONCE = 5000
"""Cells that are written at once; more beside the window."""
_CUT = 200
"""Characters of a text that came over: one so long may go on."""


class Clipped(Protocol):
    """A view of a table of which cells can be copied."""

    asking: Asking | None
    reading: Reading
    model: SheetModel

    @property
    def said(self) -> SignalInstance:
        """Something was done, or could not be; a sentence for the status bar."""


class Clipping(QObject):
    """Copies cells of one table. What is not here comes from the engine, which writes it as text."""

    changed = Signal()
    """It has begun to wait for cells, or has them."""

    def __init__(self, face: Clipped, parent: QObject) -> None:
        super().__init__(parent)
        self._face = face
        self._side: SideThread | None = None
        self.coming = 0
        """How many cells are on their way."""
        self._number = 0
        """Which copy is waited for: what comes of another was given up."""

    # -------------------------------------------------------------- what is copied
    def cells(self, chosen: QItemSelection) -> None:
        """Copy the selected cells as a spreadsheet takes them."""
        boxes = [(box.top(), box.left(), box.bottom(), box.right()) for box in chosen.toList()]
        count = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in boxes)
        if count > MOST_CELLS:
            self._say(
                f"Nothing was copied: {counted(count)} cells are more than the {counted(MOST_CELLS)} that the "
                "clipboard takes. Use “Save all data…”."
            )
        elif count:
            self._begin({"as": "cells", "boxes": boxes}, count, partial(self._cells_copied, boxes))

    def csv(self) -> None:
        """Copy all rows that are shown, in their order, with the names of the columns."""
        model = self._face.model
        count = min(max(model.rowCount(), 1) * self._columns, MOST_CELLS)
        self._begin({"as": "csv"}, count, self._csv_copied)

    def cancel(self) -> None:
        """Copy nothing of what is on its way."""
        if self.coming:
            self._end()
            self._say("Nothing was copied.")

    # -------------------------------------------------------------- how
    @property
    def _columns(self) -> int:
        """How many columns the table has."""
        table = self._face.model.table
        return 0 if table is None else int(table.attrs.get("shape", table.shape)[1])

    def _begin(self, how: dict[str, Any], count: int, put: Callable[[Text], None]) -> None:
        """Have a text made, here if all of it is here, and hand it on."""
        model, asking = self._face.model, self._face.asking
        table = model.table
        how |= {"sort": model.order, "find": model.find}
        self._number += 1
        told = partial(self._take, self._number, put)
        if asking is not None and self._asks() and not self._whole():
            self.coming = count
            asking.text(self._face.reading.variable, how, told)  # it alone has rows and columns that did not come over
        elif count <= _AT_ONCE:
            told(text_as(table, how), "")
        else:
            self.coming = count
            self._side = self._side or SideThread(self)
            self._side.do(lambda: text_as(table, how), lambda text: told(text, ""), lambda why: told(Text(), str(why)))
        self.changed.emit()

    def _asks(self) -> bool:
        """Say whether there is an engine that has the value."""
        asking = self._face.asking
        return asking is not None and asking.ready and bool(self._face.reading.variable)

    def _whole(self) -> bool:
        """Say whether all of the table came over."""
        table = self._face.model.table
        if table is None or tuple(table.attrs.get("shape", table.shape)) != table.shape:
            return False
        words = (table.iloc[:, n] for n in range(table.shape[1]) if table.iloc[:, n].dtype == object)
        return not any(isinstance(cell, str) and len(cell) >= _CUT for column in words for cell in column)

    def _take(self, number: int, put: Callable[[Text], None], text: Text, error: str) -> None:
        if number != self._number:
            return
        self._end()
        if error:
            self._say(f"Nothing was copied: {error}.")
        elif text.rows or text.total:
            put(text)

    def _end(self) -> None:
        self._number += 1
        self.coming = 0
        self.changed.emit()

    def _cells_copied(self, boxes: Sequence[Box], text: Text) -> None:
        QGuiApplication.clipboard().setText(text.text)
        wanted = len(union((top, bottom) for top, _, bottom, _ in boxes))
        across = len(union((left, right) for _, left, _, right in boxes))
        words = f"{_of(text.rows, 'row')} × {_of(across, 'column')} on the clipboard"
        if text.rows < wanted:
            words += f"; the table has only {_of(text.total, 'row')} by now"
        if self._asks() and self._face.model.columnCount() == across < self._columns:
            words += f"; “Copy as CSV” copies all {counted(self._columns)} columns"
        self._say(f"{words}.")

    def _csv_copied(self, text: Text) -> None:
        QGuiApplication.clipboard().setText(text.text)
        words = f"{_of(text.rows, 'row')} on the clipboard as CSV"
        if text.rows < text.total:
            total = _of(text.total, "row")
            words = (
                f"The first {counted(text.rows)} of {total} on the clipboard as CSV. “Save all data…” has all of them"
            )
        if not self._asks() and self._face.model.columnCount() < self._columns:
            words += f"; only {self._face.model.columnCount()} of {_of(self._columns, 'column')} are here"
        self._say(f"{words}.")

    def _say(self, words: str) -> None:
        self._face.said.emit(words)


def _of(count: int, what: str) -> str:
    return f"{counted(count)} {what}{'' if count == 1 else 's'}"
