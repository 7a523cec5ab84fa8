"""Numbers as text and back: SI prefixes on the screen, and what a hand types into a field."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from flodesk.flow.finite import is_finite

_PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
_FACTORS = {"p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12}
_PREFIXED = frozenset(
    {
        "m",
        "s",
        "g",
        "A",
        "K",
        "mol",
        "cd",
        "Hz",
        "rad",
        "N",
        "Pa",
        "J",
        "W",
        "C",
        "V",
        "F",
        "Ω",
        "Ohm",
        "ohm",
        "S",
        "Wb",
        "T",
        "H",
        "lm",
        "lx",
        "Bq",
        "Gy",
        "V/s",
        "A/s",
        "S/s",
        "B",
        "bit",
        "eV",
        "m/s",
        "V²/Hz",
        "W/Hz",
    }
)
"""Units that take a prefix: °C, %, dB and counted things do not."""
_TYPED = re.compile(r"\s*([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*([a-zA-Zµμ%°Ω/²³]*)\s*")


def takes_prefix(unit: str) -> bool:
    """Return whether values of this unit are shown with an SI prefix (kHz, mV)."""
    return unit in _PREFIXED


def takes_large_prefix(unit: str) -> bool:
    """Return whether thousands of this unit are shown with a prefix: nobody reads kiloseconds."""
    return takes_prefix(unit) and unit != "s"


def exponent_of(value: float) -> int:
    """Return the power of ten, a multiple of three, whose prefix suits the value."""
    if value == 0 or not is_finite(value):
        return 0
    return min(max(3 * math.floor(math.log10(abs(value)) / 3 + 1e-9), -12), 12)


def prefix(exponent: int) -> str:
    """Return the SI prefix of a power of ten (a multiple of three)."""
    return _PREFIXES[exponent]


def counted(number: int) -> str:
    """Write a count with its thousands apart."""
    return f"{number:,}".replace(",", "\u202f")


def plain(value: float, digits: int = 6) -> str:
    """Return a number for a field: up to `digits` significant digits and no needless zeros."""
    if isinstance(value, int):
        return str(value) if is_finite(value) else f"{Decimal(value):.{max(digits - 1, 0)}e}"
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    return f"{value:.{digits}g}"


def with_unit(value: float, unit: str, digits: int = 4) -> tuple[str, str]:
    """Return a number's digits and its unit with prefix, as ``("1.25", "kHz")``; the minus is a true minus.

    Trailing zeros are kept, so that a value which moves does not jump about.
    """
    if not is_finite(value):
        return plain(value, digits).replace("-", "−"), unit
    rounded = _rounded(value, digits)
    exponent = exponent_of(rounded) if takes_prefix(unit) else 0
    if not takes_large_prefix(unit):
        exponent = min(exponent, 0)
    scaled = value / 10.0**exponent
    if isinstance(value, int) and not exponent:
        text = str(value)
    elif scaled and not 1e-4 <= abs(scaled) < 10.0 ** max(digits + 1, 6):
        text = f"{scaled:.{max(digits - 1, 0)}e}"
    else:
        size = abs(rounded / 10.0**exponent)
        whole = 0 if size < 1 else math.floor(math.log10(size) + 1e-12)
        text = f"{scaled:.{max(digits - 1 - whole, 0)}f}"
    return text.replace("-", "−"), prefix(exponent) + unit


def _rounded(value: float, digits: int) -> float:
    """Return a number as it is shown: 0.99999 V is 1.000 V then, and not 1000.0 mV."""
    return float(f"{value:.{max(digits - 1, 0)}e}")


def prefixed(value: float, unit: str, digits: int = 6) -> tuple[str, str]:
    """Return a number for a field as digits and the SI prefix of its unit, as ``("1.5", "m")`` for 0.0015 s."""
    if not is_finite(value) or not takes_prefix(unit):
        return plain(value, digits), ""
    exponent = exponent_of(_rounded(value, digits))
    if not takes_large_prefix(unit):
        exponent = min(exponent, 0)
    if not exponent:
        return plain(value, digits), ""
    return plain(value / 10.0**exponent, digits), prefix(exponent)


def parse(text: str, unit: str = "") -> float | None:
    """Read what a hand typed: ``20``, ``1,5``, ``2k``, ``1.5 kHz``, ``3e-3``. None if it is no number in that unit."""
    match = _TYPED.fullmatch(text.replace("−", "-"))
    if match is None:
        return None
    number = float(match[1].replace(",", "."))
    tail = match[2]
    if tail in ("", unit):
        return number
    head = tail.removesuffix(unit) if unit else tail
    if head in _FACTORS and (takes_prefix(unit) or not unit):
        return number * 10.0 ** _FACTORS[head]
    return None


def tidy_step(rough: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above `rough` (which is above 0)."""
    power = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    return next(factor * power for factor in (5, 2, 1) if factor * power <= rough * (1 + 1e-9))


def snap(value: float, step: float) -> float:
    """Return the multiple of `step` nearest to `value`, written with no digits beyond those of the step."""
    if not math.isfinite(value / step):
        return value
    exponent = Decimal(repr(step)).as_tuple().exponent
    return round(round(value / step) * step, max(0, -exponent) if isinstance(exponent, int) else 12)
