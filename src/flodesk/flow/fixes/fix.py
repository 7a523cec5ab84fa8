"""A fix, and what those who look for fixes know about a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, EditError, Many
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.model import Address, Call, Flow, Loop, Statement
from flodesk.flow.problem import Problem
from flodesk.flow.slots import Slot, parameters_of
from flodesk.flow.spec import Parameter
from flodesk.flow.wiring.passing import slot_of
from flodesk.flow.wiring.refused import Refused

FixKind = Literal["write", "ask", "rename", "connect", "convert", "disconnect", "move", "remove", "import", "install"]
"""What a fix does, in a word: the sign in front of it follows from that."""
End = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that can be done about a problem with one click.

    Attributes
    ----------
    kind : FixKind
    title : str
        What it will do, exactly; the undo menu says the same.
    edit : Edit, optional
        The change of the flow, one step of undo. None where something else is to be done.
    node, field : str
        For ``ask``: the node (``function.id``) and the field that a hand is to fill.
    package : str
        For ``install``: what is to be installed, as it is imported.
    path, between : str, tuple
        For ``convert``: the type of the node, and the two ends that it goes between.
    """

    kind: FixKind
    title: str
    edit: Edit | None = None
    node: str = ""
    field: str = ""
    package: str = ""
    path: str = ""
    between: tuple[End, ...] = ()


class Broken:
    """A problem with the flow that it is in."""

    def __init__(self, flow: Flow, catalog: Catalog, problem: Problem) -> None:
        self.flow = flow
        self.catalog = catalog
        self.problem = problem
        self.about = problem.about

    @property
    def function(self) -> str:
        """The function that the problem is in."""
        return self.about.function

    @cached_property
    def graph(self) -> Graph:
        """The picture of that function."""
        known = not self.function or self.function in self.flow.functions
        return picture(self.flow, self.catalog, self.function) if known else Graph(self.function, {}, ())

    @cached_property
    def statement(self) -> Statement | None:
        """The statement that the problem is at."""
        found = self.flow.index.get(Address(self.function, self.about.statement))
        return found[0] if found is not None else None

    @cached_property
    def box(self) -> Node | None:
        """The box of the statement."""
        nodes = self.graph.nodes.values()
        return next((node for node in nodes if self.about.statement in (node.id, *node.statements)), None)

    @property
    def name(self) -> str:
        """What the node is called."""
        return self.box.id if self.box is not None else self.about.statement

    def end(self, end: End) -> End | None:
        """Return an end of a wire as the picture has it: a node that is switched off is drawn as what it stands for."""
        if end[0] in self.graph.nodes:
            return end
        drawn = (node for node in self.graph.nodes.values() if end[0] in node.statements)
        ports = ((node.id, port.name) for node in drawn for port in node.outputs if port.variable == end[0])
        return next(ports, None)

    @property
    def call(self) -> Call | Loop | None:
        """The statement, if it is a call."""
        return self.statement if isinstance(self.statement, Call | Loop) else None

    @property
    def parameters(self) -> tuple[Parameter, ...] | None:
        """The parameters of what the statement calls; None if that is not known."""
        if self.call is None or self.box is None:
            return None
        return parameters_of(self.flow, self.box.spec, self.call)

    def slot(self, port: str) -> Slot | None:
        """Return what a port is in the call."""
        return slot_of(self.call, self.parameters, port) if self.call is not None else None

    def step(self, kind: FixKind, title: str, make: Callable[[], Edit], **more: object) -> Iterator[Fix]:
        """Give a fix that changes the flow, if that can be done and changes anything."""
        try:
            edit = make()
            new, _ = edit.apply(self.flow)
        except (Refused, EditError, KeyError):
            return
        if new is not self.flow and new != self.flow:
            parts = edit.edits if isinstance(edit, Many) else (edit,)
            yield Fix(kind, title, Many(parts, title), **more)  # type: ignore[arg-type]

    def ask(self, port: str) -> Iterator[Fix]:
        """Give a fix that lets a hand type the value of a field."""
        box = self.box
        if box is not None and any(field.name == port for field in box.fields):
            title = f"Type a value for “{port}” of “{box.id}”…"
            yield Fix("ask", title, node=box.address, field=port)
