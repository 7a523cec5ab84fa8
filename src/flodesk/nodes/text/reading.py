"""Numbers, dates and JSON: written as text, and read from it."""

from __future__ import annotations

import datetime
import re
from typing import Any, Literal, NamedTuple

from flodesk.nodes._json import as_json
from flodesk.nodes._units import coherent, converted, size_of
from flodesk.public import node


@node(title="Number as text", tags=("format", "digits", "string", "round"))
def number(value: float, style: Literal["general", "fixed", "scientific"] = "general", digits: int = 4) -> str:
    """Write a number as text.

    Parameters
    ----------
    value : float
        The number (in whatever unit it has).
    style : str
        ``general`` chooses by size, ``fixed`` is without a power of ten, ``scientific`` with one.
    digits : int
        Number of digits: significant ones in the general style, else those after the point.

    Returns
    -------
    str
        The number as text.

    Raises
    ------
    ValueError
        `digits` is negative.

    Examples
    --------
    >>> text.number(0.00123456, style="scientific", digits=2)
    '1.23e-03'
    """
    if digits < 0:
        raise ValueError(f"{digits} digits are not possible: it takes 0 or more")
    return format(value, f".{digits}{_STYLES[style]}")


_STYLES = {"general": "g", "fixed": "f", "scientific": "e"}


@node(title="Text to number", tags=("parse", "float", "convert", "read"))
def to_number(text: str, comma: bool = False) -> float:
    """Read a number from a text.

    Parameters
    ----------
    text : str
        The text: ``3``, ``-1.5e-3``; blanks around it do not matter.
    comma : bool
        Whether the decimal sign is a comma, as in ``1,5``.

    Returns
    -------
    float
        The number (in whatever unit it has).

    Raises
    ------
    ValueError
        The text is no number.

    Examples
    --------
    >>> text.to_number(" -1.5e-3 ")
    -0.0015
    """
    plain = text.strip()
    try:
        return float(plain.replace(",", ".") if comma else plain)
    except ValueError:
        raise ValueError(f"{text!r} is no number" + ("" if comma else ": a number has a point, no comma")) from None


class Measured(NamedTuple):
    """A number that was read from a text, and its unit."""

    value: float
    unit: str


_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_SUFFIXES = {"k": 1e3, "M": 1e6, "G": 1e9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "p": 1e-12}
"""Prefixes that are written without a unit, and that are no unit themselves."""


@node(
    title="Text to quantity",
    tags=("parse", "unit", "prefix", "kilo", "milli", "engineering", "si", "convert", "read", "resistor"),
    pure=True,
)
def parse_number(text: str, to: str = "", comma: bool = False) -> Measured:
    """Read a number with its unit from a text.

    Parameters
    ----------
    text : str
        The text: ``4.7 kΩ``, ``-20mV``, ``90 km/h``, ``5 %``; a prefix alone will do (``4.7k``), and so will none.
    to : str
        The unit of the result; empty for that of the SI without a prefix (Ω for kΩ, m/s for km/h, K for °C).
    comma : bool
        Whether the decimal sign is a comma, as in ``1,5``.

    Returns
    -------
    value : float
        The number, in the unit beside it.
    unit : str
        The unit; empty where there is none, as with percent, which becomes a share of 1.

    Raises
    ------
    ValueError
        The text does not begin with a number, its unit is not known, or measures something else than `to`.

    Examples
    --------
    >>> text.parse_number("4.7 kΩ")
    Measured(value=4700.0, unit='Ω')
    >>> text.parse_number("21.5 °C", to="°F").value
    70.7
    """
    plain = text.strip().replace("\u2212", "-")
    found = _NUMBER.fullmatch(plain.replace(",", ".", 1) if comma else plain)
    if found is None:
        raise ValueError(f"{text!r} is no number with a unit: write it as 4.7 kΩ" + ("" if comma else ", with a point"))
    number, unit = float(found[1]), found[2]
    if not to and (not unit or unit in _SUFFIXES):
        factor = _SUFFIXES.get(unit, 1.0)
        return Measured(number / round(1.0 / factor) if factor < 1.0 else number * factor, "")
    if not unit:
        raise ValueError(f"{text!r} has no unit: leave `to` empty, or write the number with its unit")
    wanted = to or coherent(unit)
    source, target = size_of(unit), size_of(wanted or "1")
    if source.powers != target.powers:
        raise ValueError(f"{unit} and {to} measure different things: nothing leads from one to the other")
    return Measured(float(converted(number, source, target)), wanted)


