"""A first place on the control panel for what is to be seen or turned."""

from __future__ import annotations

from flodesk.flow.cells import free_place, placed
from flodesk.flow.edit import Edit, SetView, pages
from flodesk.flow.forms import first_size
from flodesk.flow.graph import Graph
from flodesk.flow.groups import taken_on_page
from flodesk.flow.model import Flow, View
from flodesk.flow.spec import NodeSpec
from flodesk.flow.viewed import box_of


def first_view(flow: Flow, function: str, node: str, spec: NodeSpec, page: str | None = None) -> View | None:
    """Return a view of a new node that belongs on the panel, in the first free place of a page, by default the first.

    None for other nodes, and where a view of that name waits for its node already: it shows the new one.
    """
    if not spec.viewed:
        return None
    others = flow.header.panel.get(function, {})
    if any(view.shows == node for view in others.values()):
        return None
    page = pages(flow)[0] if page is None else page
    cells = free_place(taken_on_page(flow, page), *first_size(spec))
    return placed(View(free_id(flow, function, node), node, 0, 0, 1, 1, page=page), cells)


def left_behind(before: Flow, after: Flow, graph: Graph) -> list[Edit]:
    """Give the edits that leave the views of nodes on the panel that have gone: they say so, and can show another.

    Those of controls and indicators came with their nodes, and go with them.
    """
    function = graph.function
    there = after.header.panel.get(function, {})
    return [
        SetView(function, name, view)
        for name, view in before.header.panel.get(function, {}).items()
        if name not in there and not _came_along(graph, view)
    ]


def _came_along(graph: Graph, view: View) -> bool:
    node = box_of(graph, view.shows.partition(".")[0])
    return node is not None and node.spec is not None and node.spec.viewed


def free_id(flow: Flow, function: str, shows: str) -> str:
    """Return a name that no view of a function has, after what it shows."""
    taken = flow.header.panel.get(function, {})
    base = shows.replace(".", "_")
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if name not in taken)
