"""Rules on names: every value that is read must have been given, on every way that leads to the reader."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from flodesk.flow.boxes import Graph
from flodesk.flow.facts import Lines
from flodesk.flow.jumps import ends_elsewhere
from flodesk.flow.model import Block, Call, Code, Flow, Function, Import, Loop, Statement, Switch
from flodesk.flow.names import Names, arm_label, binds_of
from flodesk.flow.problem import NOTHING, About, Kind, Severity, near, quoted
from flodesk.flow.script.names import early_names, kept_names
from flodesk.flow.syntax import parse_tree


class Report(Protocol):
    """Takes a problem down."""

    def __call__(
        self,
        kind: Kind,
        at: Statement | None,
        message: str,
        hint: str,
        severity: Severity = "error",
        about: About = NOTHING,
    ) -> None:
        """Say what is wrong with a statement, and what to do; `about` says the same for a program."""


_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a name may have no value: it is bound in some arms only, or in a loop that is over."""

    switch: Switch | None = None
    arms: tuple[int, ...] = ()
    loop: Loop | None = None


_NOT_GIVEN = Missing()
PORTION = 500
"""Statements that are looked at between two pauses: about a millisecond."""
_DEAR = 100
"""As how many of them one counts that reads what it may not: a name like it is looked for, or a way along the wires."""


