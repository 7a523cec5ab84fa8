"""Names of the values of a picture where a variable is bound more than once: in the arms of an ``if``, or again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def shared_values(nodes: Mapping[str, Any], wires: Iterable[Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the statements that the values of outputs come from, of those whose variable others bind, too.

    A merge that joins all that binds its variable has the value of the variable itself, and is not among them.

    Parameters
    ----------
    nodes, wires
        Those of a `Graph`.
    """
    ports: dict[str, list[tuple[Any, Any]]] = {}
    for node in nodes.values():
        for port in node.outputs:
            if port.variable:
                ports.setdefault(port.variable.partition(".")[0], []).append((node, port))
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    partial: set[str] = set()
    for entries in ports.values():
        if len(entries) == 1:
            continue
        own = [_statements(node, port) for node, port in entries]
        every = set().union(*own)
        for (node, port), statements in zip(entries, own, strict=True):
            if set(statements) != every:
                found[node.id, port.name] = statements
                if node.kind == "merge" or (node.kind == "feedback" and not node.statements):
                    partial.add(node.id)
    if partial:
        _pass_on(found, [wire for wire in wires if wire.target[0] in partial])
    return found


def _statements(node: Any, port: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys((port.statement or node.id, *handed_on(node))))


def handed_on(node: Any) -> tuple[str, ...]:
    """Return the statements whose values a box gives that runs nothing itself: a merge, feedback."""
    if node.kind == "feedback":
        return (*node.statements, *(port.statement for port in node.inputs if port.name != "start"))
    return tuple(node.statements) if node.kind == "merge" else ()


def _pass_on(found: dict[tuple[str, str], tuple[str, ...]], wires: Iterable[Any]) -> None:
    """Add what a merge takes from before the ``if``, where no arm was taken, and feedback from before the loop."""
    for wire in wires:  # in order of the picture: what a merge takes from another one is known
        target = next((key for key in found if key[0] == wire.target[0]), None)
        if target is not None:
            found[target] = tuple(dict.fromkeys((*found[target], *found.get(wire.source, ()))))


def parted(name: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return (function, variable, statements, field) of the name of a value; statements are all if none is named."""
    function, _, rest = name.partition(".")
    variable, _, field = rest.partition(".")
    head, at, statements = variable.partition("@")
    return function, head, tuple(statements.split("|")) if at else (), field


def renamed_value(text: str, old: str, new: str) -> str:
    """Return ``variable@statement.field`` for another name of its variable, or of what gives it."""
    head, dot, field = text.partition(".")
    variable, at, statements = head.partition("@")
    names = [new if name == old else name for name in (variable, *statements.split("|"))]
    return f"{names[0]}{at}{'|'.join(names[1:])}{dot}{field}"


def in_words(value: str) -> str:
    """Write ``variable@statement.field`` for a reader."""
    head, dot, field = value.partition(".")
    variable, _, statement = head.partition("@")
    return f"{variable}{dot}{field}" + (f" · {statement}" if statement and "|" not in statement else "")


def maker_of(name: str) -> str:
    """Return ``function.statement`` of what gives a value, where its name tells; else the name as it is."""
    function, _, statements, _ = parted(name)
    return f"{function}.{statements[0]}" if statements else name


__all__ = ["handed_on", "in_words", "maker_of", "parted", "renamed_value", "shared_values"]
