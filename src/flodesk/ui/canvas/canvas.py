"""The canvas of one function: shows its picture, and turns gestures into edits of the document."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QShowEvent
from shiboken6 import isValid

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import Graph, picture
from flodesk.flow.pieces import pieces
from flodesk.flow.routes import routes
from flodesk.ui.canvas import keys
from flodesk.ui.canvas.adding import Adding
from flodesk.ui.canvas.aligning import Aligning
from flodesk.ui.canvas.branching import Branching
from flodesk.ui.canvas.canvas_view import CanvasView
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.changes import Changes, InputEnd, OutputEnd
from flodesk.ui.canvas.chip_editing import ChipEditing
from flodesk.ui.canvas.context_menu import ContextMenu
from flodesk.ui.canvas.converting import Converting
from flodesk.ui.canvas.dragging import Dragging, flat
from flodesk.ui.canvas.flash import flash
from flodesk.ui.canvas.function_ports import FunctionPorts
from flodesk.ui.canvas.key_view import KeyView
from flodesk.ui.canvas.key_walk import KeyWalk
from flodesk.ui.canvas.lost_wire import LostWires
from flodesk.ui.canvas.mapping import ForEach
from flodesk.ui.canvas.picking import GRIP, Picking
from flodesk.ui.canvas.pieces.desk import Desk
from flodesk.ui.canvas.placing import Place, places
from flodesk.ui.canvas.probe_marks import ProbeMarks
from flodesk.ui.canvas.replacing import Replacing
from flodesk.ui.canvas.routing import Routing
from flodesk.ui.canvas.snapping import Snapping
from flodesk.ui.canvas.switching import Switching
from flodesk.ui.canvas.tidying import tidied
from flodesk.ui.canvas.wire_gesture import Requests
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.menus import Entry
from flodesk.ui.soon import soon

_HINT = (
    "Double-click to add a node, or drag one from the library",
    "Type python for a function of your own, or = and a formula",
    "Wheel to zoom, space and drag to move around",
    "Or begin with one of the examples: Shift+F1",
)


class FlowCanvas(CanvasView):
    """Shows a function of the document as cards and wires. It changes nothing by itself: gestures become edits.

    Signals
    -------
    selection_changed : list of node ids
    quick_add_requested : place on the screen, place on the canvas, and an `OutputEnd`, an `InputEnd`, or None
    node_activated : ``function.node``
    subflow_wanted : the selected nodes are to become a subflow
    refused : a sentence that says why a gesture came to nothing
    files_dropped : their paths, and a place on the canvas
    source_wanted : ``function.node`` of a new node of one's own Python, which is to be written
    """

    selection_changed = Signal(list)
    quick_add_requested = Signal(QPoint, QPointF, object)
    node_activated = Signal(str)
    subflow_wanted = Signal()
    refused = Signal(str)
    files_dropped = Signal(list, QPointF)
    source_wanted = Signal(str)

    def __init__(self, document: Document, catalog: Catalog, function: str = "flow") -> None:
        super().__init__()
        self.document = document
        self.catalog = catalog
        self.function = function
        self._seen: tuple[object, object] | None = None
        self._invented: dict[str, Place] = {}
        self._fit_when_shown = True
        self.changes = Changes(
            document,
            function,
            lambda: self.catalog,
            lambda: self.board.graph,
            self.refused.emit,
            lambda end, place: self._ask_for_node(place, end),
            self._let_choose,
        )
        self.picking = Picking(self, self.viewer, self.board, self.changes)
        self.picking.extra_places = self.changes.made_up = lambda: dict(self._invented)
        self.pieces = Desk(self, document, function, self.viewer, self.board, self.changes, self.picking)
        self.pieces.pointer = self.pointer
        self.fields = ChipEditing(document, self.viewer, self.board, self.changes)
        self.picking.edit_field = self.fields.edit
        self.routing = Routing(self.viewer, self.board, self.changes, self.picking)
        self.aligning = Aligning(self.board, self.picking)
        scene, self.snapping = self.viewer.scene(), Snapping(self.viewer.scene())
        self.viewer.dragging = dragging = Dragging(self.board, self.snapping, self.viewer)
        scene.dragged, scene.dropped, scene.snap_edge = dragging.follow, dragging.end, dragging.snap_edge
        self.lost = LostWires(self.board.cards)
        self.fitting.more = lambda: self.differences.extent().united(self.lost.extent())
        self.adding = Adding(document, function, self.board, self.changes, lambda: self.catalog)
        self.viewer.dropping.fits_into = self.adding.fits_into
        self.adding.written = lambda key: self.source_wanted.emit(f"{function}.{key}")
        converting = Converting(self.board, self.adding, lambda: self.catalog, self._answer, self.select, self.changes)
        self.changes.offer_converter = converting.offer
        self.picking.changed.connect(self.selection_changed)
        self.picking.changed.connect(lambda _: self.minimap.follow.start())
        self.context = ContextMenu(self, self.viewer, self.board, self.changes, self.picking, self.pieces)
        self.context.of_fields = self.fields.entries
        self.context.mapping = ForEach(document, self.board, self.changes).entries
        self.context.of_wire = self.routing.entries
        self.context.apart = self.adding.take_apart
        self.switching = Switching(document, self.board, self.changes, self.picking)
        self.context.arranging = lambda: [*self.switching.entries(), *self.aligning.entries()]
        self.probes = ProbeMarks(self.viewer, self.board, self.hovering)
        self.picking.probe, self.context.probing = self.probes.toggle, self.probes.entries
        self.context.subflow_wanted.connect(self.subflow_wanted)
        self.picking.activated.connect(lambda key: self.node_activated.emit(f"{function}.{key}"))
        self.picking.add_wanted.connect(self._ask_for_node)
        self.picking.fit_wanted.connect(self.fit)
        self.walk = KeyWalk(self.viewer, self.board, self.changes, self.picking, self.hovering)
        self.walk.new_nodes, self.adding.added = self.adding.new_nodes, lambda key: self.select([key])
        ends = FunctionPorts(document, function, lambda: self.catalog, self.board, self.changes, self.picking.naming)
        self.branching = Branching(document, function, lambda: self.catalog, self.board, self.changes, self.picking)
        self.context.of_ends = lambda card: [*ends.entries(card), *self.branching.entries(card)]
        self.context.of_function, self.context.around = ends.of_ground, self.branching.around
        self.context.of_wire = lambda wire, at: [*self.branching.of_wire(wire), *self.routing.entries(wire, at)]
        self.viewer.gesture.new_port, self.walk.more = ends.dropped, ends.offered
        view = KeyView(self.viewer, self.board, self.picking)
        self.viewer.keys = lambda event: self.walk.press(event) or view.press(event) or keys.press(self.picking, event)
        self.viewer.dropping.node_dropped.connect(self._dropped)
        self.replacing = Replacing(document, self.board, self.changes, self.picking, lambda: self.catalog)
        self.viewer.dropping.stands_for = self.replacing.why_not
        self.viewer.dropping.node_dropped_on.connect(self.replacing.replace)
        self.viewer.dropping.files_dropped.connect(self.files_dropped)
        self._listen()
        self.refresh()

    def _requests(self) -> Requests:
        return self.changes

    def _listen(self) -> None:
        told = weakref.WeakMethod(self._document_changed)

        def tell(change: Change) -> None:
            hear = told()
            if hear is not None:
                hear(change)

        listeners = self.document.listeners
        listeners.append(tell)
        self.destroyed.connect(lambda: listeners.remove(tell) if tell in listeners else None)

    # -------------------------------------------------------------- the document
    def _document_changed(self, change: Change) -> None:
        if not isValid(self) or change.kind == "save":
            return
        self.adding.follow(change)
        if change.kind == "open":
            if not change.again:
                self._invented.clear()
                self._seen = None  # it may be shown already, by places that were made up for the flow before
                self._fit_when_shown = True
            self.board.forget_run()
        self.refresh()
        if self._fit_when_shown and self.isVisible():  # here: an edit, which refreshes too, must not move the view
            self._fit_soon()

    def refresh(self) -> None:
        """Show the document as it is now; items of what did not change stay."""
        flow = self.document.flow
        if self._seen is not None and self._seen[0] is flow and self._seen[1] is self.catalog:
            return
        self._seen = (flow, self.catalog)
        if self.function in flow.functions:
            graph = picture(flow, self.catalog, self.function)
        else:
            graph = Graph(self.function, {}, ())
        found = pieces(flow, self.function)
        self.viewer.say_hint(() if graph.nodes or found else _HINT)
        self.board.show_pieces(found)
        self.board.show(graph, self._places(graph), flow)
        self.lost.show(graph.lost)
        self.board.show_routes(routes(flow, self.function))
        self.viewer.gesture.check()
        self.walk.check()
        self.picking.report()
        self.minimap.refresh()

    def _places(self, graph: Graph) -> Mapping[str, Place]:
        """Return every card's place: the header's, or one that is made up here and kept while the canvas is open."""
        given = self.document.flow.header.canvas.get(self.function, {})
        if graph.nodes.keys() <= given.keys():
            self._invented = {}
            return given
        placed = {key: given[key] for key in graph.nodes if key in given}
        self._invented = {k: v for k, v in self._invented.items() if k in graph.nodes and k not in placed}
        known = placed | self._invented
        if len(known) < len(graph.nodes):
            cards = {key: measure(node) for key, node in graph.nodes.items()}
            self._invented |= places(graph, {k: (c.width, c.height) for k, c in cards.items()}, known)
        return self._invented | placed

    # -------------------------------------------------------------- the selection, see `Picking`
    def selection(self) -> list[str]:
        """Return the ids of the selected nodes."""
        return self.picking.selection()

    def select(self, ids: Iterable[str], *, reveal: bool = True) -> None:
        """Select nodes, by id or ``function.node``; with `reveal` they are brought into view."""
        self.picking.select(ids, reveal=reveal)

    def reveal(self, name: str) -> None:
        """Bring a node into view, by its id or that of one of its statements; one that is to be seen moves nothing."""
        key = self.board.node_of(f"{self.function}.{name}")
        box = self.board.cards[key].box() if key is not None else None
        if box is not None and (not self.viewer.visible_rect().contains(box) or self.minimap.covers(box)):
            self.viewer.center_on(box.center())

    def lead_to(self, name: str) -> bool:
        """Select a node, bring all of it into view and light it up for a moment; return whether there is such a one."""
        key = self.board.node_of(f"{self.function}.{name}")
        if key is None:
            return False
        self.select([key])
        self.reveal(key)
        flash(self.viewer.scene(), self.board.cards[key].box())
        return True

    def select_all(self) -> None:
        """Select every node."""
        self.picking.select_all()

    def delete_selection(self) -> None:
        """Delete the selected nodes and wires."""
        self.picking.delete_selection()

    def rename_selected(self) -> None:
        """Edit the name of the selected node on its card."""
        self.picking.rename_selected()

    # -------------------------------------------------------------- cards come, and find their places: see `Adding`
    def add_node(self, spec_path: str, scene_pos: QPointF, source: tuple[str, ...] | None = None) -> str:
        """Add a node of a type, wired to the loose end `source` if there is one; return its id, empty if refused."""
        return self.adding.add(spec_path, scene_pos, source)

    def free_place(self, spec_path: str, wanted: QPointF | None = None) -> QPointF:
        """Return where a new node of a type covers no other, next to `wanted` or to the middle of the view."""
        if wanted is None:
            return self.adding.free_place_around(spec_path, self.scene_center())
        return self.adding.free_place(spec_path, wanted)

    def paste(self, text: str, middle: QPointF | None = None, origin: str = "") -> list[str]:
        """Add the nodes of a Python text where nothing is covered, select them, and return their ids.

        They come near `middle`, by default that of the view. `origin` says where the text is from, if not pasted.
        """
        before = set(self.board.pieces)
        added = self.adding.paste(text, self.scene_center() if middle is None else middle, origin)
        drawn = [item for key, item in self.board.pieces.items() if key not in before]
        here = [key for key in added if key in self.board.cards]
        if here or drawn:
            self.select(here)
            self.picking.choose([*self.picking.cards(), *drawn], reveal=False)
        return added

    def tidy(self) -> None:
        """Lay out the selected cards, or all of them, anew, in columns as the values go; one step for undo."""
        boxes = {key: flat(card.box()) for key, card in self.board.cards.items()}
        chosen = self.pieces.along()[0]
        only = chosen if len(chosen) > 1 else []
        fresh, drawn = tidied(self.board.graph, boxes, pieces(self.document.flow, self.function), only)
        now = {key: box[:2] for key, box in boxes.items() if key in fresh}
        bent = [w for w in self.board.bent() if w.wire.source[0] in fresh and w.wire.target[0] in fresh]
        straight = {wire.name: replace(wire.route, points=()) for wire in bent}
        moved = bool(fresh) and (fresh != now or bool(straight))
        if moved and self.changes.move(fresh, title="Tidy", pieces=drawn, routes=straight) and not only:
            self.fit()

    def add_into(self, path: str, wire: WireItem) -> None:
        """Add a node of a type into a wire, or beside it if it does not fit, and select it."""
        self._drop(path, wire.middle(), wire)

    def _dropped(self, path: str, place: QPointF) -> None:
        self._drop(path, place, self.viewer.scene().wire_near(place))

    def _drop(self, path: str, place: QPointF, wire: WireItem | None) -> None:
        added, remark = self.adding.drop(path, place - GRIP, wire)
        if remark:
            self.refused.emit(remark)
        if added:
            self.select([added])
            self.viewer.setFocus()

    def _ask_for_node(self, place: QPointF, end: OutputEnd | InputEnd | None = None) -> None:
        """Let a node be chosen that is to come here, wired to the end of a wire that was let go."""
        at = self.viewport().mapToGlobal(self.viewer.mapFromScene(place))
        self.quick_add_requested.emit(at, place, end)

    def _let_choose(self, entries: list[Entry], place: QPointF) -> None:
        self._answer("", entries, place)

    def _answer(self, words: str, entries: list[Entry], place: QPointF) -> None:
        self.context.offer(entries, self.viewport().mapToGlobal(self.viewer.mapFromScene(place)), words)

    # -------------------------------------------------------------- Qt
    def showEvent(self, event: QShowEvent) -> None:
        """Show the whole flow when it comes on the screen for the first time."""
        super().showEvent(event)
        if self._fit_when_shown:
            self._fit_soon()

    def _fit_soon(self) -> None:
        # once the layout has given the viewport its size
        self._fit_when_shown = False
        soon(self, self.fit)
