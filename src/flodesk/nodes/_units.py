"""Units: what they are in SI base units, and from one to another."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import Any, NamedTuple

_BASES = ("m", "kg", "s", "A", "K", "mol", "cd", "rad", "bit")
"""An angle counts as a base of its own, so that revolutions a minute become rad/s and are not taken for Hz."""


class Size(NamedTuple):
    """A unit: its factor to SI base units, its exponents of `_BASES`, and where its zero lies (of °C and °F)."""

    factor: float
    powers: tuple[int, ...]
    zero: float = 0.0


def _of(factor: float, zero: float = 0.0, **powers: int) -> Size:
    return Size(factor, tuple(powers.get(base, 0) for base in _BASES), zero)


_PREFIXES = {
    "Q": 1e30, "R": 1e27, "Y": 1e24, "Z": 1e21, "E": 1e18, "P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3,
    "h": 1e2, "da": 1e1, "d": 1e-1, "c": 1e-2, "m": 1e-3, "µ": 1e-6, "μ": 1e-6, "u": 1e-6, "n": 1e-9, "p": 1e-12,
    "f": 1e-15, "a": 1e-18, "z": 1e-21, "y": 1e-24, "r": 1e-27, "q": 1e-30, "Ki": 2.0**10, "Mi": 2.0**20,
    "Gi": 2.0**30, "Ti": 2.0**40,
}  # fmt: skip
_PREFIXED = {
    "m": _of(1.0, m=1), "g": _of(1e-3, kg=1), "s": _of(1.0, s=1), "A": _of(1.0, A=1), "K": _of(1.0, K=1),
    "mol": _of(1.0, mol=1), "cd": _of(1.0, cd=1), "lm": _of(1.0, cd=1), "lx": _of(1.0, cd=1, m=-2),
    "rad": _of(1.0, rad=1), "Hz": _of(1.0, s=-1), "Bq": _of(1.0, s=-1), "N": _of(1.0, kg=1, m=1, s=-2),
    "Pa": _of(1.0, kg=1, m=-1, s=-2), "J": _of(1.0, kg=1, m=2, s=-2), "W": _of(1.0, kg=1, m=2, s=-3),
    "VA": _of(1.0, kg=1, m=2, s=-3), "Wh": _of(3600.0, kg=1, m=2, s=-2), "C": _of(1.0, A=1, s=1),
    "Ah": _of(3600.0, A=1, s=1), "V": _of(1.0, kg=1, m=2, s=-3, A=-1), "F": _of(1.0, kg=-1, m=-2, s=4, A=2),
    "Ω": _of(1.0, kg=1, m=2, s=-3, A=-2), "Ohm": _of(1.0, kg=1, m=2, s=-3, A=-2),
    "ohm": _of(1.0, kg=1, m=2, s=-3, A=-2), "S": _of(1.0, kg=-1, m=-2, s=3, A=2),
    "Wb": _of(1.0, kg=1, m=2, s=-2, A=-1), "T": _of(1.0, kg=1, s=-2, A=-1), "H": _of(1.0, kg=1, m=2, s=-2, A=-2),
    "Sv": _of(1.0, m=2, s=-2), "Gy": _of(1.0, m=2, s=-2), "kat": _of(1.0, mol=1, s=-1), "L": _of(1e-3, m=3),
    "l": _of(1e-3, m=3), "t": _of(1e3, kg=1), "bar": _of(1e5, kg=1, m=-1, s=-2),
    "eV": _of(1.602176634e-19, kg=1, m=2, s=-2), "cal": _of(4.184, kg=1, m=2, s=-2), "bit": _of(1.0, bit=1),
    "B": _of(8.0, bit=1), "pc": _of(3.0856775814913673e16, m=1), "Da": _of(1.66053906892e-27, kg=1),
}  # fmt: skip
"""What takes a prefix."""
_PLAIN = {
    "min": _of(60.0, s=1), "h": _of(3600.0, s=1), "d": _of(86400.0, s=1), "day": _of(86400.0, s=1),
    "week": _of(604800.0, s=1), "year": _of(31557600.0, s=1), "a": _of(31557600.0, s=1),
    "°": _of(0.017453292519943295, rad=1), "deg": _of(0.017453292519943295, rad=1),
    "rev": _of(6.283185307179586, rad=1), "rpm": _of(0.10471975511965977, rad=1, s=-1),
    "arcmin": _of(0.0002908882086657216, rad=1), "arcsec": _of(4.84813681109536e-06, rad=1),
    "°C": _of(1.0, 273.15, K=1), "degC": _of(1.0, 273.15, K=1), "°F": _of(5.0 / 9.0, 459.67 * 5.0 / 9.0, K=1),
    "degF": _of(5.0 / 9.0, 459.67 * 5.0 / 9.0, K=1), "°R": _of(5.0 / 9.0, K=1), "in": _of(0.0254, m=1),
    "ft": _of(0.3048, m=1), "yd": _of(0.9144, m=1), "mi": _of(1609.344, m=1), "nmi": _of(1852.0, m=1),
    "mil": _of(2.54e-5, m=1), "Å": _of(1e-10, m=1), "au": _of(149597870700.0, m=1), "ly": _of(9460730472580800.0, m=1),
    "ha": _of(1e4, m=2), "acre": _of(4046.8564224, m=2), "gal": _of(3.785411784e-3, m=3), "pt": _of(4.73176473e-4, m=3),
    "floz": _of(2.95735295625e-5, m=3), "kn": _of(1852.0 / 3600.0, m=1, s=-1), "mph": _of(0.44704, m=1, s=-1),
    "lb": _of(0.45359237, kg=1), "oz": _of(0.028349523125, kg=1), "ct": _of(2e-4, kg=1),
    "lbf": _of(4.4482216152605, kg=1, m=1, s=-2), "kgf": _of(9.80665, kg=1, m=1, s=-2), "g0": _of(9.80665, m=1, s=-2),
    "psi": _of(6894.757293168361, kg=1, m=-1, s=-2), "atm": _of(101325.0, kg=1, m=-1, s=-2),
    "Torr": _of(101325.0 / 760.0, kg=1, m=-1, s=-2), "mmHg": _of(133.322387415, kg=1, m=-1, s=-2),
    "inHg": _of(3386.388640341, kg=1, m=-1, s=-2), "BTU": _of(1055.05585262, kg=1, m=2, s=-2),
    "hp": _of(745.6998715822702, kg=1, m=2, s=-3), "PS": _of(735.49875, kg=1, m=2, s=-3),
    "erg": _of(1e-7, kg=1, m=2, s=-2), "dyn": _of(1e-5, kg=1, m=1, s=-2), "P": _of(0.1, kg=1, m=-1, s=-1),
    "Gs": _of(1e-4, kg=1, s=-2, A=-1), "Ci": _of(3.7e10, s=-1), "rem": _of(0.01, m=2, s=-2), "%": _of(0.01),
    "‰": _of(0.001), "ppm": _of(1e-6), "ppb": _of(1e-9), "1": _of(1.0), "dozen": _of(12.0),
}  # fmt: skip
"""What takes none. Sources: SI brochure, 9th ed., tables 4 to 8; NIST SP 811, appendix B; CODATA 2022."""
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FACTOR = re.compile(r"(?P<name>.*?[^\d^⁰¹²³⁴⁵⁶⁷⁸⁹⁻-])(?P<power>\^?-?\d+|[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")


def converted(array: Any, source: Size, target: Size) -> Any:
    """Return values in another unit of the same kind, as an array or a number of NumPy."""
    import numpy

    if source.zero == target.zero:  # by one factor, so that 1 km is 1000.0 m to the last digit
        ratio = source.factor / target.factor
        back = target.factor / source.factor
        return numpy.divide(array, round(back)) if back > 1.0 and back == round(back) else numpy.multiply(array, ratio)
    kelvin = numpy.add(numpy.multiply(array, source.factor), source.zero)
    return numpy.round(numpy.divide(numpy.subtract(kelvin, target.zero), target.factor), 10)


@lru_cache(maxsize=512)
def size_of(unit: str) -> Size:
    """Return what a unit is in SI base units.

    Raises
    ------
    ValueError
        It is not known.
    """
    text = _plain(unit)
    if not text:
        raise ValueError("the unit is empty: write one as m/s")
    single = _named(text)
    if single is not None:
        return single
    over, slash, under = text.partition("/")
    factor, powers = _product(over, unit) if over.strip() != "1" else (1.0, (0,) * len(_BASES))
    for part in re.sub(r"^\((.*)\)$", r"\1", under.strip()).split("/") if slash else ():
        its_factor, its_powers = _product(part, unit)
        factor /= its_factor
        powers = tuple(mine - its for mine, its in zip(powers, its_powers, strict=True))
    return Size(factor, powers)


def _product(text: str, unit: str) -> tuple[float, tuple[int, ...]]:
    """Return factor and exponents of what stands on one side of a fraction."""
    factor, powers = 1.0, (0,) * len(_BASES)
    for part in re.split(r"[·*⋅ ]+", text.strip()):
        found = _FACTOR.fullmatch(part)
        size = _named(found["name"]) if found else None
        if found is None or size is None:
            raise ValueError(f"{part or text!r} in {unit!r} is no unit that is known{_nearest(part)}")
        exponent = int((found["power"] or "1").translate(_RAISED).lstrip("^"))
        factor *= size.factor**exponent
        powers = tuple(mine + its * exponent for mine, its in zip(powers, size.powers, strict=True))
    return factor, powers


def _plain(unit: str) -> str:
    return unit.strip().replace("\u2126", "Ω")  # the sign of the ohm, which is not the letter


def _named(name: str) -> Size | None:
    """Return a single unit, with or without a prefix."""
    if (plain := _PLAIN.get(name) or _PREFIXED.get(name)) is not None:
        return plain
    for length in (1, 2):
        prefix, rest = _PREFIXES.get(name[:length]), _PREFIXED.get(name[length:])
        if prefix is not None and rest is not None:
            return rest._replace(factor=prefix * rest.factor)
    return None


def _nearest(name: str) -> str:
    prefixed = (prefix + unit for prefix in _PREFIXES for unit in _PREFIXED)
    same = [known for known in (*_PLAIN, *_PREFIXED, *prefixed) if known.lower() == name.lower()]
    same.sort(key=lambda known: known[0] != name[0])  # of mV and MV the one that begins as it was typed
    found = same or difflib.get_close_matches(name, [*_PLAIN, *_PREFIXED], 1, 0.6)
    return f": is {found[0]} meant?" if found else ""


_COHERENT = ("N", "Pa", "J", "W", "C", "V", "F", "Ω", "S", "Wb", "T", "H")
"""Units with a name of their own that are made of those of the SI without a factor."""
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def coherent(unit: str) -> str:
    """Return the unit of the SI, without a prefix, that measures the same: Ω for kΩ, m/s for km/h, "" for %.

    Raises
    ------
    ValueError
        The unit is not known.
    """
    size = size_of(unit)
    own = _plain(unit)
    for name in (own, own[1:], own[2:]):
        known = _PREFIXED.get(name)
        if known is not None and known.factor == 1.0 and known.powers == size.powers:
            return name
    for name in _COHERENT if _named(own) is not None else ():
        if _PREFIXED[name].powers == size.powers:
            return name
    made_of = sorted(zip(_BASES, size.powers, strict=True), key=lambda part: part[0] != "kg")  # which comes first
    over = [_raised(base, power) for base, power in made_of if power > 0]
    under = [_raised(base, -power) for base, power in made_of if power < 0]
    below = f"({'·'.join(under)})" if len(under) > 1 else "".join(under)
    return "·".join(over) + (f"/{below}" if over and under else f"1/{below}" if under else "")


def _raised(base: str, power: int) -> str:
    return base if power == 1 else base + str(power).translate(_POWERS)
