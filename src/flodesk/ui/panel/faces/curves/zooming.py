"""Curves in full where a hand has zoomed to: the engine is asked for the part that is seen, and for its figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject

from flodesk.engine.recalling import Closer, Zoomed
from flodesk.indicators import Trace
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.faces.curves.curves import Curve
from flodesk.ui.panel.faces.curves.measures import Figures
from flodesk.ui.panel.setting import Reading

CUT = 500
"""Points from which on a curve may have been cut down for the screen."""
FAR = 1e300
"""Stands for without an end."""


class Zoomable(Protocol):
    """A plot that can show a part of its curves in full."""

    box: Any
    asking: Asking | None
    reading: Reading

    def wants_closer(self) -> bool:
        """Say whether more is to be seen, or told, than the points that came along show."""

    def at_place(self, at: float) -> float:
        """Return a place of the horizontal axis as a number in its unit."""

    def drawn(self, trace: Trace) -> Trace:
        """Return a part of a curve as it lies on the axes."""

    def show_closer(self) -> None:
        """Draw the parts that have come."""


class Zooming(QObject):
    """Asks for the part of the curves that is seen; while an answer is under way only the newest part counts after it.

    Attributes
    ----------
    parts : tuple of Closer
        What came last, of the places `span` of the axis; empty: the points that came along with the value are all.
    """

    def __init__(self, plot: Zoomable, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self.parts: tuple[Closer, ...] = ()
        self.span = (0.0, 0.0)
        self._asked: tuple[float, float] | None = None
        self._again = False

    def follow(self) -> None:
        """Ask for what is seen now, if there may be more of it than is here."""
        plot = self._plot
        if not plot.wants_closer():
            if self.parts:
                self.parts = ()
                plot.show_closer()
        elif self._asked is not None:
            self._again = True
        elif plot.asking is not None:
            left, right = plot.box.viewRange()[0]
            self._asked = float(left), float(right)
            first, last = (min(max(plot.at_place(end), -FAR), FAR) for end in self._asked)
            plot.asking.zoom(plot.reading.variable, first, last, self._take)

    def _take(self, found: Zoomed) -> None:
        span, self._asked = self._asked, None
        again, self._again = self._again, False
        if span is not None:
            self.parts, self.span = found.parts if self._plot.wants_closer() else (), span
            self._plot.show_closer()
        if again:
            self.follow()

    @property
    def seen(self) -> bool:
        """Whether what came is just what is seen."""
        return bool(self.parts) and self.span == tuple(map(float, self._plot.box.viewRange()[0]))

    def into(self, curves: tuple[Curve, ...]) -> tuple[Curve, ...]:
        """Return curves with the parts that came in place of the points there."""
        if len(self.parts) != len(curves):
            return curves
        return tuple(self._merged(curve, part) for curve, part in zip(curves, self.parts, strict=True))

    def _merged(self, curve: Curve, part: Closer) -> Curve:
        import numpy as np

        trace = self._plot.drawn(part.trace)
        x, y = np.asarray(trace.x, dtype=float), np.asarray(trace.y, dtype=float)
        if len(x) < 2:
            return curve
        before, behind = curve.x < x[0], curve.x > x[-1]
        return replace(
            curve,
            x=np.concatenate([curve.x[before], x, curve.x[behind]]),
            y=np.concatenate([curve.y[before], y, curve.y[behind]]),
            finite=curve.finite and bool(np.isfinite(y).all()),
            whole=(float(x[0]), float(x[-1])) if part.every else curve.whole,
        )

    def figures(self, number: int) -> Figures | None:
        """Return the figures of all samples of a curve that are between the ends of what is seen, where they came."""
        if not self.seen or number >= len(self.parts):
            return None
        sums = self.parts[number].sums
        if sums is None:
            return None
        count, mean, rms, deviation, low, high = sums
        return Figures(int(count), mean, rms, deviation, low, high, exact=True)


def may_be_cut(curve: Curve) -> bool:
    """Say whether there may be more samples than the points that came along with a value."""
    return len(curve.x) >= CUT


__all__ = ["CUT", "FAR", "Zooming", "may_be_cut"]
