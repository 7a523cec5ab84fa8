"""A first place on the control panel for what is to be seen or turned."""

from __future__ import annotations

from flodesk.flow.model import Flow, View
from flodesk.flow.spec import NodeSpec

COLUMNS = 12
"""Width of the panel's grid."""

SIZES = {
    "slider": (5, 2), "number": (3, 2), "switch": (2, 2), "button": (2, 2), "choice": (3, 2),
    "line": (8, 6), "table": (8, 5), "lamp": (2, 2), "text": (6, 2),
}  # fmt: skip
"""Columns and rows of a first view, by the type's own name."""
OTHER = {"control": (4, 2), "indicator": (6, 4)}


def first_view(flow: Flow, function: str, node: str, spec: NodeSpec) -> View | None:
    """Return a view of a new control or indicator in the first free place; None for other nodes."""
    if spec.role not in OTHER:
        return None
    width, height = SIZES.get(spec.name, OTHER[spec.role])
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
