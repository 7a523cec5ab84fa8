"""What a name means at a place of a function, and the place where it means what a hand asked for.

A name may be bound in several places: by each turn of a loop, in the arms of a switch, anew by code. Each of them has a
card of its own, and a wire from that card means that binding and no other. So what reads the wire stands where the name
means that one.
"""

from __future__ import annotations

from dataclasses import dataclass

from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.edit import MoveNode
from flodesk.flow.graph import Node, Port
from flodesk.flow.model import Bind, Call, Code, Docstring, Loop, Region, Return, Switch
from flodesk.flow.names import binds_of
from flodesk.flow.wiring.lines import Chain, Line, Lines, begins

Giver = str
"""What gives a name its value at a place: the id of the statement, or of a switch that merges it.

With `CARRIED` before it a box of feedback gives it, which begins there: the start value, or the one of the turn before.
That of what code binds anew (``total += x``) begins at its loop.
"""
CARRIED = "~"


@dataclass(frozen=True, slots=True)
class Asked:
    """One binding of a name, as a hand asked for it by an output.

    Attributes
    ----------
    name : str
        The variable.
    giver : str
        What gives it its value there.
    loop : str
        Of feedback the id of the loop that carries it round: its output is the value of a turn.
    binder : str
        The statement behind which it has the value; of feedback the loop.
    """

    name: str
    giver: Giver
    binder: str
    loop: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line is written.

    Attributes
    ----------
    region, index : Region, int
        The block, and its place there.
    stays : bool
        It is not to leave that for a turn of the loop whose feedback it reads: what it feeds stands there, too.
    """

    region: Region
    index: int
    stays: bool = False


def asked_by(lines: Lines, node: Node, output: Port) -> Asked | None:
    """Return the binding that an output of a card stands for; None for what nothing in the function binds."""
    name = output.variable.partition(".")[0]
    if not name or name not in lines.bound:
        return None
    if node.kind == "feedback":
        return _of_feedback(lines, node, name)
    line = lines.by_id.get(output.statement)
    if line is None:
        return None
    if node.kind == "merge" and not isinstance(line.statement, Switch):
        switches = [region.owner for region in line.chain if _is_switch(lines, region)]
        line = lines.by_id[switches[len(node.arms)]] if len(switches) > len(node.arms) else line
    return Asked(name, line.id, line.id)


def _of_feedback(lines: Lines, node: Node, name: str) -> Asked | None:
    """Return what the box of feedback stands for: the value in a turn, if the name means that as a turn begins."""
    if is_carried_by_code(node):
        code = node.outputs[0].statement
        owner = next((loop for each, loop in lines.rounds(name) if each == code), "")
        return Asked(name, CARRIED + owner, owner, owner) if owner else None
    own = [line for line in lines.bound[name] if line.id in node.statements]
    carries = [line for line in own if lines.carries(line)]
    starts = [line.id for line in own if not lines.carries(line)]
    made = [giver_at(lines, name, line.order + 1, line.chain) or "" for line in lines.bound[name]]
    known = [giver for giver in made if giver.startswith(CARRIED)]
    known = [giver for giver in known if giver[1:] in starts] if starts else known
    if not known or not carries:
        return None
    giver = known[0]
    for carry in carries:
        loop = carried_by(lines, carry)
        if loop is not None:
            chain = (*loop.chain, Region(lines.function, loop.id))
            if giver_at(lines, name, loop.order + 1, chain) == giver:
                return Asked(name, giver, loop.id, loop.id)
    return Asked(name, giver, giver[1:])


def carried_by(lines: Lines, carry: Line) -> Line | None:
    """Return the loop that hands the value of a next line round: the outermost that the start value stands before."""
    assert isinstance(carry.statement, Bind)
    starts = [line for line in lines.bound[carry.statement.name] if line.order < carry.order]
    outer = max((len(s.chain) for s in starts if begins(carry.chain, s.chain) and s is not carry), default=1)
    owners = [lines.by_id[region.owner] for region in carry.chain[outer:] if lines.is_loop(region)]
    return owners[0] if owners else None


def giver_at(lines: Lines, name: str, order: int, chain: Chain, without: Line | None = None) -> Giver | None:
    """Return what gives a name its value before the statement of an order, in some regions; None if nothing does.

    Parameters
    ----------
    without : Line, optional
        A statement that is thought away: it is to move.
    """
    giver = _bound_at(lines, name, order, chain, without)
    loops = {loop for _, loop in lines.rounds(name)}
    for region in reversed(chain if loops else ()):
        if region.owner in loops and (giver is None or not lines.by_id[region.owner].holds(lines.by_id[giver])):
            return CARRIED + region.owner
    return giver


def _bound_at(lines: Lines, name: str, order: int, chain: Chain, without: Line | None) -> Giver | None:
    """Return what `giver_at` does, as if each loop had one turn only."""
    binders = [line for line in lines.bound.get(name, ()) if line is not without and line.order < order]
    carried = any(lines.carries(line) for line in lines.bound.get(name, ()))
    skipped: set[str] = set()
    for line in reversed(binders):
        if lines.carries(line):
            held = giver_at(lines, name, line.order, line.chain, without)
            return held if held is not None and held.startswith(CARRIED) else CARRIED + line.id
        switch = next((lines.by_id[r.owner] for r in line.chain if _is_switch(lines, r) and r not in chain), None)
        if switch is None:
            return CARRIED + line.id if carried and isinstance(line.statement, Bind | Call) else line.id
        if switch.id in skipped or any(region.owner == switch.id for region in chain):
            continue  # another arm of a switch around this place
        skipped.add(switch.id)
        if (found := _joined(lines, name, switch)) is not None:
            return found
    return None


def _joined(lines: Lines, name: str, switch: Line) -> Giver | None:
    """Return what a name means below a switch that binds it; None if it means there what it did above."""
    inside = [line for line in lines.bound[name] if switch.holds(line)]
    if any(lines.carries(line) for line in inside):
        return None
    arms = {next(r.arm for r in line.chain if r.owner == switch.id) for line in inside}
    by_line = any(isinstance(line.statement, Bind) for line in inside)
    if not by_line and len(arms) == 1 and giver_at(lines, name, switch.order, switch.chain) is None:
        return giver_at(lines, name, switch.end + 1, inside[-1].chain)
    return switch.id


def means(lines: Lines, asked: Asked, order: int, chain: Chain, without: Line | None = None) -> bool:
    """Say whether a name means at a place what a hand asked for."""
    if giver_at(lines, asked.name, order, chain, without) != asked.giver:
        return False
    return not asked.loop or any(region.owner == asked.loop for region in chain)


def home_of(lines: Lines, asked: Asked) -> tuple[Chain, Line]:
    """Return from which regions on a binding can be read, and after which statement, as `Lines.home` does."""
    line = lines.by_id[asked.binder]
    if isinstance(line.statement, Loop) and (asked.loop or asked.name in line.statement.targets):
        return (*line.chain, Region(lines.function, line.id)), line
    return line.chain, line


def _is_switch(lines: Lines, region: Region) -> bool:
    owner = lines.by_id.get(region.owner)
    return owner is not None and isinstance(owner.statement, Switch)


def downstream(lines: Lines, *starts: Line) -> set[str]:
    """Return the ids of all that depends on some statements, themselves included, but not by way of feedback.

    What is filled into an object reaches all that its methods give later.
    """
    found: set[str] = set()
    waiting = [line for start in starts for line in lines.inside(start)]
    while waiting:
        line = waiting.pop()
        if line.id in found:
            continue
        found.add(line.id)
        if lines.carries(line):
            continue
        waiting += [inner for inner in lines.inside(line) if inner.id not in found]
        for name in set(binds_of(line.statement)):
            others = len(lines.bound[name]) > 1
            waiting += [
                reader
                for reader in lines.readers({name})
                if reader.id not in found and (not others or may_get(lines, reader, name, line))
            ]
        if line.object in lines.bound:
            waiting += [o for o in lines.calling[line.object] if o.order > line.order and o.id not in found]
    return found


def may_get(lines: Lines, reader: Line, name: str, binder: Line) -> bool:
    """Say whether a statement may read what another one binds, and not only what has the same name elsewhere."""
    giver = giver_at(lines, name, reader.order, reader.chain)
    if giver is None:
        return True
    made = lines.by_id.get(giver.removeprefix(CARRIED))
    if made is not None and isinstance(made.statement, Loop) and giver.startswith(CARRIED):
        return not made.holds(binder)
    return made is binder or (made is not None and isinstance(made.statement, Switch) and made.holds(binder))


# ------------------------------------------------------------------ a place for a line
def place_for(lines: Lines, line: Line, asked: Asked, near: Line | None = None) -> MoveNode | None:
    """Return the move of a line to a place where a name means what was asked for, and all else what it does now.

    That is right before `near`, a statement that is to read the line, or the first such place behind the binding, in
    its own region rather than further in. None if there is no such place.
    """
    others = {name: giver_at(lines, name, line.order, line.chain, line) for name in line.reads - {asked.name}}
    chain, _ = home_of(lines, asked)
    places = sorted(_places(lines, line), key=lambda place: (len(place[1]), place[0]))
    if near is not None:
        places.insert(0, (near.order, near.chain, near.index))
    for order, where, index in places:
        is_near = near is not None and order == near.order and where == near.chain
        if is_near:
            if giver_at(lines, asked.name, order, where, line) != asked.giver:
                continue
        elif not begins(where, chain) or not means(lines, asked, order, where, line):
            continue
        if all(giver_at(lines, name, order, where, line) == giver for name, giver in others.items()):
            shifted = where[-1] == line.region and line.index < index
            return MoveNode(lines.function, line.id, where[-1], index - shifted)
    return None


def spots(lines: Lines, asked: Asked) -> list[Spot]:
    """Return where a new line may read a binding: right behind it, and outside of all loops and arms next to it.

    Of feedback that is the begin of a turn, and before the loop.
    """
    chain, line = home_of(lines, asked)
    behind = Spot(chain[-1], line.index + 1 if chain == line.chain else 0)
    unit = lines.ancestor(line, chain[0])
    assert unit is not None
    return [behind, *([Spot(chain[0], unit.index)] if len(chain) > 1 else [])]


def _places(lines: Lines, line: Line) -> list[tuple[int, Chain, int]]:
    """Return all places that a line could move to: before each statement, and at the end of each block."""
    found: list[tuple[int, Chain, int]] = []
    ends: dict[Region, tuple[int, Chain, int]] = {}
    for other in lines.all:
        if line.holds(other):
            continue
        statement = other.statement
        if not isinstance(statement, Docstring):
            found.append((other.order, other.chain, other.index))
        leaves = isinstance(statement, Return) or (isinstance(statement, Code) and statement.leaves)
        ends.pop(other.region, None)
        if not leaves:
            ends[other.region] = (other.end + 1, other.chain, other.index + 1)
    return found + list(ends.values())
