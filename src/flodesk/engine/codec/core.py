"""The walk through a value, there and back; what the single types look like is in the tables that it is given."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

Head = Any
"""Plain JSON values: None, truths, texts, finite numbers and lists stand for themselves, all else is ``{"t": ...}``."""

DEEPEST = 150
"""Nesting of containers; what lies deeper holds itself, most likely."""
MANY = 64
"""From so many items on, a list of plain floats, whole numbers or texts travels as one buffer."""

_TABLES = frozenset({"pyarrow", "polars"})
"""Packages whose tables pandas can take over."""
_NATIVE = frozenset([type(None), bool, str])
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1


class CodecError(ValueError):
    """A value has no form in which it can travel or be kept, or what came is no such form.

    Attributes
    ----------
    type : str
        Name of the type that cannot be encoded; empty if it was no type.
    """

    def __init__(self, message: str, type: str = "") -> None:
        super().__init__(message)
        self.type = type
        self.path = ""

    def inside(self, step: str) -> CodecError:
        """Note where in its container the value stands."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        return f"{super().__str__()} (it is at {self.path})" if self.path else super().__str__()


def no_form(value: Any, reason: str = "") -> CodecError:
    """Make the error that says which type has no form, and what to do."""
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    said = f": {reason}" if reason else ""
    advice = "use plain Python values, NumPy arrays, tables, or a dataclass of these"
    if kind.__module__.partition(".")[0] in _TABLES:
        advice = "hand on .to_pandas()"
    return CodecError(f"a value of type {name} cannot be sent to another process or kept{said}; {advice}", name)


Encode = Callable[["Encoder", Any], Head]
Decode = Callable[["Decoder", Mapping[str, Any]], Any]


class Encoder:
    """One value on its way into (head, buffers).

    Parameters
    ----------
    table : dict
        How to encode each type, looked up by the very type of a value.
    otherwise : callable
        Finds what encodes a type that is not in the table; raises `CodecError` if nothing does.
    """

    def __init__(self, table: Mapping[type[Any], Encode], otherwise: Callable[[Any], Encode]) -> None:
        self.buffers: list[Any] = []
        self._table = table
        self._otherwise = otherwise
        self._depth = 0

    def encode(self, value: Any) -> Head:
        """Return the head of a value; its bytes go to `buffers`."""
        kind = type(value)
        if kind in _NATIVE:
            return value
        if kind is int:
            # the limit of digits of Python's JSON: 4300; and other readers of JSON know 64 bits
            return value if _LOWEST <= value <= _HIGHEST else {"t": "int", "v": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"t": "float", "v": array("d", [value]).tobytes().hex()}
        if self._depth > DEEPEST:
            raise CodecError(f"a value that is nested more than {DEEPEST} deep, or holds itself, cannot be encoded")
        encode = self._table.get(kind) or self._otherwise(value)
        self._depth += 1
        try:
            return encode(self, value)
        finally:
            self._depth -= 1

    def items(self, values: Sequence[Any]) -> Head:
        """Return the head of the items of a list or tuple."""
        if len(values) >= MANY:
            packed = self._packed(values)
            if packed is not None:
                return packed
        heads = []
        for number, value in enumerate(values):
            try:
                heads.append(self.encode(value))
            except CodecError as error:
                raise error.inside(f"[{number}]") from None
        return heads

    def buffer(self, part: Any) -> int:
        """Take bytes along; returns the number of their buffer."""
        self.buffers.append(part)
        return len(self.buffers) - 1

    def _packed(self, values: Sequence[Any]) -> Head | None:
        kinds = set(map(type, values))
        if kinds == {float}:
            return {"t": "floats", "b": self.buffer(array("d", values).tobytes())}
        if kinds == {int}:
            try:
                return {"t": "ints", "b": self.buffer(array("q", values).tobytes())}
            except OverflowError:
                return None
        if kinds == {str}:
            lengths = array("q", map(len, values)).tobytes()
            text = "".join(values).encode("utf-8", "surrogatepass")
            return {"t": "texts", "b": self.buffer(text), "n": self.buffer(lengths)}
        return None


class Decoder:
    """Makes a value again from its head and buffers.

    Parameters
    ----------
    copy : bool
        Arrays are copies; otherwise they look at the buffers themselves.
    """

    def __init__(self, table: Mapping[str, Decode], buffers: Sequence[Any], *, copy: bool) -> None:
        self.buffers = buffers
        self.copy = copy
        self._table = table

    def decode(self, head: Head) -> Any:
        """Return the value of a head."""
        if isinstance(head, list):
            return [self.decode(item) for item in head]
        if isinstance(head, dict):
            return self._table[head["t"]](self, head)
        return head

    def items(self, head: Head) -> list[Any]:
        """Return what `Encoder.items` was given, as a list."""
        found = self.decode(head)
        if not isinstance(found, list):
            raise CodecError("what came is no list of items")
        return found


# ------------------------------------------------------------------ lists in one buffer
def _numbers(code: str) -> Decode:
    def decode(decoder: Decoder, head: Mapping[str, Any]) -> list[Any]:
        found = array(code)
        found.frombytes(decoder.buffers[head["b"]])
        return found.tolist()

    return decode


def _texts(decoder: Decoder, head: Mapping[str, Any]) -> list[str]:
    text = bytes(decoder.buffers[head["b"]]).decode("utf-8", "surrogatepass")
    lengths = array("q")
    lengths.frombytes(decoder.buffers[head["n"]])
    ends = list(accumulate(lengths))
    return [text[end - length : end] for end, length in zip(ends, lengths, strict=True)]


PACKED: dict[str, Decode] = {
    "int": lambda decoder, head: int(head["v"], 16),
    "float": lambda decoder, head: array("d", bytes.fromhex(head["v"]))[0],
    "floats": _numbers("d"),
    "ints": _numbers("q"),
    "texts": _texts,
}


# ------------------------------------------------------------------ classes that go by their name
def name_of(kind: type[Any], value: Any) -> str:
    """Return the name by which a class is found again: ``module:Outer.Inner``.

    Raises
    ------
    CodecError
        It stands in a function: nobody finds it there.
    """
    if "<locals>" in kind.__qualname__:
        raise no_form(value, "its class stands inside a function, where nobody finds it by name")
    return f"{kind.__module__}:{kind.__qualname__}"


def class_named(name: str) -> type[Any]:
    """Find a class by its name among the modules that are imported already; nothing is imported for it.

    Raises
    ------
    CodecError
        There is none.
    """
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    if not isinstance(found, type):
        raise CodecError(f"there is no class {path} in the module {module}, or the module is not imported here")
    return found
