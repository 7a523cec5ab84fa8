"""Plots of what goes on: a strip chart that scrolls or sweeps, a scope, a spectrum."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from flodesk.indicators.cutting import CURVE_POINTS
from flodesk.public import Array, Indicator, Line, ScopeSweep, SpectrumPlot, StripChart, Trace
from flodesk.ui.panel.faces.curves.curves import Curve
from flodesk.ui.panel.faces.curves.pieces import curve_class
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

FADED = 0.3
"""How much of its colour an earlier sweep has."""
DEEPEST = 200.0
"""Decibels below the highest peak at which a spectrum ends: what is 0 has no level."""


class StripPlot(LinePlot):
    """The last seconds: the curves move to the left, or a line runs over them and writes them anew behind it."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._seconds = 0.0
        self._now = self._library.InfiniteLine(angle=90, movable=False)
        self._now.setVisible(False)
        self.box.addItem(self._now, ignoreBounds=True)
        self.wear_theme()

    @property
    def sweeps(self) -> bool:
        """Whether the axis stands still."""
        return self.reading.options.get("mode") == "sweep" and self._seconds > 0.0

    def line_of(self, value: Indicator) -> Line:
        """Return the curves as they lie on the axis."""
        line = super().line_of(value)
        if not isinstance(line, StripChart):
            return line
        line, self._seconds = line.still(CURVE_POINTS), line.seconds
        self._now.setVisible(self.sweeps)
        if not self.sweeps:
            return line
        return replace(line, traces=tuple(self._folded(trace) for trace in line.traces))

    def zooms(self) -> bool:
        """Say whether the axis is that of the samples: folded time is not."""
        return not self.sweeps

    def _folded(self, trace: Trace) -> Trace:
        """Fold time so that it begins again at the left after each pass, with a gap before what was there."""
        import numpy as np

        x, y = np.asarray(trace.x, dtype=float), np.asarray(trace.y, dtype=float)
        if not len(x):
            return trace
        span, end = self._seconds, float(x[-1])
        begin = math.floor(end / span) * span
        self._now.setValue(end - begin)
        new = x >= begin
        old = ~new & (x - begin + span >= end - begin + 0.02 * span)
        gap = [end - begin]
        places = np.concatenate([x[new] - begin, gap, x[old] - begin + span])
        return replace(trace, x=places, y=np.concatenate([y[new], [np.nan], y[old]]))

    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the whole pass of a sweep; else what there is."""
        across, up = super().extent()
        return ((0.0, self._seconds) if self.sweeps else across), up

    def wear_theme(self) -> None:
        """Take the colours of the theme."""
        super().wear_theme()
        if hasattr(self, "_now"):
            self._now.setPen(self._library.mkPen(color(theme().accent), width=1))


class ScopePlot(LinePlot):
    """The newest sweep over those before it, with the level at which it was triggered."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        self._past: list[Any] = []
        self._sweep = ScopeSweep()
        super().__init__(reading, parent)
        self._level = self._library.InfiniteLine(angle=0, movable=False)
        self._zero = self._library.InfiniteLine(angle=90, pos=0.0, movable=False)
        for line in (self._level, self._zero):
            line.setVisible(False)
            self.box.addItem(line, ignoreBounds=True)
        self.wear_theme()

    def line_of(self, value: Indicator) -> Line:
        """Take over what is said of the trigger."""
        line = super().line_of(value)
        if isinstance(line, ScopeSweep):
            self._sweep = line
            seen = line.level is not None and bool(line.traces)
            self._zero.setVisible(seen and line.state != "free")
            self._level.setVisible(seen)
            self._level.setValue(line.level or 0.0)
        return line

    def draw(self, value: Indicator) -> None:
        """Draw the earlier sweeps, and the newest over them."""
        import numpy as np

        super().draw(value)
        past = self._sweep.past
        while len(self._past) > len(past):
            self.box.removeItem(self._past.pop())
        while len(self._past) < len(past):
            item = curve_class()()
            item.wide = False
            item.setZValue(-0.5)
            self.box.addItem(item, ignoreBounds=True)
            self._past.append(item)
        channels = max(1, len(self.curves))
        for number, (item, trace) in enumerate(zip(self._past, past, strict=True)):
            ink = theme().traces[number % channels % len(theme().traces)]
            item.setPen(self._library.mkPen(color(ink, FADED), width=1))
            item.take(np.asarray(trace.x, dtype=float), np.asarray(trace.y, dtype=float), finite=False, smooth=False)

    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the whole of a sweep, and the level of the trigger in it."""
        import numpy as np

        _, (low, high) = super().extent()
        sweep = self._sweep
        for trace in sweep.past:
            y = np.asarray(trace.y, dtype=float)
            if len(y) and np.isfinite(y).any():
                low, high = min(low, float(np.nanmin(y))), max(high, float(np.nanmax(y)))
        if sweep.level is not None:
            low, high = min(low, sweep.level), max(high, sweep.level)
        return (-sweep.before * sweep.span, (1.0 - sweep.before) * sweep.span), (low, high)

    def chip_text(self) -> str:
        """Say how the trigger stands where it does not run by itself."""
        told = {"waiting": "Waits for the trigger", "free": "No trigger", "held": "Single"}.get(self._sweep.state, "")
        if self._sweep.state == "free" and self._sweep.level is None:
            told = ""
        return super().chip_text() or told

    def tip(self) -> str:
        """Say how many sweeps there were."""
        count = f"{self._sweep.sweeps} sweeps" if self.shown else ""
        return "\n".join(filter(None, (super().tip(), count)))

    def wear_theme(self) -> None:
        """Take the colours of the theme."""
        super().wear_theme()
        if hasattr(self, "_zero"):
            pen = self._library.mkPen(color(theme().warning, 0.8), width=1, style=Qt.PenStyle.DotLine)
            self._level.setPen(pen)
            self._zero.setPen(pen)


class SpectrumFace(LinePlot):
    """Amplitudes or levels in decibels, over frequencies or their decades."""

    @property
    def decades(self) -> bool:
        """Whether the frequencies have an axis of decades."""
        return self.reading.options.get("frequency") == "logarithmic"

    @property
    def levels(self) -> bool:
        """Whether decibels are shown."""
        return self.reading.options.get("scale") == "decibel"

    def line_of(self, value: Indicator) -> Line:
        """Return the curves as they lie on these axes."""
        line = super().line_of(value)
        if bool(self.axes["bottom"].logMode) != self.decades:
            # what stands for 500 Hz would be 500 decades: the range goes first, and stays within what numbers can say
            self.box.setLimits(xMin=-30.0 if self.decades else None, xMax=30.0 if self.decades else None)
            self.box.setRange(xRange=(0.0, 1.0), padding=0, disableAutoRange=False)
            self.axes["bottom"].setLogMode(x=self.decades)
            self.axes["bottom"].setStyle(maxTextLevel=0 if self.decades else 2)
        if isinstance(line, SpectrumPlot):
            line = line.still(CURVE_POINTS)
        if not (self.decades or self.levels):
            return line
        unit = line.y_unit
        if self.levels:
            unit = "dBV" if unit == "V" else f"dB re 1 {unit}" if unit else "dB"
        return replace(line, traces=tuple(self._drawn(trace, unit) for trace in line.traces), y_unit=unit)

    def _drawn(self, trace: Trace, unit: str) -> Trace:
        import numpy as np

        x, y = np.asarray(trace.x, dtype=float), np.asarray(trace.y, dtype=float)
        if self.decades:
            x, y = np.log10(x[x > 0.0]), y[x > 0.0]
        if self.levels:
            y = decibels(y)
        return replace(trace, x=x, y=y, unit=unit)

    def drawn(self, trace: Trace) -> Trace:
        """Return a part of a curve over decades, and in decibels."""
        return self._drawn(trace, "") if self.decades or self.levels else trace

    def at_place(self, at: float) -> float:
        """Return the frequency at a place of the axis."""
        return float(10.0**at) if self.decades else at

    def link(self) -> str | None:
        """Return the unit of the axis, of decades another one."""
        unit = super().link()
        return f"decades of {unit}" if unit is not None and self.decades else unit

    def points(self) -> tuple[Curve, ...]:
        """Return the curves over frequencies, also where they are drawn over decades."""
        import numpy as np

        if not self.decades:
            return super().points()
        return tuple(replace(curve, x=np.power(10.0, curve.x)) for curve in super().points())


def decibels(y: Array) -> Array:
    """Return levels of amplitudes over 1, the deepest `DEEPEST` below the highest."""
    import numpy as np

    highest = float(np.nanmax(y)) if len(y) and np.isfinite(y).any() else 0.0
    if highest <= 0.0:
        return np.full(len(y), -DEEPEST)
    return 20.0 * np.asarray(np.log10(np.maximum(y, highest * 10.0 ** (-DEEPEST / 20.0))))
