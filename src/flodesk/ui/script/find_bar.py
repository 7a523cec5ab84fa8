"""The bar above the script in which a word is looked for, or a line is named."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.script.editor import ScriptEditor
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import mix

_MOST = 9999
PAUSE = 150
"""Milliseconds after a change of the text until the places are counted anew."""


class FindBar(QWidget):
    """Finds while one types. Enter goes on, Shift+Enter back, Esc closes; a colon and a number is a line."""

    closed = Signal()

    def __init__(self, editor: ScriptEditor) -> None:
        super().__init__()
        self._editor = editor
        self._from = 0
        """Where the cursor was when the search began."""
        self.field = QLineEdit()
        self.field.setAccessibleName("Find in the script")
        self.field.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 6, 4)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addWidget(small_button("up", "Previous (Shift+Enter)", lambda: self.go(forward=False)))
        row.addWidget(small_button("down", "Next (Enter)", lambda: self.go(forward=True)))
        row.addWidget(small_button("close", "Close the search (Esc)", self.close_bar))
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        pass_undo_on(self.field)
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._later.timeout.connect(self._changed)
        editor.textChanged.connect(self._later.start)
        current.changed.connect(self._changed)
        self.hide()

    # -------------------------------------------------------------- verbs
    def open_for_word(self) -> None:
        """Look for what is selected, or for what was looked for last."""
        chosen = self._editor.textCursor().selectedText()
        self._open("Find in the script", chosen if chosen and "\u2029" not in chosen else "")

    def open_for_line(self) -> None:
        """Ask for the number of a line."""
        self._open(f": and a line, 1 to {self._editor.blockCount()}", ":")

    def close_bar(self) -> None:
        """Go back to the text."""
        self.hide()
        self._light("")
        self._editor.setFocus()
        self.closed.emit()

    def go(self, *, forward: bool) -> None:
        """Select the next one, or the one before; after the last comes the first."""
        text = self.field.text()
        if not text or text.startswith(":"):
            return
        flags = QTextDocument.FindFlag(0) if forward else QTextDocument.FindFlag.FindBackward
        document = self._editor.document()
        found = document.find(text, self._editor.textCursor(), flags)
        if found.isNull():
            start = QTextCursor(document)
            if not forward:
                start.movePosition(QTextCursor.MoveOperation.End)
            found = document.find(text, start, flags)
        self._show(found)

    # -------------------------------------------------------------- inside
    def _open(self, words: str, text: str) -> None:
        self._from = self._editor.textCursor().selectionStart()
        self.field.setPlaceholderText(words)
        self.show()
        self.field.setFocus()
        if text and text != self.field.text():
            self.field.setText(text)
        elif text == "" and self.field.text().startswith(":"):
            self.field.clear()
        if text == ":":
            self.field.end(False)
        else:
            self.field.selectAll()
        self._count()

    def _typed(self, text: str) -> None:
        if text.startswith(":"):
            self._go_to(text[1:].strip())
            return
        start = QTextCursor(self._editor.document())
        start.setPosition(min(self._from, self._editor.document().characterCount() - 1))
        found = self._editor.document().find(text, start) if text else start
        if found.isNull():
            found = self._editor.document().find(text)
        self._show(found)

    def _go_to(self, number: str) -> None:
        known = number.isdecimal() and 1 <= int(number) <= self._editor.blockCount()
        self.count.setText("" if known or not number else "No such line")
        if known:
            self._editor.show_line(int(number) - 1)

    def _show(self, found: QTextCursor) -> None:
        if not found.isNull() and found.hasSelection():
            block = self._editor.document().findBlock(found.selectionStart())
            column = found.selectionStart() - block.position()
            self._editor.show_line(block.blockNumber(), column, found.selectionEnd() - found.selectionStart())
        self._count()

    def _light(self, word: str) -> None:
        """Put a ground behind every place of a word."""
        found: dict[int, tuple[tuple[int, int, str], ...]] = {}
        if word:
            color = mix(theme().sunken, theme().warning, 0.3)
            pattern = re.compile(re.escape(word), re.IGNORECASE)
            for number, line in enumerate(self._editor.raw_text().split("\n")):
                places = [(*match.span(), color) for match in pattern.finditer(line)]
                if places:
                    found[number] = tuple(places)
        if found or self._editor.inner:
            self._editor.inner = found
            self._editor.refresh()

    def _changed(self) -> None:
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        text = self.field.text()
        self._light("" if text.startswith(":") else text)
        if not text or text.startswith(":"):
            self.count.setText("")
            return
        whole, word = self._editor.raw_text().casefold(), text.casefold()
        total = whole.count(word)
        cursor = self._editor.textCursor()
        here = whole[: cursor.selectionStart()].count(word) + 1 if cursor.selectedText().casefold() == word else 0
        if not total:
            self.count.setText("Not found")
        else:
            self.count.setText(f"{here} of {min(total, _MOST)}" if here else f"{min(total, _MOST)}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field."""
        if not isinstance(event, QKeyEvent):
            return False
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3)
        again = event.key() in (Qt.Key.Key_F, Qt.Key.Key_G) and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if (event.key() not in keys and not again) or event.type() not in (
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        ):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            if again:
                self.open_for_word() if event.key() == Qt.Key.Key_F else self.open_for_line()
            elif event.key() == Qt.Key.Key_Escape or self.field.text().startswith(":"):
                self.close_bar()
            else:
                self.go(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return True
