"""How wires are drawn, as a hand changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flodesk.flow.edit import Edit, SetDrawn
from flodesk.flow.edit.header import setting
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow
from flodesk.flow.routes import TABLE, Route, line_of, routes, wire_name


def put_routes(flow: Flow, function: str, wanted: Mapping[str, Route], title: str = "") -> list[Edit]:
    """Draw wires otherwise, by their names (`wire_name`)."""
    known, lines = routes(flow, function), setting(flow, TABLE, function)
    return [
        SetDrawn(TABLE, function, name, line_of(route, lines.get(name)), title or f"Draw {name}")
        for name, route in wanted.items()
        if known.get(name, Route()) != route
    ]


def lost_routes(flow: Flow, before: Graph, after: Graph) -> Iterator[Edit]:
    """Give the edits that take out the lines of wires that were there before and are no more."""
    there = {wire_name(wire.source, wire.target) for wire in after.wires}
    lines = setting(flow, TABLE, before.function)
    for wire in before.wires:
        name = wire_name(wire.source, wire.target)
        if name in lines and name not in there:
            yield SetDrawn(TABLE, before.function, name, None, f"Forget the way of {name}")
