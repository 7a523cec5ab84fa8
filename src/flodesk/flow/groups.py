"""Groups of views on the panel: who belongs together, the boxes round them, and how views and boxes part.

A group is what its views say (`View.group`), nothing else is written down. Its box has a line for the title above the
uppermost view. On a page a title is one group, whichever functions its views are of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from flodesk.flow.cells import Cells, cells_of_page, free_place, part
from flodesk.flow.model import Flow, View

TITLE = 1
"""Rows that the title of a group takes."""


@dataclass(frozen=True, slots=True)
class Member:
    """What a view is of: its group, and the tab of it that it lies on; both may be empty."""

    group: str = ""
    tab: str = ""

    @classmethod
    def of(cls, view: View) -> Member:
        """Return what a view is of; a tab without a group is none."""
        return cls(view.group, view.tab if view.group else "")

    def meets(self, other: Member) -> bool:
        """Say of two of one group whether they are ever seen together."""
        return not self.tab or not other.tab or self.tab == other.tab


def joined(view: View, member: Member) -> View:
    """Return the view as one of another group or tab; what a hand wrote there that is no text makes way."""
    said = [key for key, text in (("group", member.group), ("tab", member.tab)) if text]
    more = tuple((key, item) for key, item in view.more if key not in said)
    return replace(view, group=member.group, tab=member.tab, more=more)


def grouped(members: Mapping[str, Member]) -> dict[str, list[str]]:
    """Return the views of each group, in the order in which they are given."""
    found: dict[str, list[str]] = {}
    for key, member in members.items():
        if member.group:
            found.setdefault(member.group, []).append(key)
    return found


def whole(members: Mapping[str, Member], keys: Collection[str]) -> list[str]:
    """Return the groups of which all views are among these."""
    return [group for group, own in grouped(members).items() if all(key in keys for key in own)]


def extent(places: Mapping[str, Cells], members: Mapping[str, Member], keys: Collection[str]) -> Cells:
    """Return the smallest rectangle that holds these views, of which there has to be one, and the titles of groups."""
    groups = whole(members, keys)
    found = [places[key] for key in keys]
    return around([*found, *(_box(places[key] for key in keys if members[key].group == group) for group in groups)])


def tabs(members: Mapping[str, Member], group: str) -> tuple[str, ...]:
    """Return the tabs of a group, in the order in which its views are given."""
    return tuple(dict.fromkeys(one.tab for one in members.values() if one.group == group and one.tab))


def around(cells: Iterable[Cells]) -> Cells:
    """Return the smallest rectangle that holds all of them; there has to be one."""
    found = list(cells)
    left, top = min(c.column for c in found), min(c.row for c in found)
    return Cells(left, top, max(c.column + c.width for c in found) - left, max(c.bottom for c in found) - top)


def boxes(places: Mapping[str, Cells], members: Mapping[str, Member]) -> dict[str, Cells]:
    """Return the box of each group, its title included: round those of its views whose place is given."""
    own = {key: member for key, member in members.items() if key in places}
    return {group: _box(places[key] for key in keys) for group, keys in grouped(own).items()}


def _box(cells: Iterable[Cells]) -> Cells:
    inner = around(cells)
    return replace(inner, row=inner.row - TITLE, height=inner.height + TITLE)


def settled(
    places: Mapping[str, Cells], members: Mapping[str, Member], moved: Collection[str] = ()
) -> dict[str, Cells]:
    """Push down what `moved` covers, and what that covers in turn; a group that is in the way moves as one.

    Parameters
    ----------
    places : mapping of view to Cells
        As the hand left them; those that overlapped before are parted too.
    members : mapping of view to Member
        What they are of; for each of them, and maybe for others.
    moved : collection of str
        The views that go before the others.
    """
    if not places:
        return {}
    members = {key: members[key] for key in places}
    inner = dict(places)
    units: dict[tuple[str, str], list[str]] = {("", key): [key] for key in places if not members[key].group}
    for group, keys in grouped(members).items():
        own = {key: places[key] for key in keys}
        inner |= part(own, moved, lambda one, other: members[one].meets(members[other]))
        units[group, ""] = keys
    extents = {
        unit: inner[keys[0]] if not unit[0] else _box(inner[key] for key in keys) for unit, keys in units.items()
    }
    top = {unit: replace(cells, row=max(cells.row, 0)) for unit, cells in extents.items()}
    made = part(top, [unit for unit, keys in units.items() if any(key in moved for key in keys)])
    for unit, keys in units.items():
        down = made[unit].row - extents[unit].row
        if down:
            inner |= {key: replace(inner[key], row=inner[key].row + down) for key in keys}
    return inner


def taken(places: Mapping[str, Cells], members: Mapping[str, Member]) -> dict[str, Cells]:
    """Return what is in the way of a new view: the places of views, and the boxes of groups."""
    return {**places, **{f"group {group}": box for group, box in boxes(places, members).items()}}


def landed(there: Mapping[str, Cells], places: Mapping[str, Cells], members: Mapping[str, Member]) -> dict[str, Cells]:
    """Return where views come to lie that go together: in the first place that is free for all of them as they lie.

    Where they were says nothing of another page: low down on an empty one they would be out of sight.

    Parameters
    ----------
    there : mapping
        What is in the way (`taken`).
    places, members : mapping
        The views that go, and what they are of.
    """
    places = settled(places, members)
    box = extent(places, members, list(places))
    free = free_place(there, box.width, box.height)
    dx, dy = free.column - box.column, free.row - box.row
    return {key: replace(c, column=c.column + dx, row=c.row + dy) for key, c in places.items()}


def joined_at(cells: Cells, found: Mapping[str, Cells], shown: Mapping[str, str]) -> Member:
    """Return what a view is of that comes to lie somewhere, by the boxes of groups: of none if in none of them."""
    group = next((group for group, box in found.items() if _in_the_middle(cells, box)), "")
    return Member(group, shown.get(group, "") if group else "")


def packed(cells: Cells, places: Mapping[str, Cells], members: Mapping[str, Member]) -> Cells:
    """Return where a new view comes to lie: where it leaves no gap on a page that has none yet.

    On a page that a hand has arranged with gaps, and in a group, it lies where it was let go.

    Parameters
    ----------
    cells : Cells
        Where it was let go; what it covers there goes down for it.
    places, members : mapping
        The views of the page, and what they are of.
    """
    found = boxes(places, members)
    if joined_at(cells, found, {}).group:
        return cells
    units = [*found.values(), *(place for key, place in places.items() if not members[key].group)]
    if any(_slid(one, units) != one for one in units):
        return cells
    return _slid(cells, [one for one in units if not one.overlaps(cells)])


def _slid(cells: Cells, others: Iterable[Cells]) -> Cells:
    """Return a place as far up, and then as far to the left, as it can be moved over nothing but free cells."""
    there = [other for other in others if other is not cells]
    while True:
        over = [other for other in there if _across(other, cells) and other.bottom <= cells.row]
        up = replace(cells, row=max((other.bottom for other in over), default=0))
        beside = [other for other in there if _level(other, up) and other.column + other.width <= up.column]
        now = replace(up, column=max((other.column + other.width for other in beside), default=0))
        if now == cells:
            return cells
        cells = now


def _across(one: Cells, other: Cells) -> bool:
    return one.column < other.column + other.width and other.column < one.column + one.width


def _level(one: Cells, other: Cells) -> bool:
    return one.row < other.bottom and other.row < one.bottom


def _in_the_middle(cells: Cells, box: Cells) -> bool:
    x, y = 2 * cells.column + cells.width, 2 * cells.row + cells.height
    return 2 * box.column < x < 2 * (box.column + box.width) and 2 * box.row < y < 2 * box.bottom


def standing(flow: Flow, page: str = "") -> tuple[dict[str, Cells], dict[str, Member]]:
    """Return where the views of a page are shown, by ``function.view``, and what they are of."""
    views = {
        f"{function}.{name}": view for function, panel in flow.header.panel.items() for name, view in panel.items()
    }
    places = cells_of_page(flow, page)
    members = {key: Member.of(views[key]) for key in places}
    return settled(places, members), members


def taken_on_page(flow: Flow, page: str = "") -> dict[str, Cells]:
    """Return what is in the way of a new view on a page."""
    return taken(*standing(flow, page))
