"""Editors for one parameter, chosen by its type. They speak Python text: what stands in the script.

An editor gives `edited` a new text only if it is a valid value; else `refused` says why, and nothing changes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QWidget,
)

from flodesk.flow.model import Literal, Symbol
from flodesk.flow.spec import Parameter
from flodesk.flow.syntax import literal
from flodesk.ui.dock import small_button
from flodesk.ui.flow_folder import TellsInFull, ask_path
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.help import limits, shown
from flodesk.ui.panel.figures import parse, plain, tidy_step

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


class Editor(QWidget):
    """What all editors have in common."""

    wide: ClassVar[bool] = False
    """Whether it wants the whole width of the sheet, below its name."""
    edited = Signal(str)
    refused = Signal(str)
    settled = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.shown = ""
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(3)

    def show_text(self, text: str) -> None:
        """Show a value, given as Python text; it is not reported back as an edit."""
        self.shown = text
        self.refused.emit("")

    def give(self, text: str) -> None:
        """Report a new value, unless it is the one that is shown."""
        self.refused.emit("")
        if text != self.shown:
            self.shown = text
            self.edited.emit(text)


class LineEditor(Editor):
    """A line of text that is read by `understand` when it is left or Enter is pressed; Escape takes it back."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.line = QLineEdit()
        self.line.setAccessibleName(parameter.name)
        self.line.editingFinished.connect(self._finish)
        self.line.installEventFilter(self)
        pass_undo_on(self.line)
        self.row.addWidget(self.line, 1)
        self.setFocusProxy(self.line)

    def show_text(self, text: str) -> None:
        """Show a value, but do not disturb who is typing another one."""
        super().show_text(text)
        self.line.setPlaceholderText("" if text else ("required" if self.parameter.required else ""))
        self.line.setText(self.wording(text))
        self.line.setCursorPosition(0)

    def wording(self, text: str) -> str:
        """Return how a value (Python text) is shown."""
        return text

    def understand(self, words: str) -> str:
        """Return what was typed as Python text.

        Raises
        ------
        ValueError
            It is no value for this parameter; the message says why.
        """
        return words

    def step(self, count: int) -> None:
        """Change the value by a key; only numbers can."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle Escape and the arrow keys."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
            if event.key() == Qt.Key.Key_Escape and self.line.text() != self.wording(self.shown):
                self.show_text(self.shown)
                return True
            if (count := steps.get(Qt.Key(event.key()))) is not None:
                self.step(count)
                return True
        return False

    def _finish(self) -> None:
        if self.line.text() == self.wording(self.shown):
            self.refused.emit("")
        else:
            try:
                text = self.understand(self.line.text())
            except ValueError as problem:
                self.refused.emit(str(problem))
                return
            self.give(text)
            self.line.setText(self.wording(text))
        self.settled.emit()


class NumberEditor(LineEditor):
    """A number: prefixes and exponents may be typed, arrow keys step, limits are said and kept."""

    def wording(self, text: str) -> str:
        """Show a number without needless digits."""
        value = Literal(text).value if text else None
        return plain(value, 10) if isinstance(value, int | float) and not isinstance(value, bool) else shown_none(text)

    def understand(self, words: str) -> str:
        """Read ``20``, ``1.5k``, ``3e-3``, ``math.pi``."""
        words = words.strip()
        if self.parameter.optional and words in ("", "None", "none"):
            return "None"
        if _DOTTED.fullmatch(words):
            return words
        value = parse(words, self.parameter.unit)
        if not words:
            raise ValueError("empty: write a number")
        if value is None:
            unit = f" in {self.parameter.unit}" if self.parameter.unit else ""
            raise ValueError(f"“{words}” is no number{unit}. Type one such as 20, 1.5k or 3e-3.")
        return self.python(self.check(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select the whole number by a double click: Qt takes the point for the end of a word."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.line.selectAll()
            return True
        return super().eventFilter(watched, event)

    def check(self, value: float) -> float:
        """Return the value if it is within the limits."""
        low, high = self.parameter.minimum, self.parameter.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValueError(f"{plain(value)} is out of range: {limits(self.parameter)}.")
        return value

    def python(self, value: float) -> str:
        """Write the number as Python text."""
        return repr(float(value))

    def step(self, count: int) -> None:
        """Change by the parameter's step, or by a tenth of the value's size."""
        value = Literal(self.shown).value if self.shown else 0.0
        if isinstance(value, int | float):
            size = self.parameter.step or (tidy_step(abs(value) / 10) if value else 0.1)
            changed = round(value + count * size, 12)
            low, high = self.parameter.minimum, self.parameter.maximum
            changed = max(changed, low) if low is not None else changed
            changed = min(changed, high) if high is not None else changed
            self.give(self.python(changed))
            self.line.setText(self.wording(self.shown))


class IntegerEditor(NumberEditor):
    """A whole number."""

    def check(self, value: float) -> float:
        """Refuse fractions."""
        if value != int(value):
            raise ValueError(f"{plain(value)} is no whole number.")
        return super().check(value)

    def python(self, value: float) -> str:
        """Write it without a decimal point."""
        return repr(round(value))

    def step(self, count: int) -> None:
        """Change by the step, or by one."""
        value = Literal(self.shown).value if self.shown else 0
        if isinstance(value, int):
            low, high = self.parameter.minimum, self.parameter.maximum
            changed = value + count * max(1, round(self.parameter.step or 1))
            changed = round(max(changed, low)) if low is not None else changed
            changed = round(min(changed, high)) if high is not None else changed
            self.give(self.python(changed))
            self.line.setText(self.wording(self.shown))


class TextEditor(LineEditor):
    """A text: shown without its quotes."""

    def wording(self, text: str) -> str:
        """Show the text itself."""
        value = Literal(text).value if text else ""
        return value.replace("\n", "\\n") if isinstance(value, str) else text

    def understand(self, words: str) -> str:
        """Write it with quotes."""
        return repr(words.replace("\\n", "\n"))


class PathEditor(TextEditor):
    """A file's path, with a picker: of one that is there, or that is written. The tooltip says it in full."""

    wide = True

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        TellsInFull(self.line)
        self.row.addWidget(small_button("folder", "Choose a file", self._pick))

    def _pick(self) -> None:
        parameter = self.parameter
        asks = "save" if parameter.widget == "save" else "open"
        if path := ask_path(self, f"Choose {parameter.name}", self.line.text(), asks, parameter.endings):
            self.line.setText(path)
            self._finish()


