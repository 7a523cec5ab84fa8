"""The course of a number in little: what the screen has seen of it in the last seconds."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

STEPS = 120
"""Stretches of time that are told apart: of each the least and the greatest value is kept."""


class Spark:
    """The last seconds of a number, as a line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = 0.0
        self._clock = clock
        self._steps: deque[list[float]] = deque()
        """Number of the stretch, its least, greatest and last value, in the order in which the first two came."""

    def span(self, seconds: float) -> None:
        """Keep so many seconds; 0 keeps nothing."""
        if seconds != self.seconds:
            self.seconds = seconds if seconds > 0 and math.isfinite(seconds) else 0.0
            self._steps.clear()

    def add(self, value: float) -> None:
        """Take in a value that is shown now."""
        if not self.seconds or not math.isfinite(value):
            return
        step = float(math.floor(self._clock() / self.seconds * STEPS))
        if self._steps and self._steps[-1][0] == step:
            last = self._steps[-1]
            last[1:] = [min(last[1], value), max(last[2], value), value]
        else:
            self._steps.append([step, value, value, value])
        while self._steps[0][0] < step - STEPS:
            self._steps.popleft()

    def line(self, area: QRectF) -> QPolygonF:
        """Return the line within an area; the newest value is at its right edge."""
        if len(self._steps) < 2:
            return QPolygonF()
        low, high = min(step[1] for step in self._steps), max(step[2] for step in self._steps)
        span, now = high - low, self._steps[-1][0]
        points: list[QPointF] = []
        before = self._steps[0][3]
        for number, least, greatest, last in self._steps:
            across = area.right() - (now - number) / STEPS * area.width()
            # from the value before: up and down in the order that is the shorter way
            for value in [*sorted({least, greatest}, key=lambda one: abs(one - before)), last]:
                share = (value - low) / span if span else 0.5
                point = QPointF(across, area.bottom() - share * area.height())
                if not points or points[-1] != point:
                    points.append(point)
            before = last
        return QPolygonF(points)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint it, with a dot at the newest value."""
        line = self.line(area)
        if line.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(theme().accent), 1))
        painter.drawPolyline(line)
        painter.setBrush(color(theme().accent))
        painter.drawEllipse(line.last(), 2.0, 2.0)
