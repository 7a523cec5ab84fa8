"""What fits something that a hand wants to see on the panel: the forms that it can have, the best one first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, get_args

from flodesk.engine.preview import Preview
from flodesk.flow import forms
from flodesk.flow.catalog import Catalog
from flodesk.flow.forms import Form
from flodesk.flow.graph import Field, Graph, Node, Port
from flodesk.flow.model import Symbol, View
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.views_along import shows_port
from flodesk.ui.panel import recast
from flodesk.ui.panel.setting import Reading, Setting, shown
from flodesk.ui.subject import Subject

PLAIN = (6, 4)
"""Columns and rows of a value of which no form is known before it is there: a plot has room in them, too."""
_OF_UNITS = {"°C": "thermometer", "degC": "thermometer", "°F": "thermometer", "°": "compass", "deg": "compass"}
"""The form that comes right after the first one where a value has a unit that there is a form for."""
Known = Callable[[str], Preview | None]
"""Gives what is known of a value (``function.variable``) from a run."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which something can be shown.

    Attributes
    ----------
    shows : str
        What the view shows: the node's id, ``node.port`` or ``node.parameter``. Of a node that is to be added empty.
    options : mapping
        Of the view: its form, and limits where the control has none.
    size : tuple of int
        Columns and rows.
    adds : str
        The path of a node type that is to be added, and shown.
    wired : tuple of str
        The port (node, port) that the new node reads, or feeds.
    """

    title: str
    function: str
    shows: str
    size: tuple[int, int]
    options: Mapping[str, Any] = field(default_factory=dict)
    adds: str = ""
    wired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Choices under one heading; those without one, and those that are `open`, stand in the menu itself."""

    title: str
    choices: tuple[Choice, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Fits:
    """What fits a subject.

    Attributes
    ----------
    name : str
        What it is, in the words of the script.
    words : str
        What there is to say before something is chosen.
    refusal : str
        Why nothing fits.
    """

    name: str
    shelves: tuple[Shelf, ...] = ()
    words: str = ""
    refusal: str = ""

    @property
    def best(self) -> Choice | None:
        """The choice that Enter takes."""
        return next((choice for shelf in self.shelves for choice in shelf.choices), None)

    @property
    def count(self) -> int:
        """How many choices there are."""
        return sum(len(shelf.choices) for shelf in self.shelves)


class Flows(Protocol):
    """Who knows the flow."""

    graphs: dict[str, Graph]
    """The pictures of the functions that the panel shows something of."""

    def known(self) -> Catalog:
        """Return the node types that the flow can have."""

    def picture_of(self, function: str) -> Graph | None:
        """Return the picture of a function; None if there is none of that name."""

    def variables(self) -> set[str]:
        """Return the values (``function.variable``) that views show already."""


class Fitting:
    """Finds what fits.

    Attributes
    ----------
    known : callable
        Gives what a run has told of a value: where the declared type is any, it decides.
    selected : callable
        Gives the function and the ids of what is selected on the canvas: what is added from the library is wired to it.
    """

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self.known: Known = lambda _: None
        self.selected: Callable[[], tuple[str, list[str]]] = lambda: ("", [])

    def of(self, subject: Subject) -> Fits:
        """Return what fits a subject, or why nothing does."""
        if subject.kind == "type":
            return self._of_type(subject.node)
        graph = self._flows.picture_of(subject.function)
        if graph is None:
            return Fits(subject.node, refusal=f"The flow has no function “{subject.function}” any more.")
        if subject.kind == "value":
            return self._of_value(graph, subject)
        node = graph.nodes.get(subject.node)
        if node is None:
            return Fits(subject.node, refusal=f"The flow “{graph.function}” has no node “{subject.node}” any more.")
        if subject.kind == "output":
            port = next((port for port in node.outputs if port.name == subject.part), None)
            gone = f"“{node.id}” has no output “{subject.part}” any more."
            return self._of_output(graph, node, port) if port is not None else Fits(node.id, refusal=gone)
        if subject.kind == "field":
            return self._of_part(graph, node, subject.part)
        return self._of_node(graph, node)

    # -------------------------------------------------------------- nodes and values
    def _of_value(self, graph: Graph, subject: Subject) -> Fits:
        name = f"{subject.function}.{subject.node}"
        for node in graph.nodes.values():
            for port in node.outputs:
                if graph.value(node.id, port) == name:
                    return self._of_output(graph, node, port)
        return Fits(subject.node, refusal=f"The flow “{graph.function}” has no value “{subject.node}” any more.")

    def _of_output(self, graph: Graph, node: Node, port: Port) -> Fits:
        value = graph.value(node.id, port)
        name = port.variable or port.label or node.id
        if not value:
            return Fits(name, refusal=f"“{port.label or name}” carries no value: it says which branch runs.")
        shows = shows_port(graph, node, port)
        kind, pictured = self._kind(value, port)
        plain = tuple(_showing(graph, shows, form) for form in self._forms(graph, node, port, shows, kind, pictured))
        if kind in ("any", "list", "none") and not _own(node):
            plain = (Choice("What suits its values", graph.function, shows, suiting(kind)), *plain)
        with_node = tuple(self._nodes_for(graph, node, port, kind, plain))
        shelves = [Shelf("", plain)] if plain else []
        return Fits(name, (*shelves, *([Shelf("With a node of its own", with_node)] if with_node else [])))

    def _kind(self, value: str, port: Port) -> tuple[PortType, bool]:
        """Return the type of a value, and whether it can be looked at as a picture."""
        seen = self.known(value)
        told = seen.type if seen is not None and port.type in ("any", "array") else port.type
        kind = next((one for one in get_args(PortType) if one == told), port.type)
        return kind, seen is not None and seen.thumb is not None

    def _forms(
        self, graph: Graph, node: Node, port: Port, shows: str, kind: PortType, pictured: bool
    ) -> tuple[Form, ...]:
        what = shown(View("", shows, 0, 0, 1, 1), graph)
        if isinstance(what, Reading) and _own(node) and port.type == "indicator":
            own = forms.named(what.own)
            others = recast.fitting(what, None)
            return tuple(dict.fromkeys((*([own] if own is not None else []), *others)))
        found = forms.fitting((kind,), "indicator")
        if (of_unit := forms.indicator(_OF_UNITS.get(port.unit, ""))) in found and of_unit is not None:
            found = (found[0], of_unit, *found[1:])
        if pictured:
            found = (*forms.fitting(("image",), "indicator"), *found)
        return tuple(dict.fromkeys((*found, forms.TEXT)))

    def _nodes_for(
        self, graph: Graph, node: Node, port: Port, kind: PortType, there: tuple[Choice, ...]
    ) -> Iterator[Choice]:
        """Give what has to remember, or to compute, before it is seen: a node of the library for each."""
        if kind in ("any", "indicator", "none"):
            return
        taken = {choice.options.get("as") for choice in there}
        for spec in self._flows.known().specs.values():
            form = forms.of_node(spec) if spec.shows else None
            if form is None or form.key in taken or not (_takes(spec, kind) and form.makes_of(kind)):
                continue
            wired = (node.id, port.name)
            yield Choice(spec.title, graph.function, "", form.size, adds=spec.path, wired=wired)

    def _of_part(self, graph: Graph, node: Node, name: str) -> Fits:
        """Return what fits a field, or an input: an open one is fed by a new control, another shows what feeds it."""
        entry = next((entry for entry in node.fields if entry.name == name), None)
        if entry is not None:
            return self._of_field(graph, node, entry)
        port = next((port for port in node.inputs if port.name == name), None)
        if port is None:
            return Fits(node.id, refusal=f"“{node.id}” has no parameter “{name}” any more.")
        wire = next((wire for wire in graph.wires if wire.target == (node.id, name)), None)
        source = graph.nodes.get(wire.source[0]) if wire is not None else None
        output = (
            next((p for p in source.outputs if wire is not None and p.name == wire.source[1]), None) if source else None
        )
        if source is not None and output is not None:
            return self._of_output(graph, source, output)
        feeding = []
        for spec in self._flows.known().specs.values():
            kind = spec.outputs[0].type if spec.role == "control" and len(spec.outputs) == 1 else "none"
            if kind != "none" and compatible(kind, port.type):
                size = forms.first_size(spec)
                feeding.append(Choice(spec.title, graph.function, "", size, adds=spec.path, wired=(node.id, name)))
        nothing = "" if feeding else f"No control gives what “{node.id}” takes there."
        return Fits(f"{node.id}.{name}", (Shelf("", tuple(feeding)),), refusal=nothing)

    def _of_field(self, graph: Graph, node: Node, entry: Field) -> Fits:
        shows = f"{node.id}.{entry.name}"
        what = shown(View("", shows, 0, 0, 1, 1, options=(("as", "control.number"),)), graph)
        parameter = node.spec.parameter(entry.name) if node.spec is not None else None
        open_type = parameter is None or parameter.type == "any"
        if not isinstance(what, Setting) or not _settable(what, open_type):
            return Fits(shows, refusal=f"“{shows}” is set in the script alone: the panel has no control for it.")
        controls = Shelf("", tuple(_setting(graph, shows, what, form) for form in recast.controls_of(what)))
        read = forms.fitting((what.type,), "indicator")
        look = Shelf("Show only", tuple(_showing(graph, shows, form) for form in read))
        if not what.wired:
            return Fits(shows, tuple(shelf for shelf in (controls, look) if shelf.choices))
        first = (Shelf("", look.choices), Shelf("As a control", controls.choices))
        words = f"“{shows}” is set by a wire from “{what.wired}”: no hand can turn it on the panel."
        return Fits(shows, tuple(shelf for shelf in first if shelf.choices), words)

    def _of_node(self, graph: Graph, node: Node) -> Fits:
        """Return what fits a node: a control or an indicator itself, of others their outputs, then their fields."""
        shelves: list[Shelf] = []
        if node.role == "control" and node.spec is not None:
            what = shown(View("", node.id, 0, 0, 1, 1), graph)
            if isinstance(what, Setting):
                shelves.append(Shelf("", tuple(_setting(graph, node.id, what, f) for f in recast.controls_of(what))))
        several = len(node.outputs) > 1
        for port in node.outputs:
            fits = self._of_output(graph, node, port)
            name = f" {fits.name}" if several or node.role != "control" else ""
            for shelf in fits.shelves:
                show = f"Show only{name}" if node.role == "control" else f"Show{name}"
                own = f"{show} {shelf.title[0].lower()}{shelf.title[1:]}" if several and shelf.title else shelf.title
                first = not shelves
                shelves.append(Shelf("" if first and not several else own or show, shelf.choices, open=first))
        if not _own(node) and node.role != "control":
            for entry in node.fields:
                fits = self._of_field(graph, node, entry)
                if not fits.words and fits.shelves:
                    shelves.append(Shelf(f"Set {entry.name}", fits.shelves[0].choices))
        nothing = "" if shelves else f"“{node.id}” gives no value and has no parameter that the panel could show."
        return Fits(node.name, tuple(shelves), refusal=nothing)

    # -------------------------------------------------------------- the library
    def _of_type(self, path: str) -> Fits:
        """Return what fits a node type that is to be added: the values that it can read, first what is selected."""
        spec = self._flows.known().find(path)
        function, chosen = self.selected()
        graph = self._flows.picture_of(function) or next(iter(self._flows.graphs.values()), None)
        if spec is None or graph is None:
            return Fits(path, refusal="There is no flow to add it to.")
        if not spec.viewed:
            return Fits(spec.title, refusal=f"{spec.title} is no control and no indicator: drop it on the canvas.")
        form = forms.of_node(spec)
        size = form.size if form is not None else forms.first_size(spec)

        def choice(title: str, wired: tuple[str, ...] = ()) -> Choice:
            return Choice(title, graph.function, "", size, adds=path, wired=wired)

        if spec.role == "control":
            ends = [choice(f"{spec.title} for {n}.{p}", (n, p)) for n, p in _open_ends(graph, chosen, spec)]
            return Fits(spec.title, (Shelf("", (*ends, choice(spec.title if not ends else "Wired to nothing"))),))
        values = [
            (node, port, kind)
            for node in graph.nodes.values()
            for port in node.outputs
            if (value := graph.value(node.id, port)) and port.type != "indicator"
            if _takes(spec, kind := self._kind(value, port)[0], unsure=True) and (form is None or form.makes_of(kind))
        ]
        wanted, on_panel = _first_input(spec), self._flows.variables()

        def rank(one: tuple[Node, Port, PortType]) -> tuple[bool, ...]:
            """Put first what is selected, then what is of the very type, made by the flow, and seen nowhere yet."""
            node, port, kind = one
            seen = graph.value(node.id, port) in on_panel
            return node.id not in chosen, kind == "any", kind != wanted, node.role == "control", seen

        values.sort(key=rank)
        of = [choice(f"{spec.title} of {port.variable or node.id}", (node.id, port.name)) for node, port, _ in values]
        return Fits(spec.title, (Shelf("", (*of, choice("Wired to nothing" if of else spec.title))),))


def suiting(kind: PortType) -> tuple[int, int]:
    """Return the columns and rows of a view that leaves the form to the values of a type."""
    if kind == "none":
        return forms.TEXT.size
    found = forms.fitting((kind,), "indicator") if kind != "any" else ()
    return found[0].size if found else PLAIN


def _own(node: Node) -> bool:
    """Say whether a node brings along how it is seen."""
    return node.spec is not None and node.spec.viewed


def _showing(graph: Graph, shows: str, form: Form) -> Choice:
    what = shown(View("", shows, 0, 0, 1, 1), graph)
    own = isinstance(what, Reading) and what.own == form.key
    return Choice(form.title, graph.function, shows, form.size, {} if own else {"as": form.key})


def _setting(graph: Graph, shows: str, what: Setting, form: Form) -> Choice:
    options = recast.asking_for(View("", shows, 0, 0, 1, 1), what, form)
    return Choice(form.title, graph.function, shows, form.size, options)


def _settable(what: Setting, open_type: bool) -> bool:
    """Say whether a control can write what stands there; of nothing alone nobody knows what it should be."""
    if what.value is None:
        return bool(what.choices) or not open_type
    return bool(what.choices) or isinstance(what.value, bool | int | float | str | Symbol)


def _takes(spec: NodeSpec, kind: PortType, *, unsure: bool = False) -> bool:
    """Say whether a node type has a first input that takes values of a type; `unsure` lets it be any."""
    wanted = _first_input(spec)
    fits = wanted is not None and compatible(kind, wanted)
    return fits and (unsure or kind != "any" or wanted == "any")


def _first_input(spec: NodeSpec) -> PortType | None:
    """Return the type of the first input of a node type; None if it has none."""
    inputs = (p for p in spec.parameters if (p.required or p.passing == "many") and p.method != "__init__")
    return next((one.type for one in inputs), None)


def _open_ends(graph: Graph, chosen: list[str], spec: NodeSpec) -> Iterator[tuple[str, str]]:
    """Give the inputs of what is selected that a control can feed: those that nothing feeds yet."""
    kind = spec.outputs[0].type if spec.outputs else "any"
    for node in (graph.nodes[name] for name in chosen if name in graph.nodes):
        wired = {wire.target[1] for wire in graph.wires if wire.target[0] == node.id}
        for port in node.inputs:
            if port.name not in wired and compatible(kind, port.type):
                yield node.id, port.name
        for entry in node.fields:
            parameter = node.spec.parameter(entry.name) if node.spec is not None else None
            known = parameter is not None and parameter.type != "any" and parameter.type == kind
            if known and not entry.wired and entry.name not in {port.name for port in node.inputs}:
                yield node.id, entry.name
