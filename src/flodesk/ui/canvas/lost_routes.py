"""Lines of the header that tell the ways of wires: they go with an edit that takes their wires along."""

from __future__ import annotations

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, Many, Move, SetDrawn, each_edit
from flodesk.flow.edit.header import setting
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow


def without_lost_routes(edit: Edit, flow: Flow, graph: Graph, catalog: Catalog) -> Edit:
    """Return an edit of a function, whose picture is `graph`, that takes such lines out as well."""
    function = graph.function
    if isinstance(edit, SetDrawn | Move) or not (setting(flow, "wires", function) or _draws_wires(edit)):
        return edit
    new, _ = edit.apply(flow)
    if function not in new.functions or not setting(new, "wires", function):
        return edit
    lost = tuple(wiring.lost_routes(flow, new, graph, picture(new, catalog, function)))
    return Many((edit, *lost), edit.title) if lost else edit


def _draws_wires(edit: Edit) -> bool:
    """Say whether an edit brings lines about wires along."""
    return any(isinstance(part, SetDrawn) and part.table == "wires" for part in each_edit(edit))


__all__ = ["without_lost_routes"]
