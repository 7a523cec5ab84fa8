"""The canvases of a flow: one a function, behind tabs where there are several."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QPointF, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from flodesk.engine.client import NodeState, Sample
from flodesk.engine.preview import Preview
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.model import Address
from flodesk.ui.calling import Calling
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvas.heat_paint import Heat
from flodesk.ui.canvas.hovering import Examine
from flodesk.ui.function_tabs import FunctionTabs
from flodesk.ui.marks import Marks
from flodesk.ui.snap_switches import SnapSwitches

LEAST = 190
"""Height in pixels that a canvas keeps in a low window: some cards are to be seen with a dock open below."""
NARROWEST = 200
"""Width in pixels that it keeps beside a panel."""
_REST = 50
"""Milliseconds between two looks at what a canvas shows while it is panned or zoomed."""


class Canvases(QWidget):
    """Shows the canvas of one function at a time; the signals are those of the canvas that is shown."""

    selection_changed = Signal(str, list)
    quick_add_requested = Signal(QPoint, QPointF, object)
    node_activated = Signal(str)
    subflow_wanted = Signal()
    replacement_wanted = Signal()
    own_source_wanted = Signal()
    refused = Signal(str)
    files_dropped = Signal(list, QPointF)
    source_wanted = Signal(str)
    breakpoint_wanted = Signal(str, bool)
    page_made = Signal(object)
    """A function has got its canvas."""
    probe_wanted = Signal(list)
    view_moved = Signal()
    """Other parts of a canvas are seen than before, nearer or farther."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        super().__init__()
        self.setObjectName("canvases")
        self._document = document
        self._catalog = catalog
        self.minimap_shown = True
        self.snaps = SnapSwitches()
        self._covered = 0
        self.breakpoint_of: Callable[[str], str | None] = lambda _: None
        """The condition of the breakpoint at a place; None if there is none."""
        self.examine: Examine = lambda name, told: None
        """Asks the engine for a close look at a value."""
        self._pages: dict[str, FlowCanvas] = {}
        self.marks = Marks(self._pages)
        self.tabs = FunctionTabs(document)
        self.calling = Calling(document, lambda: self._catalog, lambda: self.tabs.function)
        self.tabs.changed.connect(self._renew_pages)
        self.tabs.turned.connect(self._turn)
        self.tabs.refused.connect(self.refused)
        self.tabs.left.connect(lambda: self.current.setFocus())
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(NARROWEST, LEAST)
        self._moved = QTimer(self, singleShot=True, interval=_REST)
        self._moved.timeout.connect(self.view_moved)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self.refresh()

    @property
    def current(self) -> FlowCanvas:
        """The canvas that is shown."""
        page = self._stack.currentWidget()
        assert isinstance(page, FlowCanvas)
        return page

    @property
    def pages(self) -> tuple[FlowCanvas, ...]:
        """The canvases of the functions that were shown already."""
        return tuple(self._pages.values())

    def fit(self) -> None:
        """Show the whole flow, and go on to when the canvas gets another size, until somebody zooms, pans or edits."""
        self.current.fit()

    def hold(self) -> None:
        """Keep zoom and place from now on, whatever size the canvas gets: the flow is being edited."""
        self.current.fitting.hold()

    def give_way(self, pixels: int) -> None:
        """Let no card be behind the upper `pixels` of the view, where a message lies."""
        self._covered = pixels
        self.current.give_way(pixels)

    def forget_selection(self) -> None:
        """Select nothing on any canvas: another flow is open, whose nodes may have the same names."""
        for page in self._pages.values():
            page.picking.clear_selection()

    def show_above(self, row: QWidget) -> None:
        """Put a row between the tabs and the canvas."""
        self._column.insertWidget(1, row)

    @property
    def area(self) -> QWidget:
        """Where the canvases are, below the tabs."""
        return self._stack

    def toggle_minimap(self) -> None:
        """Show or hide the small map."""
        self.minimap_shown = not self.minimap_shown
        for page in self._pages.values():
            page.minimap.want(self.minimap_shown)

    @property
    def function(self) -> str:
        """The function that is shown."""
        return self.tabs.function

    def refresh(self, catalog: Catalog | None = None) -> None:
        """Show the document as it is now."""
        self._catalog = catalog or self._catalog
        self.tabs.refresh()
        for page in self._pages.values():
            page.catalog = self._catalog
            page.refresh()  # at once, and not when the page itself hears of the change: then it has nothing to do

    def show_node(self, address: str) -> None:
        """Select a node by ``function.node``, on its own canvas."""
        found = Address.parse(address)
        if self.tabs.open(found.function):
            self.current.select([found.id])
            self.current.setFocus()

    def go_to(self, address: str) -> bool:
        """Lead an eye to a node (``function.node``): its canvas, in the middle unless it is in view, lit for a moment.

        Returns
        -------
        bool
            Whether there is such a node.
        """
        found = Address.parse(address)
        if not self.tabs.open(found.function) or not self.current.lead_to(found.id):
            return False
        self.current.setFocus()
        return True

    def show_heat(self, heats: Mapping[str, Heat], title: str) -> None:
        """Colour the cards of the canvas that is seen by what their nodes take; `title` is of the legend."""
        for page in self._pages.values():
            shown = page is self.current
            page.board.show_heat(heats if shown else {})
            page.legend.show_title(title)

    def reveal(self, address: str) -> None:
        """Bring a node (``function.statement``) into view on its own canvas, whatever is selected."""
        found = Address.parse(address)
        if self.tabs.open(found.function):
            self.current.reveal(found.id)

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Show states on the canvas that is seen."""
        self.current.show_states(states)

    def show_previews(self, previews: Mapping[str, Preview], samples: Mapping[str, Sample] | None = None) -> None:
        """Show values on the canvas that is seen."""
        self.current.show_previews(previews, samples)

    def look_back(self, run: str) -> None:
        """Mark the values on the canvas that is seen which the newest run has not made."""
        self.current.look_back(run)

    def visible_ports(self) -> set[str]:
        """Return the values that the canvas that is seen wants to show, and those of arms on the others.

        Those of arms are kept only while somebody looks: nobody could fetch them when the canvas is seen again.
        """
        if not self.isVisible():
            return set()
        return self.current.visible_ports().union(*(page.board.graph.shared for page in self.pages))

    def _view_changed(self) -> None:
        if not self._moved.isActive():
            self._moved.start()

    def _renew_pages(self) -> None:
        for gone in set(self._pages) - set(self.tabs.functions):
            page = self._pages.pop(gone)
            self._stack.removeWidget(page)
            page.deleteLater()
        self._turn()

    def _turn(self) -> None:
        function = self.function
        if function not in self._pages:
            page = FlowCanvas(self._document, self._catalog, function)

            def selected(ids: list[str]) -> None:
                if function == self.function:  # what is selected where nobody looks is told when it is turned to
                    self.selection_changed.emit(function, ids)

            page.selection_changed.connect(selected)
            page.quick_add_requested.connect(self.quick_add_requested)
            page.node_activated.connect(self.node_activated)
            page.subflow_wanted.connect(self.subflow_wanted)
            page.context.replacement_wanted.connect(self.replacement_wanted)
            page.context.own_source_wanted.connect(self.own_source_wanted)
            page.refused.connect(self.refused)
            page.files_dropped.connect(self.files_dropped)
            page.source_wanted.connect(self.source_wanted)
            page.context.breakpoint_of = lambda place: self.breakpoint_of(place)
            page.context.breakpoint_wanted.connect(self.breakpoint_wanted)
            page.context.function_name_wanted.connect(self.tabs.rename_shown)
            self.marks.mark(page)
            page.probes.wanted.connect(self.probe_wanted)
            page.hovering.examine = lambda name, told: self.examine(name, told)
            page.zoom_changed.connect(self._view_changed)
            page.minimap.want(self.minimap_shown)
            page.snapping.snaps = self.snaps
            self._pages[function] = page
            self._stack.addWidget(page)
            self.page_made.emit(page)
        self._stack.setCurrentWidget(self._pages[function])
        page = self._pages[function]
        page.give_way(self._covered)
        self.selection_changed.emit(function, page.selection())
