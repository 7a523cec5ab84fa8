"""A scale as plain numbers: where its ticks are, and what is written at them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flodesk.ui.panel.figures import exponent_of, plain, prefix, takes_large_prefix, takes_prefix

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Ruler:
    """The scale between two limits. All that is written on it has one prefix, that of its larger end."""

    minimum: float
    maximum: float
    unit: str = ""

    @property
    def exponent(self) -> int:
        """The power of ten of the prefix."""
        if not takes_prefix(self.unit):
            return 0
        exponent = exponent_of(max(abs(self.minimum), abs(self.maximum)))
        return exponent if takes_large_prefix(self.unit) else min(exponent, 0)

    @property
    def symbol(self) -> str:
        """The unit with its prefix."""
        return prefix(self.exponent) + self.unit

    def ticks(self, most: int) -> list[float]:
        """Return tidy values between the limits, steps of 1, 2 or 5 times a power of ten, `most` steps at most."""
        span = self.maximum - self.minimum
        if not (span > 0 and math.isfinite(span)):
            return []
        most = max(1, min(most, _MOST))
        power = 10.0 ** math.floor(math.log10(span / most))
        step = next(f * power for f in (1, 2, 5, 10, 20) if span / (f * power) <= most + 1e-9)
        first = math.ceil(self.minimum / step - 1e-9)
        last = math.floor(self.maximum / step + 1e-9)
        return [number * step for number in range(first, last + 1)]

    def label(self, value: float) -> str:
        """Return what is written at a tick."""
        text = plain(round(value / 10.0**self.exponent, 9) + 0.0, 6)
        return text.replace("-", "−")

    def figures(self, value: float, digits: int) -> str:
        """Return a value as it is read here: as many decimals at every value, so that digits do not jump about."""
        if not math.isfinite(value):
            return plain(float(value))
        scaled = value / 10.0**self.exponent
        largest = max(abs(self.minimum), abs(self.maximum)) / 10.0**self.exponent
        whole = math.floor(math.log10(largest) + 1e-12) if largest >= 1 else 0
        if abs(scaled) >= 10.0 ** max(digits + 1, 6):
            return f"{scaled:.{max(digits - 1, 0)}e}".replace("-", "−")
        return f"{scaled:.{max(digits - 1 - whole, 0)}f}".replace("-", "−")
