"""Putting statements where the values that they read are: after them, and in the deepest region that they stand in.

A wire asks for two things: what it reads is bound before, and can be seen from there. Where that does not hold, the
reader moves, and then what reads *its* value, and so on; among themselves the moved ones keep their order. Two calls on
one object keep theirs. What is not downstream of the wire stays where it is, but for this: a statement after a loop
that something in the loop reads (a control that was added at the end) moves up before the loop, if all that it reads
has the same value there. Nothing leaves its own loop.
"""

from __future__ import annotations

from collections import defaultdict

from flodesk.flow.edit import Edit, MoveNode
from flodesk.flow.model import Bind, Call, Flow, Region, Return, Switch
from flodesk.flow.wiring.in_step import hold_lifted
from flodesk.flow.wiring.lines import Chain, Line, Lines, begins, leaves_loop
from flodesk.flow.wiring.meaning import Asked, home_of, means
from flodesk.flow.wiring.own_loop import keep_in_loop, place
from flodesk.flow.wiring.refused import Refused


def settle(flow: Flow, function: str, first: str, asked: Asked | None = None) -> tuple[Flow, list[Edit]]:
    """Move a statement that got a new input, and all that follows from it, to where they can stand.

    Parameters
    ----------
    asked : Asked, optional
        Which binding of a name the statement is to read, where that has several.

    Returns
    -------
    flow, edits
        The flow with the edits applied.

    Raises
    ------
    Refused
        Its inputs live in two loops, or two arms, that never meet.
    """
    settler = _Settler(flow, function)
    settler.asked = asked
    before = too_early(settler.lines)
    settler.run(first)
    refuse_too_early(before, settler.lines)
    return settler.flow, settler.edits


def refuse_too_early(before: set[tuple[str, str]], lines: Lines) -> None:
    """Refuse what leaves a statement with a name that has no value there, but had one before.

    Raises
    ------
    Refused
        There is such a statement.
    """
    if late := too_early(lines) - before:
        line, name = min(late)
        raise Refused(f"“{line}” would have to read “{name}” before that has a value. Take that wire off first.")


def too_early(lines: Lines) -> set[tuple[str, str]]:
    """Return the statements that read a name which has no value there, with the name."""
    found = set()
    for line in lines.all:
        for name in line.reads:
            home = lines.home(name, line)
            if home and (home[1].order > line.order or not begins(line.chain, home[0])):
                found.add((line.id, name))
    return found


