"""The description of the flow: the docstring of its file, edited as plain text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from flodesk.ui.focus import pass_undo_on


class Description(QPlainTextEdit):
    """Text that is given to `edited` when it is left, or by Ctrl+Enter; Escape takes it back."""

    edited = Signal(str)

    def __init__(self, docstring: str) -> None:
        super().__init__(docstring.strip())
        self._before = docstring.strip()
        self.setPlaceholderText("What this flow does, for whoever opens it. It is kept at the top of the file.")
        self.setAccessibleName("Description of the flow")
        self.setToolTip("The description of the flow (Ctrl+Enter or leaving it writes it into the flow)")
        self.setTabChangesFocus(True)
        self.setMinimumWidth(0)
        lines = min(max(len(docstring) // 32 + docstring.count("\n") + 2, 5), 14)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 18)
        self.installEventFilter(self)
        pass_undo_on(self)

    @property
    def says(self) -> str:
        """The description as it is in the flow, as far as is known here; not what is being typed."""
        return self._before

    def busy(self, docstring: str) -> bool:
        """Whether a hand has typed something here that is not in the flow, whose text stayed the same."""
        return self.hasFocus() and self._before == docstring.strip() and self._words() != self._before

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._give()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle Ctrl+Enter and Escape."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
                self._give()
                return True
            if event.key() == Qt.Key.Key_Escape and self._words() != self._before:
                self.setPlainText(self._before)
                return True
        return False

    def _words(self) -> str:
        return self.toPlainText().strip()

    def _give(self) -> None:
        words = self._words()
        if words != self._before:
            self._before = words
            self.edited.emit(words)
