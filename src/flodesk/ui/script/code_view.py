"""A view of source text: coloured, with a gutter, grounds behind lines, and marks under words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTextBlock,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from flodesk.ui.coloring import Coloring
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import code_font, mix

_EDGE = 8
"""Pixels between the number of a line and its text."""


@dataclass(frozen=True, slots=True)
class Squiggle:
    """A wavy line under a part of a line (both from 0), in the colour of an error."""

    line: int
    start: int
    end: int


class CodeView(QPlainTextEdit):
    """Shows source text. What stands in the gutter is painted by `paint_gutter`, which others override.

    Attributes
    ----------
    grounds : mapping of line (from 0) to colour
        What is painted behind whole lines.
    inner : mapping of line to parts (start, end, colour)
        What is painted behind parts of lines.
    """

    gutter_clicked = Signal(int, int)
    """A line (from 0) and where in the gutter, in pixels from its left edge."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setFont(code_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setObjectName("code_view")
        self.grounds: Mapping[int, str] = {}
        self.inner: Mapping[int, tuple[tuple[int, int, str], ...]] = {}
        self.squiggles: tuple[Squiggle, ...] = ()
        self.tip_of: Callable[[int, int], str] = lambda line, column: ""
        """The tooltip of a place in the text."""
        self.gutter = Gutter(self)
        self.coloring = Coloring(self.document())
        self.blockCountChanged.connect(self._place_gutter)
        self.updateRequest.connect(self._scrolled)
        current.changed.connect(self._retint)
        if text:
            self.setPlainText(text)
        self._place_gutter()

    # -------------------------------------------------------------- what is seen
    def blocks_seen(self) -> Iterator[tuple[QTextBlock, QRectF]]:
        """Give the lines that are seen, and where each is in the viewport."""
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        height = self.viewport().height()
        while block.isValid():
            if not block.isVisible():
                block = self.next_shown(block)
                continue
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > height:
                return
            yield block, box
            block = block.next()

    def next_shown(self, block: QTextBlock) -> QTextBlock:
        """Return the first line after a hidden one that is not hidden."""
        while block.isValid() and not block.isVisible():
            block = block.next()
        return block

    def number(self, line: int) -> str:
        """Return what stands in the gutter as the number of a line."""
        return str(line + 1)

    def raw_text(self) -> str:
        """Return the text to the letter (`toPlainText` turns some blanks into others)."""
        return str(self.document().toRawText()).replace("\u2029", "\n")

    def ground(self, line: int) -> str | None:
        """Return the colour behind a line; None for that of the view."""
        return self.grounds.get(line)

    def line_tip(self, line: int) -> str:
        """Return the tooltip of a line's gutter."""
        return ""

    # -------------------------------------------------------------- the gutter
    def gutter_width(self) -> int:
        """Return the width of the gutter in pixels."""
        digits = max(3, len(str(self.blockCount())))
        return self.before_number() + digits * self.fontMetrics().horizontalAdvance("9") + self.after_number() + _EDGE

    def before_number(self) -> int:
        """Return the room in pixels left of the numbers."""
        return 8

    def after_number(self) -> int:
        """Return the room in pixels between the numbers and the text, without the edge."""
        return 0

    def paint_gutter(self, painter: QPainter, line: int, box: QRectF) -> None:
        """Paint the gutter of one line; `box` is the place there."""
        painter.setPen(QColor(self.number_color(line)))
        right = self.gutter.width() - self.after_number() - _EDGE
        place = QRectF(0, box.top(), right, self.line_height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.number(line))

    def number_color(self, line: int) -> str:
        """Return the colour of a line's number."""
        return theme().text if line == self.textCursor().blockNumber() and self.hasFocus() else theme().muted

    def line_height(self) -> float:
        """Return the height of one line in pixels."""
        return float(self.fontMetrics().lineSpacing())

    def _place_gutter(self, _count: int = 0) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(QRect(inside.left(), inside.top(), self.gutter_width(), inside.height()))

    def _scrolled(self, box: QRect, pixels: int) -> None:
        if pixels:
            self.gutter.scroll(0, pixels)
        else:
            self.gutter.update(0, box.y(), self.gutter.width(), box.height())

    def _retint(self) -> None:
        self.gutter.update()
        self.viewport().update()

    def refresh(self) -> None:
        """Paint again, gutter and text."""
        self.gutter.update()
        self.viewport().update()

    # -------------------------------------------------------------- Qt's events
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the gutter beside the text."""
        super().resizeEvent(event)
        self._place_gutter()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grounds, the text, and what lies over it."""
        with QPainter(self.viewport()) as below:
            width = self.viewport().width()
            for block, box in self.blocks_seen():
                line = block.blockNumber()
                ground = self.ground(line)
                if ground is not None:
                    below.fillRect(QRectF(0, box.top(), width, box.height()), QColor(ground))
                for start, end, color in self.inner.get(line, ()):
                    left, right = self._across(block, start), self._across(block, end)
                    below.fillRect(QRectF(left, box.top(), max(right - left, 2), box.height()), QColor(color))
        super().paintEvent(event)
        with QPainter(self.viewport()) as above:
            above.setRenderHint(QPainter.RenderHint.Antialiasing)
            for squiggle in self.squiggles:
                self._squiggle(above, squiggle)
            self.paint_over(above)

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies over the text; nothing here."""

    def _across(self, block: QTextBlock, column: int) -> float:
        line = block.layout().lineAt(0)
        if not line.isValid():
            return 0.0
        found: Any = line.cursorToX(min(column, block.length() - 1))  # PySide gives the column along with it
        return float(found[0] if isinstance(found, tuple) else found) + self.contentOffset().x()

    def _squiggle(self, painter: QPainter, squiggle: Squiggle) -> None:
        block = self.document().findBlockByNumber(squiggle.line)
        if not block.isValid() or not block.isVisible():
            return
        box = self.blockBoundingGeometry(block).translated(self.contentOffset())
        if box.bottom() < 0 or box.top() > self.viewport().height():
            return
        least = self.fontMetrics().horizontalAdvance("m")
        left = self._across(block, squiggle.start)
        right = max(self._across(block, squiggle.end), left + least)
        y = box.top() + self.line_height() - 1.5
        points, x, up = [], left, False
        while x <= right:
            points.append(QPointF(x, y - 2.5 if up else y))
            x, up = x + 2.5, not up
        painter.setPen(QPen(QColor(theme().error), 1.2))
        painter.drawPolyline(QPolygonF(points))

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tooltip of a place in the text."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            text = self.tip_of(cursor.blockNumber(), cursor.positionInBlock())
            if text:
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)


class Gutter(QWidget):
    """The strip left of the text, in which numbers and marks stand."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setObjectName("gutter")

    def sizeHint(self) -> QSize:
        """As wide as the view says."""
        return QSize(self._view.gutter_width(), 0)

    def line_at(self, y: float) -> int | None:
        """Return the line at a height in pixels; None below the last one."""
        for block, box in self._view.blocks_seen():
            if box.top() <= y < box.bottom():
                return int(block.blockNumber())
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen of it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), QColor(ground_of_gutter()))
            painter.setFont(self._view.font())
            for block, box in self._view.blocks_seen():
                if box.bottom() >= event.rect().top() and box.top() <= event.rect().bottom():
                    line = block.blockNumber()
                    if (ground := self._view.ground(line)) is not None:
                        painter.fillRect(QRectF(0, box.top(), self.width(), box.height()), QColor(ground))
                    self._view.paint_gutter(painter, line, box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which line was clicked, and where."""
        line = self.line_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and line is not None:
            self._view.gutter_clicked.emit(line, round(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the text."""
        self._view.wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of a line."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.line_at(event.pos().y())
            text = self._view.line_tip(line) if line is not None else ""
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def ground_of_gutter() -> str:
    """Return the colour of the strip beside the text."""
    look = theme()
    return mix(look.sunken, look.surface, 0.6)
