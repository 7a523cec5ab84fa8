"""Pictures, and values as colours over two axes."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.public import Array, Fall, Heat, Image, Picture, Range, Signal, Unit, Waveform, node

__all__ = ["Spectrogram", "Waterfall", "heat", "image"]


def _rows(values: Any, what: str, *, colors: bool = False) -> Any:
    """Return an array that can be looked at as rows and columns."""
    import numpy

    made = numpy.asarray(values)
    if made.dtype.kind not in "biuf":
        raise ValueError(f"{what} shows numbers, and got values of type {made.dtype}")
    if made.ndim == 2 or (colors and made.ndim == 3 and made.shape[2] in (3, 4)):
        return made
    ways = " or (rows, columns, 3 or 4)" if colors else ""
    raise ValueError(f"{what} shows an array of shape (rows, columns){ways}, and got {made.shape}")


@node(tags=("picture", "camera", "photo", "grey", "colour", "roi"))
def image(
    picture: Picture,
    title: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Image:
    """Show a picture.

    Parameters
    ----------
    picture : Array
        Values, shape (rows, columns), or colours, shape (rows, columns, 3) or (rows, columns, 4) with opacity; the
        first row is the upper one. Colours are whole numbers up to 255, or numbers up to 1.
    title : str
        Title of the picture; empty for the node's name.
    unit : str
        Unit of the values.
    minimum, maximum : float, optional
        What the first and the last colour stand for, in the unit of the values; None for 0 and 255 of whole numbers
        of 8 bits, and otherwise for the least and the greatest value. Colours are shown as they are.

    Returns
    -------
    Image
        The picture to look at.

    Raises
    ------
    ValueError
        The value is no such array.

    Examples
    --------
    >>> show.image(np.zeros((480, 640, 3), np.uint8)).summary()
    '640 × 480 colours'
    """
    return Image(title, _rows(picture, "an image", colors=True), unit=unit, low=minimum, high=maximum)


@node(title="Heat map", tags=("colour map", "matrix", "surface", "plot"))
def heat(
    values: Array,
    title: str = "",
    x_start: float = 0.0,
    x_step: float = 1.0,
    y_start: float = 0.0,
    y_step: float = 1.0,
    x_label: str = "",
    x_unit: str = "",
    y_label: str = "",
    y_unit: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Heat:
    """Show values over two axes as colours.

    Parameters
    ----------
    values : Array
        The values, shape (rows, columns); the first row is the lower one.
    title : str
        Title of the map; empty for the node's name.
    x_start, x_step : float
        Where the first column is, and how far it is from one column to the next, in the unit of the axis.
    y_start, y_step : float
        Where the first row is, and how far it is from one row to the next, in the unit of the axis.
    x_label, y_label : str
        What the axes are.
    x_unit, y_unit, unit : str
        Units of the axes, and of the values.
    minimum, maximum : float, optional
        What the first and the last colour stand for, in the unit of the values; None for the least and the greatest
        value.

    Returns
    -------
    Heat
        The map.

    Raises
    ------
    ValueError
        The value is no array with two axes, or a step is 0.

    Examples
    --------
    >>> show.heat([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], unit="K").summary()
    '3 × 2 values from 1 to 6 K'
    """
    if not x_step or not y_step:
        raise ValueError("the step of an axis is 0: all columns, or rows, would be at one place")
    return Heat(
        title, _rows(values, "a heat map"), x_start, x_step, y_start, y_step, x_label, x_unit, y_label, y_unit, unit,
        minimum, maximum,
    )  # fmt: skip


class _Roll:
    """The last rows of a stream: what was handed out is never written to again, and handing it out copies nothing."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: Any = None
        self._end = 0

    def add(self, row: Any) -> Any:
        """Take a row in, and return the last ones; a row of another length begins anew."""
        import numpy

        if self._kept is None or self._kept.shape[1] != len(row):
            self._kept, self._end = numpy.empty((2 * self.most, len(row)), numpy.float32), 0
        elif self._end == len(self._kept):
            # a new one, and not the old one from its beginning: views of that are on their way
            fresh = numpy.empty_like(self._kept)
            self._end = self.most - 1
            fresh[: self._end] = self._kept[len(self._kept) - self._end :]
            self._kept = fresh
        self._kept[self._end] = row
        self._end += 1
        return self._kept[max(self._end - self.most, 0) : self._end]


