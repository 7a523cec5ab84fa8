"""The editor of the script: keys as in an editor of code, a header that folds, marks in the gutter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QPolygonF,
    QTextBlock,
    QTextCursor,
)

from flodesk.ui import keystrokes
from flodesk.ui.script.code_view import CodeView
from flodesk.ui.script.header_fold import HeaderFold
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import pixmap
from flodesk.ui.theme.style import mix

_KEYS = QKeySequence.StandardKey
_MODIFIERS = Qt.KeyboardModifier
MARKS = 20
"""Width in pixels of the strip for breakpoints, left of the numbers."""
SIGNS = 16
"""Width in pixels of the strip for problems, right of the numbers; the triangle of the header is there, too."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the gutter shows at a line.

    Attributes
    ----------
    breakpoint : str or None
        Its condition; None if there is none.
    held : bool
        A run is held before this line.
    sign : str
        ``error``, ``warning`` or empty.
    words : str
        The tooltip.
    """

    breakpoint: str | None = None
    held: bool = False
    sign: Literal["", "warning", "error"] = ""
    words: str = ""


class ScriptEditor(CodeView):
    """Source text that can be edited.

    Signals
    -------
    undo_wanted, redo_wanted, find_wanted, line_wanted, leave_wanted : keys that others answer
    find_next : True for the next, False for the one before
    step_ended : what is typed from here on is another step of undo
    """

    undo_wanted = Signal()
    redo_wanted = Signal()
    find_wanted = Signal()
    line_wanted = Signal()
    leave_wanted = Signal()
    find_next = Signal(bool)
    step_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Script of the flow")
        self.setFont(self.font())
        self.marks: Mapping[int, Mark] = {}
        self.fold = HeaderFold(self)
        self._where = (0, 0)
        """Number of lines and line of the cursor, as they were when it moved last."""
        self.cursorPositionChanged.connect(self._moved)
        self.gutter_clicked.connect(self._fold_clicked)

    def next_shown(self, block: QTextBlock) -> QTextBlock:
        """Return the line after the folded header."""
        if self.fold.lines is not None and block.blockNumber() < self.fold.lines[1]:
            return self.document().findBlockByNumber(self.fold.lines[1])
        return super().next_shown(block)

    def show_line(self, line: int, column: int = 0, length: int = 0) -> None:
        """Put the cursor into a line (from 0), select `length` letters, and bring it into view."""
        block = self.document().findBlockByNumber(min(max(line, 0), self.blockCount() - 1))
        if not block.isVisible():
            self.fold.put(False)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        if length:
            end = min(cursor.position() + length, self.document().characterCount() - 1)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.step_ended.emit()
        self.setTextCursor(cursor)
        self.bring(line, line)

    def bring(self, first: int, last: int) -> None:
        """Bring lines into view, with some of their surroundings; nothing moves if they are seen."""
        seen = [block.blockNumber() for block, box in self.blocks_seen() if box.bottom() <= self.viewport().height()]
        if seen and seen[0] <= first and last <= seen[-1]:
            return
        bar = self.verticalScrollBar()
        block = self.document().findBlockByNumber(first)
        shown = block.firstLineNumber() if block.isVisible() else first
        bar.setValue(max(0, shown - max(2, len(seen) // 3)))

    # -------------------------------------------------------------- the cursor
    def _moved(self) -> None:
        block = self.textCursor().block()
        if not block.isVisible() and self.fold.lines is not None:
            self.fold.skip(self._where[1])
            return
        before, self._where = self._where, (self.blockCount(), block.blockNumber())
        if before[0] == self._where[0] and before[1] != self._where[1]:
            self.step_ended.emit()  # a hand went elsewhere: a line that was typed takes the cursor along otherwise
        self.refresh()

    # -------------------------------------------------------------- keys
    def event(self, event: QEvent) -> bool:
        """Have the keys of an editor before they become commands of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own(event):
            event.accept()
            return True
        return super().event(event)

    def _own(self, event: QKeyEvent) -> bool:
        if any(event.matches(key) for key in (_KEYS.Undo, _KEYS.Redo, _KEYS.Find, _KEYS.FindNext, _KEYS.FindPrevious)):
            return True
        control = event.modifiers() & _MODIFIERS.ControlModifier
        if (
            control
            and not event.modifiers() & _MODIFIERS.AltModifier
            and event.key() in (Qt.Key.Key_Slash, Qt.Key.Key_G, Qt.Key.Key_Y)
        ):
            return not event.modifiers() & _MODIFIERS.ShiftModifier or event.key() == Qt.Key.Key_Slash
        return event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says here; all others as usual."""
        if not (self._asks(event) or self._edits(event)):
            super().keyPressEvent(event)

    def _asks(self, event: QKeyEvent) -> bool:
        """Hand on what is no edit of the text."""
        control = bool(event.modifiers() & _MODIFIERS.ControlModifier)
        if event.matches(_KEYS.Undo):
            self.undo_wanted.emit()
        elif event.matches(_KEYS.Redo) or (control and event.key() == Qt.Key.Key_Y):
            self.redo_wanted.emit()
        elif event.matches(_KEYS.Find):
            self.find_wanted.emit()
        elif control and event.key() == Qt.Key.Key_G:  # on some systems the key of “find next”, which F3 is everywhere
            self.line_wanted.emit()
        elif event.matches(_KEYS.FindNext) or event.matches(_KEYS.FindPrevious):
            self.find_next.emit(event.matches(_KEYS.FindNext))
        elif event.key() == Qt.Key.Key_Escape:
            self.leave_wanted.emit()
        elif event.matches(_KEYS.Copy) and not self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.textCursor().block().text() + "\n")
        else:
            return False
        return True

    def _edits(self, event: QKeyEvent) -> bool:
        if self.isReadOnly():
            return False
        key, cursor = event.key(), self.textCursor()
        control = bool(event.modifiers() & _MODIFIERS.ControlModifier)
        if key == Qt.Key.Key_Tab and not control:
            keystrokes.indent(cursor)
        elif key == Qt.Key.Key_Backtab:
            keystrokes.dedent(cursor)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            if self.fold.joins(cursor, forward=True):
                self.fold.put(False)
            keystrokes.new_line(cursor)
        elif key == Qt.Key.Key_Backspace and not control and keystrokes.back(cursor):
            pass
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self.fold.joins(
            cursor, forward=key == Qt.Key.Key_Delete
        ):
            self.fold.put(False)  # else what is not seen would be changed
        elif control and key == Qt.Key.Key_Slash:
            self.comment()
        elif event.matches(_KEYS.Cut) and not cursor.hasSelection():
            self.step_ended.emit()
            QGuiApplication.clipboard().setText(cursor.block().text() + "\n")
            keystrokes.whole_lines(cursor).removeSelectedText()
        else:
            return False
        self.ensureCursorVisible()
        return True

    def comment(self) -> None:
        """Make the selected lines comments, or take the signs out."""
        self.step_ended.emit()
        keystrokes.comment(self.textCursor())
        self.step_ended.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Put text in, as a step of its own."""
        self.step_ended.emit()
        self.textCursor().insertText(source.text().replace("\r\n", "\n").replace("\r", "\n"))
        self.ensureCursorVisible()
        self.step_ended.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text alone: a file that is dropped is for the window."""
        return source.hasText() and not source.hasUrls()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the line of the cursor."""
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.refresh()

    # -------------------------------------------------------------- the gutter
    def before_number(self) -> int:
        """Room for breakpoints."""
        return MARKS

    def after_number(self) -> int:
        """Room for signs."""
        return SIGNS

    def ground(self, line: int) -> str | None:
        """Return what `grounds` says; the line of the cursor is a little lighter."""
        found = super().ground(line)
        if found is None and line == self.textCursor().blockNumber() and self.hasFocus():
            return mix(theme().sunken, theme().text, 0.06)
        return found

    def line_tip(self, line: int) -> str:
        """Say what the marks of a line mean."""
        if self.fold.is_head(line):
            return "Unfold the header: what only the picture needs" if self.fold.folded else "Fold the header"
        mark = self.marks.get(line)
        return mark.words if mark is not None else ""

    def _fold_clicked(self, line: int, x: int) -> None:
        if self.fold.is_head(line):
            self.fold.put(not self.fold.folded)

    def paint_gutter(self, painter: QPainter, line: int, box: QRectF) -> None:
        """Paint number and marks of one line."""
        super().paint_gutter(painter, line, box)
        middle = box.top() + self.line_height() / 2
        if self.fold.is_head(line):
            self._triangle(painter, QPointF(self.gutter.width() - SIGNS + 1, middle))
        mark = self.marks.get(line)
        if mark is None:
            return
        look = theme()
        at = QPointF(MARKS / 2, middle)
        if mark.breakpoint is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.error))
            painter.drawEllipse(at, 5.0, 5.0)
            if mark.breakpoint:
                painter.setPen(QPen(QColor(look.raised), 1.4))
                for bar in (-1.5, 1.5):
                    painter.drawLine(at + QPointF(-2.2, bar), at + QPointF(2.2, bar))
        if mark.held:
            painter.setPen(QPen(QColor(look.raised), 1))
            painter.setBrush(QColor(look.warning))
            corners = ((-7, -5), (1, -5), (7, 0), (1, 5), (-7, 5))
            painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
        if mark.sign:
            place = QPointF(self.gutter.width() - SIGNS - 5, middle - 7)
            painter.drawPixmap(place, pixmap(mark.sign, getattr(look, mark.sign), 14))

    def _triangle(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(QColor(theme().muted), 1.5))
        shape = ((-2, -4), (2, 0), (-2, 4)) if self.fold.folded else ((-4, -2), (0, 2), (4, -2))
        painter.drawPolyline(QPolygonF([at + QPointF(x, y) for x, y in shape]))

    def paint_over(self, painter: QPainter) -> None:
        """Say behind the first line of the folded header how much is in it."""
        if not self.fold.on or self.fold.lines is None:
            return
        for block, box in self.blocks_seen():
            if block.blockNumber() == self.fold.lines[0]:
                words = f"⋯ {self.fold.lines[1] - self.fold.lines[0] - 1} lines"
                font = self.font()
                painter.setFont(font)
                left = self._across(block, block.length() - 1) + 10
                width = self.fontMetrics().horizontalAdvance(words) + 12
                chip = QRectF(left, box.top() + 1, width, self.line_height() - 2)
                painter.setPen(QPen(QColor(theme().line_strong), 1))
                painter.setBrush(QColor(theme().raised))
                painter.drawRoundedRect(chip, 4, 4)
                painter.setPen(QColor(theme().muted))
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
            if block.blockNumber() >= self.fold.lines[0]:
                return
