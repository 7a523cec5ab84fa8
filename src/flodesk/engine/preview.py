"""What a value looks like in a line: the text and the small picture that the canvas draws beside a port."""

from __future__ import annotations

import datetime
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from flodesk.engine.thumbnail import Thumbnail, is_picture, thumbnail
from flodesk.indicators.cutting import outline
from flodesk.public import Indicator, Sheet, Waveform

SPARK_POINTS = 64
LONGEST = 200
"""Characters of a detail."""
LONGEST_WORDS = 20
"""Characters that fit beside a port: what takes more is said in signs."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A value in brief.

    Attributes
    ----------
    type : str
        The port type that the value has (see `flodesk.flow.types`).
    text : str
        A dozen characters or so: ``0.873``, ``"abc"``, ``True``, ``f8[1000]``, ``2 × 2000 numbers``.
    detail : str
        One line for a tooltip: type, shape, range, unit.
    spark : tuple of float
        At most 64 samples of a one-dimensional array, min and max kept; empty if there is nothing to draw.
    thumb : Thumbnail or None
        A picture in little, of an array that is one.
    """

    type: str
    text: str
    detail: str = ""
    spark: tuple[float, ...] = ()
    thumb: Thumbnail | None = None


def preview(value: Any) -> Preview:
    """Say in brief what a value is, whatever it is, without copying or walking through much of it."""
    try:
        return _preview(value)
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return Preview("any", type(value).__name__, f"{type(value).__name__}; showing it failed: {error}"[:LONGEST])


def _preview(value: Any) -> Preview:
    for kind, function in _BY_CLASS:
        if isinstance(value, kind):
            return function(value)
    if isinstance(value, known("numpy", "ndarray")):
        return _array(value)
    if isinstance(value, known("numpy", "generic")):
        return _preview(value.item()) if not isinstance(value.item(), known("numpy", "generic")) else _other(value)
    if isinstance(value, known("pandas", "DataFrame")):
        return _table(value)
    if isinstance(value, known("pandas", "Series")):
        return _array(value.to_numpy())
    return _other(value)


def known(module: str, name: str) -> type[Any] | tuple[()]:
    """Return a class of a heavy package if somebody has imported it already: without it there can be no such value.

    The package may be half imported, by another thread.
    """
    found = getattr(sys.modules.get(module), name, ())
    return found if isinstance(found, type) else ()


def _none(value: None) -> Preview:
    return Preview("none", "None", "nothing")


def _truth(value: bool) -> Preview:
    return Preview("truth", str(value), str(value))


def _integer(value: int) -> Preview:
    if value.bit_length() > 60:
        return Preview("integer", f"~2^{value.bit_length() - 1}", f"a whole number of {value.bit_length()} bits")
    return Preview("integer", str(value), str(value))


def _number(value: float) -> Preview:
    return Preview("number", f"{value:.4g}", repr(value))


def _complex(value: complex) -> Preview:
    return Preview("number", f"{value.real:.3g}{value.imag:+.3g}j", repr(value))


def _text(value: str) -> Preview:
    short = "".join(c if c.isprintable() else "·" for c in value[:12]) + ("…" if len(value) > 12 else "")
    detail = value[:LONGEST] + (f" … ({len(value)} characters)" if len(value) > LONGEST else "")
    return Preview("text", f'"{short}"', detail.replace("\n", " ⏎ "))


def _path(value: Path) -> Preview:
    return Preview("path", value.name[:16], str(value)[:LONGEST])


def _waveform(value: Waveform) -> Preview:
    inner = _array(value.y) if hasattr(value.y, "dtype") else _list(list(value.y))
    unit = f" {value.unit}" if value.unit else ""
    detail = f"signal, {value.rate:g} Hz, from {value.t0:g} s; {inner.detail}{unit}"
    return Preview("signal", inner.text, detail, inner.spark)


