"""The small dialog for what a view says of its looks: limits, zones, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from flodesk.flow.forms import TEXT, TITLE, Form, Option, of_plain
from flodesk.flow.model import View
from flodesk.ui.panel.figures import parse, plain
from flodesk.ui.panel.setting import Gone, Shown

_BY_ITSELF = "as the value brings it"


class LooksDialog(QDialog):
    """Asks for the options of a view's form. What is left empty is as the value brings it, or as the form has it.

    `options` are those of the view then: what the form does not know stays as it is.
    """

    def __init__(self, parent: QWidget, title: str, form: Form, options: Mapping[str, Any]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("looks")
        self.setWindowTitle(f"Looks of {title}")
        self.setMinimumWidth(380)
        self._form, self._before = form, dict(options)
        self.editors: dict[str, QLineEdit | QComboBox | QCheckBox] = {}
        rows = QFormLayout(self)
        rows.setSpacing(8)
        settled = form.settled(options)
        for option in form.options:
            editor = self.editors[option.name] = self._editor(option, settled.get(option.name))
            editor.setAccessibleName(option.title)
            editor.setToolTip(option.help)
            rows.addRow(option.title, editor)
            if isinstance(editor, QCheckBox) and option.help:
                rows.addRow("", _words(option.help))
        if TITLE.name not in self.editors:
            rows.addRow(_words("The title is set in the inspector."))
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "error")
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Reset)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(kinds.Reset).clicked.connect(self.clear)
        buttons.button(kinds.Reset).setToolTip(f"Leave all {_BY_ITSELF}")
        buttons.button(kinds.Reset).setAutoDefault(False)
        self.ok = buttons.button(kinds.Ok)
        rows.addRow(self.problem)
        rows.addRow(buttons)
        self._check()

    def _editor(self, option: Option, value: Any) -> QLineEdit | QComboBox | QCheckBox:
        if option.choices:
            entries = QComboBox()
            for choice in option.choices:
                entries.addItem(choice.capitalize(), choice)
            entries.setCurrentIndex(option.choices.index(value) if value in option.choices else 0)
            return entries
        if option.type == "truth":
            box = QCheckBox()
            box.setChecked(value is True)
            return box
        text = "" if value is None else plain(value, 12) if option.type == "number" else str(value)
        line = QLineEdit(text)
        line.setPlaceholderText(_BY_ITSELF)
        line.textChanged.connect(self._check)
        return line

    @property
    def options(self) -> dict[str, Any]:
        """What the view says now."""
        said = {name: value for name, value in self._before.items() if name not in self.editors}
        for option in self._form.options:
            editor = self.editors[option.name]
            if isinstance(editor, QComboBox):
                if editor.currentIndex():
                    said[option.name] = editor.currentData()
            elif isinstance(editor, QCheckBox):
                if editor.isChecked():
                    said[option.name] = True
            elif text := editor.text().strip():
                number = parse(text) if option.type == "number" else None
                said[option.name] = text if option.type == "text" else _whole(number)
        return {name: value for name, value in said.items() if value is not None}

    def clear(self) -> None:
        """Leave all as the value brings it."""
        for editor in self.editors.values():
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(0)
            elif isinstance(editor, QCheckBox):
                editor.setChecked(False)
            else:
                editor.clear()

    def _check(self) -> None:
        problem = self._wrong()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.ok.setEnabled(not problem)
        if self.isVisible() and self.height() < (high := self.heightForWidth(self.width())):
            self.resize(self.width(), high)  # the words get room of their own, below a list of edits that is long

    def _wrong(self) -> str:
        """Say what cannot be taken; empty if all can."""
        for option in self._form.options:
            editor = self.editors.get(option.name)
            text = editor.text().strip() if isinstance(editor, QLineEdit) and option.type == "number" else ""
            if text and parse(text) is None:
                return f"{option.title}: “{text}” is no number. Write one (20, 1.5k), or leave it empty."
        said = self.options if len(self.editors) == len(self._form.options) else {}
        low, high = said.get("minimum"), said.get("maximum")
        if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
            return "The minimum has to be below the maximum."
        return ""


def form_of(shown: Shown, form: Form | None) -> Form | None:
    """Return a form with all that a view can say: of a plain value more, even before its form is known."""
    return of_plain(form or TEXT) if not isinstance(shown, Gone) and shown.plain else form


def offer(menu: QMenu, parent: QWidget, title: str, form: Form | None, view: View, take: Callable[[Any], Any]) -> None:
    """Add the entry that asks for the looks of a view, if its form has some to ask for; `take` gets the options."""
    if form is None or not form.options:
        return

    def ask() -> None:
        dialog = LooksDialog(parent, title, form, dict(view.options))
        dialog.accepted.connect(lambda: take(dialog.options))
        dialog.open()

    menu.addAction("Looks…", ask)


def _words(text: str) -> QLabel:
    words = QLabel(text)
    words.setWordWrap(True)
    words.setProperty("role", "muted")
    return words


def _whole(number: float | None) -> int | float | None:
    return int(number) if number is not None and number.is_integer() and abs(number) < 1e15 else number
