"""The values that a picture of a flow is made of: boxes, ports, fields and wires (see `flodesk.flow.graph`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType
from flodesk.flow.value_names import shared_values

NodeKind = Literal[
    "call", "object", "producer", "switch", "merge", "feedback", "constant", "code", "jump", "inputs", "return"
]


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a box.

    Attributes
    ----------
    name : str
        Of an input: the parameter (``cutoff``), for ``*values`` ``values[0]``, ``values[1]`` ... and one open
        ``values[n]`` at the end; of an output: empty for the whole result, else the field.
    label : str
        What is written beside it: for an unnamed output the variable that it binds.
    variable : str
        Of an output: the text that reads it in the script (``clean``, ``parts.low``). `Graph.value` tells the name of
        its value.
    statement : str
        Id of the statement whose argument (input) or binding (output) it is.
    """

    name: str
    type: PortType
    label: str
    statement: str
    variable: str = ""
    required: bool = False
    unit: str = ""
    help: str = ""
    problem: str = ""
    """Why there is no such port, where the script uses one that its type does not have (any more)."""
    loose: bool = False
    """Of an input: its type is what a docstring tells in words, and no wire is refused because of it."""
    each: bool = False
    """Of an input: the node is mapped over it, so it takes a list, and runs once for each item."""
    items: PortType = "any"
    """Of such an input, and of the list that such a node gives: what each item is."""

    @property
    def takes(self) -> PortType:
        """What a wire to it has to give."""
        return "any" if self.loose else self.type


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a box as the inspector shows it.

    Attributes
    ----------
    text : str
        The value now, as Python text; the default's if it is not set; empty if required and open.
    given : bool
        Written in the script, so that "back to the default" makes sense.
    wired : bool
        A wire sets it: it is a port (too).
    statement : str
        Id of the statement that carries it.
    """

    name: str
    text: str
    given: bool
    wired: bool
    statement: str
    each: bool = False
    """The node is mapped over it: the text is of several values, and it runs once for each."""
    module: bool = False
    """That statement stands at the top of the file: it makes what several functions share."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the canvas."""

    id: str
    function: str
    kind: NodeKind
    title: str
    type: str
    spec: NodeSpec | None
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    fields: tuple[Field, ...]
    statements: tuple[str, ...]
    loops: tuple[str, ...] = ()
    """Ids of the loops it stands in, outermost first; a producer stands in its own."""
    arms: tuple[tuple[str, int], ...] = ()
    """The arms it stands in, as (id of the switch, number of the arm), outermost first."""
    note: str = ""
    text: str = ""
    """Of a code node or a jump: its source; of a switch: its tests, a line each."""
    place: str = ""
    """Where it runs, if the header names a place for it."""
    beside: bool = False
    """It runs beside its loop, not in it."""
    pins: tuple[str, ...] = ()
    """The fields that its card shows whether the script sets them or not."""
    switched: str = ""
    """``off`` if it is switched off, ``bypass`` if its input goes on in the place of its result (`flow.switched`)."""
    passing: str = ""
    """The input whose value goes on then."""
    on_item_error: str = ""
    """Of one that runs once for each item of an input: what an item does that fails."""
    along: bool = False
    """It is off because something that it needs is, and comes back with that."""

    @property
    def address(self) -> str:
        """``function.id``, the name under which the engine, the log and the panel speak of it."""
        return f"{self.function}.{self.id}"

    @property
    def name(self) -> str:
        """What a hand calls it, and gives another text to rename it: of code that binds one variable that variable."""
        if self.kind == "code" and len(self.outputs) == 1:
            return self.outputs[0].variable
        return self.id

    def renamed(self, name: str) -> str:
        """Return the id that it has under another name: the number of code stays where its name is its variable."""
        return self.id if self.name != self.id else name

    @property
    def mapped(self) -> tuple[str, ...]:
        """The inputs that it is mapped over, so that it runs once for each item; none if it is not."""
        return tuple(field.name for field in self.fields if field.each) if self.on_item_error else ()

    @property
    def role(self) -> str:
        """The role of its type: ``control``, ``indicator``, ``producer`` ...; its kind where the type is unknown."""
        return self.spec.role if self.spec else self.kind


@dataclass(frozen=True, slots=True)
class Wire:
    """From an output port to an input port, both as (node id, port name) in one function."""

    source: tuple[str, str]
    target: tuple[str, str]
    type: PortType
    feedback: bool = False
    problem: str = ""
    """Why it cannot work; it is kept and drawn as broken."""
    astray: bool = False
    """One of its ends is no such port: that is the problem, and not the types."""


def is_carried_by_code(node: Node) -> bool:
    """Say whether a box is feedback without lines of its own: it holds what code binds anew (``total += x``)."""
    return node.kind == "feedback" and not node.statements


@dataclass(frozen=True, slots=True)
class Lost:
    """A wire without a beginning: an input reads a name that nothing gives.

    Attributes
    ----------
    name : str
        What the script reads: ``tnoe``, or ``parts.low`` where there are no ``parts``.
    target : (node, port)
    problem : str
        Why, in words.
    """

    name: str
    target: tuple[str, str]
    problem: str

    @property
    def wire(self) -> Wire:
        """As a wire, for who takes it off."""
        return Wire(("", self.name), self.target, "any", problem=self.problem, astray=True)


@dataclass(frozen=True)
class Graph:
    """The boxes and wires of one function, and the wires whose beginning is lost.

    Attributes
    ----------
    several : frozenset of str, optional
        The names that may have more than one giver, where these are known: all others need not be looked at for that.
    """

    function: str
    nodes: Mapping[str, Node]
    wires: tuple[Wire, ...]
    lost: tuple[Lost, ...] = ()
    several: frozenset[str] | None = field(default=None, compare=False)

    @cached_property
    def _shared(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        return shared_values(self.nodes, self.wires) if self.several is None or self.several else {}

    @cached_property
    def shared(self) -> frozenset[str]:
        """The values of which another node binds the variable, too: each is kept only while somebody looks at it."""
        ends = ((node, port) for node, _ in self._shared for port in self.nodes[node].outputs)
        return frozenset(self.value(node, port) for node, port in ends if self.makers(node, port))

    def makers(self, node: str, port: Port) -> tuple[str, ...]:
        """Return the statements that the value of an output comes from, where others bind its variable, too."""
        return self._shared.get((node, port.name), ())

    def value(self, node: str, port: Port) -> str:
        """Return the name of the value of an output, by which it is watched; empty where there is none.

        ``function.variable``; where other nodes bind that variable, too, ``function.variable@statement`` (with several
        statements between ``|``): what each of the arms gives to a merge is a value of its own.
        """
        if not port.variable:
            return ""
        head, dot, field = port.variable.partition(".")
        makers = self.makers(node, port)
        at = f"@{'|'.join(makers)}" if makers else ""
        return f"{self.function}.{head}{at}{dot}{field}"
