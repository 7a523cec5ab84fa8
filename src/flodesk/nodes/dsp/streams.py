"""Signals that come in blocks: filters with a state, and their last seconds."""

from __future__ import annotations

from typing import Annotated

from flodesk.nodes.dsp.design import Family, Kind, edges_of, sections
from flodesk.nodes.dsp.inputs import Hertz, Order, waveform
from flodesk.public import Array, Range, Signal, Unit, Waveform, node

_PAST = 16384
"""How many input samples a stream's filter keeps for a new design."""


class _Running:
    """A filter with its state; `order`, `kind` and `family` as in `sections`."""

    def __init__(self, order: int, kind: str, family: str = "butterworth") -> None:
        self._order, self._kind, self._family = order, kind, family
        self._design: tuple[tuple[float, ...], float] | None = None
        self._sections: Array = None
        self._state: Array = None
        self._past: list[Array] = []
        """The last input samples, a piece a block: what a new design is run over."""

    def run(self, signal: Signal, edges: tuple[float, ...]) -> Waveform:
        """Filter the next block, its edges in Hz as they are now."""
        import numpy
        import scipy.signal

        wave = waveform(signal)
        y = numpy.asarray(wave.y, dtype=float)
        if y.shape[-1] == 0:
            return wave
        self._prepare(edges, wave.rate, y)
        filtered, self._state = scipy.signal.sosfilt(self._sections, y, zi=self._state)
        self._remember(y)
        return wave.with_y(filtered)

    def _prepare(self, edges: tuple[float, ...], rate: float, y: Array) -> None:
        """Design the filter for a new cutoff, and find the state that it would have by now."""
        import numpy
        import scipy.signal

        other = self._design is None or self._design[1] != rate or self._past[-1].shape[:-1] != y.shape[:-1]
        if not other and self._design == (edges, rate):
            return
        self._sections = sections(self._family, self._order, edges, rate, self._kind)
        self._design = (edges, rate)
        if other:
            self._past.clear()
        past = numpy.concatenate(self._past, axis=-1)[..., -_PAST:] if self._past else y[..., :1]
        steady = scipy.signal.sosfilt_zi(self._sections)  # under a steady 1, shape (sections, 2)
        steady = steady.reshape(len(steady), *(1,) * (y.ndim - 1), 2)
        _, self._state = scipy.signal.sosfilt(self._sections, past, zi=steady * past[..., :1])

    def _remember(self, y: Array) -> None:
        self._past.append(y[..., -_PAST:].copy())
        kept = sum(piece.shape[-1] for piece in self._past)
        while kept - self._past[0].shape[-1] >= _PAST:
            kept -= self._past.pop(0).shape[-1]


class Lowpass:
    """Low-pass filter of a stream: a Butterworth filter that keeps its state from block to block.

    Parameters
    ----------
    order : int
        Order of the filter (dimensionless): above the cutoff it falls by 6 dB an octave and order.

    Notes
    -----
    Filtering a signal in blocks gives what filtering it in one piece does. The filter starts as if the first sample had
    always been there. After a new cutoff it goes on as if that had been set all along: the new filter is run over the
    last input samples (up to 16384), so that no state of the old filter shoots through the new one. A steady signal
    goes through without a jump.
    References: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., sections 6.3 and 7.3;
    V. Välimäki, T. I. Laakso, Suppression of transients in variable recursive digital filters, IEEE Trans. Signal
    Processing 46 (1998) 3408, for the state from past inputs.

    Examples
    --------
    >>> lowpass = dsp.Lowpass(order=2)
    >>> lowpass(Waveform(np.full(3, 5.0), dt=0.001), cutoff=20.0).y.round(6)
    array([5., 5., 5.])
    """

    def __init__(self, order: Order = 4) -> None:
        self._filter = _Running(order, "lowpass")

    def __call__(self, signal: Signal, cutoff: Hertz = 20.0) -> Signal:
        """Filter the next block.

        Parameters
        ----------
        signal : Waveform
            The block, shape (n,) or (channels, n).
        cutoff : float
            Frequency in Hz at which the amplitude falls to 0.707; below half of the sample rate.

        Returns
        -------
        Waveform
            The filtered block, on the same time axis.

        Raises
        ------
        TypeError
            The signal has no sample rate.
        ValueError
            The cutoff is not between 0 and half of the sample rate.
        """
        return self._filter.run(signal, (cutoff,))