class LiteralEditor(LineEditor):
    """Any Python literal: a list, a tuple, a dictionary, a text in quotes, the name of something imported."""

    def wording(self, text: str) -> str:
        """Show it as it is written, and ``None`` as a word."""
        return shown_none(text)

    def understand(self, words: str) -> str:
        """Check that it is a literal or a dotted name."""
        words = words.strip()
        if words == "none" or (not words and self.parameter.optional):
            return "None"
        if not words.isidentifier() or words in ("None", "True", "False"):
            try:
                literal(words)
            except (ValueError, SyntaxError):
                if not _DOTTED.fullmatch(words):
                    raise ValueError("Type a Python value, such as 5, 'text', [1, 2] or math.pi.") from None
        return words


class ListEditor(LiteralEditor):
    """A list: its brackets, and the quotes of names in it, need not be typed: ``city, month``."""

    def wording(self, text: str) -> str:
        """Show a list of plain words by the words."""
        value = Literal(text).value if text else None
        if isinstance(value, list) and value and all(isinstance(one, str) and _plain_word(one) for one in value):
            return ", ".join(value)
        return super().wording(text)

    def understand(self, words: str) -> str:
        """Read words between commas as a list, too. One word alone may be a variable: the flow knows that."""
        words = words.strip()
        if not words or words in ("none", "None") or words.isidentifier() or _DOTTED.fullmatch(words):
            return super().understand(words)
        try:
            value = None if _has_bare_hash(words) else literal(words)
        except (ValueError, SyntaxError):
            value = None
        if value is None:
            if any(sign in words for sign in "[](){}'\"="):
                return super().understand(words)
            return repr([_part(part.strip()) for part in words.split(",") if part.strip()])
        if isinstance(value, tuple) and words[0] != "(":
            return repr(list(value))
        return words if isinstance(value, list | tuple | dict | set) else repr([value])


