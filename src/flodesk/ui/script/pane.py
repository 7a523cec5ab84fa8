"""The script beside the picture: a pane in which the flow's text is seen, followed and edited."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.ui.dock import small_button
from flodesk.ui.script.code_view import Squiggle
from flodesk.ui.script.editor import ScriptEditor
from flodesk.ui.script.find_bar import FindBar
from flodesk.ui.script.in_step import InStep
from flodesk.ui.script.strip import Strip
from flodesk.ui.settings import settings

CALM = 900
"""Milliseconds that a text may be unreadable before the window says so: who types a bracket will close it."""
_FOLDED = "script_header_folded"


class ScriptPane(QWidget):
    """Editor, search and the strip below.

    Signals
    -------
    ahead_changed : in words, why the flow is as it was before the text was typed; empty if it is not
    left : the keyboard is to go back to the canvas
    """

    ahead_changed = Signal(str)
    left = Signal()

    def __init__(self, document: Document, catalog: Callable[[], Catalog]) -> None:
        super().__init__()
        self.editor = ScriptEditor()
        self.editor.fold.folded = settings().value(_FOLDED, True) in (True, "true")
        self.search = FindBar(self.editor)
        self.strip = Strip()
        self.in_step = InStep(document, self.editor, catalog)
        self.fold_button = small_button("fold", "Fold or unfold the header", self._toggle_fold)
        self.fold_button.setCheckable(True)
        self.fold_button.setChecked(not self.editor.fold.folded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addWidget(self.editor, 1)
        column.addWidget(self.strip)
        self._told = ""
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._tell)
        editor, in_step = self.editor, self.in_step
        in_step.changed.connect(self._show_state)
        in_step.typed.connect(self._hide_squiggle)
        editor.undo_wanted.connect(in_step.undo)
        editor.redo_wanted.connect(in_step.redo)
        editor.find_wanted.connect(self.search.open_for_word)
        editor.find_next.connect(lambda forward: self.search.go(forward=forward))
        editor.line_wanted.connect(self.search.open_for_line)
        editor.leave_wanted.connect(self._leave)
        editor.fold.changed.connect(self._remember_fold)
        editor.tip_of = self._tip
        editor.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        editor.customContextMenuRequested.connect(self._menu)
        self.strip.line_wanted.connect(self.show_error)
        self.strip.back_wanted.connect(in_step.take_back)
        self.setFocusProxy(editor)

    def buttons(self) -> tuple[QToolButton, ...]:
        """Return what stands in the heading of the dock."""
        return (small_button("search", "Find in the script (Ctrl+F)", self.search.open_for_word), self.fold_button)

    # -------------------------------------------------------------- verbs
    def show_error(self) -> None:
        """Put the cursor where the text cannot be read."""
        unread = self.in_step.unread
        if unread is not None and unread.line >= 0:
            self.editor.show_line(unread.line, max(unread.start, 0))
            self.editor.setFocus()

    def reason(self) -> str:
        """Say why the text cannot be read, and where; empty if it can."""
        unread = self.in_step.unread
        if unread is None:
            return ""
        where = f"Line {unread.line + 1}" if unread.line >= 0 else "The text"
        return f"{where}: {unread.message if unread.message.endswith(('.', '!', '?')) else unread.message + '.'}"

    def settle(self) -> None:
        """Take over what was typed, before something else is done with the flow."""
        self.in_step.settle()

    def undo(self) -> bool:
        """Take back what was typed and is not in the flow yet; False if there is nothing such."""
        if not self.in_step.ahead:
            return False
        self.in_step.undo()
        return True

    # -------------------------------------------------------------- what is the case
    def _show_state(self) -> None:
        unread = self.in_step.unread
        editor = self.editor
        if unread is None:
            editor.squiggles = ()
            read_only = (
                "This file holds characters that an editor would turn into others: it can be read here, not changed."
            )
            self.strip.say(read_only if editor.isReadOnly() else "", "info", line=False, back=False)
            self._calm.stop()
            self._tell()
        else:
            words = f"{self.reason()} The canvas shows the flow as it was before; go on typing, or take the text back."
            if self.in_step.clashes:
                lines = ", ".join(str(n + 1) for n in self.in_step.clashes)
                words += f" What was changed elsewhere meanwhile in line {lines} stays out: yours is kept."
            self.strip.say(words, "error", line=unread.line >= 0)
            if unread.line >= 0:
                start = max(unread.start, 0)
                text = editor.document().findBlockByNumber(unread.line).text()
                if unread.start < 0:
                    start = len(text) - len(text.lstrip())
                end = unread.end if unread.end > start else len(text)
                editor.squiggles = (Squiggle(unread.line, start, end),)
            if self._told:
                self._tell()
            elif not self._calm.isActive():
                self._calm.start()
        editor.refresh()

    def _hide_squiggle(self) -> None:
        if self.editor.squiggles:
            self.editor.squiggles = ()

    def _tell(self) -> None:
        words = self.reason()
        if words != self._told:
            self._told = words
            self.ahead_changed.emit(words)

    def _tip(self, line: int, column: int) -> str:
        unread = self.in_step.unread
        return self.reason() if unread is not None and unread.line == line else ""

    # -------------------------------------------------------------- inside
    def _toggle_fold(self) -> None:
        self.editor.fold.put(not self.editor.fold.folded)

    def _remember_fold(self) -> None:
        self.fold_button.setChecked(not self.editor.fold.folded)
        settings().setValue(_FOLDED, self.editor.fold.folded)

    def _leave(self) -> None:
        if self.search.isVisible():
            self.search.close_bar()
        else:
            self.left.emit()

    def _menu(self, at: QPoint) -> None:
        editor, cursor = self.editor, self.editor.textCursor()
        free = not editor.isReadOnly()
        keys = QKeySequence.StandardKey
        menu = QMenu(editor)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, shortcut, do, possible in (
            ("Undo", keys.Undo, self.in_step.undo, free),
            ("Redo", keys.Redo, self.in_step.redo, free),
            ("", None, None, False),
            ("Cut", keys.Cut, editor.cut, free and cursor.hasSelection()),
            ("Copy", keys.Copy, editor.copy, cursor.hasSelection()),
            ("Paste", keys.Paste, editor.paste, free and editor.canPaste()),
            ("Select all", keys.SelectAll, editor.selectAll, True),
            ("", None, None, False),
            ("Find…", keys.Find, self.search.open_for_word, True),
            ("Go to line…", "Ctrl+G", self.search.open_for_line, True),
            ("Comment or uncomment", "Ctrl+/", editor.comment, free),
            (
                "Unfold the header" if editor.fold.folded else "Fold the header",
                "",
                self._toggle_fold,
                editor.fold.lines is not None,
            ),
        ):
            if not title or do is None:
                menu.addSeparator()
                continue
            action = menu.addAction(title)
            action.setShortcut(QKeySequence(shortcut) if shortcut is not None else QKeySequence())
            action.setEnabled(possible)
            action.triggered.connect(partial(_do, do))
        menu.popup(editor.viewport().mapToGlobal(at))

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the text up to date."""
        super().showEvent(event)
        self.in_step.show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow no more."""
        super().hideEvent(event)
        self.in_step.hide()


def _do(verb: Callable[[], object], _checked: bool = False) -> None:
    verb()
