"""Side branches: which statements of a loop's body run beside the loop, and why some cannot.

The header says it: ``[tool.flodesk.detached.FUNCTION]`` has a line ``node = 4`` for each node that begins one. It and
everything downstream of it in the loop's body run in a thread of their own, turn after turn, and may be so many turns
behind the loop. So nothing else in the body may hang on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from flodesk.flow.boxes import Graph
from flodesk.flow.edit.header import setting
from flodesk.flow.model import (
    Address,
    Argument,
    Bind,
    Block,
    Call,
    Code,
    Flow,
    Literal,
    Loop,
    Region,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.names import Names, binds_of, names_of, names_read
from flodesk.flow.problem import quoted

BEHIND = 4
"""How many turns a branch may be behind, if nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Statements of the body of one loop that run beside it.

    Attributes
    ----------
    loop : str
        Id of the loop.
    nodes : tuple of str
        Those that the header names.
    statements : tuple of str
        Ids of all that runs beside the loop, in the order of the text.
    behind : int
        How many turns it may be behind.
    """

    loop: str
    nodes: tuple[str, ...]
    statements: tuple[str, ...]
    behind: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a node cannot run beside its loop."""

    node: str
    message: str
    hint: str


@dataclass(slots=True)
class _Growing:
    nodes: list[str]
    behind: int
    inside: set[int]


def branches(flow: Flow, function: str) -> tuple[tuple[Branch, ...], tuple[Fault, ...]]:
    """Find the side branches of a function, and what is wrong with those that cannot be.

    Two that share what is downstream of them are one, which may be as far behind as the nearer of them.
    """
    wanted = setting(flow, "detached", function)
    if not wanted or function not in flow.functions:
        return (), ()
    return _Search(flow, function, names_of(flow, function)).found(wanted)


def in_line(flow: Flow) -> Flow:
    """Return the flow with no node beside its loop: each turn is over when all of it is."""
    settings = {name: value for name, value in flow.header.settings.items() if name != "detached"}
    return replace(flow, header=replace(flow.header, settings=settings))


