"""All of a value as text, as far as somebody can want to read it."""

from __future__ import annotations

import pprint
from typing import Any

from flodesk.engine.preview import known, preview
from flodesk.public import Waveform

LONGEST_TEXT = 100_000
MOST_ITEMS = 1000
_SAYS_NOTHING: Any = object.__repr__


def in_full(value: Any) -> str:
    """Return a value as text.

    Long ones are cut: lists, arrays and signals after their first 1,000 items, all else after 100,000 characters.
    """
    try:
        text = _text(value)
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return f"{type(value).__name__}; showing it failed: {error}"
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} characters more"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Waveform):
        return _signal(value)
    if isinstance(value, known("numpy", "ndarray")):
        return _array(value)
    if isinstance(value, (known("pandas", "DataFrame"), known("pandas", "Series"))):
        rows = "" if len(value) <= MOST_ITEMS else f"\n… {len(value) - MOST_ITEMS} more rows"
        return f"{preview(value).detail}\n\n{value.head(MOST_ITEMS).to_string()}{rows}"
    if isinstance(value, known("numpy", "generic")):
        return str(value)
    if isinstance(value, list | tuple) and len(value) > MOST_ITEMS:
        return f"{pprint.pformat(value[:MOST_ITEMS], width=100)}\n… {len(value) - MOST_ITEMS} more"
    if isinstance(value, bytes | bytearray):
        return repr(value[:LONGEST_TEXT])
    if type(value).__repr__ is _SAYS_NOTHING:
        return _object(value)
    return pprint.pformat(value, width=100, sort_dicts=False)


def _signal(value: Waveform) -> str:
    """Return a table: the time of each sample, and its value in each channel."""
    import numpy

    channels = numpy.atleast_2d(numpy.asarray(value.y))
    unit = f" ({value.unit})" if value.unit else ""
    names = [f"value{unit}"] if len(channels) == 1 else [f"channel {n + 1}{unit}" for n in range(len(channels))]
    lines = [preview(value).detail, *_statistics(channels, names), "", _row("time (s)", names)]
    few = channels[:, :MOST_ITEMS]
    for time, samples in zip(value.time[:MOST_ITEMS], few.T, strict=True):
        lines.append(_row(f"{time:.9g}", [f"{sample:.9g}" for sample in samples]))
    if (more := channels.shape[1] - few.shape[1]) > 0:
        lines.append(f"… {more} more samples")
    return "\n".join(lines)


def _row(first: str, others: list[str]) -> str:
    return "".join([f"{first:>16}", *(f"  {text:>16}" for text in others)])


def _array(value: Any) -> str:
    import numpy

    lines = [preview(value).detail]
    if value.size and value.dtype.kind in "fiu":
        lines += _statistics(value.reshape(1, -1), ["all"])
    shown = numpy.array2string(value, threshold=MOST_ITEMS, max_line_width=100, edgeitems=20)
    return "\n".join([*lines, "", shown])


def _statistics(channels: Any, names: list[str]) -> list[str]:
    import numpy

    if not channels.shape[-1] or channels.dtype.kind not in "fiu":
        return []
    lines = [_row("", ["least", "greatest", "mean", "deviation"])]
    for name, samples in zip(names, channels, strict=True):
        finite = samples[numpy.isfinite(samples)]
        if not finite.size:
            lines.append(f"{name:>16}  no finite number")
            continue
        found = [f"{number:.6g}" for number in (finite.min(), finite.max(), finite.mean(), finite.std())]
        gone = f"   {samples.size - finite.size} not finite" if finite.size < samples.size else ""
        lines.append(_row(name, found) + gone)
    return lines


def _object(value: Any) -> str:
    """Return what an object has that says nothing of itself: its attributes, each in a line."""
    kind = type(value)
    parts = dict(getattr(value, "__dict__", {}))
    for base in kind.__mro__:
        for name in getattr(base, "__slots__", ()):
            if name not in parts and hasattr(value, name):
                parts[name] = getattr(value, name)
    lines = [f"{kind.__module__}.{kind.__qualname__}", ""]
    lines += [f"{name} = {preview(part).detail or preview(part).text}" for name, part in parts.items()]
    return "\n".join(lines) if parts else f"{lines[0]}, which has no attributes"
