"""Port types: what may be wired to what, and what turns one into the other.

A port type is one of a small set of names, each with a colour and a shape on the canvas. It is coarser than Python's
types on purpose: it is there to refuse a wire that cannot work, not to prove that it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

PortType = Literal[
    "number", "integer", "truth", "text", "array", "signal", "table", "image", "list", "path", "instrument",
    "indicator", "none", "any",
]  # fmt: skip

WORDS: dict[PortType, str] = {
    "number": "a number",
    "integer": "a whole number",
    "truth": "true or false",
    "text": "text",
    "array": "an array",
    "signal": "a signal",
    "table": "a table",
    "image": "an image",
    "list": "a list",
    "path": "a file's path",
    "instrument": "an instrument",
    "indicator": "something to look at",
    "none": "nothing",
    "any": "anything",
}
"""Each port type in words, as it stands in a message after "gives" and "takes"."""

# What a target takes besides its own type and "any".
_TAKES: dict[PortType, frozenset[PortType]] = {
    "number": frozenset({"integer", "truth"}),
    "integer": frozenset({"truth"}),
    "truth": frozenset({"number", "integer"}),
    "text": frozenset({"path"}),
    "array": frozenset({"signal", "image", "list"}),
    "signal": frozenset({"array", "list"}),
    "table": frozenset(),
    "image": frozenset({"array"}),
    "list": frozenset({"array"}),
    "path": frozenset({"text"}),
    "instrument": frozenset({"text"}),
    "indicator": frozenset(),
    "none": frozenset(),
}


def compatible(source: PortType, target: PortType) -> bool:
    """Say whether a value of the one type may go into an input of the other."""
    if source == target or source == "any" or target == "any":
        return True
    return source in _TAKES[target]


def why_not(source: PortType, target: PortType) -> str:
    """Return a sentence that names both types, or an empty text if the wire may work."""
    if compatible(source, target):
        return ""
    return f"The output gives {WORDS[source]}, the input takes {WORDS[target]}."


def common(types: Iterable[PortType]) -> PortType:
    """Return the type of a port that may carry any of these: theirs if they agree, else the wider or ``any``."""
    kinds = set(types) or {"any"}
    if len(kinds) == 1:
        return kinds.pop()
    return "number" if kinds <= {"number", "integer"} else "any"


def of_value(value: Any) -> PortType:
    """Return the type of a plain Python value; ``any`` if it is none of the plain ones."""
    if value is None:
        return "none"
    for kind, name in _PLAIN.items():
        if type(value) is kind:
            return name
    return "any"


_PLAIN: dict[type, PortType] = {
    bool: "truth", int: "integer", float: "number", str: "text",
    list: "list", tuple: "list", set: "list", range: "list",
}  # fmt: skip
