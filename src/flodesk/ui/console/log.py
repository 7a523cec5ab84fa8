"""The log: what nodes say, how runs end. Bounded, appended in batches, filtered by level."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QComboBox, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from flodesk.ui.browsing import browse
from flodesk.ui.dock import small_button
from flodesk.ui.focus import keep_keys
from flodesk.ui.soon import soon
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import code_font

LINES = 5000
"""How many lines are kept."""
_RANK = {"debug": 0, "heading": 1, "info": 1, "output": 1, "warning": 2, "error": 3}
_PAGE = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}]")
_LEVELS = (("All", 0), ("Info and above", 1), ("Warnings and errors", 2), ("Errors", 3))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: when (s since the epoch), how grave, from which node (``function.node`` or empty), what."""

    time: float
    level: str
    node: str
    text: str


class Log(QWidget):
    """Shows lines; a click on a node's name gives `node_clicked` with ``function.node``."""

    node_clicked = Signal(str)
    counted = Signal(int, int)
    """How many errors and warnings there are of the newest run."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[Line] = deque(maxlen=LINES)
        self.errors = self.warnings = 0
        self._followed = True
        self._least = 0
        self._newest_error: QTextCursor | None = None
        """Stands in the line of the newest error that is shown, wherever that moves to."""
        self.page = QTextBrowser()
        keep_keys(self.page)
        self.page.setObjectName("log")
        self.page.setOpenLinks(False)
        self.page.setFont(code_font())
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.document().setMaximumBlockCount(LINES)
        self.page.document().setUndoRedoEnabled(False)
        self.page.setPlaceholderText("What the nodes say, and how runs end, stands here.")
        self.page.setAccessibleName("Log")
        self.page.anchorClicked.connect(self._clicked)
        self.page.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self.level = QComboBox(self)
        self.level.hide()  # until it stands in the dock's heading
        self.level.setAccessibleName("Which lines are shown")
        self.level.setMaximumWidth(180)
        for words, rank in _LEVELS:
            self.level.addItem(words, rank)
        self.level.currentIndexChanged.connect(self._filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self.page)
        current.changed.connect(self._show_all)

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        copy: QToolButton = small_button("copy", "Copy the log", self.copy)
        self.level.show()
        return self.level, copy, small_button("trash", "Clear the log", self.clear)

    def add(self, lines: Iterable[Line]) -> None:
        """Append lines, all in one go."""
        new = list(lines)[-LINES:]
        self.lines.extend(new)
        self.errors += sum(line.level == "error" for line in new)
        self._append(line for line in new if self._wanted(line))
        self.warnings += sum(line.level == "warning" for line in new)
        self.counted.emit(self.errors, self.warnings)

    def count_anew(self) -> None:
        """Count the errors and warnings from now on: a run begins."""
        self.errors = self.warnings = 0
        self.counted.emit(0, 0)

    def say(self, text: str, level: str = "info", node: str = "") -> None:
        """Append a line of the window's own."""
        self.add([Line(time.time(), level, node, text)])

    def show_newest(self) -> None:
        """Bring the newest error to the upper edge, or the last line to the lower one."""
        self._followed = False
        bar = self.page.verticalScrollBar()
        if self._newest_error is None:
            bar.setValue(bar.maximum())
            return
        layout = self.page.document().documentLayout()
        bar.setValue(round(layout.blockBoundingRect(self._newest_error.block()).top()))

    def copy(self) -> None:
        """Copy what is selected, or everything that is shown, to the clipboard."""
        cursor = self.page.textCursor()
        text = cursor.selection().toPlainText() if cursor.hasSelection() else self.page.toPlainText()
        QGuiApplication.clipboard().setText(text)

    def clear(self) -> None:
        """Forget all lines."""
        self.lines.clear()
        self.errors = self.warnings = 0
        self.page.clear()
        self._newest_error = None
        self.counted.emit(0, 0)

    # -------------------------------------------------------------- Qt's events
    def hideEvent(self, event: QHideEvent) -> None:
        """Note whether the newest lines were in sight."""
        super().hideEvent(event)
        self._followed = self._at_end()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the newest lines again, whatever the width is now."""
        super().showEvent(event)
        if self._followed:
            soon(self, self._to_end)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the newest lines in sight where they were."""
        if self.isVisible() and (self._followed or self._at_end()):
            soon(self, self._to_end)
        super().resizeEvent(event)

    def _scrolled(self) -> None:
        self._followed = False  # a hand looks at other lines: where it leaves them, they stay

    def _at_end(self) -> bool:
        bar = self.page.verticalScrollBar()
        return bar.value() >= bar.maximum() - 4

    def _to_end(self) -> None:
        bar = self.page.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _wanted(self, line: Line) -> bool:
        return _RANK.get(line.level, 1) >= self._least

    def _filter(self) -> None:
        self._least = int(self.level.currentData())
        self._show_all()

    def _show_all(self) -> None:
        self.page.clear()
        self._newest_error = None
        self._append(line for line in self.lines if self._wanted(line))

    def _append(self, lines: Iterable[Line]) -> None:
        follow = self._at_end()
        cursor = QTextCursor(self.page.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        first = self.page.document().isEmpty()
        colors = {"error": theme().error, "warning": theme().warning, "debug": theme().muted}
        for line in lines:
            if not first:
                cursor.insertBlock()
            first = False
            if line.level == "error":
                self._newest_error = QTextCursor(cursor)
                self._newest_error.setKeepPositionOnInsert(True)
            clock = time.strftime("%H:%M:%S", time.localtime(line.time))
            cursor.insertText(f"{clock}  ", _format(theme().muted))
            if line.level in ("error", "warning"):
                cursor.insertText(f"{line.level}  ", _format(colors[line.level]))
            if line.node:
                cursor.insertText(line.node, _format(theme().accent, line.node))
                cursor.insertText("  ", _format(theme().text))
            words = _format(colors.get(line.level, theme().text))
            words.setFontWeight(QFont.Weight.Bold if line.level == "heading" else QFont.Weight.Normal)
            for part, link in _parts(line.text.rstrip("\n").replace("\n", "\u2028")):
                cursor.insertText(part, _format(theme().accent, link, f"Open {link}") if link else words)
        cursor.endEditBlock()
        if follow:
            self._to_end()

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            browse(url)
        else:
            self.node_clicked.emit(url.toString(QUrl.ComponentFormattingOption.FullyDecoded))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Give a text in parts, each with the address of a page that it is, or none."""
    at = 0
    for found in _PAGE.finditer(text):
        if at < found.start():
            yield text[at : found.start()], ""
        yield found[0], found[0]
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def _format(color: str, link: str = "", tip: str = "") -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    if link:
        made.setAnchor(True)
        made.setAnchorHref(link)
        made.setToolTip(tip or f"Select {link}")
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.NoUnderline)
    return made


__all__ = ["LINES", "Line", "Log"]
