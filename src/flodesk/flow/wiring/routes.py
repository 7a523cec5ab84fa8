"""How wires are drawn, as a hand changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, Many, SetDrawn, SetView
from flodesk.flow.edit.header import setting
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.routes import TABLE, End, Route, line_of, routes, wire_name


def put_routes(flow: Flow, function: str, wanted: Mapping[str, Route], title: str = "") -> list[Edit]:
    """Draw wires otherwise, by their names (`wire_name`)."""
    known, lines = routes(flow, function), setting(flow, TABLE, function)
    return [
        SetDrawn(TABLE, function, name, line_of(route, lines.get(name)), title or f"Draw {name}")
        for name, route in wanted.items()
        if known.get(name, Route()) != route
    ]


def lost_routes(old: Flow, new: Flow, before: Graph, after: Graph) -> Iterator[Edit]:
    """Give the edits that take out the lines of wires that are no more.

    Lines that were about no wire before stay: nobody knows what they are good for. Those that an edit brings along, or
    that followed the new name of a node, do not.
    """
    there = {wire_name(wire.source, wire.target) for wire in after.wires}
    drawn = {wire_name(wire.source, wire.target) for wire in before.wires}
    kept = set(setting(old, TABLE, before.function)) - drawn
    for name in setting(new, TABLE, before.function):
        if name not in there and name not in kept:
            yield SetDrawn(TABLE, before.function, name, None, f"Forget the way of {name}")


def rerouted(flow: Flow, function: str, old: End, new: End) -> list[Edit]:
    """Give the edits that let the lines of the wires at a port, and its views, stay with it under its new name."""
    before, after = (".".join(part for part in end if part) for end in (old, new))
    edits: list[Edit] = [
        SetView(function, name, replace(view, shows=after))
        for name, view in flow.header.panel.get(function, {}).items()
        if view.shows == before
    ]
    for name, line in setting(flow, TABLE, function).items():
        ends = name.split(" -> ")
        if before in ends:
            renamed = " -> ".join(after if end == before else end for end in ends)
            edits.append(SetDrawn(TABLE, function, name, None, f"Draw {renamed}"))
            edits.append(SetDrawn(TABLE, function, renamed, line, f"Draw {renamed}"))
    return edits


def without_lost_routes(flow: Flow, catalog: Catalog, edit: Edit) -> Edit:
    """Return an edit that takes the lines of the wires out of the header, too, that go with it, in all functions."""
    new, _ = edit.apply(flow)
    lost: list[Edit] = []
    for name in new.functions:
        if setting(new, TABLE, name):
            was = picture(flow, catalog, name) if name in flow.functions else Graph(name, {}, ())
            lost += lost_routes(flow, new, was, picture(new, catalog, name))
    return Many((edit, *lost), edit.title) if lost else edit
