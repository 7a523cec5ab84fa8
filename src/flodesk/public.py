"""What the author of a node imports: markers for annotations, values with units, indicators and the run's context.

Nothing heavy is imported here: NumPy and pandas appear only as names in annotations (`Array`, `Table`,
`Picture`), so that reading the description of a node costs no import of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from flodesk.indicators import Bar as Bar
from flodesk.indicators import Bars as Bars
from flodesk.indicators import Compass as Compass
from flodesk.indicators import Fall as Fall
from flodesk.indicators import Gauge as Gauge
from flodesk.indicators import Heat as Heat
from flodesk.indicators import History as History
from flodesk.indicators import Image as Image
from flodesk.indicators import Indicator as Indicator
from flodesk.indicators import Lamp as Lamp
from flodesk.indicators import Lane as Lane
from flodesk.indicators import Line as Line
from flodesk.indicators import Lines as Lines
from flodesk.indicators import Markdown as Markdown
from flodesk.indicators import Meter as Meter
from flodesk.indicators import Note as Note
from flodesk.indicators import Number as Number
from flodesk.indicators import Progress as Progress
from flodesk.indicators import Recording as Recording
from flodesk.indicators import Scatter as Scatter
from flodesk.indicators import Scatter3D as Scatter3D
from flodesk.indicators import ScopeSweep as ScopeSweep
from flodesk.indicators import Segments as Segments
from flodesk.indicators import Sheet as Sheet
from flodesk.indicators import SpectrumPlot as SpectrumPlot
from flodesk.indicators import Steps as Steps
from flodesk.indicators import StripChart as StripChart
from flodesk.indicators import Surface as Surface
from flodesk.indicators import Tank as Tank
from flodesk.indicators import Thermometer as Thermometer
from flodesk.indicators import Timeline as Timeline
from flodesk.indicators import Trace as Trace
from flodesk.indicators import Zone as Zone
from flodesk.indicators.telling import LEVELS as LEVELS
from flodesk.indicators.telling import Told as Told
from flodesk.items import Collected as Collected
from flodesk.items import ItemError as ItemError
from flodesk.items import each as each
from flodesk.markers import Array as Array
from flodesk.markers import Choices as Choices
from flodesk.markers import Facts as Facts
from flodesk.markers import Kind as Kind
from flodesk.markers import Picture as Picture
from flodesk.markers import Press as Press
from flodesk.markers import Quantity as Quantity
from flodesk.markers import Range as Range
from flodesk.markers import Role as Role
from flodesk.markers import Signal as Signal
from flodesk.markers import Table as Table
from flodesk.markers import Unit as Unit
from flodesk.markers import node as node
from flodesk.run_context import About as About
from flodesk.run_context import Change as Change
from flodesk.run_context import Context as Context
from flodesk.run_context import PlainContext as PlainContext
from flodesk.run_context import context as context
from flodesk.run_context import enter_context as enter_context
from flodesk.secret import is_secret as is_secret
from flodesk.secret import secret as secret
from flodesk.templating import Template as Template
from flodesk.templating import render as render

# ------------------------------------------------------------------ a signal with its time axis
_SAME_UNIT = frozenset(["add", "subtract", "maximum", "minimum", "fmax", "fmin", "remainder", "fmod", "hypot"])
"""NumPy functions of two signals that make sense for one unit only, and keep it."""
_KEPT_UNIT = frozenset(
    ["negative", "positive", "absolute", "fabs", "floor", "ceil", "rint", "trunc", "conjugate", "copysign", "clip"]
)
_COMPARE = frozenset(["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"])
"""NumPy functions of two signals that need one unit, and give truth values."""


def _product(left: str, right: str) -> str:
    if left and left == right and left.isalpha():
        return f"{left}²"
    return f"{left}·{right}" if left and right else left or right


def _quotient(left: str, right: str) -> str:
    if left == right:
        return ""
    return f"{left or 1}/{right}" if right else left


def _unit_of(function: str, units: list[str]) -> str:
    """Return the unit of a function's result; the empty unit (a plain number) goes with every other."""
    known = [unit for unit in units if unit]
    if function in _SAME_UNIT or function in _COMPARE:
        if len(set(known)) > 1:
            raise ValueError(
                f"{known[0]} and {known[1]} do not go together in {function}: convert one of the two signals"
            )
        return "" if function in _COMPARE or not known else known[0]
    if function in _KEPT_UNIT:
        return units[0]
    if function == "multiply":
        return _product(*units)
    if function in ("divide", "true_divide", "floor_divide"):
        return _quotient(*units)
    return ""


