"""What the author of a node imports: markers for annotations, values with units, indicators and the run's context.

Nothing heavy is imported here: NumPy and pandas appear only as names in annotations (`Array`, `Table`,
`Picture`), so that reading the description of a node costs no import of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

Role = Literal["function", "producer", "state", "collector", "control", "indicator"]


# ------------------------------------------------------------------ markers for Annotated[...]
@dataclass(frozen=True, slots=True)
class Kind:
    """The port type of an annotation whose Python type says too little (see `flodesk.flow.types`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number, both included; ``None`` leaves a side open. `step` is what one key press changes."""

    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number or of an array's values, an SI base unit where one exists."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Entries of a drop-down that `function` computes, from the value of the field `after` if one is named."""

    function: Callable[..., Any]
    after: str = ""


Array = Annotated[Any, Kind("array")]
"""A NumPy array (or what `numpy.asarray` takes)."""
Table = Annotated[Any, Kind("table")]
"""A pandas DataFrame."""
Picture = Annotated[Any, Kind("image")]
"""A NumPy array of shape (rows, columns) or (rows, columns, 3 or 4)."""
Signal = Annotated[Any, Kind("signal")]
"""A `Waveform`, or an array where the sample rate does not matter."""


def node(
    *,
    title: str = "",
    tags: tuple[str, ...] = (),
    role: Role | None = None,
    widget: str = "",
    pure: bool = True,
) -> Callable[[F], F]:
    """Add to a function or class what Python cannot say. It is given back as it was.

    Parameters
    ----------
    title : str
        The name in the library; by default it is made from the Python name.
    tags : tuple of str
        Further words that the library's search finds it by.
    role : str, optional
        Only where the signature does not tell: ``"control"`` for a function whose first parameter a hand sets.
    widget : str
        For a control: the widget that sets it (``"slider"``, ``"number"``, ``"switch"``, ``"button"``, ...).
    pure : bool
        False if the same inputs may give another result or the call has an effect.
    """

    def mark(target: F) -> F:
        target.__flodesk__ = Facts(title, tags, role, widget, pure)  # type: ignore[attr-defined]
        return target

    return mark


@dataclass(frozen=True, slots=True)
class Facts:
    """What `node` noted down on a function or class, as its attribute ``__flodesk__``."""

    title: str = ""
    tags: tuple[str, ...] = ()
    role: Role | None = None
    widget: str = ""
    pure: bool = True


# ------------------------------------------------------------------ a signal with its time axis
class Waveform:
    """Samples at equal distances in time. It behaves as its array `y` in arithmetic and NumPy functions.

    Parameters
    ----------
    y : Array
        Samples, shape (n,) or (channels, n).
    dt : float
        Distance of two samples in s.
    t0 : float
        Time of the first sample in s.
    unit : str
        Unit of `y`.
    """

    __slots__ = ("dt", "t0", "unit", "y")

    def __init__(self, y: Array, dt: float, t0: float = 0.0, unit: str = "") -> None:
        self.y = y
        self.dt = dt
        self.t0 = t0
        self.unit = unit

    @property
    def rate(self) -> float:
        """Sample rate in Hz."""
        return 1.0 / self.dt

    def with_y(self, y: Array) -> Waveform:
        """Return other samples on the same time axis."""
        return Waveform(y, self.dt, self.t0, self.unit)

    def __len__(self) -> int:
        return int(self.y.shape[-1])

    def __repr__(self) -> str:
        return f"Waveform({len(self)} samples, {self.rate:g} Hz, from {self.t0:g} s)"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Give the samples to NumPy."""
        return self.y if dtype is None else self.y.astype(dtype)


# ------------------------------------------------------------------ the run's context
class Context(Protocol):
    """What a node may ask of the run it is part of. Outside a run it is a plain stand-in (`PlainContext`)."""

    def sleep(self, seconds: float) -> None:
        """Wait, but return at once (by raising) when the run is stopped."""

    def check(self) -> None:
        """Raise if the run was stopped: long loops inside a node call it now and then."""

    def progress(self, fraction: float, text: str = "") -> None:
        """Say how far the call is, from 0 to 1."""

    def log(self, text: str, level: str = "info") -> None:
        """Write a line to the run's log."""

    def connection(self, name: str) -> str:
        """Give the address of a named connection (``[tool.flodesk.connections]``); the name itself if unknown."""


class PlainContext:
    """The context of a node that is called as a plain function."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def check(self) -> None:
        """Do nothing: nobody can stop a plain call."""

    def progress(self, fraction: float, text: str = "") -> None:
        """Do nothing."""

    def log(self, text: str, level: str = "info") -> None:
        """Print the line."""
        print(text)

    def connection(self, name: str) -> str:
        """Give the name itself."""
        return name


_context: ContextVar[Context] = ContextVar("flodesk_context", default=PlainContext())


def context() -> Context:
    """Return the context of the run that calls this node, or a plain stand-in."""
    return _context.get()


def enter_context(value: Context) -> None:
    """Make `value` the context of the calling thread; the engine does it at the start of each loop."""
    _context.set(value)


# ------------------------------------------------------------------ indicators: things to look at
@dataclass(frozen=True, slots=True)
class Indicator:
    """Base of what an indicator node returns: the control panel shows the newest one."""

    title: str = ""

    def summary(self) -> str:
        """Say in words what a viewer would see; printed where there is no screen."""
        return self.title


@dataclass(frozen=True, slots=True)
class Trace:
    """One curve: `x` and `y` are 1-D arrays of one length."""

    x: Array
    y: Array
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line(Indicator):
    """A plot of one or more traces over a common axis."""

    traces: tuple[Trace, ...] = ()
    x_label: str = ""
    x_unit: str = ""
    y_label: str = ""
    y_unit: str = ""

    def summary(self) -> str:
        """Number of points, and range of each trace."""
        parts = []
        for number, trace in enumerate(self.traces, 1):
            name = trace.name or f"trace {number}"
            if len(trace.y) == 0:
                parts.append(f"{name}: empty")
                continue
            low, high = float(min(trace.y)), float(max(trace.y))
            parts.append(f"{name}: {len(trace.y)} points from {low:.4g} to {high:.4g}{' ' + trace.unit if trace.unit else ''}")
        return "; ".join(parts) or "no traces"


@dataclass(frozen=True, slots=True)
class Number(Indicator):
    """One number, with its unit and how many digits to show."""

    value: float = 0.0
    unit: str = ""
    digits: int = 4

    def summary(self) -> str:
        """Value and unit."""
        return f"{self.value:.{self.digits}g}{' ' + self.unit if self.unit else ''}"


@dataclass(frozen=True, slots=True)
class Lamp(Indicator):
    """A lamp that is on or off; `color` is the name of the lit colour (green, red, amber, blue)."""

    on: bool = False
    color: str = "green"

    def summary(self) -> str:
        """On or off."""
        return "on" if self.on else "off"


@dataclass(frozen=True, slots=True)
class Sheet(Indicator):
    """A table to look at."""

    table: Table = None

    def summary(self) -> str:
        """Rows and columns."""
        if self.table is None:
            return "no table"
        rows, columns = self.table.shape
        return f"{rows} rows, {columns} columns: {', '.join(str(c) for c in self.table.columns[:8])}"


@dataclass(frozen=True, slots=True)
class Note(Indicator):
    """A line or more of text to look at."""

    text: str = ""

    def summary(self) -> str:
        """The text."""
        return self.text


__all__ = [
    "Array", "Choices", "Context", "Facts", "Indicator", "Kind", "Lamp", "Line", "Note", "Number", "Picture",
    "PlainContext", "Range", "Role", "Sheet", "Signal", "Table", "Trace", "Unit", "Waveform", "context", "enter_context", "node",
]
