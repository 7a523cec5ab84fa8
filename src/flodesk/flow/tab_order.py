"""The order of the tabs of a group: that in which the lines of its views stand in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flodesk.flow.edit import EditError, SetPanel, panel_functions
from flodesk.flow.groups import Member, tabs
from flodesk.flow.model import Flow


def tabs_of(flow: Flow, page: str, group: str) -> tuple[str, ...]:
    """Return the tabs of a group of a page, in their order."""
    panel = flow.header.panel
    views = [view for function in panel_functions(flow) for view in panel[function].values() if view.page == page]
    return tabs({str(number): Member.of(view) for number, view in enumerate(views)}, group)


def order_tabs(flow: Flow, page: str, group: str, wanted: Sequence[str]) -> SetPanel:
    """Return the edit that puts the tabs of a group into another order: its lines change places with one another.

    Raises
    ------
    EditError
        No order of the lines gives this order of the tabs: each function has lines of its own.
    """
    rank = {tab: number for number, tab in enumerate(wanted)}
    panel = dict(flow.header.panel)
    for function, views in panel.items():
        own = [name for name, view in views.items() if (view.page, view.group) == (page, group) and view.tab in rank]
        moved = dict(zip(own, sorted(own, key=lambda name: rank[views[name].tab]), strict=True))
        names = [moved.get(name, name) for name in views]
        panel[function] = {name: views[name] for name in names}
    header = replace(flow.header, panel=panel)
    if tabs_of(replace(flow, header=header), page, group) != tuple(wanted):
        raise EditError(
            f"The tabs of “{group}” cannot stand like that: those that show one function come before those that show "
            "the next."
        )
    return SetPanel(header, f"Move a tab of the group “{group}”")
