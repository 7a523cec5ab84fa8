"""A picture in the making: boxes that are added to, and wires from where variables come to what reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flodesk.flow.boxes import Field, Node, NodeKind, Port, Wire
from flodesk.flow.mapping import why_not_items
from flodesk.flow.model import Call, Loop, Ref
from flodesk.flow.names import Arms, Names
from flodesk.flow.slots import Slot, slots
from flodesk.flow.spec import NodeSpec, Output
from flodesk.flow.types import PortType, why_not

_UNTESTABLE: frozenset[PortType] = frozenset({"array", "signal", "table", "image"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a variable comes from.

    Attributes
    ----------
    node : str
        Id of the box.
    ports : dict of name to PortType
        The ports that carry it (``""``) and its fields.
    port : str
        Name of the one port that carries all of it, where that is not its own output.
    items : dict of name to PortType
        What the items are, of the ports that carry a list of which that is known.
    """

    node: str
    ports: dict[str, PortType]
    port: str = ""
    items: dict[str, PortType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """An input that reads a variable."""

    ref: Ref
    node: str
    port: str
    type: PortType
    feedback: bool = False
    items: PortType = "any"


@dataclass(slots=True)
class Box:
    """A box in the making."""

    id: str
    kind: NodeKind
    title: str
    type: str = ""
    spec: NodeSpec | None = None
    inputs: dict[str, Port] = field(default_factory=dict)
    outputs: list[Port] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    loops: tuple[str, ...] = ()
    arms: Arms = ()
    note: str = ""
    text: str = ""
    on_item_error: str = ""

    def node(self, function: str) -> Node:
        """Return the finished box."""
        return Node(
            self.id, function, self.kind, self.title, self.type, self.spec,
            tuple(self.inputs.values()), tuple(self.outputs), tuple(self.fields), tuple(self.statements),
            self.loops, self.arms, self.note, self.text, on_item_error=self.on_item_error,
        )  # fmt: skip


@dataclass(slots=True)
class Sketch:
    """Boxes and wires of one function, as far as they are drawn.

    Attributes
    ----------
    names : Names
        What each name of the function stands for.
    boxes : dict of id to Box, or to Node
        In the order in which they are listed; those that were drawn before are finished.
    origins : dict of name to Origin
        Where each variable comes from at this point of the text.
    late : list of Reading
        Inputs that read what is bound further down only.
    clashes : bool
        Whether two boxes have the same id: then the first has made way.
    """

    names: Names
    boxes: dict[str, Box | Node] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    late: list[Reading] = field(default_factory=list)
    clashes: bool = False

    def put(self, box: Box) -> None:
        """Add a box."""
        self.clashes = self.clashes or box.id in self.boxes
        self.boxes[box.id] = box

    def opened(self, name: str) -> Box:
        """Return a box that is drawn now, to add to it."""
        box = self.boxes[name]
        assert isinstance(box, Box), f"{name} was drawn before"
        return box

    def add(self, box: Box, statement: Call | Loop) -> None:
        """Begin the box of a statement."""
        box.statements.append(statement.id)
        box.note = statement.note
        self.put(box)

    def arguments(
        self, box: Box, call: Call | Loop, spec: NodeSpec | None, method: str, *, required: bool = True
    ) -> None:
        """Make ports and fields of a call's arguments, and wires to them.

        Parameters
        ----------
        spec : NodeSpec or None
            None if nothing is known about what is called.
        required : bool
            Whether a required parameter that is written out has a port all the same.
        """
        control = spec is not None and spec.role == "control"
        variable = self.names.is_variable
        there = set(box.inputs)
        for number, slot in enumerate(slots(call.arguments, spec.inputs(method) if spec is not None else None)):
            name, parameter, argument = slot.name, slot.parameter, slot.argument
            value = argument.value if argument is not None else None
            wired = isinstance(value, Ref) and variable(value.name)
            each = argument is not None and argument.each is not None
            if argument is not None and argument.each is not None:
                box.on_item_error = argument.each.on_error
            many = parameter is not None and parameter.passing == "many"
            needs = parameter is not None and parameter.required and not (control and number == 0)
            if not many or value is not None:
                default = parameter.default if parameter is not None else ""
                text = default if value is None else value.text
                box.fields.append(Field(name, text, value is not None, wired, call.id, each))
            if name not in there and (wired or many or (needs and (required or value is None))):
                strange = spec is not None and parameter is None and not spec.extra and wired
                box.inputs[name] = _port(slot, call.id, needs, _surplus(spec, slot) if strange and spec else "")
            if isinstance(value, Ref) and wired:
                takes = parameter.takes if parameter is not None else "any"
                self.read(value, box.id, name, "list" if each else takes, items=takes if each else "any")

    def results(
        self, box: Box, name: str, statement: str, outputs: Iterable[Output], items: dict[str, PortType] | None = None
    ) -> None:
        """Make the output ports of a statement that binds one variable, those that somebody reads among them.

        `items` says of outputs that are lists what their items are, where that is known.
        """
        known = items or {}
        ports: dict[str, PortType] = {}
        for output in outputs:
            part = output.name
            variable = f"{name}.{part}" if part else name
            box.outputs.append(
                Port(
                    part, output.type, part or name, statement, variable, False, output.unit, output.help,
                    items=known.get(part, "any"),
                )
            )  # fmt: skip
            ports[part] = output.type
        read = dict.fromkeys(self.names.fields.get(name, ()))
        if not ports and len(self.names.bound.get(name, ())) > 1:
            read[""] = None  # a merge takes it, also one that nobody reads
        for wanted in read:
            if wanted not in ports:
                variable = f"{name}.{wanted}" if wanted else name
                kind: PortType = "any" if wanted or ports else "none"
                problem = ""
                if wanted and box.spec is not None and box.kind != "object" and ports and all(ports):
                    problem = f"{box.spec.name} has no output “{wanted}” (any more)."
                box.outputs.append(Port(wanted, kind, wanted or name, statement, variable, problem=problem))
                ports[wanted] = kind
        self.origins[name] = Origin(box.id, ports, items=known)

    def read(
        self, ref: Ref, node: str, port: str, kind: PortType, *, feedback: bool = False, items: PortType = "any"
    ) -> None:
        """Let an input read a variable; of a list that is to have such items."""
        reading = Reading(ref, node, port, kind, feedback, items)
        origin = self.origins.get(ref.name)
        if origin is None:
            self.late.append(reading)
        else:
            self.wire(origin, reading)

    def wire(self, origin: Origin, reading: Reading) -> None:
        """Draw a wire, as broken if the types cannot work."""
        part, kind = reading.ref.field, reading.type
        gives = origin.ports.get(part, "any")
        problem = "" if gives == kind or kind == "any" else why_not(gives, kind)
        problem = problem or why_not_items(origin.items.get(part, "any"), reading.items)
        if reading.port.startswith("test["):
            problem = "" if gives not in _UNTESTABLE else f"{why_not(gives, 'truth')} Compare it with something first."
        source = (origin.node, origin.port or part)
        self.wires.append(Wire(source, (reading.node, reading.port), gives, reading.feedback, problem))


def _surplus(spec: NodeSpec, slot: Slot) -> str:
    if slot.argument is not None and slot.argument.keyword and spec.parameter(slot.argument.keyword) is not None:
        return f"“{slot.argument.keyword}” is set twice."
    what = f"input “{slot.name}”" if slot.argument is not None and slot.argument.keyword else "room for one more value"
    return f"{spec.name} has no {what} (any more)."


def _port(slot: Slot, statement: str, required: bool, problem: str = "") -> Port:
    parameter = slot.parameter
    each = slot.argument is not None and slot.argument.each is not None
    if parameter is None:
        return Port(slot.name, "list" if each else "any", slot.name, statement, problem=problem, each=each)
    said = (parameter.unit, parameter.help)
    if each:
        takes = parameter.takes
        return Port(slot.name, "list", slot.name, statement, "", required, *said, each=True, items=takes)
    return Port(slot.name, parameter.type, slot.name, statement, "", required, *said, loose=parameter.loose)
