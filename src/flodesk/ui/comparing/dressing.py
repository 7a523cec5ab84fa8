"""The differences on the canvases: each function that is shown wears those of its own."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Comparison
from flodesk.flow.diff.overlay import Overlay, overlay
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases


class Dressing:
    """Marks the canvases, those that are opened meanwhile too, until it takes the marks off."""

    def __init__(self, canvases: Canvases, catalog: Callable[[], Catalog]) -> None:
        self._canvases, self._catalog = canvases, catalog
        self._old: Flow | None = None
        self._comparison = Comparison((), {})
        self._before: dict[str, Graph | None] = {}
        canvases.page_made.connect(self._dress)

    def show(self, comparison: Comparison, old: Flow) -> None:
        """Mark what is different from the flow `old`."""
        self._old, self._comparison = old, comparison
        self._before.clear()
        for page in self._canvases.pages:
            self._dress(page)

    def take_off(self) -> None:
        """Mark nothing any more."""
        self._old, self._comparison = None, Comparison((), {})
        self._before.clear()
        for page in self._canvases.pages:
            page.differences.show(None)

    def _dress(self, page: FlowCanvas) -> None:
        if self._old is None:
            return
        before = self._picture_before(self._old, page.function) if self._comparison.differences else None
        places = self._old.header.canvas.get(before.function, {}) if before is not None else {}
        made = (
            overlay(self._comparison, before, page.board.graph, places) if self._comparison.differences else Overlay()
        )
        page.differences.show(made, before)

    def _picture_before(self, old: Flow, function: str) -> Graph | None:
        """Draw a function as it was; None if there was none."""
        if function not in self._before:
            became = self._comparison.became.get(function)
            there = became is not None and became.function in old.functions
            self._before[function] = picture(old, self._catalog(), became.function) if became and there else None
        return self._before[function]
