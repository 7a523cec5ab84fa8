"""Groups and tabs made of views, in cells: where the views lie then, and what they are of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from flodesk.flow.aligning import units
from flodesk.flow.groups import TITLE, Member, around, extent, settled, taken
from flodesk.ui.panel.layout.gesture import Members, Places
from flodesk.ui.panel.layout.grid import COLUMNS, Cells

Made: TypeAlias = tuple[dict[str, Cells], dict[str, Member]]
"""The places of all views, and what those are of that are of something else than before."""


def free_name(names: Iterable[str], base: str) -> str:
    """Return a name that none of these has: the base itself, or with a number."""
    have = set(names)
    return next(name for name in (base, *(f"{base} {n}" for n in range(2, len(have) + 3))) if name not in have)


def as_group(places: Places, members: Members, keys: Collection[str], title: str) -> Made:
    """Put a box round views, in whatever groups they were. Its title goes where there is room, or makes some."""
    return _titled(places, members, keys, {key: Member(title) for key in keys})


def _titled(places: Places, members: Members, keys: Collection[str], joined: Mapping[str, Member]) -> Made:
    now = {**members, **joined}
    others = {key: cells for key, cells in places.items() if key not in keys}
    box = extent({**places}, now, keys)
    in_the_way = taken(others, members).values()
    made = dict(places)
    if box.row < 0 or any(box.overlaps(other) for other in in_the_way):
        made |= {key: replace(places[key], row=places[key].row + TITLE) for key in keys}
    return settled(made, now, keys), dict(joined)


def as_tabs(places: Places, members: Members, keys: Collection[str], title: str, names: Mapping[str, str]) -> Made:
    """Put views in the same place, each on a tab of its own; of whole groups each is a tab.

    Parameters
    ----------
    names : mapping
        What each view is called, for its tab.
    """
    parts = list(units(places, members, keys))
    if len(parts) == 1:
        parts = [(key,) for key in keys]
    left, top = min(places[key].column for key in keys), min(places[key].row for key in keys)
    lone = [places[part[0]] for part in parts if len(part) == 1]
    width, height = max((c.width for c in lone), default=1), max((c.height for c in lone), default=1)
    inner = {part: around(places[key] for key in part) for part in parts}
    widest = max([width, *(inner[part].width for part in parts if len(part) > 1)])
    left = min(left, COLUMNS - widest)
    made, joined = dict(places), dict[str, Member]()
    for part in parts:
        base = names[part[0]] if len(part) == 1 else members[part[0]].group
        tab = free_name([member.tab for member in joined.values()], base)
        for key in part:
            joined[key] = Member(title, tab)
            cells = places[key]
            size = (width, height) if len(part) == 1 else (cells.width, cells.height)
            made[key] = Cells(left + cells.column - inner[part].column, top + cells.row - inner[part].row, *size)
    return _titled(made, members, keys, joined)


def to_tab(places: Places, members: Members, keys: Collection[str], tab: str) -> Made:
    """Put views of one group on a tab of it; without a name they are seen with each. On a new tab they go to its top.

    What lay on no tab while there was none goes on a first one.
    """
    own = [key for key in places if members[key].group == members[next(iter(keys))].group]
    group, known = members[own[0]].group, {members[key].tab for key in own} - {""}
    joined = {key: Member(group, tab) for key in keys}
    if tab and not known:
        first = free_name([tab], "Tab 1")
        joined = {key: Member(group, first) for key in own} | joined
    made = dict(places)
    if tab and tab not in known:
        inner, block = around(places[key] for key in own), around(places[key] for key in keys)
        dx, dy = inner.column - block.column, inner.row - block.row
        made |= {key: replace(places[key], column=places[key].column + dx, row=places[key].row + dy) for key in keys}
    return settled(made, {**members, **joined}, keys), joined


def ungrouped(places: Places, members: Members, keys: Collection[str]) -> Made:
    """Take views out of their groups."""
    joined = {key: Member() for key in keys if members[key].group}
    return settled(places, {**members, **joined}, keys), joined


def without_tabs(places: Places, members: Members, group: str) -> Made:
    """Lay what is on the tabs of a group below one another."""
    joined = {key: Member(group) for key, member in members.items() if member.group == group}
    return settled(places, {**members, **joined}), joined


def group_of(members: Members, keys: Collection[str]) -> str:
    """Return the one group that all of these views are of; empty if there is none such."""
    groups = {members[key].group for key in keys if key in members}
    return groups.pop() if len(groups) == 1 else ""