@node(tags=("high-pass", "band-pass", "band-stop", "point by point", "live", "Chebyshev", "Bessel", "IIR"))
class StreamFilter:
    """Filter a stream by a filter that keeps its state from block to block: high-pass, band-pass, band-stop, low-pass.

    Parameters
    ----------
    kind : str
        What passes: ``"lowpass"``, ``"highpass"``, ``"bandpass"``, or with ``"bandstop"`` what does not.
    family : str
        ``"butterworth"`` and ``"bessel"`` (of steady delay) have 3 dB at the cutoff, ``"chebyshev 1"`` has a ripple of
        1 dB, ``"chebyshev 2"`` an attenuation of 40 dB there, and ``"elliptic"`` both: they fall more steeply.
    order : int
        Order of the filter (dimensionless).

    Notes
    -----
    As `Lowpass`: blocks give what one piece does, it starts as if the first sample had always been there, and a new
    frequency makes no jump.

    Examples
    --------
    >>> highpass = dsp.StreamFilter("highpass")
    >>> highpass(Waveform(np.full(3, 5.0), dt=0.001), cutoff=20.0).y.round(6) + 0.0
    array([0., 0., 0.])
    """

    def __init__(self, kind: Kind = "highpass", family: Family = "butterworth", order: Order = 4) -> None:
        self._kind = kind
        self._filter = _Running(order, kind, family)

    def __call__(self, signal: Signal, cutoff: Hertz = 20.0, upper: Hertz = 100.0) -> Signal:
        """Filter the next block.

        Parameters
        ----------
        signal : Waveform
            The block, shape (n,) or (channels, n).
        cutoff : float
            The cutoff in Hz, or the lower edge of a band; below half of the sample rate.
        upper : float
            Upper edge of a band in Hz; it does not matter for ``"lowpass"`` and ``"highpass"``.

        Returns
        -------
        Waveform
            The filtered block, on the same time axis.

        Raises
        ------
        TypeError
            The signal has no sample rate.
        ValueError
            A frequency is not between 0 and half of the sample rate, or the band is empty.
        """
        return self._filter.run(signal, edges_of(self._kind, cutoff, upper))


class Tail:
    """Keep the last seconds of one or more signals that come in blocks.

    Parameters
    ----------
    span : float
        How much to keep, in s.

    Raises
    ------
    ValueError
        The span is not above 0.

    Examples
    --------
    >>> tail = dsp.Tail(span=0.003)
    >>> tail(Waveform(np.arange(5.0), dt=0.001)).y
    array([2., 3., 4.])
    """

    def __init__(self, span: Annotated[float, Unit("s"), Range(0.0)] = 1.0) -> None:
        if not span > 0.0:
            raise ValueError(f"the span is {span:g} s: it must be above 0 s")
        self.span = span
        self._kept: Waveform | None = None

    def __call__(self, *signals: Signal) -> Signal:
        """Take in the next block of each signal.

        Parameters
        ----------
        *signals : Waveform
            The blocks, each of shape (n,) or (channels, n), on one time axis.

        Returns
        -------
        Waveform
            The last samples: shape (m,) for one signal of one channel, else a row for each channel of each signal.
            It is shorter until the span has passed. A gap between two blocks, another sample rate or number of rows
            starts it afresh.

        Raises
        ------
        TypeError
            A signal has no sample rate.
        ValueError
            There is no signal, or their time axes differ.
        """
        import numpy

        if not signals:
            raise ValueError("there is no signal to keep: wire at least one to it")
        waves = [waveform(signal, f"input {number}") for number, signal in enumerate(signals, 1)]
        first = waves[0]
        for other in waves[1:]:
            first.check_axis(other)
        block = first.y if len(waves) == 1 else numpy.vstack([wave.y for wave in waves])
        kept = self._kept
        if kept is not None and self._continues(kept, first, block):
            block = numpy.concatenate([kept.y, block], axis=-1)
        # the end is exact, and the start follows from it: no error adds up
        end = first.t0 + len(first) * first.dt
        size = max(1, round(self.span / first.dt))
        # a copy: a view would keep every block of the past alive
        block = block[..., -size:].copy()
        units = {wave.unit for wave in waves}
        unit = first.unit if len(units) == 1 else ""
        self._kept = Waveform(block, first.dt, end - block.shape[-1] * first.dt, unit)
        return self._kept

    @staticmethod
    def _continues(kept: Waveform, wave: Waveform, block: Array) -> bool:
        end = kept.t0 + len(kept) * kept.dt
        same = kept.dt == wave.dt and kept.y.shape[:-1] == block.shape[:-1]
        return same and abs(end - wave.t0) < 0.5 * wave.dt
