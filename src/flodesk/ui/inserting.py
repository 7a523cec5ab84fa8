"""Nodes that are added by a search: from the library, by quick add, or in the place of another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow import wiring
from flodesk.flow.graph import Node
from flodesk.flow.spec import NodeSpec
from flodesk.ui.canvas import FlowCanvas, InputEnd, OutputEnd
from flodesk.ui.canvas.card import title_of
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.quickadd import QuickAdd


class Inserting(QObject):
    """Opens quick add, and puts on the canvas what is chosen. `help_wanted` gives the node type that is asked about."""

    help_wanted = Signal(object)

    def __init__(self, window: QWidget, checking: Checking, canvases: Canvases) -> None:
        super().__init__(window)
        self._window = window
        self._checking = checking
        self._canvases = canvases

    # -------------------------------------------------------------- Python of one's own
    def new_function(self) -> None:
        """Add a node that calls a new function of this file, whose source is to be written."""
        self.from_library(wiring.NEW_FUNCTION.path)

    def new_expression(self) -> None:
        """Open quick add for an expression: what is typed behind the equals sign is calculated."""
        popup = self._quick_add()
        popup.field.setText("= ")

    def new_if(self) -> None:
        """Open quick add for an `if`: what is typed behind it is its test."""
        popup = self._quick_add()
        popup.field.setText("if ")

    # -------------------------------------------------------------- from the library
    def from_library(self, path: str) -> None:
        """Add a node of a type, wired to the selected card if that gives what it takes, else in the middle."""
        if (wire := self._canvases.current.walk.wire()) is not None:
            self._canvases.current.add_into(path, wire)
        else:
            self.add(path, end=self._selected_end(path))

    def add(
        self, path: str, place: QPointF | None = None, end: tuple[str, ...] | None = None, beside: str = ""
    ) -> None:
        """Put a node of a type at a free place of the canvas, by default in its middle, wired to the loose `end`.

        Without a place one that is wired to an output comes to stand right of the card that has it, else of `beside`.
        """
        canvas = self._canvases.current
        beside = end.node if isinstance(end, OutputEnd) else beside
        if place is None and beside in canvas.board.cards:
            free = canvas.adding.right_of(path, beside)
        elif place is not None and isinstance(end, InputEnd):
            free = canvas.adding.at_end(path, place, end)
        else:
            free = canvas.free_place(path, place)
        added = canvas.add_node(path, free, end)
        if added:
            canvas.select([added])
            if place is None and added in canvas.board.cards:  # no hand is there under which the canvas would jump
                canvas.picking.bring_in(canvas.board.cards[added].box())

    def _selected_end(self, path: str) -> OutputEnd | None:
        """Return the output of the one selected card that a new node of a type is to read; None if there is none."""
        canvas = self._canvases.current
        spec = self._checking.offered.find(_stands_for(path))
        chosen = canvas.selection()
        if spec is None or len(chosen) != 1:
            return None
        port = wiring.output_for(canvas.board.graph.nodes[chosen[0]], spec)
        end = OutputEnd(chosen[0], port.name, port.type) if port is not None else None
        return end if end is not None and not canvas.adding.refuses(path, end.node, end.port) else None

    # -------------------------------------------------------------- quick add
    def quick_add(self) -> None:
        """Open quick add at the cursor if it is over the canvas, else over its middle."""
        self._quick_add()

    def _quick_add(self) -> QuickAdd:
        canvas = self._canvases.current
        place = canvas.pointer()
        if place is None or canvas.viewer.scene().node_at(place) is not None:
            place = canvas.scene_center()
        return self.open_quick_add(canvas.viewport().mapToGlobal(canvas.viewer.mapFromScene(place)), place, None)

    def open_quick_add(self, cursor: QPoint, place: QPointF, end: OutputEnd | InputEnd | None) -> QuickAdd:
        """Open quick add at a place of the screen; `end` is the end of a wire that was dropped on nothing.

        Without one a node goes into the selected wire, or is wired to the selected card if that gives what it takes.
        """
        canvas = self._canvases.current
        wire = canvas.walk.wire() if end is None else None
        chosen = canvas.selection() if end is None and wire is None else []
        if wire is not None:  # a node for the selected wire: what takes its value
            begin = OutputEnd(*wire.wire.source, wire.source.port.type)
            popup = QuickAdd(self._window, self._checking.offered, wire.middle(), begin)
            popup.picked.connect(partial(self._into, canvas, wire))
        elif len(chosen) == 1:
            node = canvas.board.graph.nodes[chosen[0]]
            popup = QuickAdd(self._window, self._checking.offered, place)
            if node.outputs and node.kind != "switch":
                popup.first(
                    f"Add a node, wired to {title_of(node)} if it fits", partial(self._readers_first, chosen[0])
                )
            popup.picked.connect(lambda path, _at, _end: self.add(path, None, self._selected_end(path), chosen[0]))
        else:
            popup = QuickAdd(self._window, self._checking.offered, place, end)
            popup.picked.connect(self.add)
        popup.values = wiring.values_of(canvas.board.graph)
        popup.help_wanted.connect(self.help_wanted)
        popup.open_at(cursor)
        return popup

    def _into(self, canvas: FlowCanvas, wire: WireItem, path: str, _at: QPointF, _end: object) -> None:
        canvas.add_into(path, wire)

    def _readers_first(self, name: str, specs: list[NodeSpec]) -> list[NodeSpec]:
        """Put first what takes what a card gives, else keep the order."""
        node = self._canvases.current.board.graph.nodes.get(name)
        return sorted(specs, key=lambda s: node is None or wiring.output_for(node, s) is None)

    # -------------------------------------------------------------- in the place of another
    @property
    def can_replace(self) -> bool:
        """Whether one node is selected whose place another can take."""
        node = self._only()
        return node is not None and wiring.replaceable(node)

    def _only(self) -> Node | None:
        canvas = self._canvases.current
        chosen = canvas.selection()
        return canvas.board.graph.nodes.get(chosen[0]) if len(chosen) == 1 else None

    def ask_replacement(self) -> None:
        """Let a type be searched whose node takes the place of the selected one: first what keeps most of its wires."""
        canvas, node = self._canvases.current, self._only()
        if node is None:
            return
        graph, box = canvas.board.graph, canvas.board.cards[node.id].box()
        kept = {
            path: wiring.kept_wires(graph, node, spec)
            for path, spec in self._checking.offered.specs.items()
            if not wiring.why_not_replaced(node, spec)
            and path not in (node.type, canvas.function)
            and not (wiring.is_own_python(path) or wiring.is_own_if(path))
        }

        def best_first(specs: list[NodeSpec]) -> list[NodeSpec]:
            possible = [spec for spec in specs if spec.path in kept]
            return sorted(possible, key=lambda s: -kept[s.path]) if len(possible) == len(kept) else possible

        popup = QuickAdd(self._window, self._checking.offered, box.topLeft())
        popup.first(f"Replace {title_of(node)} with", best_first)
        popup.picked.connect(lambda path, _at, _end: canvas.replacing.replace(node.id, path))
        popup.help_wanted.connect(self.help_wanted)
        popup.open_at(canvas.viewport().mapToGlobal(canvas.viewer.mapFromScene(box.bottomLeft())))


def _stands_for(path: str) -> str:
    """Return the path that stands in the library for Python that is typed already (``= x * 2``, ``if x > 3``)."""
    return "=" if path.startswith("=") else wiring.IF.path if wiring.is_own_if(path) else path


__all__ = ["Inserting"]
