"""How dataclasses, named tuples and enums are encoded: by the name of their class and their fields.

They are made again without a call of anything of theirs: no ``__init__``, no ``__post_init__``, no property.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encode, Encoder, Head, class_named, name_of, no_form
from flodesk.indicators import Recording

_HEAP_TYPE = 1 << 9
"""Flag of a class that was made by a class statement: its instances hold nothing but their attributes."""


def encode_by_name(value: Any) -> Encode | None:
    """Return what encodes a value of a class that goes by its name; None for all others."""
    kind = type(value)
    if isinstance(value, enum.Enum):
        return _enum
    if _is_named_tuple(kind):
        return _tuple
    if _is_record(kind):
        return _record
    return None


def _is_named_tuple(kind: type[Any]) -> bool:
    fields = getattr(kind, "_fields", None)
    return issubclass(kind, tuple) and isinstance(fields, tuple)


def _is_record(kind: type[Any]) -> bool:
    made = all(base is object or base.__flags__ & _HEAP_TYPE for base in kind.__mro__)
    return dataclasses.is_dataclass(kind) and made


def _enum(encoder: Encoder, value: enum.Enum) -> Head:
    name = name_of(type(value), value)
    if isinstance(value, enum.Flag):
        return {"t": "flag", "c": name, "v": encoder.encode(int(value.value))}
    return {"t": "enum", "c": name, "v": value.name}


def _tuple(encoder: Encoder, value: tuple[Any, ...]) -> Head:
    kind = type(value)
    fields = getattr(kind, "_fields", ())
    heads = []
    for number, item in enumerate(value):
        try:
            heads.append(encoder.encode(item))
        except CodecError as error:
            raise error.inside(f".{fields[number]}" if number < len(fields) else f"[{number}]") from None
    return {"t": "namedtuple", "c": name_of(kind, value), "v": heads, "d": _attributes(encoder, value, ())}


def _record(encoder: Encoder, value: Any) -> Head:
    if isinstance(value, Recording):
        value = value.still()  # its recorder stays where it is
    names = [field.name for field in dataclasses.fields(value)]
    return {"t": "dataclass", "c": name_of(type(value), value), "d": _attributes(encoder, value, names)}


def _attributes(encoder: Encoder, value: Any, fields: tuple[str, ...] | list[str]) -> Head:
    found = {}
    for name in dict.fromkeys([*fields, *getattr(value, "__dict__", ())]):
        try:
            item = value.__dict__[name] if name in getattr(value, "__dict__", ()) else getattr(value, name)
        except AttributeError:
            continue  # a field that was never set
        try:
            found[name] = encoder.encode(item)
        except CodecError as error:
            raise error.inside(f".{name}") from None
        except RecursionError:
            raise no_form(value, "it holds itself") from None
    return found


def _to_enum(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    kind = class_named(head["c"])
    if not issubclass(kind, enum.Enum):
        raise CodecError(f"{head['c']} is no enum")
    return kind.__members__[head["v"]]


def _to_flag(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    kind = class_named(head["c"])
    if not issubclass(kind, enum.Flag):
        raise CodecError(f"{head['c']} is no flag")
    return kind(decoder.decode(head["v"]))


def _to_tuple(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    kind = class_named(head["c"])
    if not _is_named_tuple(kind):
        raise CodecError(f"{head['c']} is no named tuple")
    made: Any = tuple.__new__(kind, decoder.items(head["v"]))
    return _with_attributes(made, decoder, head["d"])


def _to_record(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    kind = class_named(head["c"])
    if not _is_record(kind):
        raise CodecError(f"{head['c']} is no dataclass")
    return _with_attributes(object.__new__(kind), decoder, head["d"])


def _with_attributes(made: Any, decoder: Decoder, head: Mapping[str, Any]) -> Any:
    for name, item in head.items():
        # as a frozen class does it itself
        object.__setattr__(made, name, decoder.decode(item))
    return made


DECODE: dict[str, Decode] = {"enum": _to_enum, "flag": _to_flag, "namedtuple": _to_tuple, "dataclass": _to_record}
