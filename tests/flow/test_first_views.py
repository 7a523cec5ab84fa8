"""The first place on the panel of a new control or indicator."""

from __future__ import annotations

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.cells import Cells
from flodesk.flow.model import Flow, View
from flodesk.flow.script import read
from flodesk.flow.wiring.views import first_view

HEAD = """\
# /// script
# [tool.flodesk]
# version = 1
#
{views}
# ///
import flodesk
from flodesk.nodes import control


def flow():
    pass


def second():
    pass


if __name__ == "__main__":
    flodesk.main(flow, second)
"""
CATALOG = Catalog.builtin()
SLIDER = CATALOG.specs["flodesk.nodes.control.slider"]


def flow_with(**panels: str) -> Flow:
    views = "\n".join(f"# [tool.flodesk.panel.{name}]\n# {line}" for name, line in panels.items())
    return read(HEAD.format(views=views))


def test_the_views_of_all_functions_share_one_grid() -> None:
    flow = flow_with(second="wide = [0, 0, 12, 4]")
    view = first_view(flow, "flow", "gain", SLIDER)
    assert view is not None
    assert (view.id, view.column, view.row) == ("gain", 0, 4)


def test_a_page_has_a_grid_of_its_own() -> None:
    flow = flow_with(flow="wide = [0, 0, 12, 4]")
    view = first_view(flow, "flow", "gain", SLIDER, "Tuning")
    assert view is not None
    assert (view.page, Cells.of(view)) == ("Tuning", Cells(0, 0, 5, 2))
    assert first_view(flow, "flow", "gain", SLIDER) == View("gain", "gain", 0, 4, 5, 2)


def test_a_view_that_waits_for_a_node_of_that_name_shows_it() -> None:
    flow = flow_with(flow="slider = [3, 3, 6, 2]")
    edit, node = wiring.add_node(flow, CATALOG, "flow", "flodesk.nodes.control.slider", None)
    added = edit.apply(flow)[0]
    assert node == "slider"
    assert added.header.panel["flow"] == flow.header.panel["flow"]


def test_a_view_of_something_else_keeps_its_name() -> None:
    flow = flow_with(flow='slider = { at = [0, 0, 4, 2], shows = "lost" }')
    edit, _ = wiring.add_node(flow, CATALOG, "flow", "flodesk.nodes.control.slider", None)
    panel = edit.apply(flow)[0].header.panel["flow"]
    assert {view.shows for view in panel.values()} == {"lost", "slider"}
    assert panel["slider"] == flow.header.panel["flow"]["slider"]
