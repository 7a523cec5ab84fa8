"""The verbs on how wires are drawn: by way of points, as labels; and from one label to the other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF

from flodesk.flow.routes import Route
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.menus import Entry


class Routing:
    """Changes how the wires of a canvas are drawn; no line of the script changes."""

    def __init__(self, viewer: Viewer, board: Board, changes: Changes, picking: Picking) -> None:
        self._viewer = viewer
        self._board = board
        self._changes = changes
        self._picking = picking
        viewer.scene().wire_clicked = self.follow
        picking.bend, picking.straighten = self.add_point, self.remove_point

    def chosen(self) -> list[WireItem]:
        """Return the selected wires; if none is, those that end at the selected cards."""
        items = self._viewer.scene().selectedItems()
        wires = [item for item in items if isinstance(item, WireItem)]
        wires += [item.wire for item in items if isinstance(item, JunctionItem) and isinstance(item.wire, WireItem)]
        ports = (
            [port for item in items if isinstance(item, NodeItem) for port in item.ports.values()] if not wires else []
        )
        ending = [wire for port in ports if not port.is_output for wire in port.connected_pipes]
        return list(dict.fromkeys(wires or ending))

    @property
    def possible(self) -> bool:
        """Whether there is a wire to draw otherwise."""
        return bool(self.chosen())

    @property
    def labelled(self) -> bool:
        """Whether the chosen wires are drawn as labels."""
        wires = self.chosen()
        return bool(wires) and all(wire.labels for wire in wires)

    # -------------------------------------------------------------- taking out
    def to_cut(self) -> list[WireItem]:
        """Return the selected wires, and all wires of the selected cards."""
        items = self._viewer.scene().selectedItems()
        wires = [item for item in items if isinstance(item, WireItem)]
        cards = [item for item in items if isinstance(item, NodeItem)]
        wires += [wire for card in cards for wire in card.wires() if isinstance(wire, WireItem)]
        return list(dict.fromkeys(wires))

    @property
    def disconnectable(self) -> bool:
        """Whether there is a wire to take out."""
        return bool(self.to_cut())

    def disconnect(self) -> None:
        """Take out the selected wires, or all wires of the selected cards."""
        self._changes.disconnect([wire.wire for wire in self.to_cut()])

    # -------------------------------------------------------------- points
    def add_point(self, wire: WireItem | None = None, place: QPointF | None = None) -> None:
        """Let a wire go by a point: at a place, or else in its middle; the point is selected, to be moved on."""
        wires = [wire] if wire is not None else [one for one in self.chosen() if not one.labels]
        added: list[tuple[WireItem, int]] = []
        wanted: dict[str, Route] = {}
        for one in wires:
            at = place if place is not None else one.path().pointAtPercent(0.5)
            number = _segment(one, at)
            points = list(one.route.points)
            points.insert(number, (float(round(at.x())), float(round(at.y()))))
            wanted[one.name] = replace(one.route, points=tuple(points))
            added.append((one, number))
        if wanted and self._changes.route(wanted, "Add a point"):
            self._picking.choose([one.junctions[number] for one, number in added], reveal=False)

    def remove_point(self, junction: JunctionItem) -> None:
        """Take a point out."""
        wire = junction.wire
        if isinstance(wire, WireItem):
            points = [point for number, point in enumerate(wire.route.points) if number != junction.number]
            self._changes.route({wire.name: replace(wire.route, points=tuple(points))}, "Remove a point")

    # -------------------------------------------------------------- labels
    def toggle_labels(self) -> None:
        """Draw the chosen wires as two labels each, or as curves again."""
        on = not self.labelled
        wires = self.chosen()
        wanted = {wire.name: replace(wire.route, labels=on) for wire in wires}
        if wanted:
            self._changes.route(wanted, "Show as labels" if on else "Show as wires")

    def follow(self, wire: WireItem, place: QPointF) -> None:
        """Go from the label that was clicked to the one at the other end."""
        if wire.labels is None:
            return
        here = next((number for number, box in enumerate(wire.labels) if box.contains(place)), None)
        if here is not None:
            self.go_to_end(wire, source=here == 1)

    def go_to_end(self, wire: WireItem, source: bool) -> None:
        """Show an end of a wire in the middle of the view, and select the wire."""
        port = wire.source if source else wire.target
        self._viewer.scene().clearSelection()
        wire.setSelected(True)
        self._viewer.center_on(port.middle())

    # -------------------------------------------------------------- the menu
    def entries(self, wire: WireItem, place: QPointF) -> list[Entry]:
        """Return what the context menu of a wire offers."""
        if wire.labels:
            return [
                ("Show as a wire", "Ctrl+L", self.toggle_labels),
                ("Go to its source", "", lambda: self.go_to_end(wire, source=True)),
                ("Go to its target", "", lambda: self.go_to_end(wire, source=False)),
            ]
        found: list[Entry] = [
            ("Add a point", "Ctrl+Shift+J", lambda: self.add_point(wire, place)),
            ("Show as labels", "Ctrl+L", self.toggle_labels),
        ]
        if wire.route.points:
            straight = {wire.name: replace(wire.route, points=())}
            found.insert(1, ("Remove its points", "", lambda: self._changes.route(straight, "Remove the points")))
        return found


def _segment(wire: WireItem, place: QPointF) -> int:
    """Return between which points of a wire a new one comes: where the way over it is the least detour."""
    way = [wire.source.middle(), *(QPointF(*point) for point in wire.route.points), wire.target.middle()]

    def detour(number: int) -> float:
        before, after = way[number] - place, way[number + 1] - place
        direct = way[number + 1] - way[number]
        return _length(before) + _length(after) - _length(direct)

    return min(range(len(way) - 1), key=detour)


def _length(step: QPointF) -> float:
    length: float = (step.x() ** 2 + step.y() ** 2) ** 0.5
    return length
