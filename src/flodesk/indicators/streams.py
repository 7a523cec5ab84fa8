"""Curves of what goes on: a strip chart, the sweeps of a scope, a spectrum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from flodesk.indicators.curves import Line, Trace
from flodesk.markers import Array

PAST_POINTS = 500
"""Points of an earlier sweep that a screen shows."""


@dataclass(frozen=True, slots=True)
class StripChart(Line):
    """The last `seconds` of some streams; its traces are light, whatever they hold."""

    seconds: float = 10.0

    def curve(self) -> Array | None:
        """Return the last curve."""
        return self.traces[-1].still(200).y if self.traces else None


@dataclass(frozen=True, slots=True)
class ScopeSweep(Line):
    """What a scope shows: the newest sweep, over the time since its trigger.

    Attributes
    ----------
    past : tuple of Trace
        Earlier sweeps, the oldest first.
    span, before : float
        How long a sweep is in s, and how much of it is before the trigger.
    level : float or None
        Where the trigger is; None if there is none.
    sweeps : int
        How many there were.
    state : str
        ``triggered``, ``waiting``, ``free`` (no trigger came, or none is wanted) or ``held`` (a single one).
    """

    past: tuple[Trace, ...] = ()
    span: float = 0.0
    before: float = 0.0
    level: float | None = None
    sweeps: int = 0
    state: str = ""

    def still(self, points: int | None = None) -> Self:
        """Return it with its curves cut down."""
        if points is None:
            return self
        past = tuple(trace.still(PAST_POINTS) for trace in self.past)
        return replace(self, traces=tuple(trace.still(points) for trace in self.traces), past=past)

    def summary(self) -> str:
        """Say how many sweeps there were, and what the newest is."""
        count = f"{self.sweeps} sweep" + ("s" if self.sweeps != 1 else "")
        return f"{count}, {self.state}: {Line.summary(self)}"


@dataclass(frozen=True, slots=True)
class SpectrumPlot(Line):
    """Amplitudes over frequencies, both linear: how they are drawn is a matter of the view."""

    averaged: int = 1