def beside_marked(graph: Graph, statements: Set[str]) -> Graph:
    """Return the picture with the boxes marked whose statements run beside their loop."""
    if not statements:
        return graph
    nodes = {
        name: node if statements.isdisjoint(node.statements) else replace(node, beside=True)
        for name, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


class _Search:
    def __init__(self, flow: Flow, function: str, names: Names) -> None:
        self.flow = flow
        self.function = function
        self.names = names
        self.local = names.bound.keys() | names.parameters
        self.faults: list[Fault] = []

    def found(self, wanted: Mapping[str, Any]) -> tuple[tuple[Branch, ...], tuple[Fault, ...]]:
        loops: dict[str, list[_Growing]] = {}
        for node, behind in wanted.items():
            roots = self._roots(node)
            if not roots:
                continue
            if isinstance(behind, bool) or not isinstance(behind, int) or behind < 1:
                self._fault(node, f"may be {behind!r} turns behind its loop: it takes a whole number from 1 on", "")
                continue
            loop = roots[0][0]
            body = self._loop(loop).body
            growing = _Growing([node], behind, {number for _, number in roots})
            self._grow(body, growing)
            for other in list(loops.setdefault(loop, [])):
                if not other.inside.isdisjoint(growing.inside) or self._objects(body, other) & self._objects(
                    body, growing
                ):
                    growing.nodes = [*other.nodes, *growing.nodes]
                    growing.inside |= other.inside
                    growing.behind = min(growing.behind, other.behind)
                    loops[loop].remove(other)
            loops[loop].append(growing)
        made = []
        for loop, growings in loops.items():
            body = self._loop(loop).body
            for growing in growings:
                if self._stands_alone(body, growing):
                    ids = tuple(body.statements[number].id for number in sorted(growing.inside))
                    made.append(Branch(loop, tuple(growing.nodes), ids, growing.behind))
        return tuple(made), tuple(self.faults)

    def _fault(self, node: str, message: str, hint: str) -> None:
        self.faults.append(Fault(node, f"{quoted(node)} {message}.", hint or _TAKE_OUT))

    def _loop(self, name: str) -> Loop:
        loop = self.flow.index[Address(self.function, name)][0]
        assert isinstance(loop, Loop)
        return loop

    # -------------------------------------------------------------- where a branch begins
    def _roots(self, node: str) -> list[tuple[str, int]]:
        """Return the loop of a node and its place in the body; of an object those of its calls in a loop."""
        entry = self.flow.index.get(Address(self.function, node))
        if entry is None:
            self._fault(node, "is to run beside its loop, but there is no such node", "")
            return []
        statement = entry[0]
        uses = [
            self.flow.index[Address(self.function, use.id)]
            for use, _ in self.names.uses.get(node, ())
            if isinstance(statement, Call)
        ]
        inside = [found for found in [entry, *uses] if self._is_in_loop(found[1])]
        if not inside:
            self._fault(node, "is to run beside its loop, but it stands in none", "")
            return []
        for _, where in inside:
            owner = self.flow.index[Address(self.function, where.owner)][0]
            if isinstance(owner, Switch):
                self._fault(
                    node,
                    f"stands in an arm of {quoted(owner.id)}: it cannot run beside the loop without it",
                    f"Let {quoted(owner.id)} run beside the loop, with all that it holds.",
                )
                return []
        first = inside[0][1].owner
        body = self._loop(first).body
        ids = [s.id for s in body.statements]
        return [(first, ids.index(found.id)) for found, where in inside if where.owner == first]

    def _is_in_loop(self, region: Region) -> bool:
        while region.owner:
            owner, region = self.flow.index[Address(self.function, region.owner)]
            if isinstance(owner, Loop):
                return True
        return False

    # -------------------------------------------------------------- what belongs to it
    def _grow(self, body: Block, growing: _Growing) -> None:
        """Add all that is downstream in the body: what reads, further down, what the branch binds."""
        grown = True
        while grown:
            before = len(growing.inside)
            for number, statement in enumerate(body.statements):
                reads = self._reads(statement)
                if any(
                    other < number and not reads.isdisjoint(self._binds(body.statements[other]))
                    for other in growing.inside
                ):
                    growing.inside.add(number)
            grown = len(growing.inside) > before

    def _stands_alone(self, body: Block, growing: _Growing) -> bool:
        """Say whether nothing else in the body hangs on a branch; what does is told."""
        inside = [body.statements[number] for number in sorted(growing.inside)]
        outside = [s for number, s in enumerate(body.statements) if number not in growing.inside]
        bound = {name: s for s in inside for name in self._binds(s)}
        called = {name: s for s in inside for name in self._called(s) - bound.keys()}
        node = growing.nodes[0]
        for statement in inside:
            if any(isinstance(s, Code) and s.leaves for s in self._all(statement)):
                self._fault(node, f"cannot run beside its loop: {quoted(statement.id)} may leave it", "")
                return False
        for statement in outside:
            for name in sorted(self._reads(statement) & bound.keys()):
                self._fault(
                    node,
                    f"cannot run beside its loop: {quoted(statement.id)} gets {quoted(name)} from it in the next turn",
                    f"Let {quoted(statement.id)} run beside the loop instead: what is downstream comes along.",
                )
                return False
            for name in sorted(self._binds(statement) & bound.keys()):
                self._fault(
                    node,
                    f"cannot run beside its loop: {quoted(name)} gets a value there from {quoted(bound[name].id)},"
                    f" and in the loop from {quoted(statement.id)}",
                    "Rename one of them.",
                )
                return False
            for name in sorted(self._called(statement) & called.keys()):
                self._fault(
                    node,
                    f"cannot run beside its loop: {quoted(called[name].id)} and {quoted(statement.id)} both call"
                    f" {quoted(name)}, and one would not wait for the other",
                    f"Give one of them an object of its own, or let {quoted(statement.id)} run beside the loop, too.",
                )
                return False
        return True

    # -------------------------------------------------------------- names
    def _all(self, statement: Statement) -> list[Statement]:
        if not isinstance(statement, Loop | Switch):
            return [statement]
        return [found for found, _ in walk(Block(statements=(statement,)), Region(self.function))]

    def _reads(self, statement: Statement) -> set[str]:
        """Return the variables that a statement reads, with all that stands in it."""
        found: set[str] = set()
        for inner in self._all(statement):
            found |= names_read(inner)
            values: tuple[Any, ...] = ()
            if isinstance(inner, Call | Loop):
                values = tuple(argument.value for argument in inner.arguments if isinstance(argument, Argument))
            elif isinstance(inner, Bind):
                values = (inner.value,)
            found |= {value.text.partition(".")[0] for value in values if isinstance(value, Literal)}
        return found & self.local

    def _binds(self, statement: Statement) -> set[str]:
        return {name for inner in self._all(statement) for name in binds_of(inner)}

    def _called(self, statement: Statement) -> set[str]:
        """Return the objects of the function on which a statement calls something."""
        calls = [inner for inner in self._all(statement) if isinstance(inner, Call | Loop)]
        return {inner.callee.partition(".")[0] for inner in calls} & self.local

    def _objects(self, body: Block, growing: _Growing) -> set[str]:
        return {name for number in growing.inside for name in self._called(body.statements[number])}


_TAKE_OUT = "Take it out of the header, or choose “Run beside the loop” at the node again."


__all__ = ["BEHIND", "Branch", "Fault", "branches"]
