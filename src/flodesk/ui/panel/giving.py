"""What a view gives away: a picture of it, its data as a file, Python that makes them again; by menu and by key."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from flodesk.indicators.as_text import Text, python_text
from flodesk.indicators.columns import NoColumnsError, columns, parquet_there, write
from flodesk.ui.flow_folder import begin
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.rendering import drawn, image
from flodesk.ui.save_dialog import ask_where

_PICTURES = "PNG picture (*.png);;SVG drawing (*.svg);;PDF page (*.pdf)"
_CUT = 500
"""Rows that came over: so many may be a part of those that there are."""
KEYS = {"copy": "Ctrl+Alt+C", "save": "Ctrl+Alt+S"}
"""Copies a picture of the view that has the keyboard; opens the menu of all ways to save and copy it."""


class Giving(QObject):
    """Gives away what one card shows."""

    said = Signal(str)
    """Something was done; a sentence for the status bar."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self.card = card
        self.asking: Asking | None = None
        self.title = ""
        self.variable = ""
        self.value: Any = None
        """What the card shows; None if nothing."""
        for key, do in ((KEYS["copy"], self.copy_picture), (KEYS["save"], self.open_menu)):
            shortcut = QShortcut(QKeySequence(key), card)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    def show(self, title: str, variable: str, value: Any) -> Giving:
        """Take note of what the card shows now."""
        self.title, self.variable, self.value = title, variable, value
        return self

    # -------------------------------------------------------------- menu
    def menu(self, parent: QWidget) -> QMenu:
        """Return the menu of what can be saved and copied; what cannot says why."""
        menu = QMenu("Save and copy", parent)
        menu.setToolTipsVisible(True)
        menu.addAction("Save picture…", self.ask_picture)
        shown = menu.addAction("Save data as shown…", partial(self.ask_data, whole=False))
        whole = menu.addAction("Save all data…", partial(self.ask_data, whole=True))
        menu.addSeparator()
        copy = menu.addAction("Copy as picture", self.copy_picture)
        copy.setShortcut(QKeySequence(KEYS["copy"]))
        python = menu.addAction("Copy as Python", self.copy_python)
        why = self._why_not()
        for action in (shown, whole, python):
            action.setEnabled(not why)
            action.setToolTip(why)
        if not why and (self.asking is None or not self.asking.ready or not self.variable):
            whole.setEnabled(False)
            whole.setToolTip("There is no engine that has all of it")
        return menu

    def open_menu(self) -> None:
        """Open it at the card, for who works with keys."""
        menu = self.menu(self.card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.card.mapToGlobal(QPoint(12, 30)))

    def _why_not(self) -> str:
        if self.value is None:
            return "There is no value yet"
        try:
            columns(self.value)
        except (ValueError, TypeError) as error:
            return str(error)
        return ""

    # -------------------------------------------------------------- pictures
    def copy_picture(self) -> None:
        """Put a picture of the card on the clipboard."""
        QGuiApplication.clipboard().setImage(image(self.card, filled=True))
        self.said.emit(f"A picture of “{self.title}” is on the clipboard.")

    def ask_picture(self) -> None:
        """Ask for a file and save a picture there."""
        path = ask_where(self.card, "Save picture", begin(self.card, f"{self._stem()}.png"), _PICTURES)
        if path is not None:
            self.save_picture(path)

    def save_picture(self, path: Path) -> None:
        """Save a picture: PNG, SVG or PDF, by the file's ending."""
        try:
            path.write_bytes(drawn(self.card, path.suffix, self.title))
        except OSError as error:
            self._failed("Save picture", f"{path} could not be written: {error.strerror or error}.")
        else:
            self.said.emit(f"The picture was saved to {path}.")

    # -------------------------------------------------------------- data
    def ask_data(self, *, whole: bool) -> None:
        """Ask for a file and save the data there: what is shown, or all of it, which the engine has."""
        kinds = "CSV (*.csv);;Parquet (*.parquet)" if parquet_there() else "CSV (*.csv)"
        path = ask_where(self.card, "Save data", begin(self.card, f"{self._stem()}.csv"), kinds)
        if path is None:
            return
        if whole and self.asking is not None:
            self.asking.give(self.variable, str(path.absolute()), partial(self._given, path))
        else:
            self.save_data(path)

    def save_data(self, path: Path) -> None:
        """Save the data that are shown: CSV or Parquet, by the file's ending."""
        try:
            written = write(columns(self.value), path)
        except (NoColumnsError, ValueError, TypeError) as error:
            self._given(path, 0, str(error))
        else:
            self._given(path, written, "")

    def _given(self, path: Path, written: int, error: str) -> None:
        if error:
            self._failed("Save data", f"{error}.")
        else:
            count = f"{written:,}".replace(",", " ")
            self.said.emit(f"{count} {'row was' if written == 1 else 'rows were'} saved to {path}.")

    def _failed(self, title: str, why: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, title, why, QMessageBox.StandardButton.Ok, self.card)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def copy_python(self) -> None:
        """Put Python on the clipboard that makes the data: all of them if the engine has more than is shown."""
        value, title = self.value, self.title
        try:
            table = columns(value)
        except (NoColumnsError, ValueError, TypeError) as error:
            self._failed("Copy as Python", f"{error}.")
            return
        may_be_cut = len(table) >= _CUT or tuple(table.attrs.get("shape", table.shape)) != table.shape
        if may_be_cut and self.asking is not None and self.asking.ready and self.variable:
            how = {"as": "python", "title": title}
            self.asking.text(self.variable, how, partial(self._python, title, value))
        else:
            self._python(title, value, python_text(value, title), "")

    def _python(self, title: str, shown: Any, text: Text, error: str) -> None:
        if error:
            text = python_text(shown, title)
        QGuiApplication.clipboard().setText(text.text)
        words = f"Python that makes the data of “{title}” is on the clipboard"
        if text.rows < text.total:
            words += f": the first {counted(text.rows)} of {counted(text.total)} rows. “Save all data…” has all of them"
        self.said.emit(f"{words}. This is what is shown: {error}." if error else f"{words}.")

    def _stem(self) -> str:
        return re.sub(r"[^\w .-]+", "_", self.title).strip(" .") or "view"
