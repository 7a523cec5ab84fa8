"""Copies of views: what goes to the clipboard, and how they come onto a panel, of this flow or of another one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from flodesk.flow.cells import place_beside
from flodesk.flow.edit import Many, SetView
from flodesk.flow.graph import Graph
from flodesk.flow.groups import Member, extent, joined, settled, taken, whole
from flodesk.flow.model import Flow, View
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.layout.grid import COLUMNS, Cells, free_place, placed
from flodesk.ui.panel.layout.grouping import free_name
from flodesk.ui.panel.setting import Gone, shown


@dataclass(frozen=True, slots=True)
class Pasted:
    """What pasting does.

    Attributes
    ----------
    keys : tuple of str
        The new views, as ``function.view``.
    lost : tuple of str
        What those would show that this flow does not have.
    """

    edit: Many
    keys: tuple[str, ...]
    lost: tuple[str, ...]


def copied(cards: Mapping[str, Card], keys: Iterable[str]) -> dict[str, list[View]]:
    """Return views to be copied, by function. Of a group of which not all are among them they are no part."""
    keys = [key for key in keys if key in cards]
    carried = whole({key: Member.of(card.view) for key, card in cards.items()}, keys)
    found: dict[str, list[View]] = {}
    for key in keys:
        card = cards[key]
        view = card.view if card.view.group in carried else joined(card.view, Member())
        found.setdefault(card.function, []).append(view)
    return found


def paste(
    flow: Flow,
    graphs: Mapping[str, Graph],
    cards: Mapping[str, Card],
    places: Mapping[str, Cells],
    members: Mapping[str, Member],
    views: Mapping[str, Iterable[View]],
    *,
    page: str = "",
    at: tuple[int, int] | None = None,
    beside: Cells | None = None,
    title: str = "",
) -> Pasted:
    """Put views on the page that a board shows, as they lie to one another.

    Parameters
    ----------
    graphs : mapping
        The pictures of the functions that the panel has views of; there has to be one.
    cards, places, members : mapping
        What is on the page; a card may be still to come.
    at : tuple of int, optional
        Column and row where they go, and push down what is there; by default they go where there is room,
    beside : Cells, optional
        next to this.
    """
    titles = {member.group for member in members.values()}
    named: dict[str, str] = {}
    new: dict[str, tuple[str, View]] = {}
    lost = []
    for function, some in views.items():
        for view in some:
            home, there = _home(function, view, graphs)
            if not there:
                lost.append(view.shows)
            own = {one.id for where, one in new.values() if where == home}
            id = free_id(view.id, own | set(flow.header.panel.get(home, {})))
            if view.group and view.group not in named:
                named[view.group] = free_name({*titles, *named.values()}, view.group)
            member = Member(named.get(view.group, ""), view.tab)
            new[f"{home}.{id}"] = home, joined(replace(view, id=id, page=page), member)
    blocks = {key: Cells.of(view) for key, (_, view) in new.items()}
    now = {**members} | {key: Member.of(view) for key, (_, view) in new.items()}
    blocks = settled(blocks, now)
    box = extent(blocks, now, list(blocks))
    in_the_way = taken(places, members)
    if at is not None:
        left, top = min(at[0], COLUMNS - box.width), at[1]
    else:
        size = box.width, box.height
        free = place_beside(in_the_way, beside, *size) if beside else free_place(in_the_way, *size)
        left, top = free.column, free.row
    dx, dy = left - box.column, top - box.row
    moved = {key: replace(cells, column=cells.column + dx, row=cells.row + dy) for key, cells in blocks.items()}
    made = settled({**places, **moved}, now, list(moved))
    edits = [SetView(home, view.id, placed(view, made[key])) for key, (home, view) in new.items()]
    for key, cells in places.items():
        if made[key] != cells and key in cards:
            edits.append(SetView(cards[key].function, cards[key].view.id, placed(cards[key].view, made[key])))
    return Pasted(Many(tuple(edits), title or f"Paste {_count(new)}"), tuple(new), tuple(dict.fromkeys(lost)))


def _home(function: str, view: View, graphs: Mapping[str, Graph]) -> tuple[str, bool]:
    """Return the function whose view it becomes, its own or one that has what it shows, and whether there is one."""
    known = [function] if function in graphs else []
    known += [name for name in graphs if name != function]
    there = (name for name in known if not isinstance(shown(view, graphs[name]), Gone))
    return (home, True) if (home := next(there, None)) is not None else (known[0], False)


def free_id(base: str, taken: Collection[str]) -> str:
    """Return a name for a view that none of these has."""
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _count(views: Collection[object]) -> str:
    return "a view" if len(views) == 1 else f"{len(views)} views"
