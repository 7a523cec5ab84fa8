"""Edits of the header: places on the canvas, views on the panel, settings of nodes and of the flow, what is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.model import Address, Flow, Header, View
from flodesk.flow.names import binds_of
from flodesk.flow.script.unread import KINDS, settled

TABLES = ("places", "detached", "pins", "layout")
"""The tables of ``[tool.flodesk]`` that have a line for a node, by function: ``[tool.flodesk.places.FUNCTION]``."""
DRAWN = ("notes", "frames", "wires")
"""Those that have a line for something else of the picture; ``wires`` goes by ``source -> node.port``."""
PRESETS = "presets"
"""That of the presets, whose lines hold values by ``function.node.parameter``."""


@dataclass(frozen=True, slots=True)
class Move:
    """Put boxes of one function somewhere else on the canvas; None takes the place out."""

    function: str
    places: Mapping[str, tuple[float, float] | None]

    @property
    def title(self) -> str:
        """In words."""
        return f"Move {names(self.places)}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write the places into the header."""
        before = flow.header.canvas.get(self.function, {})
        table = dict(before)
        for name, place in self.places.items():
            if place is None:
                table.pop(name, None)
            else:
                table[name] = place
        new = with_header(flow, canvas=with_table(flow.header.canvas, self.function, table))
        known = all(name in before and place is not None for name, place in self.places.items())
        if known and flow.header.present:
            return new, Move(self.function, {name: before[name] for name in self.places})
        return new, SetHeader(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetView:
    """Put, change or (with None) remove a view of the control panel.

    Attributes
    ----------
    proposed : bool
        Its place is a first one that nobody has asked for: who shows the panel may choose another, on another page.
    """

    function: str
    id: str
    view: View | None
    proposed: bool = False

    @property
    def title(self) -> str:
        """In words."""
        return f"{'Place' if self.view else 'Remove'} {self.id} {'on' if self.view else 'from'} the panel"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write the view into the header."""
        before = flow.header.panel.get(self.function, {})
        table = dict(before)
        if self.view is None:
            table.pop(self.id, None)
        else:
            table[self.id] = self.view
        new = with_header(flow, panel=with_table(flow.header.panel, self.function, table))
        if self.view is not None and self.id in before and flow.header.present:
            return new, SetView(self.function, self.id, before[self.id])
        return new, SetPanel(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetPanel:
    """Put the header back as it was before an edit of the panel, or after it. No run has to know of it."""

    header: Header
    title: str

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put it in the place of the one with another panel."""
        return replace(flow, header=self.header), SetPanel(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetSetting:
    """Write the line of a node into one of the header's tables (`TABLES`), or, with None, take it out."""

    table: str
    function: str
    node: str
    value: Any
    title: str

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it."""
        lines = dict(setting(flow, self.table, self.function))
        if self.value is None:
            lines.pop(self.node, None)
        else:
            lines[self.node] = self.value
        return with_setting(flow, self.table, self.function, lines), SetHeader(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetDrawn:
    """Write a line that only the picture needs (a note, a frame, the way of a wire, pins), or, with None, take it out.

    No run has to know of it: that is what tells it from `SetSetting`.
    """

    table: str
    function: str
    id: str
    value: Any
    title: str

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it.

        Raises
        ------
        EditError
            The header has something else under that name, which would be lost.
        """
        tables = flow.header.settings.get(self.table, {})
        found = tables.get(self.function, {}) if isinstance(tables, Mapping) else None
        if not isinstance(found, Mapping):
            raise EditError(f"The header has something else under “{self.table}”: give that another name first.")
        lines = {name: line for name, line in found.items() if name != self.id or self.value is not None}
        if self.value is not None:
            lines[self.id] = self.value
        new = with_setting(flow, self.table, self.function, lines)
        before = found.get(self.id)
        empty = not found and self.function in tables  # a table without lines would not come back
        if flow.header.present and self.value is not None and not empty:
            return new, replace(self, value=before)
        return new, SetHeader(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetOption:
    """Set one line of ``[tool.flodesk]``, such as ``on_error``; None takes it out."""

    key: str
    value: str | int | float | bool | None

    @property
    def title(self) -> str:
        """In words."""
        return f"Set {self.key} to {self.value}" if self.value is not None else f"Take {self.key} out"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it into the header."""
        before = flow.header.settings
        settings = {name: value for name, value in before.items() if name != self.key or self.value is not None}
        if self.value is not None:
            settings[self.key] = self.value
        new = with_header(flow, settings=settings)
        if self.value is not None and self.key in before and flow.header.present:
            return new, SetOption(self.key, before[self.key])
        return new, SetHeader(flow.header, self.title)


@dataclass(frozen=True, slots=True)
class SetHeader:
    """Replace the whole header (dependencies, settings ...). The inverse of what changes which entries a table has."""

    header: Header
    title: str = "Change the flow's settings"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put it in the place of the old one."""
        return replace(flow, header=self.header), SetHeader(flow.header, self.title)


def names(ids: Iterable[str]) -> str:
    """Say which nodes: the name of one, the number of several."""
    found = list(ids)
    return found[0] if len(found) == 1 else f"{len(found)} nodes"


def with_table(
    tables: Mapping[str, Mapping[str, Any]], function: str, table: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """Return the tables with that of one function replaced; an empty one is left out."""
    new = dict(tables)
    if table:
        new[function] = table
    else:
        new.pop(function, None)
    return new


def with_header(flow: Flow, **changes: Any) -> Flow:
    """Return the flow with parts of its header replaced; a file without a header gets one."""
    header = flow.header
    if all(getattr(header, name) == value for name, value in changes.items()):
        return flow
    return replace(flow, header=settled(replace(header, present=True, **changes)))


def forget(flow: Flow, function: str, ids: set[str]) -> Flow:
    """Return the flow without the places, views and settings of nodes that are no more."""
    canvas, panel = flow.header.canvas, flow.header.panel
    changes: dict[str, Any] = {}
    if (places := canvas.get(function)) and not ids.isdisjoint(places):
        kept = {name: place for name, place in places.items() if name not in ids}
        changes["canvas"] = with_table(canvas, function, kept)
    if views := panel.get(function):
        left = {name: view for name, view in views.items() if view.shows.partition(".")[0] not in ids}
        if len(left) != len(views):
            changes["panel"] = with_table(panel, function, left)
    return forgotten_settings(with_header(flow, **changes) if changes else flow, function, ids)


def setting(flow: Flow, table: str, function: str) -> Mapping[str, Any]:
    """Return the lines that a table has for a function; none where the header holds something else there."""
    tables = flow.header.settings.get(table, {})
    lines = tables.get(function, {}) if isinstance(tables, Mapping) else {}
    return lines if isinstance(lines, Mapping) else {}


def with_setting(flow: Flow, table: str, function: str, lines: Mapping[str, Any]) -> Flow:
    """Return the flow with other lines in a table; a table without lines is left out."""
    tables = flow.header.settings.get(table, {})
    new = with_table(tables if isinstance(tables, Mapping) else {}, function, lines)
    settings = {**flow.header.settings, table: new}
    if not new:
        del settings[table]
    return with_header(flow, settings=settings)


def wire_ends(name: str) -> tuple[str, str]:
    """Return the nodes at the ends of a wire, by the name of its line: ``louder -> size.signal``."""
    source, _, target = name.partition(" -> ")
    return source.partition(".")[0], target.partition(".")[0]


def renamed_header(flow: Flow, function: str, old: str, new: str) -> Flow:
    """Return the flow with all that its header says of a node under the node's new name."""
    header = flow.header
    canvas, panel = header.canvas.get(function, {}), header.panel.get(function, {})
    if old in canvas:
        table = {new if name == old else name: place for name, place in canvas.items()}
        flow = with_header(flow, canvas=with_table(header.canvas, function, table))
    views = {}
    kept = setting(flow, "panel", function)  # lines that nobody understands: a view takes the place of none
    for name, view in panel.items():
        key = new if name == old and new not in panel and new not in kept else name
        views[key] = replace(view, id=key, shows=_shows_renamed(flow, function, view.shows, old, new))
    if views != panel:
        flow = with_header(flow, panel=with_table(header.panel, function, views))
    flow = presets_renamed(flow, f"{function}.{old}", f"{function}.{new}")
    return renamed_settings(_renamed_links(flow, function, old, new), function, old, new)


def _shows_renamed(flow: Flow, function: str, shows: str, old: str, new: str) -> str:
    """Return what a view shows under a node's new name, or that of a variable which one line among several binds."""
    head, dot, rest = shows.partition(".")
    if head == old:
        return new + dot + rest
    found = flow.index.get(Address(function, head)) if rest == old else None
    return f"{head}.{new}" if found is not None and {old, new}.intersection(binds_of(found[0])) else shows


def presets_renamed(flow: Flow, old: str, new: str) -> Flow:
    """Return the flow with what its presets say of a node (``function.node``) or a function under the new name."""
    table = flow.header.settings.get(PRESETS)
    lines = table if isinstance(table, Mapping) else {}

    def renamed(line: Any) -> Any:
        if not isinstance(line, Mapping):
            return line
        return {new + key[len(old) :] if key.startswith(f"{old}.") else key: value for key, value in line.items()}

    kept = {name: renamed(line) for name, line in lines.items()}
    return with_header(flow, settings={**flow.header.settings, PRESETS: kept}) if kept != lines else flow


def _renamed_links(flow: Flow, function: str, old: str, new: str) -> Flow:
    """Let the links of notes that lead to a node (``[the filter](#clean)``) lead to it under its new name."""
    notes = setting(flow, "notes", function)
    changed: dict[str, Any] = {}
    for name, line in notes.items():
        text = line.get("text") if isinstance(line, Mapping) else None
        linked = isinstance(text, str) and f"(#{old})" in text
        changed[name] = {**line, "text": text.replace(f"(#{old})", f"(#{new})")} if linked and text else line
    if all(changed[name] is line for name, line in notes.items()):
        return flow
    return with_setting(flow, "notes", function, changed)


def renamed_settings(flow: Flow, function: str, old: str, new: str) -> Flow:
    """Return the flow with the lines of a node, and of its wires, under its new name."""

    def wire(name: str) -> str:
        source, arrow, target = name.partition(" -> ")
        ends = (new + end[len(old) :] if end.partition(".")[0] == old else end for end in (source, target))
        return arrow.join(ends)

    wires = setting(flow, "wires", function)
    if any(old in wire_ends(name) for name in wires):
        flow = with_setting(flow, "wires", function, {wire(name): line for name, line in wires.items()})
    for table in TABLES:
        lines = setting(flow, table, function)
        if old in lines:
            kept = {new if name == old else name: value for name, value in lines.items()}
            flow = with_setting(flow, table, function, kept)
    return flow


def renamed_tables(flow: Flow, old: str, new: str) -> Flow:
    """Return the flow with what its header says of a function under that function's new name."""

    def renamed(tables: Mapping[str, Any]) -> dict[str, Any]:
        return {new if name == old else name: table for name, table in tables.items()}

    header = flow.header
    settings = dict(header.settings)
    for table in (*TABLES, *DRAWN, *KINDS):
        if isinstance(found := settings.get(table), Mapping) and old in found:
            settings[table] = renamed(found)
    changes: dict[str, Any] = {"canvas": renamed(header.canvas), "panel": renamed(header.panel), "settings": settings}
    return presets_renamed(with_header(flow, **changes), old, new)


def renamed_queue(flow: Flow, old: str, new: str) -> Flow:
    """Return the flow with what its header says of a queue under that queue's new name."""
    table = flow.header.settings.get("queues")
    if not isinstance(table, Mapping) or old not in table:
        return flow
    renamed = {new if name == old else name: line for name, line in table.items()}
    return with_header(flow, settings={**flow.header.settings, "queues": renamed})


def forgotten_settings(flow: Flow, function: str, gone: Collection[str]) -> Flow:
    """Return the flow without the lines of nodes that are no more, and of their wires."""
    wires = setting(flow, "wires", function)
    kept = {name: line for name, line in wires.items() if not any(end in gone for end in wire_ends(name))}
    if len(kept) < len(wires):
        flow = with_setting(flow, "wires", function, kept)
    for table in TABLES:
        lines = setting(flow, table, function)
        if any(name in lines for name in gone):
            kept = {name: value for name, value in lines.items() if name not in gone}
            flow = with_setting(flow, table, function, kept)
    return flow


def without_function(flow: Flow, function: str) -> Flow:
    """Return the flow without what is drawn on the canvas of a function that is no more."""
    for table in DRAWN:
        if setting(flow, table, function):
            flow = with_setting(flow, table, function, {})
    return flow