def _operator(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    """Make the method of an operator that calls the NumPy function of that name."""

    def operate(self: Any, other: Any) -> Any:
        import numpy

        if isinstance(other, str | bytes) or other is None:
            return NotImplemented
        return getattr(numpy, name)(other, self) if reflected else getattr(numpy, name)(self, other)

    return operate


class Waveform:
    """Samples at equal distances in time. It behaves as its array `y` in arithmetic and NumPy functions.

    Operators and NumPy's elementwise functions give a waveform on the same time axis. Two waveforms must agree in
    sample rate, length and start (to half a sample) and, where the sum would mean nothing otherwise, in unit; a plain
    number or array takes the unit of its partner. Products and quotients compose their units (``V·A``, ``V/s``);
    functions that change the meaning (``sin``, ``log``) drop it. Reductions (``numpy.mean``) give plain numbers.

    ``==`` compares as a whole: the same axis, unit and samples (as everywhere, NaN is unequal to NaN). The other
    comparisons, and `numpy.equal`, go sample by sample: say ``any(signal > 2)`` or ``max(signal) > 2`` where true or
    false is meant. Iteration gives the samples. A waveform has no hash.

    Parameters
    ----------
    y : Array
        Samples, shape (n,) or (channels, n).
    dt : float
        Distance of two samples in s, above 0.
    t0 : float
        Time of the first sample in s.
    unit : str
        Unit of `y`.

    Raises
    ------
    ValueError
        `dt` is not above 0.
    """

    __slots__ = ("dt", "t0", "unit", "y")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, y: Array, dt: float, t0: float = 0.0, unit: str = "") -> None:
        if not dt > 0.0:
            raise ValueError(f"the distance of two samples is {dt!r} s: it must be above 0")
        self.y = y
        self.dt = dt
        self.t0 = t0
        self.unit = unit

    @property
    def rate(self) -> float:
        """Sample rate in Hz."""
        return 1.0 / self.dt

    @property
    def time(self) -> Array:
        """Time of each sample in s, shape (n,)."""
        import numpy

        return self.t0 + self.dt * numpy.arange(len(self))

    def with_y(self, y: Array, unit: str | None = None) -> Waveform:
        """Return other samples on the same time axis, in the same unit unless another is given."""
        return Waveform(y, self.dt, self.t0, self.unit if unit is None else unit)

    def check_axis(self, other: Waveform) -> None:
        """Raise unless the other waveform has the same time axis.

        Raises
        ------
        ValueError
            They differ in rate, length, or start; the text says how.
        """
        if abs(self.dt - other.dt) > 1e-9 * self.dt:
            raise ValueError(
                f"sample rates differ, {self.rate:g} Hz and {other.rate:g} Hz: resample one of the two signals"
            )
        if len(self) != len(other):
            raise ValueError(f"lengths differ, {len(self)} and {len(other)} samples: cut both signals to one length")
        if abs(self.t0 - other.t0) > 0.5 * self.dt:
            raise ValueError(f"the signals start at different times, {self.t0:g} s and {other.t0:g} s")

    def __len__(self) -> int:
        return int(self.y.shape[-1])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.y)

    def __bool__(self) -> bool:
        """Refuse, as an array does: it is not said which of the samples must be true.

        Raises
        ------
        ValueError
            Always, but for a signal of one sample.
        """
        if getattr(self.y, "size", 0) == 1:
            return bool(self.y.item())
        raise ValueError(
            f"a signal of {len(self)} samples is neither true nor false: say which are meant, as in max(signal) > 2 or "
            "any(signal > 2)"
        )

    def __repr__(self) -> str:
        unit = f", {self.unit}" if self.unit else ""
        return f"Waveform({len(self)} samples{unit}, {self.rate:g} Hz, from {self.t0:g} s)"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Give the samples to NumPy."""
        import numpy

        return numpy.array(self.y, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Do what NumPy's elementwise functions do, on the samples."""
        waves = [value for value in inputs if isinstance(value, Waveform)]
        plain = [value.y if isinstance(value, Waveform) else value for value in inputs]
        if method != "__call__" or ufunc.nout != 1 or not waves or "out" in options:
            return getattr(ufunc, method)(*plain, **options)
        for other in waves[1:]:
            waves[0].check_axis(other)
        unit = _unit_of(ufunc.__name__, [value.unit if isinstance(value, Waveform) else "" for value in inputs])
        y = ufunc(*plain, **options)
        if y.shape[-1:] != waves[0].y.shape[-1:]:
            raise ValueError(f"an array of shape {y.shape} does not fit the {len(waves[0])} samples of the signal")
        return waves[0].with_y(y, unit)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Waveform):
            return NotImplemented
        import numpy

        mine, its = (self.dt, self.t0, self.unit), (other.dt, other.t0, other.unit)
        return mine == its and bool(numpy.array_equal(self.y, other.y))

    def __neg__(self) -> Waveform:
        return self.with_y(-self.y)

    def __abs__(self) -> Waveform:
        return self.with_y(abs(self.y))

    __add__ = _operator("add")
    __radd__ = _operator("add", reflected=True)
    __sub__ = _operator("subtract")
    __rsub__ = _operator("subtract", reflected=True)
    __mul__ = _operator("multiply")
    __rmul__ = _operator("multiply", reflected=True)
    __truediv__ = _operator("true_divide")
    __rtruediv__ = _operator("true_divide", reflected=True)
    __pow__ = _operator("power")
    __lt__ = _operator("less")
    __le__ = _operator("less_equal")
    __gt__ = _operator("greater")
    __ge__ = _operator("greater_equal")


