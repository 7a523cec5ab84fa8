"""The editor of a source: keys as in the script's pane, what can be typed next, and errors at their lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView

from flodesk.flow.syntax import parse_tree
from flodesk.ui.script.code_view import Squiggle
from flodesk.ui.script.editor import Mark, ScriptEditor
from flodesk.ui.source.asking import Found

PAUSE = 120
"""Milliseconds after a letter until it is asked what fits."""
CHECK = 250
"""Milliseconds after a change until it is said whether the text is Python."""
_WORD = re.compile(r"[^\W\d]\w*$")
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
_ASKS = (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_Return, Qt.Key.Key_Enter)

Ask = Callable[[str, int, int, Callable[[Found], object]], None]
"""Takes text, line (from 1), column, and who gets what fits there."""


class SourceEditor(ScriptEditor):
    """Source text with completion (Ctrl+Space, and as one types). `checked` tells the error of a text, or empty."""

    checked = Signal(str)
    save_wanted = Signal()

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self.setAccessibleName("Source of the node")
        self._ask = ask
        self._names = QStringListModel(self)
        self.completer = QCompleter(self._names, self)
        self.fitting = QListView(self)
        self.fitting.setAccessibleName("What can be typed next")
        self.completer.setPopup(self.fitting)
        self.completer.setWidget(self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setMaxVisibleItems(12)
        self.completer.activated.connect(self._insert)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self.complete)
        self._later = QTimer(self, singleShot=True, interval=CHECK)
        self._later.timeout.connect(self.check)
        self.textChanged.connect(self._later.start)
        self.undo_wanted.connect(self.undo)
        self.redo_wanted.connect(self.redo)

    # -------------------------------------------------------------- what can be typed next
    def complete(self) -> None:
        """Ask what fits at the cursor, and offer it when it is known."""
        cursor = self.textCursor()
        text, place = self.raw_text(), cursor.position()
        column = cursor.positionInBlock()
        if not self.isReadOnly():
            self._ask(text, cursor.blockNumber() + 1, column, lambda found: self._offer(found, place))

    def _offer(self, found: Found, place: int) -> None:
        if self.textCursor().position() != place or not self.hasFocus():
            return  # the hand is somewhere else by now
        prefix = self._prefix()
        names = [name for name, _ in found]
        if not names or names == [prefix]:
            self.fitting.hide()
            return
        self._names.setStringList(names)
        self.completer.setCompletionPrefix(prefix)
        self.fitting.setCurrentIndex(self.completer.completionModel().index(0, 0))
        box = self.cursorRect()
        box.translate(self.viewport().pos())
        box.setWidth(self.fitting.sizeHintForColumn(0) + self.fitting.verticalScrollBar().sizeHint().width() + 24)
        self.completer.complete(box)

    def _prefix(self) -> str:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = _WORD.search(before)
        return found[0] if found else ""

    def _insert(self, name: str) -> None:
        cursor = self.textCursor()
        prefix = self._prefix()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(prefix))
        cursor.insertText(name)
        self.setTextCursor(cursor)

    # -------------------------------------------------------------- errors
    def check(self) -> None:
        """Mark the line at which the text stops being Python, and tell why."""
        self._later.stop()
        line, column, said = 0, 0, ""
        try:
            parse_tree(self.raw_text(), quiet=True)
        except SyntaxError as error:
            line, column, said = error.lineno or 1, error.offset or 1, error.msg
        except (ValueError, RecursionError, MemoryError) as error:
            line, said = 1, str(error)
        self.show_error(line, said, column)
        self.checked.emit(f"Line {line}: {said}" if said else "")

    def show_error(self, line: int, words: str, column: int = 0) -> None:
        """Mark a line (from 1) with what is wrong there; without words take the mark away."""
        self.marks = {line - 1: Mark(sign="error", words=words)} if words else {}
        text = self.document().findBlockByNumber(line - 1).text() if words else ""
        start = min(max(column - 1, 0), max(len(text) - 1, 0)) if column else len(text) - len(text.lstrip())
        self.squiggles = (Squiggle(line - 1, start, max(len(text.rstrip()), start + 1)),) if words else ()
        self.refresh()

    # -------------------------------------------------------------- keys
    def _own(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return (control and event.key() in _ASKS) or super()._own(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Complete on Ctrl+Space; leave to the list of what fits the keys that choose from it."""
        if self.fitting.isVisible() and event.key() in _TAKES:
            event.ignore()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() == Qt.Key.Key_Space:
            self.complete()
            return
        if control and event.key() in _ASKS:
            self.save_wanted.emit()
            return
        super().keyPressEvent(event)
        typed = event.text()
        if typed == "." or (typed.isidentifier() and len(self._prefix()) > 1):
            self._soon.start()
        elif self.fitting.isVisible():
            if self._prefix():
                self._soon.start()
            else:
                self.fitting.hide()


__all__ = ["SourceEditor"]
