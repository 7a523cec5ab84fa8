"""The edit that shows on the panel what a hand has chosen: a view, and the node that it needs where it needs one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.cells import Cells, free_place, placed
from flodesk.flow.edit import Edit, EditError, Many, SetView
from flodesk.flow.graph import picture
from flodesk.flow.groups import Member, boxes, joined, joined_at, packed, settled, standing, taken_on_page
from flodesk.flow.model import Flow, View
from flodesk.flow.wiring.views import free_id
from flodesk.ui.panel.fits import Choice
from flodesk.ui.panel.taken_over import taken_over


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a new view goes.

    Attributes
    ----------
    place : tuple of int, optional
        Column and row; without it the first place that is free.
    page : str
        The page.
    tabs : mapping
        The tab that is shown of each group that has some: there a view goes that comes to lie in the group.
    """

    place: tuple[int, int] | None = None
    page: str = ""
    tabs: Mapping[str, str] = field(default_factory=dict)

    def cells(self, flow: Flow, size: tuple[int, int]) -> Cells:
        """Return the cells of a view of some columns and rows."""
        if self.place is None:
            return free_place(taken_on_page(flow, self.page), *size)
        return packed(Cells(*self.place, *size).on_grid(), *standing(flow, self.page))


def showing(flow: Flow, catalog: Catalog, choices: Iterable[Choice], spot: Spot) -> Edit:
    """Return the edit that shows what was chosen, one below the other, and pushes down what is in the way.

    Raises
    ------
    EditError
        The flow takes no such node, or no such wire.
    """
    edits: list[Edit] = []
    names: list[str] = []
    for choice in choices:
        edit, name = _one(flow, catalog, choice, spot)
        flow = edit.apply(flow)[0]
        edits.append(edit)
        names.append(name)
        if spot.place is not None:
            spot = replace(spot, place=(spot.place[0], spot.place[1] + choice.size[1]))
    what = names[0] if len(names) == 1 else f"{len(names)} nodes"
    return edits[0] if len(edits) == 1 else Many(tuple(edits), f"Show {what} on the panel")


def _one(flow: Flow, catalog: Catalog, choice: Choice, spot: Spot) -> tuple[Edit, str]:
    function, cells = choice.function, spot.cells(flow, choice.size)
    places, members = standing(flow, spot.page)
    member = joined_at(cells, boxes(places, members), spot.tabs) if spot.place is not None else Member()
    now = settled({**places, "": cells}, {**members, "": member}, [""])
    edits: list[Edit] = []
    if choice.adds:
        view = _added(edits, flow, catalog, choice)
    else:
        id = free_id(flow, function, choice.shows)
        view = View(id, choice.shows, 0, 0, 1, 1, options=tuple(choice.options.items()))
    view = joined(placed(replace(view, page=spot.page), now[""]), member)
    edits.append(SetView(function, view.id, view))
    if spot.place is not None:
        edits += _pushed(flow, places, now)
    return Many(tuple(edits), f"Show {view.shows} on the panel"), view.shows


def _added(edits: list[Edit], flow: Flow, catalog: Catalog, choice: Choice) -> View:
    """Add the edit that makes the node; return the view that it got."""
    try:
        edit, node = wiring.add_node(flow, catalog, choice.function, choice.adds, None, choice.wired or None)
    except wiring.Refused as problem:
        raise EditError(str(problem)) from problem
    edits.append(edit)
    known, after = catalog.with_flow(flow), edit.apply(flow)[0]
    if choice.wired and node in (now := picture(after, known, choice.function)).nodes:
        edits += taken_over(after, picture(flow, known, choice.function), now, choice.wired, node)
    panel = after.header.panel.get(choice.function, {})
    found = next((view for view in panel.values() if view.shows == node), None)
    return found if found is not None else View(node, node, 0, 0, 1, 1)


def _pushed(flow: Flow, before: Mapping[str, Cells], now: Mapping[str, Cells]) -> list[Edit]:
    """Return the edits that push down what the new view covers."""
    edits: list[Edit] = []
    for function, panel in flow.header.panel.items():
        for name, view in panel.items():
            key = f"{function}.{name}"
            if key in before and now[key] != before[key]:
                edits.append(SetView(function, name, placed(view, now[key])))
    return edits
