"""What the checker says of the lines of the control panel that can be shown only somewhere else than they say."""

from __future__ import annotations

from collections.abc import Iterator

from flodesk.flow.cells import COLUMNS, ROWS, TALLEST, Cells
from flodesk.flow.model import Flow
from flodesk.flow.problem import About, quoted
from flodesk.flow.script import toml
from flodesk.flow.script.header import key_of
from flodesk.flow.script.unread import unread

_HINT = (
    f"Write [column, row, width, height] in whole numbers: columns 0 to {COLUMNS - 1}, rows 0 to {ROWS - 1}, "
    f"sizes from 1, heights to {TALLEST}; or put it in the first free place."
)


def check_view_places(flow: Flow) -> Iterator[tuple[str, str, About]]:
    """Find views whose place is none; gives (message, hint, what it is about) of each."""
    for function, views in flow.header.panel.items():
        for key, view in views.items():
            shown = Cells.of(view)
            written = [view.column, view.row, view.width, view.height]
            if shown == Cells(*written) and not view.odd_at:
                continue
            odd = view.odd_at[0] if view.odd_at else written
            said = toml.short(odd) if odd is not None else "of nowhere"
            message = f"The view {quoted(key)} has the place {said}, which the panel does not have: it is shown near."
            yield message, _HINT, About(function=function, name="at", port=key, entry=("panel", key_of(function), key))


def check_unread(flow: Flow) -> Iterator[tuple[str, str, About]]:
    """Find lines of the canvas and the panel that are none; gives (message, hint, what it is about) of each."""
    for path, item in unread(flow.header):
        name = toml.path(path)
        message = f"The line {quoted(name)} of the header says {toml.short(item)}, which cannot be understood."
        yield message, f"Write {_MEANT[path[0]][len(path) - 1]}, or take the line out.", About(name=name, entry=path)


_MEANT = {
    "canvas": ("a table [tool.flodesk.canvas.FUNCTION]",) * 2 + ("[x, y] in pixels",),
    "panel": ("a table [tool.flodesk.panel.FUNCTION]",) * 2
    + ('[column, row, width, height] in whole numbers, or { at = [0, 0, 4, 2], shows = "node", page = "name" }',),
}