@node(tags=("spectrogram", "history", "rows", "colour map"))
class Waterfall:
    """Show the last rows of a stream as colours, one row for each: spectra, profiles, lines of a camera.

    Parameters
    ----------
    rows : int
        How many rows are kept.
    period : float
        Time from one row to the next, in s; 0 counts rows.

    Raises
    ------
    ValueError
        No row is to be kept, or the period is below 0.

    Examples
    --------
    >>> fall = show.Waterfall(rows=50)
    >>> first, second = fall([0.0, 1.0, 2.0]), fall([2.0, 1.0, 0.5])
    >>> second.summary()
    '3 × 2 values from 0 to 2'
    """

    def __init__(
        self, rows: Annotated[int, Range(2)] = 200, period: Annotated[float, Unit("s"), Range(0.0)] = 0.0
    ) -> None:
        if rows < 2:
            raise ValueError(f"a waterfall of {rows} rows shows nothing: set it to 2 or more")
        if not period >= 0.0:
            raise ValueError(f"the period is {period:g} s: it cannot be below 0 s")
        self.period = period
        self._roll = _Roll(rows)

    def __call__(
        self,
        row: Array,
        title: str = "",
        start: float = 0.0,
        step: float = 1.0,
        label: str = "",
        axis_unit: str = "",
        unit: str = "",
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> Fall:
        """Take in the next row.

        Parameters
        ----------
        row : Array
            The values of one row, shape (n,). One of another length begins anew.
        title : str
            Title of the waterfall; empty for the node's name.
        start, step : float
            Where the first value of a row is, and how far it is from one to the next, in the unit of the axis.
        label : str
            What the axis along a row is.
        axis_unit, unit : str
            Unit of that axis, and of the values.
        minimum, maximum : float, optional
            What the first and the last colour stand for, in the unit of the values; None for the least and the
            greatest value.

        Returns
        -------
        Fall
            The last rows.

        Raises
        ------
        ValueError
            The value is no array of numbers with one axis, or the step is 0.
        """
        import numpy

        values = numpy.asarray(row)
        if values.ndim != 1 or values.dtype.kind not in "biuf" or not len(values):
            raise ValueError(f"a row is an array of numbers of shape (n,), and this is {values.dtype}{values.shape}")
        if not step:
            raise ValueError("the step along a row is 0: all values would be at one place")
        kept = self._roll.add(values)
        return _fall(kept, self._roll.most, self.period, title, start, step, label, axis_unit, unit, minimum, maximum)


def _fall(
    kept: Any,
    most: int,
    period: float,
    title: str,
    start: float,
    step: float,
    label: str,
    axis_unit: str,
    unit: str,
    minimum: float | None,
    maximum: float | None,
) -> Fall:
    ago, words = (period, "s") if period else (1.0, "")
    return Fall(
        title, kept, start, step, -(len(kept) - 1) * ago, ago, label, axis_unit, "Time" if period else "Row", words,
        unit, minimum, maximum, room=most,
    )  # fmt: skip


@node(tags=("waterfall", "fft", "frequency", "stft"))
class Spectrogram:
    """Show which frequencies a stream of samples had, and when.

    Pieces that overlap by half are weighted with a Hann window; a sine of amplitude 3 gives 3, or 9.5 dB.

    Parameters
    ----------
    length : int
        Number of samples of a piece: more of them tell frequencies apart better, and times worse.
    rows : int
        How many pieces are kept.
    decibels : bool
        Show 20·log10 of the amplitude, down to -200 dB.

    Raises
    ------
    ValueError
        The length is below 4, or no row is to be kept.

    Examples
    --------
    >>> stream = show.Spectrogram(length=100, decibels=False)
    >>> shown = stream(source.sine(0, frequency=10.0, amplitude=3.0, samples=1000, rate=1000.0))
    >>> shown.values.shape, round(float(shown.values[-1, 1]), 3)  # the second is that of 10 Hz
    ((19, 51), 3.0)
    """

    def __init__(
        self, length: Annotated[int, Range(4)] = 1024, rows: Annotated[int, Range(2)] = 200, decibels: bool = True
    ) -> None:
        if length < 4:
            raise ValueError(f"a piece of {length} samples has no spectrum: set the length to 4 or more")
        if rows < 2:
            raise ValueError(f"a spectrogram of {rows} rows shows nothing: set it to 2 or more")
        self.length, self.decibels = length, decibels
        self._roll = _Roll(rows)
        self._left: Any = None
        self._dt = 0.0
        self._window: Any = None
        self._kept: Any = None

    def __call__(
        self, signal: Signal, title: str = "", minimum: float | None = None, maximum: float | None = None
    ) -> Fall:
        """Take in the next block of samples.

        Parameters
        ----------
        signal : Waveform
            The block, of shape (n,): blocks follow each other without a gap. Another sample rate begins anew.
        title : str
            Title of the spectrogram; empty for the node's name.
        minimum, maximum : float, optional
            What the first and the last colour stand for, in dB or in the unit of the signal; None for the least and
            the greatest value.

        Returns
        -------
        Fall
            The spectra of the last pieces.

        Raises
        ------
        TypeError
            The signal has no sample rate.
        ValueError
            It has more than one row.
        """
        import numpy

        if not isinstance(signal, Waveform):
            raise TypeError(f"a spectrogram needs a signal with a sample rate, and got {type(signal).__name__}")
        y = numpy.asarray(signal.y, dtype=float)
        if y.ndim != 1:
            raise ValueError(f"a spectrogram is of one channel, and this signal has the shape {y.shape}: pick a row")
        if self._left is None or signal.dt != self._dt:
            self._left, self._dt, self._roll, self._kept = y[:0], signal.dt, _Roll(self._roll.most), None
            self._window = 0.5 - 0.5 * numpy.cos(2.0 * numpy.pi * numpy.arange(self.length) / self.length)
        samples, hop = numpy.concatenate([self._left, y]), self.length // 2
        while len(samples) >= self.length:
            self._kept = self._roll.add(self._spectrum(samples[: self.length]))
            samples = samples[hop:]
        self._left = samples.copy()
        kept = self._kept if self._kept is not None else numpy.empty((0, self.length // 2 + 1), numpy.float32)
        unit = "dB" if self.decibels else signal.unit
        step = 1.0 / (self.length * self._dt)
        return _fall(
            kept, self._roll.most, hop * self._dt, title, 0.0, step, "Frequency", "Hz", unit, minimum, maximum
        )  # fmt: skip

    def _spectrum(self, piece: Any) -> Any:
        import numpy

        amplitude = numpy.abs(numpy.fft.rfft(piece * self._window)) * (2.0 / self._window.sum())
        amplitude[0] *= 0.5
        if self.length % 2 == 0:
            amplitude[-1] *= 0.5
        return 20.0 * numpy.log10(numpy.maximum(amplitude, 1e-10)) if self.decibels else amplitude
