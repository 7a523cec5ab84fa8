"""Charts of what goes on, which remember: strip chart, scope, spectrum."""

from __future__ import annotations

import time
from collections import deque
from typing import Annotated, Any, Literal

from flodesk.nodes._numbers import numbers
from flodesk.nodes._spectra import amplitudes
from flodesk.public import (
    History,
    Quantity,
    Range,
    ScopeSweep,
    Signal,
    SpectrumPlot,
    Steps,
    StripChart,
    Trace,
    Unit,
    Waveform,
    node,
)

__all__ = ["Scope", "Spectrum", "Strip"]

_GAP = 1.5
"""Sample distances from which on there is a gap between two blocks."""


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")] if names.strip() else []


def _rows(waves: tuple[Waveform, ...]) -> Any:
    """Return the samples of signals with one time axis, a row a channel."""
    import numpy

    for other in waves[1:]:
        waves[0].check_axis(other)
    return numpy.vstack([numpy.atleast_2d(numpy.asarray(wave.y, dtype=float)) for wave in waves])


def _unit_of(waves: tuple[Waveform, ...]) -> str:
    return next((wave.unit for wave in waves if wave.unit), "")


@node(title="Strip chart", tags=("trend", "recorder", "history", "plot", "sweep", "scroll"))
class Strip:
    """Draw the last seconds of numbers or signals; no value of them is lost.

    Numbers stand at the time at which they come, signals at their own. On the panel it scrolls, or sweeps as a scope
    does: that is a matter of the view.

    Parameters
    ----------
    seconds : float
        How much to show, in s. It takes at most 256 MB: of more, the oldest goes.
    title : str
        Title of the chart; empty for the node's name.
    names : str
        Names of the curves in order, with commas between.
    y_label : str
        What the vertical axis is.
    unit : str
        Unit of the values; empty for that of the first signal which has one.

    Raises
    ------
    ValueError
        The time is not above 0.

    Examples
    --------
    >>> chart = show.Strip(seconds=60.0, names="level", unit="m")
    >>> shown = chart(1.5)
    >>> chart(2.5).summary()
    'level: 2 points from 1.5 to 2.5 m'
    """

    def __init__(
        self,
        seconds: Annotated[float, Unit("s"), Range(0.001)] = 10.0,
        title: str = "",
        names: str = "",
        y_label: str = "",
        unit: str = "",
    ) -> None:
        if not seconds > 0.0:
            raise ValueError(f"{seconds:g} s cannot be shown: set seconds above 0 s")
        self._seconds = seconds
        self._title, self._label, self._unit = title, y_label, unit
        self._names = _split(names)
        self._history: History | None = None
        self._began = 0.0
        self._end: float | None = None

    def __call__(self, *values: Quantity) -> StripChart:
        """Take in what is new.

        Parameters
        ----------
        *values : float or Waveform
            One number a curve, or the next block of each signal, of shape (n,) or (channels, n).

        Returns
        -------
        StripChart
            The chart.

        Raises
        ------
        TypeError
            Something is neither a number nor a signal.
        ValueError
            There is nothing, numbers come with signals, or the time axes of signals differ.
        """
        if not values:
            raise ValueError("there is nothing to draw: wire at least one value to it")
        waves = tuple(value for value in values if isinstance(value, Waveform))
        if not waves:
            self._take_numbers([self._number(value) for value in values])
        elif len(waves) == len(values):
            self._take_block(waves)
        else:
            raise ValueError("numbers and signals do not go into one chart: wire either to it, or use two charts")
        return self._chart(self._unit or _unit_of(waves))

    @staticmethod
    def _number(value: Any) -> float:
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"a strip chart takes numbers and signals, and got {type(value).__name__}: give samples a rate first"
            ) from error

    def _kept(self, rows: int) -> History:
        """Return what is kept, anew where the number of rows is another one."""
        if self._history is None or self._history.rows != rows:
            self._history, self._end = History(rows, self._seconds), None
            self._began = time.monotonic()
        return self._history

    def _take_numbers(self, values: list[float]) -> None:
        history = self._kept(len(values))
        history.add(time.monotonic() - self._began, values)

    def _take_block(self, waves: tuple[Waveform, ...]) -> None:
        import numpy

        rows, first = _rows(waves), waves[0]
        history, count = self._kept(len(rows)), rows.shape[1]
        if not count:
            return
        start = float(first.t0)
        if self._end is not None and start < self._end - 0.5 * first.dt:
            start = self._end  # a stream whose blocks all begin at 0, or one that began again
        elif self._end is not None and start > self._end + (_GAP - 1.0) * first.dt:
            history.extend(numpy.array([start - 0.5 * first.dt]), numpy.full((len(rows), 1), numpy.nan))
        history.extend(start + first.dt * numpy.arange(count), rows)
        self._end = start + first.dt * count

    def _chart(self, unit: str) -> StripChart:
        assert self._history is not None
        names = self._names
        traces = tuple(
            Trace(Steps(0.0, 0.0, 0), kept, names[row] if row < len(names) else "", unit)
            for row, kept in enumerate(self._history.rows_now())
        )
        return StripChart(self._title, traces, "Time", "s", self._label, unit, self._seconds)


