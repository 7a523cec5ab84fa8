"""How wires are drawn: by way of points, or as two labels. A matter of the picture, one line a wire in the header.

A line goes by the wire's two ends: ``"louder -> size.signal" = { by = [[420, 80]] }``, or ``{ labels = true }``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flodesk.flow.edit.header import setting
from flodesk.flow.finite import is_number
from flodesk.flow.model import Flow

Point: TypeAlias = tuple[float, float]
End: TypeAlias = tuple[str, str]
TABLE = "wires"
_MOST = 1e6


@dataclass(frozen=True, slots=True)
class Route:
    """How one wire is drawn.

    Attributes
    ----------
    points : tuple
        Where it goes by, from its source to its target.
    labels : bool
        Whether its two ends bear its name instead of a curve between them.
    """

    points: tuple[Point, ...] = ()
    labels: bool = False


STRAIGHT = Route()
"""That of a wire without a line of its own."""


def wire_name(source: End, target: End) -> str:
    """Return the name of a wire's line: its output as the script reads it, and the input."""
    return " -> ".join(".".join(part for part in end if part) for end in (source, target))


def routes(flow: Flow, function: str) -> dict[str, Route]:
    """Return how the wires of a canvas are drawn, by their names; what is no route is left out."""
    found: dict[str, Route] = {}
    for name, line in setting(flow, TABLE, function).items():
        if isinstance(line, Mapping):
            points = line.get("by", ())
            several = points if isinstance(points, list | tuple) else ()
            route = Route(tuple(p for p in map(_point, several) if p is not None), line.get("labels") is True)
            if route != STRAIGHT:
                found[name] = route
    return found


def _point(data: Any) -> Point | None:
    if not isinstance(data, list | tuple) or len(data) != 2:
        return None
    if not all(map(is_number, data)):
        return None
    x, y = (max(-_MOST, min(_MOST, float(part))) for part in data)
    return x, y


def line_of(route: Route, before: Any = None) -> dict[str, Any] | None:
    """Return the line of a route, with what flodesk does not know of the one before; None if it says nothing."""
    line: dict[str, Any] = {}
    if route.points:
        line["by"] = [[_whole(x), _whole(y)] for x, y in route.points]
    if route.labels:
        line["labels"] = True
    if isinstance(before, Mapping):
        line |= {name: value for name, value in before.items() if name not in ("by", "labels")}
    return line or None


def shifted(line: Any, step: Point) -> Any:
    """Return a line whose points are moved by a step."""
    points = line.get("by") if isinstance(line, Mapping) else None
    if not isinstance(points, list | tuple):
        return line
    moved = [(x + step[0], y + step[1]) for x, y in (p for p in map(_point, points) if p is not None)]
    return {**line, "by": [[_whole(x), _whole(y)] for x, y in moved]}


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else round(float(number), 1)