@node(tags=("time", "read", "strptime", "convert", "datetime", "timestamp", "moment"), pure=True)
def parse_date(text: str, form: str = "") -> datetime.datetime:
    """Read a date with a time of day from a text.

    Parameters
    ----------
    text : str
        The text.
    form : str
        How it is written: ``%Y`` year, ``%m`` month, ``%d`` day, ``%H`` hour, ``%M`` minute, ``%S`` second; empty for
        ISO 8601, such as ``2026-11-22T14:30:00+01:00``, or ``2026-11-22`` for its midnight.

    Returns
    -------
    datetime.datetime
        Date and time. It knows its zone if the text has an offset.

    Raises
    ------
    ValueError
        The text is no date of that form.

    Examples
    --------
    >>> text.parse_date("22.11.2026 14:30", form="%d.%m.%Y %H:%M").isoformat()
    '2026-11-22T14:30:00'
    """
    plain = text.strip()
    try:
        return datetime.datetime.strptime(plain, form) if form else datetime.datetime.fromisoformat(plain)
    except ValueError:
        wanted = f"of the form {form!r}" if form else "such as 2026-11-22T14:30:00: for any other say its form"
        raise ValueError(f"{text!r} is no date {wanted}") from None


@node(tags=("time", "write", "strftime", "date string", "datetime", "timestamp"), pure=True)
def format_date(value: Any, form: str = "%Y-%m-%d %H:%M:%S", utc: bool = False) -> str:
    """Write a date, or a time of day, as text.

    Parameters
    ----------
    value : datetime.datetime, datetime.date, datetime.time, str or float
        The date; also as ISO text, or as a number of seconds since 1 January 1970, 0:00 UTC.
    form : str
        How to write it: ``%Y`` year, ``%m`` month, ``%d`` day, ``%H`` hour, ``%M`` minute, ``%S`` second.
    utc : bool
        Give the time of Greenwich instead of that of the place, of numbers and of dates that know their zone.

    Returns
    -------
    str
        The date as text.

    Raises
    ------
    TypeError
        The value is none of these.
    ValueError
        The text is no date, or the number is too large for one.

    Examples
    --------
    >>> text.format_date("2026-11-22T14:30:00", form="%d.%m.%Y")
    '22.11.2026'
    """
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    dates = datetime.date | datetime.time  # a datetime.datetime is a date
    if isinstance(plain, bool) or not isinstance(plain, dates | str | int | float):
        raise TypeError(f"a date is needed, and {type(value).__name__} came: wire a date, its text, or seconds to it")
    if isinstance(plain, str):
        plain = parse_date(plain)
    elif isinstance(plain, int | float):
        try:
            plain = datetime.datetime.fromtimestamp(plain, datetime.UTC if utc else None)
        except (ValueError, OverflowError, OSError):
            raise ValueError(f"{plain:g} s after 1970 is no date that a calendar has") from None
    if utc and isinstance(plain, datetime.datetime) and plain.tzinfo is not None:
        plain = plain.astimezone(datetime.UTC)
    return str(plain.strftime(form))


@node(title="Read JSON text", tags=("parse", "decode", "load", "unflatten", "dictionary", "object"), pure=True)
def parse_json(text: str) -> Any:
    """Read a text in JSON.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    Any
        What it holds: a list, a dictionary, a number, a text, true, false or None.

    Raises
    ------
    ValueError
        It is no JSON; the text says in which line.

    Examples
    --------
    >>> text.parse_json('{"volt": [4.9, 5.1], "ok": true}')
    {'volt': [4.9, 5.1], 'ok': True}
    """
    import json

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, sign {error.colno}: this is no JSON ({error.msg})") from None


@node(title="Write JSON text", tags=("encode", "dump", "stringify", "flatten", "dictionary", "serialize"), pure=True)
def to_json(value: Any, indent: Literal["none", "2", "4"] = "none") -> str:
    """Write a value as text in JSON.

    Parameters
    ----------
    value : Any
        A list, a dictionary with texts as keys, a number, a text, true, false or None; arrays become lists.
    indent : str
        How far each level is moved in, on a line for each entry; ``none`` for one line.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ValueError
        The value, or one in it, is nothing that JSON can hold: a table, NaN, an infinity.

    Examples
    --------
    >>> text.to_json({"volt": np.array([4.9, 5.1])})
    '{"volt": [4.9, 5.1]}'
    """
    return as_json(value, None if indent == "none" else int(indent))
