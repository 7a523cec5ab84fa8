"""How full a queue is, and how its rates went, painted into the list of queues."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flodesk.ui.panel.faces.spark import Spark
from flodesk.ui.panel.paint import color
from flodesk.ui.queues.columns import DEPTH, PUT, READ
from flodesk.ui.queues.listing import ROW
from flodesk.ui.theme import theme

COURSE = 60.0
"""Seconds of a rate that are shown."""
NEARLY = 0.9
"""Share of its capacity from which a queue is nearly full."""
_BAR, _HIGH, _SPARK = 64, 6, 40
"""Width and height of the bar and width of the course, in pixels."""


class Courses:
    """The last minute of the rates of each queue, as far as they were seen."""

    def __init__(self) -> None:
        self._sparks: dict[tuple[str, int], Spark] = {}

    def add(self, queues: Any) -> None:
        """Take in how the queues are now; of those that are gone nothing is kept."""
        names = {state.name for state in queues}
        self._sparks = {key: spark for key, spark in self._sparks.items() if key[0] in names}
        for state in queues:
            for column, value in ((PUT, state.rate.put), (READ, state.rate.read)):
                spark = self._sparks.get((state.name, column))
                if spark is None:
                    spark = self._sparks[state.name, column] = Spark()
                    spark.span(COURSE)
                spark.add(value)

    def of(self, name: str, column: int) -> Spark | None:
        """Return the course of a rate."""
        return self._sparks.get((name, column))


class Bars(QStyledItemDelegate):
    """Paints depth as a bar of what the queue holds, and rates with their course."""

    def __init__(self, parent: QWidget, courses: Courses) -> None:
        super().__init__(parent)
        self._courses = courses

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a cell: the words as ever, and the picture in the room that they leave."""
        super().paint(painter, option, index)
        state, room = index.data(ROW), QRectF(option.rect)
        painter.save()
        if index.column() == DEPTH and state.capacity:
            self._bar(painter, room, min(1.0, state.depth / state.capacity))
        elif index.column() in (PUT, READ):
            spark = self._courses.of(state.name, index.column())
            if spark is not None:
                spark.paint(painter, QRectF(room.left() + 6, room.center().y() - 7, _SPARK, 14))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room of the words, and of the picture beside them."""
        room, beside = super().sizeHint(option, index), 0
        if index.column() == DEPTH and index.data(ROW).capacity:
            beside = _BAR + 20
        elif index.column() in (PUT, READ):
            beside = _SPARK + 8
        return room + QSize(beside, 0)

    def _bar(self, painter: QPainter, room: QRectF, share: float) -> None:
        bar = QRectF(room.right() - _BAR - 10, room.center().y() - _HIGH / 2, _BAR, _HIGH)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme().line_strong))
        painter.drawRoundedRect(bar, 3, 3)
        if share > 0:
            bar.setWidth(max(_HIGH, bar.width() * share))
            painter.setBrush(color(theme().warning if share >= NEARLY else theme().accent))
            painter.drawRoundedRect(bar, 3, 3)
