"""Where each statement of a function stands, what it reads and what it binds: the ground that wiring works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flodesk.flow.model import Bind, Block, Call, Code, Flow, Loop, Region, Statement, Switch
from flodesk.flow.names import Names, binds_of, block_of, names_of, reads_of
from flodesk.flow.switched import kept_reads

Chain = tuple[Region, ...]
"""The regions around a statement, outermost first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in its place.

    Attributes
    ----------
    chain : tuple of Region
        The regions around it; the last is its own.
    index : int
        Its place in its block.
    order : int
        Its place in the text, of all statements of the function.
    end : int
        The `order` of the last statement below it; its own if there is none.
    reads : frozenset of str
        Names that its own line reads, the object whose method it calls among them.
    kept : frozenset of str
        Names that the call reads which a line that is switched off keeps in its comment.
    """

    statement: Statement
    chain: Chain
    index: int
    order: int
    end: int
    reads: frozenset[str]
    kept: frozenset[str] = frozenset()

    @property
    def wants(self) -> frozenset[str]:
        """Names that it reads now, or reads when it is switched on."""
        return self.reads | self.kept if self.kept else self.reads

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def region(self) -> Region:
        """The region that it stands in."""
        return self.chain[-1]

    @property
    def object(self) -> str:
        """Name of what it calls or calls a method of, before the first dot; empty if it is no call."""
        return self.statement.callee.partition(".")[0] if isinstance(self.statement, Call | Loop) else ""

    def holds(self, other: Line) -> bool:
        """Say whether the other one is this one, or stands below it."""
        return self.order <= other.order <= self.end


class Lines:
    """All statements of one function, in the order of the text.

    Attributes
    ----------
    all : list of Line
    by_id : dict
    bound, reading, calling : dict of name to list of Line
        What binds a name, what reads it, what calls it or a method of it.
    """

    def __init__(self, flow: Flow, function: str) -> None:
        self._flow = flow
        self.function = function
        self.all: list[Line] = []
        self.bound: defaultdict[str, list[Line]] = defaultdict(list)
        self.reading: defaultdict[str, list[Line]] = defaultdict(list)
        self.calling: defaultdict[str, list[Line]] = defaultdict(list)
        block, region, _ = block_of(flow, function)
        self._collect(block, (region,))
        self.by_id: dict[str, Line] = {}
        for line in self.all:
            self.by_id.setdefault(line.id, line)
            for name in binds_of(line.statement):
                self.bound[name].append(line)
            for name in line.reads:
                self.reading[name].append(line)
            if isinstance(line.statement, Call | Loop):
                self.calling[line.object].append(line)

    def _collect(self, block: Block, chain: Chain) -> None:
        for index, statement in enumerate(block.statements):
            order = len(self.all)
            names = {ref.name for ref in reads_of(statement)}
            if isinstance(statement, Call | Loop):
                names.add(statement.callee.partition(".")[0])
            self.all.append(Line(statement, chain, index, order, order, frozenset(names), kept_reads(statement)))
            if isinstance(statement, Loop):
                self._collect(statement.body, (*chain, Region(self.function, statement.id)))
            elif isinstance(statement, Switch):
                for number, arm in enumerate(statement.arms):
                    self._collect(arm.body, (*chain, Region(self.function, statement.id, number)))
            else:
                continue
            self.all[order] = Line(statement, chain, index, order, len(self.all) - 1, frozenset(names))

    # -------------------------------------------------------------- relations
    @cached_property
    def _names(self) -> Names:
        return names_of(self._flow, self.function)

    def rounds(self, name: str) -> list[tuple[str, str]]:
        """Return the code that hands a name to the next turn in its own text, each with the loop that carries it."""
        if not any(isinstance(line.statement, Code) for line in self.bound.get(name, ())):
            return []
        return [(standing.statement.id, loop) for standing, loop in self._names.rebound.get(name, ())]

    def inside(self, line: Line) -> list[Line]:
        """Return a statement with all that stand below it."""
        return self.all[line.order : line.end + 1]

    def ancestor(self, line: Line, region: Region) -> Line | None:
        """Return the statement of a region that is this one, or that this one stands below."""
        if line.region == region:
            return line
        if region not in line.chain:
            return None
        owner = line.chain[line.chain.index(region) + 1].owner
        return self.by_id[owner]

    def home(self, name: str, reader: Line) -> tuple[Chain, Line] | None:
        """Return from which regions on a name can be read, and after which statement; None if nothing here binds it.

        A loop's variable can be read in its body. What every arm of a switch binds can be read after the switch.
        """
        binders = [line for line in self.bound.get(name, ()) if line.order != reader.order]
        if not binders:
            return None
        homes = [(self._scope(line, name), line) for line in binders]
        visible = [(chain, line) for chain, line in homes if begins(reader.chain, chain)]
        before = [home for home in visible if home[1].order < reader.order]
        if before:
            return before[0]
        above = self._merging([line for line in binders if line.order < reader.order])
        if above is not None and begins(reader.chain, above.chain) and not above.holds(reader):
            return above.chain, above
        if visible:
            return visible[0]
        switch = self._merging(binders)
        return (switch.chain, switch) if switch else homes[0]

    def _scope(self, line: Line, name: str) -> Chain:
        statement = line.statement
        if isinstance(statement, Loop) and name in statement.targets:
            return (*line.chain, Region(self.function, statement.id))
        return line.chain

    def _merging(self, binders: list[Line]) -> Line | None:
        """Return the switch in each arm of which one of these stands."""
        owner = self.by_id.get(binders[0].region.owner) if binders else None
        if owner is None or not isinstance(owner.statement, Switch) or owner.statement.arms[-1].test is not None:
            return None
        arms = {line.region.arm for line in binders if line.region.owner == owner.id}
        return owner if len(arms) == len(owner.statement.arms) else None

    def is_loop(self, region: Region) -> bool:
        """Say whether a region is the body of a loop."""
        return region.owner in self.by_id and isinstance(self.by_id[region.owner].statement, Loop)

    def carries(self, line: Line) -> bool:
        """Say whether a bare line gives a name that is bound before its loop its next value: feedback."""
        if not isinstance(line.statement, Bind):
            return False
        others = self.bound[line.statement.name]
        return any(other.order < line.order and leaves_loop(line.chain, other.chain, self) for other in others)

    def readers(self, names: set[str]) -> Iterator[Line]:
        """Give the statements that read one of these names."""
        found = {line.order: line for name in names for line in self.reading.get(name, ())}
        yield from (found[order] for order in sorted(found))


def begins(chain: Chain, start: Chain) -> bool:
    """Say whether the outer regions of a chain are these."""
    return chain[: len(start)] == start


def exclusive(one: Line, other: Line) -> bool:
    """Say whether two statements stand in different arms of one switch: only one of them runs."""
    for a, b in zip(one.chain, other.chain, strict=False):
        if a != b:
            return a.owner == b.owner
    return False


def leaves_loop(inner: Chain, outer: Chain, lines: Lines) -> bool:
    """Say whether a loop lies between two places, the outer of which is around the inner."""
    if not begins(inner, outer):
        return False
    return any(isinstance(lines.by_id[region.owner].statement, Loop) for region in inner[len(outer) :])
