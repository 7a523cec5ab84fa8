"""What the checker says of the lines of the control panel that can be shown only somewhere else than they say."""

from __future__ import annotations

from collections.abc import Iterator

from flodesk.flow.cells import COLUMNS, ROWS, TALLEST, Cells
from flodesk.flow.model import Flow
from flodesk.flow.problem import About, quoted
from flodesk.flow.script.header import key_of

_HINT = (
    f"Write [column, row, width, height] in whole numbers: columns 0 to {COLUMNS - 1}, rows 0 to {ROWS - 1}, "
    f"sizes from 1, heights to {TALLEST}; or put it in the first free place."
)


def check_view_places(flow: Flow) -> Iterator[tuple[str, str, About]]:
    """Find views whose place is none; gives (message, hint, what it is about) of each."""
    for function, views in flow.header.panel.items():
        for key, view in views.items():
            shown = Cells.of(view)
            if shown == Cells(view.column, view.row, view.width, view.height):
                continue
            said = f"{[view.column, view.row, view.width, view.height]}"
            message = f"The view {quoted(key)} has the place {said}, which the panel does not have: it is shown near."
            yield message, _HINT, About(function=function, name="at", port=key, entry=("panel", key_of(function), key))