@dataclass
class Bindings:
    """The walk over one function, in the order in which it runs.

    Attributes
    ----------
    lines : Lines
        What each line says by itself.
    boxes : mapping of int to str
        The box that a statement is drawn in, by the statement's `id()`.
    outside : frozenset of str
        Names that the module gives: imports, functions, classes, objects, builtins.
    foreign : callable
        Gives the other flow of the file that binds a name; empty if none does.
    certain : bool
        False if there may be names that the text does not show (``from x import *``).
    """

    function: str
    names: Names
    graph: Graph
    report: Report
    lines: Lines
    boxes: Mapping[int, str]
    outside: frozenset[str]
    foreign: Callable[[str], str]
    certain: bool
    _given: dict[str, Missing | None] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)
    _meant: dict[str, str] = field(default_factory=dict)
    _since_pause: int = 0

    def check(self, block: Block) -> Iterator[None]:
        """Report what is read without having been given, and pause now and then."""
        self._given = dict.fromkeys(self.names.parameters)
        yield from self._block(block)

    def _block(self, block: Block) -> Iterator[None]:
        for statement in block.statements:
            if isinstance(statement, Function | Import):
                continue
            facts = self.lines.of(statement)
            given = self._given
            for name in facts.needs:
                if given.get(name, _NOT_GIVEN) is not None:
                    self._read(name, statement)
            self._since_pause += 1
            if self._since_pause >= PORTION:
                self._since_pause = 0
                yield
            match statement:
                case Loop():
                    yield from self._loop(statement)
                case Switch():
                    yield from self._switch(statement)
                case _:
                    for name in facts.binds:
                        given[name] = None
            if facts.leaves and statement is not block.statements[-1]:
                self._tell_unreached(block, statement)
                return

    def _tell_unreached(self, block: Block, last: Statement) -> None:
        below = block.statements[block.statements.index(last) + 1]
        if not isinstance(below, Function | Import):
            self.report(
                "unreached", below,
                f"{quoted(self._box(below))} never runs: {quoted(self._box(last))} above it always ends its way.",
                f"Remove it, or move {quoted(self._box(last))} below it.",
                "warning",
            )  # fmt: skip

    def _loop(self, loop: Loop) -> Iterator[None]:
        before = dict(self._given)
        self._given.update(dict.fromkeys(loop.targets))
        yield from self._block(loop.body)
        # There may be no iteration: what may have had no value before may have none now, and what only the loop binds
        # has one in it alone.
        self._given = {name: before[name] if name in before else Missing(loop=loop) for name in self._given}

    def _switch(self, switch: Switch) -> Iterator[None]:
        before = dict(self._given)
        ends: dict[int, dict[str, Missing | None]] = {}
        for number, arm in enumerate(switch.arms):
            self._given = dict(before)
            yield from self._block(arm.body)
            if not ends_elsewhere(arm.body):  # else what stands below is not reached from there
                ends[number] = self._given
        if switch.arms[-1].test is not None:
            ends[len(switch.arms)] = before
        self._given = {} if ends else before
        for name in dict.fromkeys(name for end in ends.values() for name in end):
            without = tuple(number for number, end in ends.items() if name not in end)
            old = next((missing for end in ends.values() if (missing := end.get(name)) is not None), None)
            self._given[name] = Missing(switch, without) if without else old

    # -------------------------------------------------------------- what is read
    def _read(self, name: str, statement: Statement) -> None:
        if name in self._given:
            missing = self._given[name]
            if missing is not None and (name, statement.id) not in self._told:
                self._told.add((name, statement.id))
                self._since_pause += _DEAR
                self._tell_missing(name, missing, statement)
        elif name in self.names.bound:
            self._since_pause += _DEAR
            self._tell_order(name, statement)
        elif name not in self.outside and self.certain:
            self._since_pause += _DEAR
            self._tell_unbound(name, statement)

    def _tell_missing(self, name: str, missing: Missing, statement: Statement) -> None:
        if missing.loop is not None:
            head = quoted(missing.loop.targets[0])
            self.report(
                "after-loop",
                statement,
                f"{quoted(self._box(statement))} reads {quoted(name)} after the loop of {head}: it may have had no "
                "iteration, and else only its last value is left.",
                "Put a collector (collect.List, collect.Last ...) into the loop and read its result.",
                about=About(name=name),
            )
        elif missing.switch is not None:
            switch = missing.switch
            heads = [arm_label(switch, n) if n < len(switch.arms) else "no condition holds" for n in missing.arms]
            where = " and ".join(f"where {quoted(h)}" if n < len(switch.arms) else f"where {h}"
                                 for n, h in zip(missing.arms, heads, strict=True))  # fmt: skip
            merge = self.graph.nodes.get(name)
            if merge is not None and merge.kind == "merge":
                if ("merge", name) not in self._told:
                    self._told.add(("merge", name))
                    at = next((s.statement for s in self.names.bound[name]), statement)
                    self.report(
                        "merge-open", at,
                        f"The merge {quoted(name)} gets no value {where}.",
                        f"Give {quoted(name)} a value in every arm of {quoted(switch.id)}.",
                        about=About(name=name, owner=switch.id),
                    )  # fmt: skip
                return
            self.report(
                "some-arms",
                statement,
                f"{quoted(self._box(statement))} reads {quoted(name)}, which has no value {where}.",
                f"Give {quoted(name)} a value in every arm of {quoted(switch.id)}, "
                f"or move {quoted(self._box(statement))} into its arm.",
                about=About(name=name, owner=switch.id),
            )

    def _tell_order(self, name: str, statement: Statement) -> None:
        if isinstance(statement, Code) and name in statement.binds:
            if name not in _early(statement.text):
                return  # in its own loop or branch: what it has bound by then is for Python to say
            self.report(
                "order", statement,
                f"{quoted(self._box(statement))} reads {quoted(name)} before anything has given it a value.",
                f"Give it a start value above: {name} = ...",
                about=About(name=name),
            )  # fmt: skip
            return
        source = next((s.statement for s in self.names.bound[name]), None)
        circle = self._way(self._box(statement), self._box(source)) if source is not None else []
        if circle and self._is_called_later(name, statement):
            self.report(
                "circle",
                statement,
                f"{quoted(self._box(statement))} makes a function that calls {quoted(name)}, which is made further "
                "down and needs this one: in a flow neither can be made first.",
                "Move both functions to the top of the file.",
            )
        elif circle:
            self.report(
                "circle",
                statement,
                f"{' → '.join(quoted(node) for node in [*circle, circle[0]])} is a circle: none can run first.",
                "Carry the value to the next iteration by feedback: a start value before the loop, and what the next "
                "iteration gets as the last line in it.",
                about=About(name=name),
            )
        else:
            self.report(
                "order",
                statement,
                f"{quoted(self._box(statement))} reads {quoted(name)}, which gets its value only further down.",
                f"Move {quoted(self._box(statement))} below it, or give {quoted(name)} a start value above.",
                about=About(name=name),
            )

    def _tell_unbound(self, name: str, statement: Statement) -> None:
        if other := self.foreign(name):
            self.report(
                "two-loops",
                statement,
                f"{quoted(self._box(statement))} in {quoted(self.function)} reads {quoted(name)} of {quoted(other)}: "
                "the two run side by side, and no wire goes from one to the other.",
                f"Put the value into a queue in {quoted(other)} and let {quoted(self.function)} read from it.",
                about=About(name=name, owner=other),
            )
            return
        called = isinstance(statement, Call | Loop) and statement.callee.partition(".")[0] == name
        meant = self._near(name)
        hint = f"Did you mean {quoted(meant)}?" if meant else ""
        if called and not hint:
            hint = f"Import it at the top of the file, or define a function {quoted(name)} there."
        does = "calls" if called else "reads"
        self.report(
            "unbound",
            statement,
            f"Nothing gives {quoted(name)} a value; {quoted(self._box(statement))} {does} it.",
            hint or "Wire the input to another node, or write a value.",
            about=About(name=name, meant=meant),
        )

    def _is_called_later(self, name: str, statement: Statement) -> bool:
        """Say whether code makes a function that reads a name when it is called, and code makes that name, too."""
        made = next((s.statement for s in self.names.bound[name]), None)
        return isinstance(statement, Code) and isinstance(made, Code) and name in _kept(statement.text)

    def _near(self, name: str) -> str:
        """Return the name that was probably meant: asked for once, as all that called a lost import ask the same."""
        if name not in self._meant:
            self._meant[name] = near(name, self._known)
        return self._meant[name]

    @cached_property
    def _known(self) -> list[str]:
        return sorted({*self.names.bound, *self.names.parameters, *self.outside})

    def _box(self, statement: Statement) -> str:
        return self.boxes.get(id(statement), statement.id)

    def _way(self, start: str, end: str) -> list[str]:
        """Find the boxes on a way along the wires; nothing if there is none."""
        came_from: dict[str, str] = {start: ""}
        waiting = [start]
        for here in waiting:
            if here == end:
                way = [end]
                while came_from[way[-1]]:
                    way.append(came_from[way[-1]])
                return way[::-1]
            for target in self._after.get(here, ()):
                if target not in came_from:
                    came_from[target] = here
                    waiting.append(target)
        return []

    @cached_property
    def _after(self) -> dict[str, list[str]]:
        """The boxes that wires lead to from each."""
        found: dict[str, list[str]] = {}
        for wire in self.graph.wires:
            if not wire.feedback:
                found.setdefault(wire.source[0], []).append(wire.target[0])
        return found


@lru_cache(maxsize=4096)
def _early(text: str) -> frozenset[str]:
    return early_names(parse_tree(text).body)


@lru_cache(maxsize=4096)
def _kept(text: str) -> frozenset[str]:
    return kept_names(parse_tree(text).body)


def outside_names(flow: Flow) -> tuple[frozenset[str], bool]:
    """Return the names that the module gives to its functions, and whether these are all."""
    found = set(_BUILTINS) | set(flow.imports) | set(flow.functions)
    certain = True
    waiting = list(flow.module.statements)
    while waiting:
        statement = waiting.pop()
        found.update(binds_of(statement))
        match statement:
            case Loop():
                waiting += statement.body.statements
            case Switch():
                waiting += [inner for arm in statement.arms for inner in arm.body.statements]
            case Code(text=text):
                certain = certain and "import *" not in text
            case Import(names=names):
                certain = certain and all(name != "*" for name, _ in names)
            case _:
                pass
    return frozenset(found), certain