# ------------------------------------------------------------------ what functions that run side by side share
@dataclass(frozen=True, slots=True)
class Bounds:
    """How many values may wait in a queue, what putting does when so many wait, and who gets a value."""

    size: int
    full: str
    readers: str


class Acknowledged(Iterator[Any]):
    """Base of an iterator that wants to know how the turn ended that runs on its value.

    It has ended well when the next value is asked for, and when `settle` is called; else `close` comes without it.
    """

    def settle(self) -> None:
        """Note that the turn of the last value has ended well, though the next one may never be asked for."""

    def close(self) -> None:
        """End: no more values are asked for."""


class FarLine(Protocol):
    """Where the values of a queue lie that are not in memory."""

    def begin(self, writers: Collection[str], readers: Collection[str], here: Collection[str]) -> None:
        """Take part: the functions that write and read, and those of this process."""

    def put(self, value: Any) -> int:
        """Put a value in; returns how many were dropped for it, -1 if it is full and its policy is to fail."""

    def read(self, function: str) -> Iterator[Any]:
        """Return the values for a function."""

    def leave(self, function: str) -> None:
        """Know that a function has ended, however it ended."""

    def close(self) -> None:
        """Let go of it."""

    def summary(self) -> tuple[str, int]:
        """Say what went through it, and how many values nobody has got."""


class Shared:
    """Base of an object at the top of a file that several functions of a flow share; the engine calls these methods."""

    def begin(self, name: str) -> None:
        """Be as new: a run begins, in which it goes by this name."""

    def move(self, opened: Callable[[Bounds], FarLine] | None) -> bool:
        """Keep what flows through it in a line elsewhere, or in memory again (None); returns False if it cannot."""
        return opened is None

    def expect(self, readers: Iterable[str]) -> None:
        """Know which functions read it, before one of them starts and when that has changed."""

    def enter(self, function: str) -> None:
        """Know that the calling thread runs a function that uses it."""

    def leave(self, function: str) -> None:
        """Know that a function has ended, however it ended."""

    def close(self) -> None:
        """End the stream: all functions that write to it have ended."""

    def summary(self) -> tuple[str, int]:
        """Say what went through it, and how many values nobody has got; nothing to say is an empty text."""
        return "", 0


__all__ = [
    "LEVELS",
    "Lane",
    "Lines",
    "Markdown",
    "Meter",
    "Timeline",
    "Told",
    "About",
    "Acknowledged",
    "Array",
    "Bar",
    "Bars",
    "Bounds",
    "Change",
    "Choices",
    "Compass",
    "Context",
    "Facts",
    "Fall",
    "FarLine",
    "Gauge",
    "Heat",
    "History",
    "Image",
    "Indicator",
    "Kind",
    "Lamp",
    "Line",
    "Note",
    "Number",
    "Picture",
    "PlainContext",
    "Progress",
    "Quantity",
    "Range",
    "Role",
    "Scatter",
    "Scatter3D",
    "ScopeSweep",
    "Segments",
    "Shared",
    "Sheet",
    "Signal",
    "Steps",
    "SpectrumPlot",
    "StripChart",
    "Surface",
    "Table",
    "Tank",
    "Thermometer",
    "Trace",
    "Unit",
    "Waveform",
    "Zone",
    "context",
    "enter_context",
    "is_secret",
    "node",
    "secret",
]