def _array(value: Any) -> Preview:
    shape = " × ".join(map(str, value.shape))
    kind = f"{value.dtype.kind}{value.dtype.itemsize}" if value.dtype.kind in "biufc" else value.dtype.name
    text = f"{kind}[{shape.replace(' ', '')}]"
    if value.ndim == 2 and value.dtype.kind in "iuf" and len(words := f"{shape} numbers") <= LONGEST_WORDS:
        text = words
    if value.ndim == 0:
        return _preview(value.item())
    detail = f"array of {shape} {value.dtype.name}"
    if value.size == 0 or value.dtype.kind not in "biuf":
        return Preview("array", text, detail)
    # a look at some of a huge array must do: the run's own thread needs the processor more
    some = value if value.size <= 4_000_000 else value.reshape(-1)[:: value.size // 1_000_000]
    low, high = some.min(), some.max()
    detail += f", {_short(low)} to {_short(high)}"
    spark: tuple[float, ...] = ()
    if value.ndim == 1 and value.size > 1:
        y = outline(value if value.size <= 4_000_000 else some, SPARK_POINTS)
        spark = tuple(float(v) if math.isfinite(v) else 0.0 for v in y)
    if is_picture(value):
        text = text if value.ndim == 2 else f"{value.shape[0]} × {value.shape[1]} colours"
        return Preview("image", text, detail, spark, thumbnail(value))
    return Preview("array", text, detail, spark)


def _short(value: Any) -> str:
    return f"{float(value):.4g}"


def _table(value: Any) -> Preview:
    rows, columns = value.shape
    names = ", ".join(map(str, value.columns[:12]))
    return Preview("table", f"{rows} × {columns}", f"table of {rows} rows and {columns} columns: {names}"[:LONGEST])


def _list(value: Any) -> Preview:
    kind = type(value).__name__
    detail = f"{kind} of {len(value)}"
    spark: tuple[float, ...] = ()
    if 1 < len(value) <= 10_000 and isinstance(value, list | tuple):
        if all(isinstance(v, int | float) for v in value):
            floats = [float(v) if abs(v) < 1e300 else 0.0 for v in value]
            step = max(1, len(floats) // SPARK_POINTS + (len(floats) % SPARK_POINTS > 0))
            spark = tuple(v if math.isfinite(v) else 0.0 for v in floats[::step])
        elif len(value) <= 8 and hasattr(value, "_fields"):
            detail += f": {', '.join(value._fields)}"
    return Preview("list", f"{kind}[{len(value)}]", detail[:LONGEST], spark)


def _indicator(value: Indicator) -> Preview:
    detail = " ".join(value.summary().split())
    spark: tuple[float, ...] = ()
    curve = value.curve()
    if hasattr(curve, "dtype"):
        spark = _array(curve).spark
    text = detail if value.brief else value.title or type(value).__name__
    if isinstance(value, Sheet) and value.table is not None:
        text = _preview(value.table).text
    return Preview("indicator", text[:20], detail[:LONGEST], spark)


def _moment(value: datetime.date | datetime.time | datetime.timedelta) -> Preview:
    text = str(value)
    return Preview("any", text[:19] if isinstance(value, datetime.datetime) else text, text)


def _other(value: Any) -> Preview:
    name = type(value).__name__
    if is_dataclass(value) and not isinstance(value, type):
        return Preview("any", name, f"{name}: {', '.join(f.name for f in fields(value))}"[:LONGEST])
    return Preview("any", name, f"{type(value).__module__}.{name}"[:LONGEST])


_BY_CLASS: tuple[tuple[Any, Callable[[Any], Preview]], ...] = (
    (type(None), _none),
    (bool, _truth),
    (int, _integer),
    (float, _number),
    (complex, _complex),
    (str, _text),
    (Path, _path),
    ((datetime.date, datetime.time, datetime.timedelta), _moment),
    (Waveform, _waveform),
    (Indicator, _indicator),
    ((list, tuple, dict, set, frozenset, bytes, bytearray), _list),
)
"""What is said about a value, by its class; the first that fits. ``bool`` stands before ``int``."""
