"""Bringing selected views into line, in cells. Whole groups are aligned as what they are, by their boxes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from flodesk.flow.cells import Cells
from flodesk.flow.groups import Member, extent, whole

Units = dict[tuple[str, ...], Cells]
"""The extent of each view or whole group, by its views."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """One way to bring views into line.

    Attributes
    ----------
    place : callable
        Takes the extents of all, and that of the one by which sizes are measured; gives their new extents.
    least : int
        So many views or groups it takes.
    resizes : bool
        It gives views another size; a whole group has none of its own.
    """

    title: str
    key: str
    tip: str
    place: Callable[[Units, Cells], Units]
    least: int = 2
    resizes: bool = False


def _left(units: Units, _: Cells) -> Units:
    at = min(cells.column for cells in units.values())
    return {unit: replace(cells, column=at) for unit, cells in units.items()}


def _right(units: Units, _: Cells) -> Units:
    at = max(cells.column + cells.width for cells in units.values())
    return {unit: replace(cells, column=at - cells.width) for unit, cells in units.items()}


def _top(units: Units, _: Cells) -> Units:
    at = min(cells.row for cells in units.values())
    return {unit: replace(cells, row=at) for unit, cells in units.items()}


def _bottom(units: Units, _: Cells) -> Units:
    at = max(cells.bottom for cells in units.values())
    return {unit: replace(cells, row=at - cells.height) for unit, cells in units.items()}


def _wide(units: Units, main: Cells) -> Units:
    return {unit: replace(cells, width=main.width).on_grid() for unit, cells in units.items()}


def _high(units: Units, main: Cells) -> Units:
    return {unit: replace(cells, height=main.height) for unit, cells in units.items()}


def _across(units: Units, _: Cells) -> Units:
    order = sorted(units, key=lambda unit: (units[unit].column, units[unit].row))
    starts = _spread([(units[unit].column, units[unit].width) for unit in order])
    return {unit: replace(units[unit], column=start) for unit, start in zip(order, starts, strict=True)}


def _down(units: Units, _: Cells) -> Units:
    order = sorted(units, key=lambda unit: (units[unit].row, units[unit].column))
    starts = _spread([(units[unit].row, units[unit].height) for unit in order])
    return {unit: replace(units[unit], row=start) for unit, start in zip(order, starts, strict=True)}


def _spread(spans: list[tuple[int, int]]) -> list[int]:
    """Return where each begins so that the same room, to a cell, is between them; the first and the last stay."""
    free = spans[-1][0] - spans[0][0] - sum(length for _, length in spans[:-1])
    starts, taken = [], 0
    for number, (_, length) in enumerate(spans):
        starts.append(spans[0][0] + taken + round(free * number / (len(spans) - 1)))
        taken += length
    return starts


ALIGNMENTS: Mapping[str, Alignment] = {
    "left": Alignment(
        "Align left edges", "Alt+Shift+Left", "Put them below one another, from the leftmost edge", _left
    ),
    "right": Alignment("Align right edges", "Alt+Shift+Right", "Bring their right edges into line", _right),
    "top": Alignment("Align upper edges", "Alt+Shift+Up", "Bring their upper edges into line", _top),
    "bottom": Alignment("Align lower edges", "Alt+Shift+Down", "Bring their lower edges into line", _bottom),
    "wide": Alignment(
        "Same width", "Alt+Shift+W", "Make them as wide as the one that was selected last", _wide, resizes=True
    ),
    "high": Alignment(
        "Same height", "Alt+Shift+H", "Make them as high as the one that was selected last", _high, resizes=True
    ),
    "across": Alignment("Distribute across", "Alt+Shift+X", "Leave the same room between them, sideways", _across, 3),
    "down": Alignment("Distribute down", "Alt+Shift+Y", "Leave the same room between them, downwards", _down, 3),
}


def units(places: Mapping[str, Cells], members: Mapping[str, Member], keys: Collection[str]) -> Units:
    """Return what is aligned among some views: each whole group, and each other view."""
    found: Units = {}
    groups = whole(members, keys)
    for key in keys:
        own = (
            tuple(k for k in keys if members[k].group == members[key].group) if members[key].group in groups else (key,)
        )
        if own not in found:
            found[own] = extent(places, members, own)
    return found


def aligned(
    places: Mapping[str, Cells], members: Mapping[str, Member], keys: Collection[str], how: Alignment
) -> dict[str, Cells]:
    """Return the places with some views brought into line; they may overlap.

    Parameters
    ----------
    keys : collection of str
        The last one is what sizes are measured by.
    """
    if how.resizes:
        before: Units = {(key,): places[key] for key in keys}
    else:
        before = units(places, members, keys)
    after = how.place(before, places[list(keys)[-1]])
    made = dict(places)
    for unit, cells in after.items():
        if how.resizes:
            made[unit[0]] = cells
            continue
        dx, dy = cells.column - before[unit].column, cells.row - before[unit].row
        made |= {key: replace(places[key], column=places[key].column + dx, row=places[key].row + dy) for key in unit}
    return made
