"""The editor of a node's Python source, that of code or of a function of the file: coloured, applied as one edit."""

from __future__ import annotations

from difflib import SequenceMatcher

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from flodesk.flow.syntax import parse_tree
from flodesk.ui import keystrokes
from flodesk.ui.coloring import Coloring
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.theme.style import code_font

_TABBED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_LINE, _FUNCTION, _MOST = 4, 10, 24
"""Lines that are seen of a source at least, where it is one line and where it is more; and at most at a time."""
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class _Box(QPlainTextEdit):
    """As high as its text, within limits: a function of ordinary length is seen as a whole."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._least = _FUNCTION if "\n" in text.strip() else _LINE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.blockCountChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Return the size that shows each line, and one more to be written."""
        return QSize(super().sizeHint().width(), self._high(min(max(self._least, self.blockCount() + 1), _MOST)))

    def minimumSizeHint(self) -> QSize:
        """Return the size that is kept where the sheet is longer than the dock."""
        return QSize(super().minimumSizeHint().width(), self._high(self._least))

    def _high(self, lines: int) -> int:
        bar = self.horizontalScrollBar().sizeHint().height()
        return lines * self.fontMetrics().lineSpacing() + bar + 22


class CodeEditor(QWidget):
    """Source text with Apply and Revert; `applied` gives text that is Python, anything else is explained below.

    It is given by Apply, by Ctrl+Enter, and when the text is left. `typed` gives each text that is not the flow's, and
    None when it is the flow's again; with that of the flow.

    A text that was typed over a source which the flow has no more waits for a hand: leaving it gives nothing.

    Tab indents for who writes: after a click, Enter or a letter. Who comes by Tab goes on by Tab, and so after Esc.
    """

    applied = Signal(str)
    typed = Signal(object, str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._before = text
        self._elsewhere = ""
        self._over: str | None = None
        """The source that was typed over, where the flow has another by now."""
        self.box = _Box(text)
        self.box.setFont(code_font())
        self.box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.box.setTabStopDistance(4 * self.box.fontMetrics().horizontalAdvance(" "))
        self.box.setAccessibleName("Source of the node")
        self.box.setToolTip(
            "Click, or press Enter, to write: then Tab indents, and Esc lets Tab go on to the next field; so does "
            "Ctrl+Tab at once. Ctrl+Enter applies."
        )
        self._colors = Coloring(self.box.document())
        self.error = QLabel()
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.meanwhile = QLabel()
        self.meanwhile.setTextFormat(Qt.TextFormat.PlainText)
        self.meanwhile.setWordWrap(True)
        self.meanwhile.hide()
        self.apply = QPushButton()
        self.revert = QPushButton()
        for button in (self.apply, self.revert):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # to press a button is not to leave the text
        self.setFocusProxy(self.box)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.revert)
        buttons.addWidget(self.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        column.addWidget(self.meanwhile)
        column.addWidget(self.error)
        column.addLayout(buttons)
        self.apply.clicked.connect(self._put_in)
        self.revert.clicked.connect(lambda: self.box.setPlainText(self._before))
        self.box.textChanged.connect(self._check)
        self.box.installEventFilter(self)
        pass_undo_on(self.box)
        self._check()

    @property
    def changed(self) -> bool:
        """Whether the text differs from the flow's."""
        return self.box.toPlainText() != self._before

    def show_text(self, text: str) -> None:
        """Show what stands in the flow now."""
        self._before, self._over = text, None
        if self.changed:
            self.box.setPlainText(text)
        self.box.document().clearUndoRedoStacks()  # from here on undo is the flow's
        self._check()

    def go_on(self, text: str, over: str) -> None:
        """Show a text that was typed here before and is not in the flow; `over` is the source it was typed over."""
        self._over = over if over != self._before else None
        self.box.setPlainText(text)
        self.box.moveCursor(QTextCursor.MoveOperation.End)

    def say_elsewhere(self, text: str) -> None:
        """Say above the buttons that a text for the same source waits at another node."""
        self._elsewhere = text
        self._say_meanwhile()

    def begin(self) -> None:
        """Put the keyboard into it, with what the last line gives selected: that is to be written first."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        last = self.box.toPlainText().rstrip().rpartition("\n")[2]
        head = next((word for word in ("return ", " = ") if word in last), "")
        self.box.moveCursor(QTextCursor.MoveOperation.End)
        cursor = self.box.textCursor()
        back = len(last.partition(head)[2]) if head else 0
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, back)
        self.box.setTextCursor(cursor)

    def give(self) -> bool:
        """Give the text, if it is another one and can be read; return whether nothing is left that was typed."""
        return self._put_in() if self._over is None else not self.changed

    def _put_in(self) -> bool:
        if self.apply.isEnabled():
            self.applied.emit(self.box.toPlainText())
            return not self.error.text()
        return not self.changed

    def show_error(self, message: str) -> None:
        """Say why the text cannot be taken; empty takes the message away."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        self.box.setProperty("invalid", bool(message))
        self.box.style().polish(self.box)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Apply on Ctrl+Enter, and when the text is left; go on by Tab where nobody writes."""
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn and event.reason() not in _PASSING:
            self._write(event.reason() not in _TABBED)
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._write(True)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and event.reason() not in _PASSING:
            self.give()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._put_in()
                return True
            return self._led_out(event) or self._typed(event)
        return False

    @property
    def _writes(self) -> bool:
        return not self.box.tabChangesFocus()

    def _write(self, on: bool) -> None:
        """Let Tab indent, or lead to the next field."""
        self.box.setTabChangesFocus(not on)

    def _led_out(self, event: QKeyEvent) -> bool:
        """Begin to write by Enter, end it by Esc, and go on by Ctrl+Tab; return whether the key was for that."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.focusNextPrevChild(key == Qt.Key.Key_Tab)
        elif key == Qt.Key.Key_Escape and self._writes:
            self._write(False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._writes:
            self._write(True)
        else:
            if event.text().isprintable() and event.text() and not control:
                self._write(True)
            return False
        return True

    def _typed(self, event: QKeyEvent) -> bool:
        """Keep the indentation of Python, as the script's pane does; return whether the key was for that."""
        cursor, key = self.box.textCursor(), event.key()
        if not self._writes and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            keystrokes.new_line(cursor)
        elif key == Qt.Key.Key_Tab:
            keystrokes.indent(cursor)
        elif key == Qt.Key.Key_Backtab:
            keystrokes.dedent(cursor)
        else:
            return key == Qt.Key.Key_Backspace and keystrokes.back(cursor)
        self.box.ensureCursorVisible()
        return True

    def _check(self) -> None:
        message, text = "", self.box.toPlainText()
        try:
            parse_tree(text)
        except SyntaxError as problem:
            message = f"Line {problem.lineno}: {problem.msg}."
        except ValueError as problem:  # a null byte
            message = f"{problem}."
        self.show_error(message)
        changed = text != self._before
        self.apply.setEnabled(changed and not message)
        self.revert.setEnabled(changed)
        self._over = self._over if changed else None
        self._say_meanwhile()
        self.typed.emit(text if changed else None, self._before)

    def _say_meanwhile(self) -> None:
        """Say that the flow has another source than the one that was typed over, and let a hand choose."""
        asks = self._over is not None
        self.apply.setText("Put mine in" if asks else "Apply")
        self.apply.setToolTip(f"Write the text into the flow{', over what it has now' * asks} (Ctrl+Enter)")
        self.revert.setText("Drop mine" if asks else "Revert")
        self.revert.setToolTip(f"{'Take' if asks else 'Go back to'} what stands in the flow")
        if self._over is not None and (self.meanwhile.isHidden() or self.meanwhile.text() == self._elsewhere):
            self.meanwhile.setText(
                "The source was changed in the flow after this was typed. "
                f"There it has now{_other(self._over, self._before)}"
            )
        elif self._elsewhere:
            self.meanwhile.setText(self._elsewhere)
        self.meanwhile.setVisible(asks or bool(self._elsewhere))


def _other(before: str, now: str) -> str:
    """Return the first line of a text that another one did not have, with its number."""
    known, lines = before.split("\n"), now.split("\n")
    changed = SequenceMatcher(None, known, lines, autojunk=False).get_opcodes()
    at = next((first for kind, _, _, first, _ in changed if kind != "equal"), 0)
    gone = at >= len(lines) or next((kind for kind, *_ in changed if kind != "equal"), "") == "delete"
    return " fewer lines." if gone else f" in line {at + 1}: {lines[at].strip()}"