class SwitchEditor(Editor):
    """True or False."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = QCheckBox()
        self.box.setAccessibleName(parameter.name)
        self.box.clicked.connect(self._clicked)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.setFocusProxy(self.box)

    def show_text(self, text: str) -> None:
        """Show on or off."""
        super().show_text(text)
        self.box.setChecked(text == "True")
        self.box.setText("on" if text == "True" else "off")

    def _clicked(self, on: bool) -> None:
        self.box.setText("on" if on else "off")
        self.give(repr(on))
        self.settled.emit()


class ChoiceEditor(Editor):
    """One of several values."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = QComboBox()
        self.box.setAccessibleName(parameter.name)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMinimumContentsLength(4)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for choice in parameter.choices:
            self.box.addItem(_choice_words(choice), Literal.of(choice).text)
        self.box.activated.connect(self._activated)
        self.box.installEventFilter(self)
        self.row.addWidget(self.box, 1)
        self.setFocusProxy(self.box)

    def show_text(self, text: str) -> None:
        """Select the value; one that is not on offer is shown as it stands."""
        super().show_text(text)
        value = Literal(text).value if text else None
        if not text:
            self.box.setCurrentIndex(-1)
            self.box.setPlaceholderText("not set")
            return
        for number in range(self.box.count()):
            if Literal(self.box.itemData(number)).value == value:
                self.box.setCurrentIndex(number)
                return
        self.box.setCurrentIndex(-1)
        self.box.setPlaceholderText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel from changing a value that one only scrolls past."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False

    def _activated(self, number: int) -> None:
        self.give(str(self.box.itemData(number)))
        self.settled.emit()


class ColorEditor(TextEditor):
    """A colour as ``#rrggbb`` or by name, with a picker."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.swatch = QToolButton()
        self.swatch.setAccessibleName("Choose a colour")
        self.swatch.setFixedSize(26, 26)
        self.swatch.clicked.connect(self._pick)
        self.row.addWidget(self.swatch)

    def show_text(self, text: str) -> None:
        """Show the colour in the button."""
        super().show_text(text)
        self.swatch.setStyleSheet(f"background: {self.wording(text) or 'transparent'}; border-radius: 5px;")

    def understand(self, words: str) -> str:
        """Refuse what is no colour."""
        if not QColor.isValidColorName(words.strip()):
            raise ValueError(f"“{words}” is no colour. Type one such as #ff8800 or red.")
        return repr(words.strip())

    def _pick(self) -> None:
        chosen = QColorDialog.getColor(QColor(self.line.text()), self)
        if chosen.isValid():
            self.line.setText(chosen.name())
            self._finish()


_BY_TYPE: dict[str, type[Editor]] = {
    "number": NumberEditor,
    "integer": IntegerEditor,
    "truth": SwitchEditor,
    "text": TextEditor,
    "path": PathEditor,
    "list": ListEditor,
}
_BY_WIDGET: dict[str, type[Editor]] = {"file": PathEditor, "save": PathEditor, "color": ColorEditor}


def editor_for(parameter: Parameter, text: str) -> Editor:
    """Return the editor that suits a parameter and its value now: one of another type is edited as it is written."""
    kind = editor_kind(parameter, text)
    if kind is ChoiceEditor and not parameter.choices:
        return ChoiceEditor(replace(parameter, choices=(True, False)))
    return kind(parameter)


def editor_kind(parameter: Parameter, text: str) -> type[Editor]:
    """Return the class of that editor."""
    value: Any = Literal(text).value if text else None
    if isinstance(value, Symbol) and not parameter.choices:
        return LiteralEditor
    if parameter.choices or (parameter.type == "truth" and parameter.required):
        return ChoiceEditor
    if parameter.optional and parameter.type == "truth":
        return LiteralEditor
    if parameter.type in ("text", "path") and text and not isinstance(value, str):
        return LiteralEditor
    return _BY_WIDGET.get(parameter.widget, _BY_TYPE.get(parameter.type, LiteralEditor))


def _plain_word(text: str) -> bool:
    """Say whether a text in a list can be shown without quotes: typed again it is the same text."""
    return bool(text) and text == text.strip() and not set(text) & set(",[](){}'\"=\\\n") and _part(text) == text


def _part(words: str) -> Any:
    """Read what stands between two commas: a value if it is one, else a text."""
    try:
        return words if _has_bare_hash(words) else literal(words)
    except (ValueError, SyntaxError):
        return words


def _has_bare_hash(words: str) -> bool:
    """Say whether Python would take what stands behind a ``#`` for a comment, and drop it."""
    return "#" in words and not set(words) & set("'\"")


def shown_none(text: str) -> str:
    """Show ``None`` as a word that is no code."""
    return "none" if text == "None" else text


def _choice_words(choice: Any) -> str:
    if choice is None or isinstance(choice, bool):
        return shown(repr(choice))
    return choice if isinstance(choice, str) else str(getattr(choice, "text", choice))
