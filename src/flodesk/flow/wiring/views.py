"""A first place on the control panel for what is to be seen or turned."""

from __future__ import annotations

from flodesk.flow.forms import first_size
from flodesk.flow.model import Flow, View
from flodesk.flow.spec import NodeSpec

COLUMNS = 12
"""Width of the panel's grid."""


def first_view(flow: Flow, function: str, node: str, spec: NodeSpec) -> View | None:
    """Return a view of a new node that belongs on the panel in the first free place; None for other nodes."""
    if not spec.viewed:
        return None
    width, height = first_size(spec)
    others = [view for view in flow.header.panel.get(function, {}).values() if not view.page]
    row = 0
    while True:
        for column in range(COLUMNS - width + 1):
            if not any(_meet(view, column, row, width, height) for view in others):
                return View(node, node, column, row, width, height)
        row += 1


def _meet(view: View, column: int, row: int, width: int, height: int) -> bool:
    """Say whether a view lies over a place."""
    return (
        view.column < column + width
        and column < view.column + view.width
        and view.row < row + height
        and row < view.row + view.height
    )
