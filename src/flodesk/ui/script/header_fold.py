"""The header of a script, folded: its lines but the first are hidden, and the cursor goes over them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from flodesk.flow.script.header import OPENING, header_span


class HeaderFold(QObject):
    """Hides the header of the text in a view, or shows it.

    Attributes
    ----------
    lines : (int, int) or None
        Where the header is (first line, and the one after the last), from 0.
    folded : bool
        Whether a header is to be hidden; `on` says whether one is.
    """

    changed = Signal()

    def __init__(self, view: QPlainTextEdit) -> None:
        super().__init__(view)
        self._view = view
        self.lines: tuple[int, int] | None = None
        self.folded = True
        self._hidden_to = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.find)
        view.document().contentsChange.connect(self._changed)

    @property
    def on(self) -> bool:
        """Whether there is a header, and it is folded."""
        return self.folded and self.lines is not None

    def put(self, folded: bool) -> None:
        """Fold the header, or unfold it."""
        if folded != self.folded:
            self.folded = folded
            self._hide()
            self.changed.emit()

    def find(self) -> None:
        """Look where the header is now, and hide or show its lines."""
        lines: list[str] = []
        block = self._view.document().begin()
        while block.isValid() and not _over(lines, block.text()):
            lines.append(block.text())
            block = block.next()
        self.lines = header_span(lines)
        self._hide()

    def is_head(self, line: int) -> bool:
        """Whether a line is the first one of the header, which is always seen."""
        return self.lines is not None and line == self.lines[0]

    def joins(self, cursor: QTextCursor, forward: bool) -> bool:
        """Whether a key (Del, or else Backspace) would join a line that is seen with one that is hidden."""
        if not self.on or self.lines is None or cursor.hasSelection():
            return False
        if forward:
            return cursor.blockNumber() == self.lines[0] and cursor.atBlockEnd()
        return cursor.blockNumber() == self.lines[1] and cursor.atBlockStart()

    def skip(self, came_from: int) -> None:
        """Lead the cursor, which is in a hidden line, over all of them, the way that it came."""
        assert self.lines is not None
        cursor, document = self._view.textCursor(), self._view.document()
        mode = QTextCursor.MoveMode.KeepAnchor if cursor.hasSelection() else QTextCursor.MoveMode.MoveAnchor
        head, below = (document.findBlockByNumber(n) for n in self.lines)
        if came_from <= self.lines[0] and below.isValid():
            cursor.setPosition(below.position(), mode)
        else:
            cursor.setPosition(head.position() + len(head.text()), mode)
        self._view.setTextCursor(cursor)

    def _changed(self, at: int, _removed: int, _added: int) -> None:
        """Look for the header again where a change may have touched it."""
        end = self._view.document().findBlockByNumber(self.lines[1]) if self.lines is not None else None
        if end is None or not end.isValid() or at <= end.position():
            self._soon.start()

    def _hide(self) -> None:
        first, last = (self.lines[0] + 1, self.lines[1]) if self.lines and self.folded else (0, 0)
        document = self._view.document()
        block = document.begin()
        changed = False
        end = max(last, self._hidden_to)
        for number in range(end):
            if not block.isValid():
                break
            shown = not first <= number < last
            if block.isVisible() != shown:
                block.setVisible(shown)
                changed = True
            block = block.next()
        self._hidden_to = last
        if changed:
            layout = document.documentLayout()
            document.markContentsDirty(0, document.findBlockByNumber(end).position() if end else 0)
            layout.documentSizeChanged.emit(layout.documentSize())
            self._come_out()
            self._view.update()
            self._view.viewport().update()

    def _come_out(self) -> None:
        """Let the cursor stand where it is seen."""
        cursor = self._view.textCursor()
        if self.lines is not None and not cursor.block().isVisible():
            block = self._view.document().findBlockByNumber(self.lines[0])
            cursor.setPosition(block.position() + len(block.text()))
            self._view.setTextCursor(cursor)


def _over(lines: list[str], text: str) -> bool:
    """Whether a header can begin no more: code has begun, or one is complete."""
    if OPENING in lines:
        return not text.startswith("#")
    return bool(text.strip()) and not text.lstrip().startswith("#")
