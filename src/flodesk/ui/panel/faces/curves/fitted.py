"""Axes that follow the data until a hand moves them, alone or along with those of other plots."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.finite import make_range
from flodesk.ui.panel.faces.curves.curves import extremes
from flodesk.ui.panel.faces.curves.frame import PlotFrame
from flodesk.ui.panel.faces.curves.linking import join, others
from flodesk.ui.panel.faces.curves.span import Scroll, Span, turns
from flodesk.ui.panel.setting import Reading


class FittedPlot(PlotFrame):
    """A plot whose ranges fit by themselves.

    Attributes
    ----------
    fits : bool
        Whether the axes follow the data.
    """

    runs = Signal(float, float)
    """The horizontal axis is about to follow the data to these ends."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._x, self._y = Scroll(), Span()
        self.fits = True
        self.box.sigRangeChangedManually.connect(self._taken)
        join(self)

    def tell(self) -> None:
        """Say what is to be said now in the legend."""

    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of x and of y that are to be seen."""
        return extremes(self.curves)

    def follow_data(self) -> None:
        """Bring the ranges up to the data, if they have left it far enough."""
        if not self.fits or not self.shown:
            return
        (left, right), (low, high) = self.extent()
        now, fitted = time.monotonic(), self._x.high > self._x.low
        across, up = self._x.follow(left, right, early=turns.spare(now)), self._y.follow(low, high, now)
        if across or up:
            turns.moved(now)
            if across and fitted:
                self.runs.emit(self._x.low, self._x.high)
            self.box.setRange(
                xRange=(self._x.low, self._x.high) if across else None,
                yRange=self._within_limits(*self.up_range(self._y.low, self._y.high)) if up else None,
                padding=0, disableAutoRange=False,
            )  # fmt: skip
            self.box.updateMatrix()  # by itself it does so while it is painted, and is painted once more for that

    def up_range(self, low: float, high: float) -> tuple[float, float]:
        """Return the range of the vertical axis, with the room round the data that the axes leave."""
        return low, high

    def _within_limits(self, low: float, high: float) -> tuple[float, float]:
        """Return the range of the vertical axis with those ends that the view says instead."""
        said, span = self.reading.options, high - low
        first, last = said.get("minimum"), said.get("maximum")
        if first is not None and last is not None:
            return (first, last) if make_range(first, last) else (low, high)
        if first is not None:
            return first, high if make_range(first, high) else first + span
        if last is not None:
            return low if make_range(low, last) else last - span, last
        return low, high

    def _taken(self, *_: object) -> None:
        """Note that a hand has moved the axes, and take the linked ones along."""
        self.fits = False
        self.tell()
        for other in others(self):
            other.go_to(*self.box.viewRange()[0])

    def fit(self) -> None:
        """Let the axes follow the data again, and the linked ones theirs."""
        for plot in (self, *others(self)):
            plot.fit_alone()

    def fit_alone(self) -> None:
        """Let the axes follow the data again."""
        self.fits = True
        self._x, self._y = Scroll(), Span()
        self.follow_data()
        self.tell()

    def link(self) -> str | None:
        """Return the unit of the horizontal axis if the view wants it linked."""
        return self._units[0] if self.reading.options.get("linked") is True and self.shown else None

    def go_to(self, left: float, right: float) -> None:
        """Show another part of the horizontal axis."""
        self.fits = False
        self.box.setRange(xRange=(left, right), padding=0, disableAutoRange=False)
        self.tell()
