"""Single values: a number, a lamp, and numbers on a scale with zones that warn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Literal

from flodesk.indicators.base import Indicator


@dataclass(frozen=True, slots=True)
class Number(Indicator):
    """One number, with its unit and how many digits to show."""

    value: float = 0.0
    unit: str = ""
    digits: int = 4
    brief: ClassVar[bool] = True

    def summary(self) -> str:
        """Say value and unit."""
        text = str(self.value) if isinstance(self.value, int) else f"{self.value:.{self.digits}g}"
        return f"{text} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Lamp(Indicator):
    """A lamp that is on or off; `color` is the name of the lit colour (green, red, amber, blue)."""

    on: bool = False
    color: str = "green"
    brief: ClassVar[bool] = True

    def summary(self) -> str:
        """Say whether it is on."""
        return "on" if self.on else "off"


# ------------------------------------------------------------------ numbers on a scale
@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a scale that warns: from `start` to `stop`, both included; ``None`` leaves a side open."""

    start: float | None = None
    stop: float | None = None
    level: Literal["warning", "alarm"] = "warning"

    def holds(self, value: float) -> bool:
        """Say whether a value lies in it."""
        return (self.start is None or value >= self.start) and (self.stop is None or value <= self.stop)

    @property
    def words(self) -> str:
        """What it says: ``Alarm from 9``."""
        parts = [f"from {self.start:g}"] if self.start is not None else []
        parts += [f"to {self.stop:g}"] if self.stop is not None else []
        return " ".join([self.level.capitalize(), *parts])

    @staticmethod
    def around(
        warning_below: float | None = None,
        warning_above: float | None = None,
        alarm_below: float | None = None,
        alarm_above: float | None = None,
    ) -> tuple[Zone, ...]:
        """Return the zones at the ends of a scale; of two that overlap the alarm counts."""
        ends: tuple[tuple[float | None, float | None, Literal["warning", "alarm"]], ...] = (
            (None, warning_below, "warning"),
            (warning_above, None, "warning"),
            (None, alarm_below, "alarm"),
            (alarm_above, None, "alarm"),
        )
        return tuple(Zone(*end) for end in ends if end[:2] != (None, None))


def gravest(zones: Iterable[Zone]) -> Zone | None:
    """Return the first zone that raises an alarm, else the first; None if there is none."""
    known = list(zones)
    return next((zone for zone in known if zone.level == "alarm"), known[0] if known else None)


OF_UNITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "%": (0.0, 100.0),
        "°": (0.0, 360.0),
        "deg": (0.0, 360.0),
        "rad": (0.0, 2 * math.pi),
        "dB": (-60.0, 20.0),
        "pH": (0.0, 14.0),
    }
)
"""What units that are used within a range of their own go from and to."""


def round_up(size: float) -> float:
    """Return the least of 1, 2 and 5 times a power of ten that is not below `size`, which is above zero."""
    power = 10.0 ** math.floor(math.log10(size))
    return float(f"{next(s * power for s in (1.0, 2.0, 5.0, 10.0) if s * power >= size * (1 - 1e-9)):.6g}")


@dataclass(frozen=True, slots=True)
class Scale(Indicator):
    """Base of those that show where a number lies between two limits.

    Attributes
    ----------
    follows : tuple of str
        Which of its ends (``minimum``, ``maximum``) nobody gave: a view lets them go along with the value.
    """

    value: float = 0.0
    unit: str = ""
    minimum: float = 0.0
    maximum: float = 100.0
    digits: int = 4
    zones: tuple[Zone, ...] = ()
    follows: tuple[str, ...] = field(default=(), kw_only=True)
    brief: ClassVar[bool] = True
    free: ClassVar[bool] = False
    """Whether its ends go along with the value where nobody gives them."""

    @staticmethod
    def limits_for(value: float, unit: str = "", zones: Iterable[Zone] = ()) -> tuple[float, float]:
        """Return the ends of a scale that nobody gave: they hold zero, the value and the ends of its zones.

        A unit that is used within a range (a percentage, an angle) has that one as long as the value is in it; else
        each end is 1, 2 or 5 times a power of ten.

        Parameters
        ----------
        value : float
            What the scale is for; one that is infinite or no number counts as zero.
        unit : str
            Its unit.
        zones : iterable of Zone
            What warns, in that unit.

        Returns
        -------
        minimum, maximum : float
            The minimum is below the maximum.
        """
        natural = OF_UNITS.get(unit)
        if natural is not None and natural[0] <= value <= natural[1]:
            return natural
        ends = [end for zone in zones for end in (zone.start, zone.stop) if end is not None]
        found = [size for size in (value, *ends) if math.isfinite(size) and 1e-290 < abs(size) < 1e290]
        low = -max((round_up(-size) for size in found if size < 0), default=0.0)
        high = max((round_up(size) for size in found if size > 0), default=0.0)
        return (low, high) if low < high else (0.0, 1.0)

    @property
    def zone(self) -> Zone | None:
        """The zone that the value lies in, an alarm before a warning."""
        return gravest(zone for zone in self.zones if zone.holds(self.value))

    @property
    def share(self) -> float:
        """Where the value lies between the limits, 0 to 1; the nearest end if outside, NaN if it is no number."""
        return self.share_of(self.value)

    def share_of(self, value: float) -> float:
        """Return where a value lies between the limits, 0 to 1."""
        span = self.maximum - self.minimum
        if math.isnan(value):
            return math.nan
        return min(max((value - self.minimum) / span if span else 0.0, 0.0), 1.0)

    def summary(self) -> str:
        """Say value, unit, and what warns."""
        text = f"{self.value:.{self.digits}g} {self.unit}".rstrip()
        return f"{text} ({self.zone.level})" if self.zone is not None else text


@dataclass(frozen=True, slots=True)
class Gauge(Scale):
    """A dial with a needle."""

    free: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Meter(Scale):
    """A needle on a flat arc."""

    free: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Bar(Scale):
    """A bar along a scale, lying or upright as there is room."""

    free: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Tank(Scale):
    """A vessel that is filled up to the value."""

    free: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Thermometer(Scale):
    """A thermometer."""


@dataclass(frozen=True, slots=True)
class Progress(Scale):
    """How much of something is done."""

    def summary(self) -> str:
        """Say it in percent."""
        return "unknown" if math.isnan(self.share) else f"{100 * self.share:.0f} %"


@dataclass(frozen=True, slots=True)
class Segments(Scale):
    """A number in seven-segment digits: `digits` of them, `decimals` behind the point."""

    decimals: int = 2
    color: str = "green"

    def summary(self) -> str:
        """Say value and unit as they are shown."""
        text = f"{self.value:.{self.decimals}f} {self.unit}".rstrip()
        return f"{text} ({self.zone.level})" if self.zone is not None else text


_WINDS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")


@dataclass(frozen=True, slots=True)
class Compass(Scale):
    """A direction in degrees, clockwise from north."""

    maximum: float = 360.0
    unit: str = "°"

    @property
    def heading(self) -> float:
        """The direction from 0 to below 360."""
        return self.value % 360.0 if math.isfinite(self.value) else math.nan

    @property
    def wind(self) -> str:
        """The nearest of the sixteen directions; empty if it is no number."""
        return "" if math.isnan(self.heading) else _WINDS[round(self.heading / 22.5) % 16]

    def summary(self) -> str:
        """Say degrees and direction."""
        return f"{self.heading:.0f}° {self.wind}" if self.wind else "no direction"
