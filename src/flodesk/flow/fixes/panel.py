"""Fixes for lines of the control panel: a place that is none, and what is no line at all."""

from __future__ import annotations

from collections.abc import Iterator

from flodesk.flow.cells import Cells, free_place, written
from flodesk.flow.edit import SetPanel, SetView
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.groups import taken_on_page
from flodesk.flow.problem import quoted
from flodesk.flow.script.unread import unread, without


def in_free_place(broken: Broken) -> Iterator[Fix]:
    """Put a view where nothing else stands on its page, or take it off the panel."""
    function, key = broken.function, broken.about.port
    found = broken.flow.header.panel.get(function, {}).get(key)
    if found is None:
        return
    others, _ = SetView(function, key, None).apply(broken.flow)
    size = Cells.of(found)
    free = free_place(taken_on_page(others, found.page), size.width, size.height)
    title = f"Put {quoted(key)} in the first free place"
    yield from broken.step("move", title, lambda: SetView(function, key, written(found, free)))
    title = f"Take the view of {quoted(found.shows)} off the panel"
    yield from broken.step("remove", title, lambda: SetView(function, key, None))


def unread_line(broken: Broken) -> Iterator[Fix]:
    """Take a line that cannot be understood out of the header."""
    header, path = broken.flow.header, broken.about.entry
    if path in dict(unread(header)):
        title = f"Take {broken.about.name} out of the header"
        yield from broken.step("remove", title, lambda: SetPanel(without(header, path), title))
