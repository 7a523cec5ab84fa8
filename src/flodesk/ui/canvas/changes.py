"""From gestures to edits: what a finished gesture asks for becomes one edit of the document, or a sentence why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QPointF

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.detached import BEHIND
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, Many, Move
from flodesk.flow.edit.header import names
from flodesk.flow.ends import shared_by
from flodesk.flow.graph import Graph, Node, Wire, picture
from flodesk.flow.model import Flow
from flodesk.flow.pieces import Box, Key
from flodesk.flow.routes import Route
from flodesk.flow.spec import Parameter
from flodesk.flow.types import PortType
from flodesk.ui.canvas.card_words import called, in_words_of_cards
from flodesk.ui.canvas.lost_routes import without_lost_routes
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.menus import Entry

End: TypeAlias = tuple[str, str]
Place: TypeAlias = tuple[float, float]
_Step: TypeAlias = Callable[[Flow, Graph], Edit]


class OutputEnd(NamedTuple):
    """The output that a wire hangs on whose other end was let go over nothing: what takes its type is looked for."""

    node: str
    port: str
    type: PortType
    runs: str = ""
    """The head of the arm (``if high``, ``else``) where this is an arm of a switch: what hangs on it runs there."""


class InputEnd(NamedTuple):
    """The input that a wire hangs on whose other end was let go over nothing: what gives its type is looked for."""

    node: str
    port: str
    type: PortType


def loose_end(port: PortItem) -> OutputEnd | InputEnd:
    """Return the end of a wire that hangs on a port."""
    if not port.is_output:
        return InputEnd(*port.end, port.port.type)
    return OutputEnd(*port.end, port.port.type, port.port.label if port.node.node.kind == "switch" else "")


class Changes:
    """Makes the edits of one function's canvas.

    Parameters
    ----------
    catalog, graph : callables
        Give the node types that are known, and the picture that is shown.
    refused : callable
        Is told in a sentence why a gesture came to nothing.
    loose : callable
        Is told of a wire that was let go over nothing: its end, and where.
    choose : callable
        Opens a menu of what a gesture could mean, at a place of the scene.
    """

    def __init__(
        self,
        document: Document,
        function: str,
        catalog: Callable[[], Catalog],
        graph: Callable[[], Graph],
        refused: Callable[[str], None],
        loose: Callable[[OutputEnd | InputEnd, QPointF], None],
        choose: Callable[[list[Entry], QPointF], None],
    ) -> None:
        self._document = document
        self._function = function
        self._catalog = catalog
        self._graph = graph
        self._refused = refused
        self._loose = loose
        self._choose = choose
        self.made_up: Callable[[], dict[str, Place]] = dict
        """Gives the places that the file lacks: they are kept as soon as the file gets any."""
        self.offer_converter: Callable[[str, End, End, Wire | None, QPointF], bool] = lambda *_: False
        """Offers what could come between two ends that were refused, at a place of the scene; False if nothing can."""

    # -------------------------------------------------------------- wires
    def connect(self, source: End, target: End, instead_of: Wire | None, place: QPointF | None = None) -> None:
        """Wire an output to an input; `instead_of` goes in the same step. Of two that do not fit, offer a converter."""
        refusal = self.refusal(source, target, instead_of) if place is not None else ""
        if place is not None and refusal and self.offer_converter(refusal, source, target, instead_of, place):
            self._refused(refusal)
            return
        before = self._graph()

        def replaced() -> str:
            drawn = picture(self._document.flow, self._catalog(), self._function).wires
            now = {(wire.source, wire.target) for wire in drawn}
            others = (wire for wire in before.wires if wire.target == target and wire != instead_of)
            gone = next((wire for wire in others if (wire.source, wire.target) not in now), None)
            return _replaced(before, source, gone) if gone is not None else ""

        self.do(lambda: self._connecting(source, target, instead_of), wires=True, remark=replaced)

    def connect_each(self, source: End, target: End, instead_of: Wire | None) -> bool:
        """Wire a list to an input that takes one value, and let its node run for each item; return whether it was."""
        return self.do(lambda: self._connecting(source, target, instead_of, wiring.connect_each), wires=True)

    def may_connect_each(self, source: End, target: End, instead_of: Wire | None) -> bool:
        """Say whether that can be done."""
        try:
            self._connecting(source, target, instead_of, wiring.connect_each).apply(self._document.flow)
        except (wiring.Refused, EditError):
            return False
        return True

    def refusal(self, source: End, target: End, instead_of: Wire | None) -> str:
        """Say why these two cannot be wired; an empty text if they can."""
        try:
            self._connecting(source, target, instead_of).apply(self._document.flow)
        except (wiring.Refused, EditError) as problem:
            return in_words_of_cards(str(problem), self._graph())
        return ""

    def disconnect(self, wires: Iterable[Wire]) -> None:
        """Take wires out, in one step."""
        cut = _last_first(self._graph(), wires)
        steps: list[_Step] = [lambda flow, graph, w=wire: wiring.disconnect(flow, graph, w) for wire in cut]  # type: ignore[misc]
        if steps:
            self.do(lambda: self._in_a_row(steps, "Disconnect"))

    def refuse(self, message: str) -> None:
        """Pass on why a gesture came to nothing."""
        self._refused(message)

    def into_field(
        self, source: End, node: str, fields: list[Parameter], instead_of: Wire | None, place: QPointF
    ) -> None:
        """Let the hand choose the field of a node that an output is wired to."""
        entries: list[Entry] = [
            (
                f"{field.name} ({field.unit})" if field.unit else field.name,
                "",
                lambda name=field.name: self.connect(source, (node, name), instead_of),  # type: ignore[misc]
            )
            for field in fields
        ]
        self._choose(entries, place)

    def loose_end(self, port: PortItem, place: QPointF) -> None:
        """Pass on a wire that was let go over nothing."""
        self._loose(loose_end(port), place)

    def _connecting(
        self, source: End, target: End, instead_of: Wire | None, connect: Callable[..., Edit] = wiring.connect
    ) -> Edit:
        steps: list[_Step] = []
        if instead_of is not None and instead_of.target != target:
            steps.append(lambda flow, graph: wiring.disconnect(flow, graph, instead_of))
        steps.append(lambda flow, graph: connect(flow, graph, source, target))
        return self._in_a_row(steps, f"Connect {target[0]}")

    # -------------------------------------------------------------- nodes
    def move(
        self,
        places: Mapping[str, Place],
        merge: str = "",
        title: str = "",
        pieces: Mapping[Key, Box] | None = None,
        routes: Mapping[str, Route] | None = None,
    ) -> bool:
        """Put cards, notes, frames and points of wires somewhere else; return whether it was done."""
        flow = self._document.flow
        edits: list[Edit] = [wiring.move(self._function, dict(places))] if places else []
        edits += wiring.put_pieces(flow, self._function, pieces or {})
        edits += wiring.put_routes(flow, self._function, routes or {}, "Move a point")
        if len(edits) == 1 and not title:
            return self.do(lambda: edits[0], merge)
        words = f"Move {names(places)}" if places else "Move notes and frames" if pieces else "Move points"
        return self.do(lambda: Many(tuple(edits), title or words), merge)

    def remove(
        self,
        ids: Iterable[str],
        wires: Iterable[Wire] = (),
        pieces: Iterable[Key] = (),
        routes: Mapping[str, Route] | None = None,
    ) -> bool:
        """Delete cards, wires, notes and frames, and draw wires otherwise, in one step; return whether it was done."""
        flow = self._document.flow
        gone, drawn = list(ids), wiring.remove_pieces(flow, self._function, pieces)
        drawn += wiring.put_routes(flow, self._function, routes or {}, "Remove a point")
        steps: list[_Step] = [
            lambda flow, graph, w=wire: wiring.disconnect(flow, graph, w)  # type: ignore[misc]
            for wire in _last_first(self._graph(), wires)
            if wire.source[0] not in gone and wire.target[0] not in gone
        ]
        if gone:
            steps.append(lambda flow, graph: wiring.remove(flow, graph, gone))
        steps += [lambda *_, e=edit: e for edit in drawn]
        title = f"Delete {', '.join(gone[:3])}{' …' if len(gone) > 3 else ''}" if gone else "Disconnect"
        if drawn and not gone:
            title = drawn[0].title if len(drawn) == 1 else "Delete what is drawn"
        graph = self._graph()
        if not steps or not self.do(lambda: self._in_a_row(steps, title)):
            return False
        now = picture(self._document.flow, self._catalog(), self._function)
        words = in_words_of_cards(wiring.words_of_what_stays(graph, gone), graph)
        if words := f"{words} {in_words_of_cards(wiring.words_of_unjoined(graph, now, gone), now)}".strip():
            self._refused(words)
        return True

    def route(self, wanted: Mapping[str, Route], title: str) -> bool:
        """Draw wires otherwise, by their names; return whether it was done."""
        edits = wiring.put_routes(self._document.flow, self._function, wanted, title)
        return self.do(lambda: edits[0] if len(edits) == 1 else Many(tuple(edits), title))

    def rename(self, old: str, new: str) -> str:
        """Give a node another name; return why it cannot be, or an empty text."""
        try:
            self._document.do(wiring.rename(self._document.flow, self._graph(), old, new))
        except (wiring.Refused, EditError) as problem:
            self._refused(str(problem))
            return str(problem)
        return ""

    def rename_everywhere(self, old: str, new: str) -> str:
        """Give a queue, or a function of the file, another name; return why it cannot be, or an empty text."""
        try:
            self._document.do(wiring.rename_everywhere(self._document.flow, old, new))
        except (wiring.Refused, EditError) as problem:
            self._refused(str(problem))
            return str(problem)
        return ""

    def take_apart(self, node: str, room: Callable[[Flow, Graph, list[str]], list[Edit]]) -> tuple[str, ...]:
        """Put the nodes of a subflow in the place of a node that calls it; return them, none if it cannot be.

        `room` gives the edits by which all find their places: by flow and picture with them in it, and their ids.
        """
        made: list[str] = []

        def taking() -> Edit:
            known = self.keeping_places([], "")
            flow = known.apply(self._document.flow)[0]
            edit, ids = wiring.inline_subflow(flow, self._function, node)
            after = edit.apply(flow)[0]
            graph = picture(after, self._catalog(), self._function)
            new = [key for key in graph.nodes if key in ids or key not in self._graph().nodes]
            made.extend(key for key in ids if key in graph.nodes)
            return Many((known, edit, *room(after, graph, new)), edit.title)

        return tuple(made) if self.do(taking) else ()

    def shared_by(self, node: Node) -> str:
        """Return the name of the queue that a node is an end of, or of the function that it calls, or an empty text."""
        made = shared_by(self._document.flow, node.spec)
        called = node.type if node.kind == "call" and node.type in self._document.flow.functions else ""
        return made.name if made is not None else called

    def runs_beside(self, node: str) -> bool:
        """Say whether the header lets a node run beside its loop."""
        return wiring.runs_beside(self._document.flow, self._function, node)

    def run_beside(self, node: str, on: bool) -> bool:
        """Let a node run beside its loop, or in it again; return whether it was done."""
        behind = BEHIND if on else None
        return self.do(lambda: wiring.run_beside(self._document.flow, self._graph(), node, behind))

    def add(self, path: str, place: tuple[float, float], source: tuple[str, ...] | None) -> str:
        """Add a node and wire it to the loose end `source`; return its id, or an empty text if it was refused."""
        added = ""

        def adding() -> Edit:
            nonlocal added
            flow, graph = self._document.flow, self._graph()
            is_input = isinstance(source, InputEnd) or (
                source is not None and not isinstance(source, OutputEnd) and not _has_output(graph, source)
            )
            spec = self._catalog().find(path)
            is_input = is_input and (spec is None or spec.role != "shared")  # then the wiring knows which end is meant
            feeding = (source[0], source[1]) if source is not None and not is_input else None
            edit, added = wiring.add_node(flow, self._catalog(), self._function, path, place, feeding)
            if source is None or not is_input:
                return self.keeping_places([edit], edit.title)
            target = (source[0], source[1])

            def feeding_it(flow: Flow, _graph: Graph) -> Edit:
                return wiring.feed_added(flow, self._catalog(), self._function, added, target)

            fed = self._in_a_row([lambda *_: edit, feeding_it], edit.title)
            return self.keeping_places([fed], edit.title)

        return added if self.do(adding, wires=source is not None) else ""

    def insert(
        self,
        path: str,
        place: Place,
        wire: Wire,
        moves: Mapping[str, Place] | None = None,
        title: str = "",
        instead_of: Wire | None = None,
    ) -> str:
        """Add a node into a wire: it takes what ran through it, and gives its own result to the wire's target.

        `moves` are new places of cards that make room, `instead_of` is a wire that goes, in the same step.
        """
        added = ""

        def adding() -> Edit:
            nonlocal added
            edit, added = self._inserting(path, place, wire)
            made = edit
            if instead_of is not None and instead_of.target != wire.target:
                old = instead_of
                made = self._in_a_row(
                    [lambda *_: edit, lambda flow, graph: wiring.disconnect(flow, graph, old)], edit.title
                )
            return Many((self.keeping_places([made], edit.title, moves or {}),), title or edit.title)

        return added if self.do(adding, wires=True) else ""

    def fits_into(self, path: str, wire: Wire) -> str:
        """Say why a node type cannot go into a wire; an empty text if it can."""
        try:
            self._inserting(path, (0.0, 0.0), wire)[0].apply(self._document.flow)
        except (wiring.Refused, EditError) as problem:
            return in_words_of_cards(str(problem), self._graph())
        return ""

    def _inserting(self, path: str, place: Place, wire: Wire) -> tuple[Edit, str]:
        flow, catalog = self._document.flow, self._catalog()
        return wiring.insert_between(flow, catalog, self._function, path, place, wire.source, wire.target)

    def paste(
        self, text: str, place: Callable[[Graph, list[str], Flow], Place], lay: wiring.Lay, origin: str = ""
    ) -> list[str]:
        """Add the nodes of a text, which is of a file where it has an `origin`.

        `place` finds their corner, by the picture with them in it and their ids; `lay` their places to each other.
        """
        added: list[str] = []

        def adding() -> Edit:
            flow, catalog = self._document.flow, self._catalog()
            trial, ids = wiring.paste(flow, catalog, self._function, text, (0.0, 0.0), lay, origin)
            after = trial.apply(flow)[0]
            where = place(picture(after, catalog, self._function), list(ids), after)
            edit, ids = wiring.paste(flow, catalog, self._function, text, where, lay, origin)
            added[:] = ids
            return self.keeping_places([edit], edit.title)

        return added if self.do(adding) else []

    def keeping_places(self, edits: list[Edit], title: str, moves: Mapping[str, Place] | None = None) -> Edit:
        """Write down with an edit where the other cards are: a file that knows one place has to know all."""
        places = self.made_up() | dict(moves or {})
        if not places:
            return edits[0] if len(edits) == 1 else Many(tuple(edits), title)
        return Many((Move(self._function, dict(places)), *edits), title)

    # -------------------------------------------------------------- inner
    def _in_a_row(self, steps: list[_Step], title: str) -> Edit:
        """Make edits that build on one another, and join them to one."""
        flow, graph = self._document.flow, self._graph()
        if len(steps) == 1:
            return steps[0](flow, graph)
        edits: list[Edit] = []
        for step in steps:
            edit = step(flow, graph)
            edits.append(edit)
            flow, _ = edit.apply(flow)
            graph = picture(flow, self._catalog(), self._function)
        return Many(tuple(edits), title)

    def do(
        self, make: Callable[[], Edit], merge: str = "", wires: bool = False, remark: Callable[[], str] = str
    ) -> bool:
        """Do an edit that is made now; return whether it was done. Why not is passed on, and what there is to `remark`.

        It is said, too, where a function begins to await; and, as one that `wires` may move lines, where calls that
        may act change their order.
        """
        before, graph = self._document.flow, self._graph()
        try:
            edit = without_lost_routes(make(), self._document.flow, self._graph(), self._catalog())
            self._document.do(edit, merge)
        except (wiring.Refused, EditError) as problem:
            self._refused(in_words_of_cards(str(problem), self._graph()))
            return False
        remarks = [remark(), wiring.async_words(before, self._document.flow)]
        if wires:
            remarks.append(wiring.order_words(before, self._document.flow, graph))
        if words := " ".join(filter(None, remarks)):
            self._refused(words)
        return True


def _replaced(graph: Graph, source: End, gone: Wire) -> str:
    """Say which wire had to go for a new one: an input takes one value."""
    node, name = graph.nodes[gone.target[0]], gone.target[1]
    port = next((port.label or name for port in node.inputs if port.name == name), name)
    key = f" ({keys})" if (keys := keymap.now("Ctrl+Z")) else ""
    new, old = (called(graph.nodes[one]) for one in (source[0], gone.source[0]))
    return f"{called(node)} takes {new} as {port} now, in place of {old}. Undo{key} brings that wire back."


def _last_first(graph: Graph, wires: Iterable[Wire]) -> list[Wire]:
    """Return wires with the last port of a card first: those of a port that takes many move up where one goes."""

    def row(wire: Wire) -> int:
        node = graph.nodes.get(wire.target[0])
        ports = [port.name for port in node.inputs] if node is not None else []
        return ports.index(wire.target[1]) if wire.target[1] in ports else -1

    return sorted(wires, key=row, reverse=True)


def _has_output(graph: Graph, end: tuple[str, ...]) -> bool:
    node: Node | None = graph.nodes.get(end[0])
    return node is not None and any(port.name == end[1] for port in node.outputs)
