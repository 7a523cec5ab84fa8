"""How the types of Python and its standard library are encoded."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encode, Encoder, Head, no_form
from flodesk.public import Waveform

_INLINE = 48
"""Bytes up to this long stand in the head."""
_PATHS = {
    kind.__name__: kind for kind in (pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.Path, pathlib.PurePath)
}
_FACTORIES: dict[str, Any] = {kind.__name__: kind for kind in (list, dict, set, int, float, str, tuple)}


def _bytes(kind: str) -> Encode:
    def encode(encoder: Encoder, value: Any) -> Head:
        if len(value) <= _INLINE:
            return {"t": kind, "v": value.hex()}
        return {"t": kind, "b": encoder.buffer(value)}

    return encode


def _to_bytes(decoder: Decoder, head: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(head["v"]) if "v" in head else bytes(decoder.buffers[head["b"]])


def _list(encoder: Encoder, value: list[Any]) -> Head:
    return encoder.items(value)


def _items(kind: str) -> Encode:
    return lambda encoder, value: {"t": kind, "v": encoder.items(value)}


def _set(kind: str) -> Encode:
    # in one order, whatever the seed of this process's hashes: equal sets have equal heads
    return lambda encoder, value: {
        "t": kind,
        "v": encoder.items(sorted(value, key=lambda item: (type(item).__name__, repr(item)))),
    }


def pairs(encoder: Encoder, value: Mapping[Any, Any]) -> Head:
    """Encode the items of a dictionary, in their order: [keys, values]."""
    values = []
    for key, item in value.items():
        try:
            values.append(encoder.encode(item))
        except CodecError as error:
            raise error.inside(f"[{key!r}]") from None
    return [encoder.items(list(value)), values]


def to_dict(decoder: Decoder, head: Head) -> dict[Any, Any]:
    """Make a dictionary of what `pairs` gave."""
    keys, values = head
    return dict(zip(decoder.items(keys), decoder.items(values), strict=True))


def _dict(kind: str) -> Encode:
    return lambda encoder, value: {"t": kind, "v": pairs(encoder, value)}


def _default_dict(encoder: Encoder, value: collections.defaultdict[Any, Any]) -> Head:
    factory = value.default_factory
    name = getattr(factory, "__name__", "")
    if factory is not None and _FACTORIES.get(name) is not factory:
        raise no_form(value, f"its factory is {factory!r}")
    return {"t": "defaultdict", "f": name, "v": pairs(encoder, value)}


def _path(encoder: Encoder, value: pathlib.PurePath) -> Head:
    kind = "Path" if isinstance(value, pathlib.Path) else type(value).__name__
    return {"t": "path", "k": kind, "v": str(value)}


# ------------------------------------------------------------------ dates and times
def _date(encoder: Encoder, value: datetime.date) -> Head:
    return {"t": "date", "v": value.toordinal()}


def _time(encoder: Encoder, value: datetime.time) -> Head:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return {"t": "time", "v": parts, "f": value.fold, "z": encoder.encode(value.tzinfo)}


def _datetime(encoder: Encoder, value: datetime.datetime) -> Head:
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    return {"t": "datetime", "v": parts, "f": value.fold, "z": encoder.encode(value.tzinfo)}


def _duration(encoder: Encoder, value: datetime.timedelta) -> Head:
    return {"t": "duration", "v": [value.days, value.seconds, value.microseconds]}


def _zone(encoder: Encoder, value: datetime.timezone) -> Head:
    name = value.tzname(None)
    offset = encoder.encode(value.utcoffset(None))
    plain = datetime.timezone(value.utcoffset(None)).tzname(None) == name
    return {"t": "zone", "v": offset, "n": None if plain else name}


def _zone_info(encoder: Encoder, value: zoneinfo.ZoneInfo) -> Head:
    if not value.key:
        raise no_form(value, "it has no name")
    return {"t": "zoneinfo", "v": value.key}


def _to_zone(decoder: Decoder, head: Mapping[str, Any]) -> datetime.timezone:
    offset = decoder.decode(head["v"])
    if head["n"] is not None:
        return datetime.timezone(offset, str(head["n"]))
    return datetime.timezone(offset) if offset else datetime.UTC


def _to_datetime(decoder: Decoder, head: Mapping[str, Any]) -> datetime.datetime:
    return datetime.datetime(*map(int, head["v"]), tzinfo=decoder.decode(head["z"]), fold=int(head["f"]))  # type: ignore[misc, arg-type]


def _to_time(decoder: Decoder, head: Mapping[str, Any]) -> datetime.time:
    return datetime.time(*map(int, head["v"]), tzinfo=decoder.decode(head["z"]), fold=int(head["f"]))  # type: ignore[misc, arg-type]


# ------------------------------------------------------------------ ours
def _waveform(encoder: Encoder, value: Waveform) -> Head:
    parts = {}
    for name in ("y", "dt", "t0", "unit"):
        try:
            parts[name] = encoder.encode(getattr(value, name))
        except CodecError as error:
            raise error.inside(f".{name}") from None
    return {"t": "waveform", **parts}


def _to_waveform(decoder: Decoder, head: Mapping[str, Any]) -> Waveform:
    return Waveform(*(decoder.decode(head[name]) for name in ("y", "dt", "t0", "unit")))


ENCODE: dict[type[Any], Encode] = {
    complex: lambda encoder, value: {"t": "complex", "v": [encoder.encode(value.real), encoder.encode(value.imag)]},
    bytes: _bytes("bytes"),
    bytearray: _bytes("bytearray"),
    list: _list,
    tuple: _items("tuple"),
    set: _set("set"),
    frozenset: _set("frozenset"),
    dict: _dict("dict"),
    range: lambda encoder, value: {"t": "range", "v": encoder.items([value.start, value.stop, value.step])},
    slice: lambda encoder, value: {"t": "slice", "v": encoder.items([value.start, value.stop, value.step])},
    collections.OrderedDict: _dict("ordered"),
    collections.Counter: _dict("counter"),
    collections.defaultdict: _default_dict,
    collections.deque: lambda encoder, value: {"t": "deque", "v": encoder.items(list(value)), "n": value.maxlen},
    datetime.date: _date,
    datetime.time: _time,
    datetime.datetime: _datetime,
    datetime.timedelta: _duration,
    datetime.timezone: _zone,
    zoneinfo.ZoneInfo: _zone_info,
    decimal.Decimal: lambda encoder, value: {"t": "decimal", "v": str(value)},
    fractions.Fraction: lambda encoder, value: {"t": "fraction", "v": encoder.items([*value.as_integer_ratio()])},
    uuid.UUID: lambda encoder, value: {"t": "uuid", "v": value.hex},
    pathlib.PurePosixPath: _path,
    pathlib.PureWindowsPath: _path,
    type(pathlib.Path()): _path,
    Waveform: _waveform,
}

DECODE: dict[str, Decode] = {
    "complex": lambda decoder, head: complex(*decoder.items(head["v"])),
    "bytes": _to_bytes,
    "bytearray": lambda decoder, head: bytearray(_to_bytes(decoder, head)),
    "tuple": lambda decoder, head: tuple(decoder.items(head["v"])),
    "set": lambda decoder, head: set(decoder.items(head["v"])),
    "frozenset": lambda decoder, head: frozenset(decoder.items(head["v"])),
    "dict": lambda decoder, head: to_dict(decoder, head["v"]),
    "range": lambda decoder, head: range(*decoder.items(head["v"])),
    "slice": lambda decoder, head: slice(*decoder.items(head["v"])),
    "ordered": lambda decoder, head: collections.OrderedDict(to_dict(decoder, head["v"])),
    "counter": lambda decoder, head: collections.Counter(to_dict(decoder, head["v"])),
    "defaultdict": lambda decoder, head: collections.defaultdict(
        _FACTORIES[head["f"]] if head["f"] else None, to_dict(decoder, head["v"])
    ),
    "deque": lambda decoder, head: collections.deque(decoder.items(head["v"]), head["n"]),
    "date": lambda decoder, head: datetime.date.fromordinal(head["v"]),
    "time": _to_time,
    "datetime": _to_datetime,
    "duration": lambda decoder, head: datetime.timedelta(*map(int, head["v"])),
    "zone": _to_zone,
    "zoneinfo": lambda decoder, head: zoneinfo.ZoneInfo(head["v"]),
    "decimal": lambda decoder, head: decimal.Decimal(head["v"]),
    "fraction": lambda decoder, head: fractions.Fraction(*decoder.items(head["v"])),
    "uuid": lambda decoder, head: uuid.UUID(hex=head["v"]),
    "path": lambda decoder, head: _PATHS[head["k"]](head["v"]),
    "waveform": _to_waveform,
}
