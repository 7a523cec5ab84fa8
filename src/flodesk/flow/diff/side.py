"""One function of a flow, laid out for comparing: its statements in the order of the text, and what they name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from flodesk.flow.catalog import Catalog
from flodesk.flow.model import Block, Call, Flow, Function, Loop, Statement, Switch
from flodesk.flow.names import binds_of, reads_of
from flodesk.flow.python_types import is_hidden, python_type
from flodesk.flow.script.ids import kinds
from flodesk.flow.script.names import parameter_names
from flodesk.flow.slots import Slot, slots
from flodesk.flow.spec import Parameter
from flodesk.flow.syntax import parse_tree


@dataclass(slots=True, eq=False)
class Item:
    """A statement and where it stands: `parent` is the number of the loop or switch around it, -1 for none."""

    statement: Statement
    number: int
    parent: int
    arm: int
    anonymous: bool
    """Its id is a number of its kind, which says nothing about what it is."""


@dataclass(eq=False)
class Side:
    """A function of one of the two flows; ``""`` is the module, whose functions are statements of it."""

    flow: Flow
    function: str
    catalog: Catalog
    items: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        block = self.flow.functions[self.function].body if self.function else self.flow.module
        for (statement, parent, arm), kind in zip(_walk(block), kinds(block), strict=True):
            self.items.append(Item(statement, len(self.items), parent, arm, bool(kind)))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's own parameters."""
        text = self.flow.functions[self.function].parameters if self.function else ""
        if not text.strip():
            return ()
        definition = parse_tree(f"def function({text}): pass").body[0]
        assert isinstance(definition, ast.FunctionDef)
        return parameter_names(definition.args)

    @cached_property
    def bound(self) -> dict[str, list[Item]]:
        """The variables of the function, each with the statements that bind it."""
        found: dict[str, list[Item]] = {name: [] for name in self.parameters}
        for item in self.items:
            if not isinstance(item.statement, Function):
                for name in binds_of(item.statement):
                    found.setdefault(name, []).append(item)
        return found

    @cached_property
    def readers(self) -> dict[str, list[tuple[Item, int]]]:
        """Who reads a variable: the statement, and as the how-manieth of what it reads."""
        found: dict[str, list[tuple[Item, int]]] = {}
        for item in self.items:
            for number, ref in enumerate(reads_of(item.statement)):
                found.setdefault(ref.name, []).append((item, number))
        return found

    @cached_property
    def places(self) -> dict[str, tuple[float, float]]:
        """The places of the function's cards, as the header has them."""
        return dict(self.flow.header.canvas.get(self.function, {}))

    def slots(self, statement: Call | Loop) -> list[Slot]:
        """Name the arguments of a call as its ports and fields are named."""
        return slots(statement.arguments, self._taken(statement))

    def _taken(self, statement: Call | Loop) -> tuple[Parameter, ...] | None:
        """Return the parameters of what is called, None where it is not known."""
        head, _, method = statement.callee.partition(".")
        module = self.flow.module.statements
        if head in self.bound:
            made = next((i.statement for i in self.bound[head] if isinstance(i.statement, Call)), None)
        elif self.function and head not in self.flow.imports:
            made = next((s for s in module if isinstance(s, Call) and s.name == head), None)
        else:
            made = None
        if made is not None and made is not statement:
            spec = self.catalog.find(self.flow.resolve(made.callee))
            method = method or "__call__"
            return spec.inputs(method) if spec is not None and method in spec.methods else None
        spec = self.catalog.find(self.flow.resolve(statement.callee))
        if spec is None:
            spec = None if head in self.bound or is_hidden(self.flow, head) else python_type(statement.callee)
            return spec.inputs("") if spec is not None else None
        return spec.inputs("__init__" if spec.methods or spec.inputs("__init__") else "")


def _walk(block: Block) -> Iterator[tuple[Statement, int, int]]:
    """Give every statement of a function with the number of what it stands in, in the order of the text."""
    stack: list[tuple[Iterator[Statement], int, int]] = [(iter(block.statements), -1, 0)]
    count = 0
    while stack:
        rest, parent, arm = stack[-1]
        statement = next(rest, None)
        if statement is None:
            stack.pop()
            continue
        yield statement, parent, arm
        if isinstance(statement, Loop):
            stack.append((iter(statement.body.statements), count, 0))
        elif isinstance(statement, Switch):
            for number in reversed(range(len(statement.arms))):
                stack.append((iter(statement.arms[number].body.statements), count, number))
        count += 1
