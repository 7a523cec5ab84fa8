"""The board: shows a picture on the scene, and changes only the items that are different from the picture before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flodesk.engine.client import NodeState, Sample, State
from flodesk.engine.preview import Preview
from flodesk.flow.apart import apart
from flodesk.flow.graph import Graph, Wire
from flodesk.flow.model import Flow
from flodesk.flow.pieces import Key, Piece
from flodesk.flow.routes import STRAIGHT, Route
from flodesk.ui.canvas import reports
from flodesk.ui.canvas.card_names import CardNames
from flodesk.ui.canvas.far_layer import FarLayers
from flodesk.ui.canvas.grounds import Grounds
from flodesk.ui.canvas.heat_paint import Heat
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.pieces.note_item import NoteItem
from flodesk.ui.canvas.scene import Scene
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.earlier import Earlier

Ends = tuple[tuple[str, str], tuple[str, str]]
CROWD = 250
"""With more wires than these, far away they are drawn without smooth edges."""
_ORDER: tuple[State, ...] = ("idle", "cached", "done", "queued", "running", "waiting", "paused", "failed")
_RANK = {state: rank for rank, state in enumerate(_ORDER)}


def _gone(before: Graph, graph: Graph) -> set[Ends]:
    """Return the ends of the wires that there were and are no longer; most are the very same, and not compared."""
    gone = {(wire.source, wire.target) for wire in _others(before, graph)}
    if gone:
        targets = {target for _, target in gone}
        gone -= {(wire.source, wire.target) for wire in graph.wires if wire.target in targets}
    return gone


def _others(graph: Graph, than: Graph) -> list[Wire]:
    """Return the wires of a picture that are none of the very ones of another."""
    here, there = apart(graph.wires, than.wires)
    same = set(map(id, than.wires[there]))
    return [wire for wire in graph.wires[here] if id(wire) not in same]


def _gives(graph: Graph, key: str) -> object:
    """Return what a node is found by: its statements, and the variables that it gives."""
    node = graph.nodes.get(key)
    return node and (node.statements, [(port.variable, port.name) for port in node.outputs])


class Board:
    """The cards, wires and grounds on a scene.

    Attributes
    ----------
    graph : Graph
        The picture that is shown.
    cards : by node id
    wires : by their two ends
    grounds : of loops, and of the arms of ifs
    pieces : notes and frames by kind and id
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        scene.settled = self._follow
        self.far = FarLayers()
        scene.addItem(self.far.wire_layer)
        scene.addItem(self.far.card_layer)
        scene.touched, scene.gone = self.far.touch, self.far.discard
        scene.cards = lambda: self.far.cards
        self.followed: list[Callable[[Iterable[NodeItem]], None]] = []
        """Are told of the cards that moved or came, once wires and grounds have followed."""
        self.graph = Graph("", {}, ())
        self.cards: dict[str, NodeItem] = {}
        self.wires: dict[Ends, WireItem] = {}
        self.grounds = Grounds(scene, self.cards)
        self.pieces: dict[Key, PieceItem] = {}
        self.news = 0
        """How often states were shown."""
        self._places: Mapping[str, tuple[float, float]] = {}
        """Where the cards were put last."""
        self._routed = False
        self._names = CardNames(self.cards)
        self._marks: tuple[Mapping[str, str], str] = ({}, "")
        self.probed: frozenset[str] = frozenset()
        self._earlier = Earlier()

    # -------------------------------------------------------------- the picture
    def show(self, graph: Graph, places: Mapping[str, tuple[float, float]], flow: Flow | None = None) -> None:
        """Show a function of the `flow`; cards and wires that are still there keep items, selection and values."""
        if graph is self.graph and graph.nodes.keys() == self.cards.keys():  # only places are others, if anything is
            self._place_cards(places)
            self._earlier.follow(lambda: (graph,), flow)
            self._scene.settle()
            return
        before = self.graph
        gone = _gone(before, graph)
        for ends in gone:
            if (item := self.wires.pop(ends, None)) is not None:
                item.delete()
        self._scene.blockSignals(True)  # each selected card that goes would tell of a new selection
        for key in self.cards.keys() - graph.nodes.keys():
            self.far.discard(self.cards[key])
            self._scene.removeItem(self.cards.pop(key))
        self._scene.blockSignals(False)
        fresh: set[NodeItem] = set()
        reshaped: set[str] = set()
        nodes = list(graph.nodes.values())
        _, changed = apart(list(before.nodes.values()), nodes)
        other = [node.id for node in nodes[changed] if before.nodes.get(node.id) is not node]
        other += graph.nodes.keys() - self.cards.keys() - set(other)
        for key in other:
            node, card = graph.nodes[key], self.cards.get(key)
            if card is None:
                card = self.cards[key] = NodeItem(node)
                card.setPos(*places[key])
                self._scene.addItem(card)
                self.far.add(card)
                fresh.add(card)
                reshaped.add(key)
            elif card.node is not node and card.node != node:
                ports = set(card.ports)
                card.set_node(node)
                if ports != card.ports.keys():
                    reshaped.add(key)
        self._place_cards(places)
        wires = _others(graph, before)
        if reshaped:  # a wire goes with its port, and comes with it
            new = set(map(id, wires))
            there = [wire for wire in graph.wires if wire.source[0] in reshaped or wire.target[0] in reshaped]
            wires += [wire for wire in there if id(wire) not in new]
        rewired = {end[0] for ends in gone for end in ends}
        for wire in wires:
            ends = wire.source, wire.target
            rewired.update((ends[0][0], ends[1][0]))
            item = self.wires.get(ends)
            if item is not None and item.scene() is None:  # its port went, and came back under the same name
                item = None
            if item is not None:
                item.set_wire(wire)
                continue
            source = self.cards[ends[0][0]].ports.get(("out", ends[0][1])) if ends[0][0] in self.cards else None
            target = self.cards[ends[1][0]].ports.get(("in", ends[1][1])) if ends[1][0] in self.cards else None
            if source is None or target is None:
                self.wires.pop(ends, None)
                continue
            item = self.wires[ends] = WireItem(wire, source, target)
            item.rebuild()
            self._scene.addItem(item)
            self.far.add(item)
            for card in (source.node, target.node):
                if card not in fresh:
                    card.update()
        self.far.follow(crowded=len(self.wires) > CROWD)
        self.graph = graph
        others = len(before.nodes) != len(graph.nodes) or before.function != graph.function
        if others or any(_gives(before, key) != _gives(graph, key) for key in other):
            self._names.follow(graph)
        self._earlier.follow(lambda: (graph,), flow)
        self._scene.settle()
        self.grounds.show(graph, rewired.union(other) | (before.nodes.keys() - graph.nodes.keys()))
        self.far.settle()
        for follow in self.followed:
            follow(fresh)
        self.show_marks(*self._marks)
        self.show_probes(self.probed)

    def _place_cards(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Put the cards where they belong: those with another place than before, and those that were moved."""
        was, self._places = self._places, places
        keys = {key for key, place in places.items() if was.get(key) != place} if places is not was else set()
        keys.update(card.node.id for card in self._scene.astray)
        for key in keys & self.cards.keys():
            card, (x, y) = self.cards[key], places[key]
            if card.x() != x or card.y() != y:
                card.setPos(x, y)
        self._scene.astray.clear()

    def show_pieces(self, found: Mapping[Key, Piece]) -> None:
        """Show the notes and frames that there are now."""
        for key in [key for key in self.pieces if key not in found]:
            self._scene.removeItem(self.pieces.pop(key))
        for key, piece in found.items():
            item = self.pieces.get(key)
            if item is None:
                item = self.pieces[key] = NoteItem(piece) if piece.kind == "note" else FrameItem(piece)
                if isinstance(item, NoteItem):
                    item.follow_link = lambda link: self._scene.link_followed(link)
                self._scene.addItem(item)
            elif item.piece != piece or item.flat() != piece.box:
                item.show_piece(piece)

    def show_routes(self, found: Mapping[str, Route]) -> None:
        """Draw wires by way of points, or as labels, by their names."""
        if found or self._routed:
            for wire in self.wires.values():
                wire.set_route(found.get(wire.name, STRAIGHT))
            self._scene.settle()  # grounds follow the wires in them
            self.far.settle()
        self._routed = bool(found)

    def bent(self) -> list[WireItem]:
        """Return the wires that go by points."""
        return [wire for wire in self.wires.values() if wire.junctions] if self._routed else []

    def movable(self) -> list[NodeItem | PieceItem | JunctionItem]:
        """Return all that a hand can drag: cards, notes, frames, and the points of wires."""
        points = [point for wire in self.bent() if not wire.route.labels for point in wire.junctions]
        return [*self.cards.values(), *self.pieces.values(), *points]

    def chosen(self) -> list[NodeItem | PieceItem | JunctionItem]:
        """Return what is selected of that, in the same order; commands ask for it after each change."""
        selected = set(self._scene.selectedItems())
        if len(selected) == 1:
            return [item for item in selected if isinstance(item, NodeItem | PieceItem | JunctionItem)]
        return [item for item in self.movable() if item in selected] if selected else []

    def chosen_cards(self) -> dict[str, NodeItem]:
        """Return the selected cards by id."""
        selected = set(self._scene.selectedItems())
        if len(selected) == 1:
            return {card.node.id: card for card in selected if isinstance(card, NodeItem)}
        return {key: card for key, card in self.cards.items() if card in selected} if selected else {}

    def frames(self) -> list[FrameItem]:
        """Return the frames."""
        return [item for item in self.pieces.values() if isinstance(item, FrameItem)]

    def _follow(self, moved: set[NodeItem]) -> None:
        self.grounds.follow(moved)
        self.far.settle()
        for follow in self.followed:
            follow(moved)

    # -------------------------------------------------------------- what a run and the checker say
    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Show the newest states, by ``function.statement``; of several statements of a card the gravest."""
        self.news += 1
        found: dict[str, NodeState] = {}
        for name, state in states.items():
            for key in self._names.cards_of(name):
                before = found.get(key)
                if before is None or (_RANK[state.state], state.count) > (_RANK[before.state], before.count):
                    found[key] = state
        for key, card in self.cards.items():
            if key in found:
                reports.show_state(card, found[key])
            elif card.live.state != "idle" or card.live.count:
                reports.show_state(card, NodeState("idle"))
        self._earlier.show_states(states)

    def show_ahead(self, statements: frozenset[str]) -> None:
        """Show what a run that is held has not reached again (``function.statement``): that stands as of before."""
        self._earlier.hold(statements)
        self.look_back(self._earlier.run)
        function = self.graph.function
        for card in self.cards.values():
            reports.show_ahead(
                card,
                statements.issuperset(f"{function}.{name}" for name in (card.node.statements or (card.node.id,))),
            )

    def look_back(self, run: str) -> None:
        """Mark the values that the newest run has not made, and no others; what is shown from now on is of it."""
        for name in self._earlier.look_back(run):
            card, port = self._names.end_of(name)
            if card is not None:
                reports.show_mark(card, port, self._earlier.marks.get(name))

    def forget_run(self) -> None:
        """Show nothing of an earlier run any more."""
        self._earlier.forget()
        for card in self.cards.values():
            reports.forget_run(card)

    def show_previews(self, previews: Mapping[str, Preview], samples: Mapping[str, Sample] | None = None) -> None:
        """Show the newest values, by ``function.variable``; `samples` tell when they were made."""
        for name, preview in previews.items():
            card, port = self._names.end_of(name)
            if card is not None and card.node.switched != "off":
                reports.show_preview(card, port, preview)
                sample = (samples or {}).get(name)
                told = (sample.made, sample.before) if sample is not None else ()
                if self._earlier.show(f"{self.graph.function}.{self._names.local(name)}", *told):
                    reports.show_mark(card, port, None)

    def show_problems(self, errors: Mapping[str, str], warnings: Mapping[str, str]) -> None:
        """Show what the checker found, by ``function.node``; cards that are not named have no problem."""
        wrong, doubtful = self._names.by_card(errors), self._names.by_card(warnings)
        for key, card in self.cards.items():
            reports.show_problem(card, wrong.get(key, ""), doubtful.get(key, ""))

    def show_failures(self, messages: Mapping[str, str]) -> None:
        """Take note of what was raised in nodes that failed, by ``function.statement``."""
        raised = self._names.by_card(messages)
        for key, card in self.cards.items():
            reports.show_failure(card, raised.get(key, ""))

    def place_of(self, wire: WireItem) -> str:
        """Return ``function.variable -> node.port`` of a wire; empty if no variable runs through it."""
        value = self.graph.value(wire.wire.source[0], wire.source.port)
        node, port = wire.wire.target
        return f"{value} -> {node}.{port}" if value else ""

    def show_heat(self, heats: Mapping[str, Heat]) -> None:
        """Colour the cards with these ids, and no others."""
        for key, card in self.cards.items():
            card.show_heat(heats.get(key))

    def show_probes(self, names: frozenset[str]) -> None:
        """Mark the ports that give these values (``function.variable``), and no others."""
        if not names and not self.probed:
            return
        self.probed = names
        for card in self.cards.values():
            ports = (port for port in card.node.outputs if self.graph.value(card.node.id, port) in names)
            card.show_probes(frozenset(port.name for port in ports if port.variable))

    def show_marks(self, breakpoints: Mapping[str, str], held: str) -> None:
        """Show breakpoints by their place, and where the run is held."""
        if not (breakpoints or held or any(self._marks)):
            return
        self._marks = breakpoints, held
        holds = self.node_of(held) if held and " -> " not in held else None
        for key, card in self.cards.items():
            card.show_marks(breakpoints.get(f"{self.graph.function}.{key}"), key == holds)
        for wire in self.wires.values():
            place = self.place_of(wire)
            wire.show_marks(breakpoints.get(place) if place else None, bool(place) and place == held)

    # -------------------------------------------------------------- asked from outside
    def node_of(self, name: str) -> str | None:
        """Return the card's id for a node or statement, with or without its function; None if there is no such card."""
        return self._names.node_of(name)

    def variables(self, cards: Iterable[NodeItem]) -> set[str]:
        """Return the values that these cards show, as ``function.variable``."""
        ports = ((card.node.id, port) for card in cards for port in card.node.outputs)
        return {value for node, port in ports if (value := self.graph.value(node, port))}