@node(tags=("oscilloscope", "trigger", "persistence", "plot"))
class Scope:
    """Show a signal that repeats so that it stands still: each sweep begins where it crosses a level.

    Parameters
    ----------
    span : float
        How long a sweep is, in s.
    level : float
        Where the trigger is, in the unit of the first channel.
    edge : str
        Whether the signal crosses it rising or falling; *free* shows the newest samples without a trigger.
    mode : str
        What is shown where no trigger comes: *auto* the newest samples, *normal* the last sweep; *single* keeps the
        first sweep.
    before : float
        Share of the sweep before the trigger, from 0 to 1 (dimensionless).
    hold_off : float
        Time in s after a trigger in which no other counts; at least until the sweep ends.
    persistence : int
        How many earlier sweeps stay visible.
    title : str
        Title of the plot; empty for the node's name.
    names : str
        Names of the channels in order, with commas between.

    Raises
    ------
    ValueError
        The span is not above 0, the share is not from 0 to 1, or hold-off or persistence is below 0.

    Examples
    --------
    >>> scope = show.Scope(span=0.1, level=0.5)
    >>> scope(source.sine(0, frequency=10.0, samples=1000, rate=1000.0)).state
    'triggered'
    """

    def __init__(
        self,
        span: Annotated[float, Unit("s"), Range(1e-9)] = 0.1,
        level: float = 0.0,
        edge: Literal["rising", "falling", "free"] = "rising",
        mode: Literal["auto", "normal", "single"] = "auto",
        before: Annotated[float, Range(0.0, 1.0)] = 0.1,
        hold_off: Annotated[float, Unit("s"), Range(0.0)] = 0.0,
        persistence: Annotated[int, Range(0, 50)] = 0,
        title: str = "",
        names: str = "",
    ) -> None:
        if not span > 0.0:
            raise ValueError(f"a sweep of {span:g} s shows nothing: set span above 0 s")
        if not 0.0 <= before <= 1.0:
            raise ValueError(f"the share before the trigger is {before:g}: set it from 0 to 1")
        if hold_off < 0.0 or persistence < 0:
            raise ValueError("hold-off and persistence cannot be below 0: set them to 0 or more")
        self._span, self._level, self._edge, self._mode = span, level, edge, mode
        self._before, self._hold_off = before, hold_off
        self._title, self._names = title, _split(names)
        self._past: deque[tuple[Trace, ...]] = deque(maxlen=persistence + 1)
        self._block: Any = None
        self._dt = self._end = 0.0
        self._search = 1
        self._since = 0
        self._sweeps = 0

    def __call__(self, *signals: Signal) -> ScopeSweep:
        """Take in the next block.

        Parameters
        ----------
        *signals : Waveform
            The next block of each signal, of shape (n,) or (channels, n), on one time axis. The first channel triggers.

        Returns
        -------
        ScopeSweep
            The newest sweep.

        Raises
        ------
        TypeError
            A signal has no sample rate.
        ValueError
            There is no signal, or the time axes differ.
        """
        if not signals:
            raise ValueError("there is no signal to show: wire at least one to it")
        waves = tuple(signal for signal in signals if isinstance(signal, Waveform))
        if len(waves) < len(signals):
            raise TypeError("a scope takes signals with a sample rate: give samples a rate first")
        rows, unit = _rows(waves), _unit_of(waves)
        self._take(rows, waves[0])
        after = max(1, round(self._span * (1.0 - self._before) / self._dt))
        ahead = round(self._span * self._before / self._dt)
        state = self._sweep(ahead, after, unit)
        done = self._past[-1] if self._past else ()
        past = tuple(trace for traces in list(self._past)[:-1] for trace in traces)
        level = self._level if self._edge != "free" else None
        return ScopeSweep(
            self._title, done, "Time", "s", "", unit, past, self._span, self._before, level, self._sweeps, state
        )

    def _take(self, rows: Any, first: Waveform) -> None:
        """Put a block behind the ones before; a gap, another rate or number of rows begins afresh."""
        import numpy

        old = self._block
        goes_on = old is not None and old.shape[0] == len(rows) and self._dt == first.dt
        if goes_on and abs(first.t0 - self._end) > 0.5 * first.dt and first.t0 != 0.0:
            goes_on = False
        if not goes_on:
            self._block, self._search, self._since, self._dt = rows.copy(), 1, 0, float(first.dt)
            self._past.clear()
        else:
            self._block = numpy.concatenate([old, rows], axis=1)
        self._since += rows.shape[1]
        self._end = float(first.t0) + rows.shape[1] * first.dt

    def _sweep(self, ahead: int, after: int, unit: str) -> str:
        """Make the sweeps that the samples are enough for, forget those that are not needed, and say how it stands."""
        import numpy

        held = self._mode == "single" and self._sweeps > 0
        if self._edge != "free" and not held:
            y = self._block[0]
            crossed = (y[:-1] < self._level) & (y[1:] >= self._level)
            if self._edge == "falling":
                crossed = (y[:-1] > self._level) & (y[1:] <= self._level)
            for at in (numpy.flatnonzero(crossed) + 1).tolist():
                if at < max(self._search, ahead):
                    continue
                if at + after > len(y):
                    break
                share = float((self._level - y[at - 1]) / (y[at] - y[at - 1]))
                self._show(at, at - 1 + share, ahead, after, unit)
                self._sweeps += 1
                self._since = 0
                self._search = at + max(after, round(self._hold_off / self._dt))
                if held := self._mode == "single":
                    break
        free = self._edge == "free" or (self._mode == "auto" and self._since >= 2 * (ahead + after))
        size = self._block.shape[1]
        if free and size >= ahead + after:
            self._show(size - after, size - after, ahead, after, unit)
            self._sweeps += self._edge == "free"
        self._forget(ahead, after)
        return "held" if held else "free" if free else "triggered" if self._past else "waiting"

    def _show(self, at: int, zero: float, ahead: int, after: int, unit: str) -> None:
        """Keep the samples round a trigger, whose exact place is between two of them."""
        start = at - ahead
        part = self._block[:, start : at + after]
        x = Steps((start - zero) * self._dt, self._dt, part.shape[1])
        names = self._names
        self._past.append(
            tuple(Trace(x, row.copy(), names[n] if n < len(names) else "", unit) for n, row in enumerate(part))
        )

    def _forget(self, ahead: int, after: int) -> None:
        """Drop samples that no sweep can need any more."""
        size = self._block.shape[1]
        needed = max(0, min(size - ahead - after - 1, self._search - ahead - 1 if self._search > size else size))
        if needed > 0:
            self._block = self._block[:, needed:].copy()
            self._search = max(1, self._search - needed)


