"""Finding in the flow: looks while one types, marks what was found on every canvas, and goes from one to the next."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.document import Change, Document
from flodesk.flow.finding import Hit, Index, find, pattern
from flodesk.flow.graph import Graph
from flodesk.flow.script.spans import Spans
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvas.found_marks import FoundMarks
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.finding.panel import FindPanel
from flodesk.ui.script import ScriptPane

REST = 120
"""Milliseconds after an edit until an open search is made anew."""


class Finding(QObject):
    """The search of a window.

    Attributes
    ----------
    hits : list of Hit
        What was found, in the order of the functions.
    current : int
        Which of them is shown; -1 for none.
    """

    said = Signal(str)

    def __init__(
        self, parent: QWidget, document: Document, checking: Checking, canvases: Canvases, script: ScriptPane
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._checking = checking
        self._canvases = canvases
        self._script = script
        self._index = Index()
        self._marks: dict[str, FoundMarks] = {}
        self.hits: list[Hit] = []
        self.current = -1
        self.panel = FindPanel(parent, canvases.area)
        self.panel.typed.connect(self.search)
        self.panel.stepped.connect(self._step)
        self.panel.picked.connect(self.go_to)
        self.panel.left.connect(self._leave)
        self._soon = QTimer(self, singleShot=True, interval=REST)
        self._soon.timeout.connect(self._again)
        canvases.page_made.connect(self._page_made)
        for page in canvases.pages:
            self._page_made(page)
        document.listeners.append(self._changed)

    # -------------------------------------------------------------- verbs
    def open(self) -> None:
        """Ask what is looked for; what was looked for last is there, and selected."""
        self.panel.open()
        self.search()

    def next(self) -> None:
        """Show the next hit, or open the search if nothing was looked for yet."""
        self._step_or_ask(1)

    def previous(self) -> None:
        """Show the hit before."""
        self._step_or_ask(-1)

    def search(self) -> None:
        """Look for what stands in the field, and mark it; the view stays where it is."""
        text = self.panel.field.text()
        problem, hits = "", []
        try:
            wanted = pattern(text, self.panel.case.isChecked(), self.panel.regular.isChecked())
        except re.error as error:
            problem = f"No such pattern: {error}"
        else:
            places = self._index.places(self._document.flow, self._checking.catalog, self._drawn)
            hits = find(places, wanted) if text else []
        before = self.hits[self.current].place if 0 <= self.current < len(self.hits) else None
        self.hits = hits
        self.current = next((n for n, hit in enumerate(hits) if hit.place == before), -1)
        self.panel.show_hits(hits)
        self._show(problem)

    def go_to(self, number: int) -> None:
        """Select a hit and bring it into the middle of the view."""
        self.current = number
        place = self.hits[number].place
        if place.kind == "top":
            self._to_line(place.id, place.line)
        elif self._canvases.tabs.open(place.function):
            page = self._canvases.current
            item = self._marks[place.function].item((place.kind, place.id))
            page.picking.choose([item] if item is not None else [], reveal=False)
            if item is not None:
                beside = self.panel.width() / 2 / page.zoom() if self.panel.isVisible() else 0.0
                page.viewer.center_on(item.box().center() + QPointF(beside, 0))  # of what the search leaves free
        self._show()

    # -------------------------------------------------------------- inside
    def _step_or_ask(self, step: int) -> None:
        if not self.panel.field.text():
            self.open()
            return
        if not self.panel.isVisible():
            self.search()
            if not self.hits:
                self.said.emit(f"“{self.panel.field.text()}” is not in this flow.")
        self._step(step)

    def _step(self, step: int) -> None:
        if self.hits:
            first = 0 if step > 0 else len(self.hits) - 1
            self.go_to((self.current + step) % len(self.hits) if self.current >= 0 else first)

    def _to_line(self, statement: str, line: int) -> None:
        """Show a line at the top of the file in the script, which has no card."""
        spans = Spans(self._document.flow).of("", statement)
        dock = self._script.parentWidget()
        if spans and dock is not None:
            dock.show()
            dock.raise_()
            self._script.editor.show_line(spans[0].first + line)

    def _drawn(self, function: str) -> Graph | None:
        """Return the picture of a function that its canvas shows already."""
        page = next((p for p in self._canvases.pages if p.function == function), None)
        return page.board.graph if page is not None else None

    def _show(self, problem: str = "") -> None:
        shown = self.panel.isVisible()
        here = self.hits[self.current].place.card if 0 <= self.current < len(self.hits) else None
        self.panel.show_current(self.current, len(self.hits), problem)
        found: dict[str, list[tuple[str, str]]] = {}
        for hit in self.hits if shown else ():
            found.setdefault(hit.place.function, []).append((hit.place.kind, hit.place.id))
        for function, marks in self._marks.items():
            marks.show(found.get(function, ()), here[1:] if here is not None and here[0] == function else None)

    def _leave(self) -> None:
        self._show()
        self._canvases.current.setFocus()

    def _page_made(self, page: FlowCanvas) -> None:
        self._marks[page.function] = FoundMarks(page.board)
        if self.panel.isVisible():
            self._soon.start()

    def _changed(self, change: Change) -> None:
        if change.kind == "open" and not change.again:
            self.hits, self.current = [], -1
        if self.panel.isVisible() and change.kind != "save":
            self._soon.start()

    def _again(self) -> None:
        if self.panel.isVisible():
            self.search()