class _Settler:
    """Works through the statements that may have to move; each move changes the flow."""

    def __init__(self, flow: Flow, function: str) -> None:
        self.flow = flow
        self.function = function
        self.edits: list[Edit] = []
        self.lines = Lines(flow, function)
        self.order = {line.id: line.order for line in self.lines.all}
        self.moved: list[str] = []
        self.waiting: list[str] = []
        self.first = ""
        self.asked: Asked | None = None
        self.before: defaultdict[str, list[str]] = defaultdict(list)
        """What stands before: a call on an object has the calls on it, a next value of feedback who reads this one."""
        calls: defaultdict[str, list[str]] = defaultdict(list)
        for line in self.lines.all:
            if line.object in self.lines.bound:
                self.before[line.id] = list(calls[line.object])
                calls[line.object].append(line.id)
        self._keep_turns()

    def _keep_turns(self) -> None:
        """Let what reads the value of this turn stay above the line that gives the next, and the others below it."""
        for carry in [line for line in self.lines.all if self.lines.carries(line)]:
            assert isinstance(carry.statement, Bind)
            loop = next(n for n in range(len(carry.chain) - 1, 0, -1) if self.lines.is_loop(carry.chain[n]))
            for reader in self.lines.reading[carry.statement.name]:
                if not begins(reader.chain, carry.chain[: loop + 1]) or reader.id == carry.id:
                    continue
                first, second = (reader, carry) if reader.order < carry.order else (carry, reader)
                self.before[second.id].append(first.id)

    def run(self, first: str) -> None:
        self.first = first
        self.waiting.append(first)
        budget = 4 * len(self.lines.all) + 8
        while self.waiting:
            budget -= 1
            if budget < 0:
                raise Refused("These wires would go round in a circle.")
            self.waiting.sort(key=lambda name: self.order[name])
            self.place(self.lines.by_id[self.waiting.pop(0)])

    # -------------------------------------------------------------- one statement
    def place(self, line: Line) -> None:
        """Move a statement if it cannot stand where it is."""
        homes = self.homes(line)
        if not homes:
            return
        deepest = max((chain for chain, _ in homes), key=len)
        for chain, other in homes:
            if not begins(deepest, chain):
                raise Refused(self.apart(line, chain, deepest, other))
            if any(region.owner == other.id for region in deepest[len(chain) :]):
                raise Refused(
                    f"“{line.id}” needs what “{other.id}” gives when it is through, so it cannot stand inside it too."
                )
        if not begins(line.chain, deepest):
            self.may_leave(line, deepest)
            keep_in_loop(self.lines, line, deepest, asked=line.id == self.first)
            self.move(line, deepest[-1], homes)
            return
        late = [(chain, other) for chain, other in homes if other.order > line.order]
        if not late:
            return
        chain, other = max(late, key=lambda home: home[1].order)
        unit = self.lines.ancestor(line, chain[-1])
        assert unit is not None
        if unit is not line and self.move_up(other, unit):
            self.waiting.append(line.id)
            return
        self.move(unit, chain[-1], [home for home in self.homes(unit) if begins(chain, home[0])])

    def homes(self, line: Line) -> list[tuple[Chain, Line]]:
        """Return the places of what a statement, with all below it, needs before it."""
        found = []
        for inner in self.lines.inside(line):
            for name in inner.reads:
                home = self.home(name, inner)
                if home and not line.holds(home[1]):
                    found.append(home)
            for name in self.before.get(inner.id, ()):
                other = self.lines.by_id[name]
                shared = _shared(line.chain, other.chain)
                unit = self.lines.ancestor(other, shared[-1])
                if unit and not line.holds(unit) and not unit.holds(line):
                    found.append((shared, unit))
        return found

    def home(self, name: str, reader: Line) -> tuple[Chain, Line] | None:
        """Return from where on a name can be read; of one that was asked for the binding that is meant."""
        known, asked = self.lines.home(name, reader), self.asked
        if asked is None or reader.id != self.first or name != asked.name or asked.binder not in self.lines.by_id:
            return known  # its id may be another since lines have moved
        if not means(self.lines, asked, reader.order, reader.chain):
            return home_of(self.lines, asked)
        return known if known is not None and known[1].id == asked.binder else None

    def may_leave(self, line: Line, deepest: Chain) -> None:
        """Refuse to take a statement out of an arm that merges what it binds, or an object into a loop."""
        statement = line.statement
        if isinstance(statement, Return):
            raise Refused(
                f"What the function returns is read at its end, and not in {self.words(deepest)}: put a collector"
                " there, and wire its result."
            )
        name = getattr(statement, "name", "")
        owner = self.lines.by_id.get(line.region.owner)
        if owner and isinstance(owner.statement, Switch) and len(self.lines.bound.get(name, ())) > 1:
            raise Refused(
                f"An arm of “{owner.id}” gives “{name}” a value: what it takes must be readable in that arm,"
                f" and not only in {self.words(deepest)}."
            )
        for other in self.lines.bound.get(name, ()):
            if self.lines.carries(other) and other.id != line.id and not leaves_loop(other.chain, deepest, self.lines):
                raise Refused(
                    f"“{name}” has its start value before the loop that changes it; what {self.words(deepest)} gives"
                    " comes too late for that."
                )
        made = isinstance(statement, Call) and any(other.object == name for other in self.lines.all)
        if made and name:
            raise Refused(
                f"“{name}” is made once, before its loop; a value from inside {self.words(deepest)} comes too late"
                " for it. Set it by hand, or wire a control that stands outside."
            )

    def move(self, line: Line, region: Region, homes: list[tuple[Chain, Line]]) -> None:
        """Put a statement behind what it needs, in a region, and note down what may have to follow."""
        anchors = [self.lines.ancestor(other, region) for _, other in homes]
        for name in self.moved:
            if self.order[name] < self.order[line.id]:
                anchors.append(self.lines.ancestor(self.lines.by_id[name], region))
        index = max((anchor.index + 1 for anchor in anchors if anchor is not None), default=0)
        if line.region == region and line.index < index:
            index -= 1
        self.apply(MoveNode(self.function, line.id, region, index), line)

    def move_up(self, line: Line, unit: Line) -> bool:
        """Move a statement, with what it needs, to before another one; say no if it depends on that."""
        needed: list[Line] = []
        waiting = [line]
        while waiting:
            found = waiting.pop()
            if found in needed:
                continue
            needed.append(found)
            for _, other in self.homes(found):
                if other.holds(unit) or unit.holds(other) or other.region != unit.region:
                    if other.order >= unit.order:
                        return False
                elif other.order > unit.order:
                    waiting.append(other)
        hold_lifted(self.lines, needed, unit, self.first)
        for found in sorted(needed, key=lambda other: other.order):
            target = self.lines.by_id[unit.id]
            self.apply(MoveNode(self.function, found.id, target.region, target.index), None)
        return True

    def apply(self, edit: MoveNode, line: Line | None) -> None:
        """Apply a move. What reads a value of the moved statement, or calls the same object, is looked at next."""
        self.flow, _ = edit.apply(self.flow)
        self.edits.append(edit)
        self.lines = Lines(self.flow, self.function)
        if line is None:
            return
        self.moved.append(line.id)
        moved = self.lines.by_id[line.id]
        inside = self.lines.inside(moved)
        names = {name for name, binders in self.lines.bound.items() if any(moved.holds(b) for b in binders)}
        followers = [reader.id for reader in self.lines.readers(names) if not moved.holds(reader)]
        followers += [name for inner in inside for name, others in self.before.items() if inner.id in others]
        self.waiting += [name for name in dict.fromkeys(followers) if name not in self.waiting]

    # -------------------------------------------------------------- words
    def apart(self, line: Line, one: Chain, two: Chain, other: Line) -> str:
        shared = _shared(one, two)
        first, second = self.words(one[: len(shared) + 1]), self.words(two[: len(shared) + 1])
        if one[len(shared)].owner == two[len(shared)].owner:
            switch = one[len(shared)].owner
            return (
                f"“{other.id}” and another input of “{line.id}” are in two arms of “{switch}”: only one of them runs."
            )
        return (
            f"“{line.id}” cannot read from inside {first} and from inside {second}: these run one after the other."
            " Put a collector into the first one and wire its result."
        )

    def words(self, chain: Chain) -> str:
        return place(self.lines, chain)


def _shared(one: Chain, two: Chain) -> Chain:
    """Return the regions that two chains begin with alike."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return one[:count]