@node(tags=("fft", "fourier", "frequency", "amplitude", "analyzer", "plot", "decibel"))
class Spectrum:
    """Show how strong each frequency is, averaged over the last blocks.

    A sine of amplitude 3 gives a peak of height 3 with every window, if its frequency is one of the spectrum's.
    Decibels and a logarithmic axis are a matter of the view.

    Parameters
    ----------
    window : str
        Window function that each block is weighted with.
    average : int
        How many of the last spectra are averaged, by their power (dimensionless).
    remove_mean : bool
        Take the mean off first, so that it does not leak into the low frequencies.
    title : str
        Title of the plot; empty for the node's name.
    names : str
        Names of the curves in order, with commas between.

    Raises
    ------
    ValueError
        Less than one spectrum is to be averaged.

    Examples
    --------
    >>> analyser = show.Spectrum(window="flattop")
    >>> shown = analyser(source.sine(0, frequency=50.0, amplitude=3.0, samples=1000, rate=1000.0))
    >>> round(float(shown.traces[0].y[50]), 3)  # at 50 Hz
    3.0
    """

    def __init__(
        self,
        window: Literal["hann", "hamming", "blackman", "flattop", "boxcar"] = "hann",
        average: Annotated[int, Range(1, 1000)] = 1,
        remove_mean: bool = True,
        title: str = "",
        names: str = "",
    ) -> None:
        if average < 1:
            raise ValueError(f"{average} spectra cannot be averaged: set average to 1 or more")
        self._window, self._remove_mean = window, remove_mean
        self._title, self._names = title, _split(names)
        self._powers: deque[Any] = deque(maxlen=average)
        self._rate = 0.0

    def __call__(self, *signals: Signal) -> SpectrumPlot:
        """Take in the next block.

        Parameters
        ----------
        *signals : Waveform or Array
            The blocks, each of shape (n,) or (channels, n), all of one length; of an array the sample distance is 1.

        Returns
        -------
        SpectrumPlot
            The spectrum.

        Raises
        ------
        ValueError
            There is no signal, there are fewer than two samples, or lengths differ.
        """
        import numpy

        if not signals:
            raise ValueError("there is no signal: wire at least one to it")
        given = [numpy.atleast_2d(numbers(signal, f"input {number}")) for number, signal in enumerate(signals, 1)]
        if len({block.shape[1] for block in given}) > 1:
            raise ValueError("the signals differ in length: bring them to one before")
        rows = numpy.vstack(given)
        waves = tuple(signal for signal in signals if isinstance(signal, Waveform))
        dt = float(waves[0].dt) if waves else 1.0
        power = amplitudes(rows, self._window, self._remove_mean) ** 2
        if self._powers and (self._powers[-1].shape != power.shape or self._rate != dt):
            self._powers.clear()
        self._rate = dt
        self._powers.append(power)
        height = numpy.sqrt(sum(self._powers) / len(self._powers))
        x = Steps(0.0, 1.0 / (rows.shape[1] * dt), power.shape[1])
        unit, names = _unit_of(waves), self._names
        traces = tuple(
            Trace(x, row, names[number] if number < len(names) else "", unit) for number, row in enumerate(height)
        )
        return SpectrumPlot(
            self._title, traces, "Frequency", "Hz" if waves else "", "Amplitude", unit, len(self._powers)
        )
