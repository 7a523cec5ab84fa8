"""The probes of a canvas: the marks of those that are set, and the gestures that set them and take them away."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsItem

from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.hovering import Hovering
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.menus import Entry


class ProbeMarks(QObject):
    """Knows which ports are probed. `wanted` gives the names of ports whose probes are to be set, or taken away."""

    wanted = Signal(list)

    def __init__(self, viewer: Viewer, board: Board, hovering: Hovering) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._board = board
        self._hovering = hovering
        hovering.pinned.connect(lambda name: self.wanted.emit([name]))

    def show(self, names: Iterable[str]) -> None:
        """Mark these ports (``function.variable``) and no others."""
        self._board.show_probes(frozenset(names))
        self._hovering.show_probed(frozenset(names))

    def toggle(self) -> bool:
        """Probe what is selected, or else what the cursor rests on; return whether there is anything."""
        names = self.values_of(self._viewer.scene().selectedItems())
        pointed = self._hovering.pointed
        if not names and pointed is not None and pointed.value:
            names = [pointed.value]
        if names:
            self.wanted.emit(names)
        return bool(names)

    def entries(self, items: Iterable[QGraphicsItem]) -> list[Entry]:
        """Return what a context menu offers about the values of these cards and wires."""
        names = self.values_of(items)
        if not names:
            return []
        there = all(name in self._board.probed for name in names)
        return [("Remove the probe" if there else "Probe", "P", lambda: self.wanted.emit(names))]

    def values_of(self, items: Iterable[QGraphicsItem]) -> list[str]:
        """Return the values that come out of cards, or run through wires, as ``function.variable``."""
        found: dict[str, None] = {}
        for item in items:
            node = item.source.node.node if isinstance(item, WireItem) else None
            ports = [item.source.port] if isinstance(item, WireItem) else []
            if isinstance(item, NodeItem):
                node, ports = item.node, [port for port in item.node.outputs if port.type != "none"]
            if node is not None:
                found |= {self._board.graph.value(node.id, port): None for port in ports if port.variable}
        return list(found)
