"""A part of a flow: one node, all that it needs, or all that hangs on it.

A part is a function like any other, cut out of the flow's: it is compiled and run by the same engine, its nodes keep
their names, and what it reads and does not make itself is handed to it from the values of earlier runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from xxhash import xxh3_64_intdigest

from flodesk.engine.across import Ends
from flodesk.engine.calls import UNBOUND
from flodesk.engine.errors import PlanError
from flodesk.engine.inputs import argument_names
from flodesk.engine.names import Names, blocks_of, everything
from flodesk.engine.plan import Item, Plan
from flodesk.flow.in_place import InPlace
from flodesk.flow.jumps import leads_out, returns
from flodesk.flow.model import Block, Call, Code, Docstring, Function, Loop, Ref, Return, Statement, Switch

Which = Literal["node", "to", "from"]
"""The node alone; it and all that it needs; it and all that hangs on it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a flow to run. `node` is ``function.statement``."""

    which: Which
    node: str

    @property
    def function(self) -> str:
        """The function that it is a part of."""
        return self.node.rpartition(".")[0]

    @property
    def statement(self) -> str:
        """The id of its node there."""
        return self.node.rpartition(".")[2]

    @property
    def words(self) -> str:
        """What is run, in short: ``to flow.summary``."""
        return f"{'only' if self.which == 'node' else self.which} {self.node}"

    def to_json(self) -> dict[str, str]:
        """Return it as plain JSON values."""
        return {"which": self.which, "node": self.node}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Part:
        """Make it again."""
        return cls(data["which"], str(data["node"]))


class MissingInputError(PlanError):
    """A node is to run on values of earlier runs, and one of them is not there.

    Attributes
    ----------
    giver : str
        The node that gives it (``function.statement``): run to that first.
    """

    def __init__(self, node: str, message: str, line: int, giver: str) -> None:
        super().__init__(node, message, line)
        self.giver = giver


@dataclass(frozen=True)
class Cut:
    """A part, cut out.

    Attributes
    ----------
    function : Function
        What is left of the function.
    needs : dict
        The variables that it reads and does not bind itself, with the id of the first statement that reads each.
    once : frozenset of str
        The loops around its node, of which one turn is enough.
    until : str
        Its node, where code may leave these loops or their turns before it: then they go on until it is reached.
    """

    function: Function
    needs: dict[str, str]
    once: frozenset[str]
    until: str = ""


def cut(
    function: Function,
    which: Which,
    statement: str,
    ends: Mapping[str, Ends] | None = None,
    also: Collection[str] = (),
    in_place: InPlace | None = None,
) -> Cut:
    """Cut a part out of a function.

    Parameters
    ----------
    statement : str
        Id of the node; one of several lines that a node has (a merge, an object) stands for that line.
    ends : mapping
        What statements share with others: whoever reads from a queue needs what has been put into it.
    also : collection of str
        Of a part "to" a node: other statements that are needed, in every turn of their loops.
    in_place : InPlace, optional
        What its statements change in place.

    Raises
    ------
    KeyError
        There is no such statement.
    """
    return _Cutter(function, ends or {}, in_place).cut(which, statement, also)


def cut_to_all(
    function: Function, statements: Collection[str], ends: Mapping[str, Ends], in_place: InPlace | None = None
) -> Cut:
    """Cut out what leads to some statements, in every turn of their loops."""
    return _Cutter(function, ends, in_place).cut_to_all(statements)


@dataclass(frozen=True, slots=True)
class _Place:
    """A statement with its number in the order of the text, and the loops and switches around it."""

    statement: Statement
    order: int
    around: tuple[Loop | Switch, ...]

    @property
    def loops(self) -> tuple[Loop, ...]:
        return tuple(owner for owner in self.around if isinstance(owner, Loop))


class _Cutter:
    def __init__(self, function: Function, ends: Mapping[str, Ends], in_place: InPlace | None) -> None:
        self.function = function
        self.ends = ends
        self.names = Names.of(function.body, ())
        self.places: dict[str, _Place] = {}
        for number, (statement, around) in enumerate(_walk(function.body, ())):
            self.places.setdefault(statement.id, _Place(statement, number, around))
        self.binders: dict[str, list[_Place]] = {}
        self.calls: dict[str, list[_Place]] = {}
        """The calls on each object: whoever needs the object needs what has been done to it."""
        for place in self.places.values():
            for name in self._binds(place.statement):
                self.binders.setdefault(name, []).append(place)
            if isinstance(place.statement, Call):
                owner = place.statement.callee.partition(".")[0]
                if owner in self.names.local:
                    self.calls.setdefault(owner, []).append(place)
        self.jumps = [p for p in self.places.values() if isinstance(p.statement, Code) and p.statement.leaves]
        self.changers: dict[str, list[_Place]] = {}
        """Who changes the value of each variable in place."""
        for id in in_place.effects if in_place is not None else ():
            for name in in_place.concerned(id) if in_place is not None and id in self.places else ():
                self.changers.setdefault(name, []).append(self.places[id])
        self.fillers: dict[int, list[_Place]] = {}
        """Who puts something into what is shared."""
        for id, own in ends.items():
            for shared in own.writes if id in self.places else ():
                self.fillers.setdefault(shared, []).append(self.places[id])

    def _binds(self, statement: Statement) -> frozenset[str]:
        if isinstance(statement, Switch):
            return frozenset()
        if isinstance(statement, Loop):
            return frozenset(statement.targets)
        return self.names.both(statement)[1]

    def cut_to_all(self, statements: Collection[str]) -> Cut:
        body = _keep(self.function.body, self._upstream([self.places[id] for id in statements], None))
        return Cut(replace(self.function, parameters="", body=body), self._needs(body), frozenset())

    def cut(self, which: Which, statement: str, also: Collection[str] = ()) -> Cut:
        place = self.places[statement]
        until = ""
        if which == "to":
            others = [self.places[id] for id in also]
            wanted = self._upstream([place, *others], place)
            if any(j.statement.id in wanted and _skips(j, place) and _shares_loop(j, place) for j in self.jumps):
                until = statement
                wanted = self._upstream([place, *others], place, turns=True)
            body = _keep(self.function.body, wanted)
            once = frozenset(loop.id for loop in place.loops)
            if isinstance(place.statement, Loop):
                once |= {statement}
        else:
            chosen = self._downstream(place) if which == "from" else self._alone(place)
            body = Block(statements=tuple(p.statement for p in sorted(chosen, key=lambda p: p.order)))
            once = frozenset()
            if which == "node" and isinstance(place.statement, Loop):
                once = frozenset([statement])
        return Cut(replace(self.function, parameters="", body=body), self._needs(body), once, until)

    # -------------------------------------------------------------- which statements
    def _upstream(self, waiting: list[_Place], place: _Place | None, *, turns: bool = False) -> set[str]:
        """Return the ids of all that statements need, they included.

        Parameters
        ----------
        place : _Place, optional
            The one of which one turn of its loops is enough, unless they make several `turns`.
        """
        found: set[str] = set()
        if place is not None and isinstance(place.statement, Switch):
            # a switch without what stands in it would show nothing
            whole = {inner.id for block in blocks_of(place.statement) for inner in everything(block)}
            waiting += [self.places[name] for name in whole if name in self.places]
        target = None if turns else place
        while waiting:
            here = waiting.pop()
            if here.statement.id in found:
                continue
            found.add(here.statement.id)
            waiting += [self.places[owner.id] for owner in here.around]
            waiting += [jump for jump in self.jumps if _skips(jump, here) or self._ends(jump, here, target)]
            for name in self.names.head(here.statement):
                sources = [*self.binders.get(name, ()), *self.calls.get(name, ()), *self.changers.get(name, ())]
                waiting += [other for other in sources if self._comes_before(other, here, target)]
            own = self.ends.get(here.statement.id)
            for shared in own.reads if own is not None else ():
                fillers = self.fillers.get(shared, ())
                waiting += [other for other in fillers if self._comes_before(other, here, target)]
        return found

    def _ends(self, jump: _Place, loop: _Place, target: _Place | None) -> bool:
        """Say whether code may end a loop, or its turns, of which more than one is made."""
        if not any(loop.statement is around for around in jump.loops):
            return False
        return target is None or (loop.statement is not target.statement and loop.statement not in target.loops)

    def _comes_before(self, other: _Place, here: _Place, target: _Place | None) -> bool:
        """Say whether what one statement does has been done when another runs, in the turns that are made."""
        if other.order < here.order:
            return True
        # the turn before: only in loops that make more than one
        shared = [loop for loop in other.loops if loop in here.loops]
        if target is None:
            return bool(shared)
        return any(loop not in target.loops and loop is not target.statement for loop in shared)

    def _downstream(self, place: _Place) -> list[_Place]:
        """Return a statement and what hangs on it in the same turn of its innermost loop, each with all in it."""
        inner = place.loops[-1] if place.loops else None
        chosen = self._alone(place, body=True)
        names = self._makes(place.statement)
        leaving: list[_Place] = []  # whether what stands below runs hangs on it
        for other in sorted(self.places.values(), key=lambda p: p.order):
            if other.order <= place.order or other in chosen:
                continue
            if (other.loops[-1] if other.loops else None) is not inner and inner is not None:
                continue
            if other.around[: len(place.around)] != place.around[: len(other.around)]:
                continue  # below a loop or switch of its own: that is taken as a whole, or another arm
            if len(other.around) > len(place.around):
                continue
            if not names & self.names.both(other.statement)[0]:
                leaving += [other] * leads_out(other.statement)
            else:
                chosen += [*leaving, other]
                leaving = []
                names |= self._makes(other.statement)
        owners = names & self.calls.keys()
        for name in owners:
            chosen += [maker for maker in self.binders.get(name, ()) if maker not in chosen]
        return self._with_makers(chosen)

    def _makes(self, statement: Statement) -> set[str]:
        """Return the variables that have another value after a statement, with all that stands in it."""
        inner = {statement.id, *(s.id for block in blocks_of(statement) for s in everything(block))}
        changed = {name for name, by in self.changers.items() if any(p.statement.id in inner for p in by)}
        return changed | self.names.both(statement)[1]

    def _alone(self, place: _Place, *, body: bool = False) -> list[_Place]:
        """Return one statement, and what makes the object that it calls."""
        statement = place.statement
        if isinstance(statement, Loop) and not body:
            place = replace(place, statement=replace(statement, body=Block()))
        return self._with_makers([place])

    def _with_makers(self, chosen: list[_Place]) -> list[_Place]:
        """Add the makers of the objects that are called: their state is that of a fresh start."""
        for place in list(chosen):
            for inner in [place.statement, *(s for b in blocks_of(place.statement) for s in everything(b))]:
                owner = inner.callee.partition(".")[0] if isinstance(inner, Call | Loop) else ""
                makers = [p for p in self.binders.get(owner, ()) if isinstance(p.statement, Call)]
                chosen += [maker for maker in makers if maker not in chosen]
        return self._with_earlier_states(chosen)

    def _with_earlier_states(self, chosen: list[_Place]) -> list[_Place]:
        """Add what makes the values that statements need and that were changed in place since: the last is left."""
        waiting = list(chosen)
        found = {place.statement.id for place in chosen}
        while waiting:
            here = waiting.pop()
            for name in self.names.both(here.statement)[0] & self.changers.keys():
                changers = self.changers[name]
                if all(by.order < here.order and not set(by.around) & set(here.loops) for by in changers):
                    continue
                for other in (*self.binders.get(name, ()), *changers):
                    if other.order < here.order and other.statement.id not in found:
                        found.add(other.statement.id)
                        chosen.append(other)
                        waiting.append(other)
        return chosen

    # -------------------------------------------------------------- what it needs
    def _needs(self, body: Block) -> dict[str, str]:
        needs: dict[str, str] = {}
        bound: set[str] = set()
        for statement in everything(body):
            for name in sorted(self.names.head(statement) - bound):
                needs.setdefault(name, statement.id)
            bound |= self._binds(statement)
        return needs


def _walk(block: Block, around: tuple[Loop | Switch, ...]) -> Iterator[tuple[Statement, tuple[Loop | Switch, ...]]]:
    for statement in block.statements:
        if isinstance(statement, Docstring):
            continue
        yield statement, around
        if isinstance(statement, Loop | Switch):
            for inner in blocks_of(statement):
                yield from _walk(inner, (*around, statement))


def _skips(jump: _Place, here: _Place) -> bool:
    """Say whether code may leave before a statement is reached."""
    if jump.order >= here.order:
        return False
    loop = jump.loops[-1] if jump.loops else None
    assert isinstance(jump.statement, Code)
    return loop is None or any(loop is other for other in here.loops) or returns(jump.statement)


def _shares_loop(jump: _Place, here: _Place) -> bool:
    loops = (*here.loops, here.statement)
    return any(own is other for own in jump.loops for other in loops)


def _keep(block: Block, wanted: set[str]) -> Block:
    """Return a block with the wanted statements alone, and what they stand in."""
    kept: list[Statement] = []
    for statement in block.statements:
        if statement.id not in wanted or isinstance(statement, Return):
            continue
        if isinstance(statement, Loop):
            statement = replace(statement, body=_keep(statement.body, wanted))
        elif isinstance(statement, Switch):
            arms = tuple(replace(arm, body=_keep(arm.body, wanted)) for arm in statement.arms)
            statement = replace(statement, arms=arms)
        kept.append(statement)
    return replace(block, statements=tuple(kept))


# ------------------------------------------------------------------ the values that it is given
def given(plan: Plan, part: Cut, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a part is handed.

    Parameters
    ----------
    plan : Plan
        Of the whole function.
    kept : mapping
        The values of earlier runs by variable.

    Raises
    ------
    MissingInputError
        One is not there: the text says which port lacks it, who gives it, and what to do.
    """
    found = {}
    for name, reader in part.needs.items():
        default = plan.slots[plan.names[name]] if name in plan.source.parameters else UNBOUND
        if name not in kept and default is UNBOUND:
            raise missing(plan, plan.items[reader], name)
        found[name] = kept.get(name, default)
    return found


def missing(plan: Plan, item: Item, name: str) -> MissingInputError:
    """Make the error for a variable without a value."""
    port = next((port for port, read in _ports(plan, item) if read == name), "")
    giver = giver_of(plan, name)
    what = f"its input “{port}”" if port else f"“{name}”"
    message = f"{what} has no value: {giver}, which gives it, has not run. Run to {giver} first."
    return MissingInputError(plan.node(item), message, item.line, giver)


def giver_of(plan: Plan, name: str) -> str:
    """Return the node that gives a variable its value."""
    loops = [i for i in plan.items.values() if isinstance(i.statement, Loop) and name in i.statement.targets]
    simple = [i for i in plan.items.values() if i.region is None and name in i.binds]
    return plan.node((simple or loops)[0]) if simple or loops else name


def _ports(plan: Plan, item: Item) -> Iterable[tuple[str, str]]:
    statement = item.statement
    if isinstance(statement, Call | Loop):
        for port, argument in zip(argument_names(plan, item), statement.arguments, strict=False):
            if isinstance(argument.value, Ref):
                yield port, argument.value.name


# ------------------------------------------------------------------ what earlier runs have left
class Remembered(NamedTuple):
    """A value of an earlier run, and the stamp of what it was made with."""

    value: Any
    stamp: int


Kept = dict[str, Remembered]
"""What earlier runs of one function have left, by variable."""


def keep_values(kept: dict[str, Kept], plans: Iterable[Plan]) -> None:
    """Take the values over that a run has left. Objects with state are left out: a part makes its own."""
    for plan in plans:
        values = kept.setdefault(plan.function, {})
        made = {name for item in plan.items.values() if item.kind == "make" for name in item.binds}
        bound = {name for item in plan.items.values() for name in item.binds}
        stamped = stamps(plan, {name: old.stamp for name, old in values.items() if name not in bound})
        made |= _half_changed(plan)
        for name, slot in plan.names.items():
            if name in stamped and name not in made and plan.slots[slot] is not UNBOUND:
                values[name] = Remembered(plan.slots[slot], stamped[name])


def _half_changed(plan: Plan) -> set[str]:
    """Return the variables whose value a part has left in a state that it has in the middle of the whole function."""
    function = plan.loaded.flow.functions.get(plan.function)
    if function is None or function is plan.source:
        return set()
    whole = plan.loaded.in_place.of(function)
    return {name for id in whole.effects.keys() - plan.items.keys() for name in whole.concerned(id)}


def stamps(plan: Plan, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return for each variable a number that changes with all that its value comes from: statements and parameters.

    Parameters
    ----------
    given : mapping
        The stamps of values that the function was handed.
    """
    known: dict[str, int] = dict(given or {})
    names = Names.of(plan.source.body, tuple(known))
    depth: dict[str, int] = {}
    for statement, around in _walk(plan.source.body, ()):
        item = plan.items.get(statement.id)
        if item is None or isinstance(statement, Switch):
            continue
        literals = [(str(key), repr(plan.slots[slot])) for key, slot in sorted(item.literals.items(), key=str)]
        reads = [(name, known.get(name, 0)) for name in sorted(names.head(statement))]
        what = getattr(statement, "callee", "") or getattr(statement, "text", "")
        stamp = _stamp(what, literals, reads)
        loops = sum(isinstance(owner, Loop) for owner in around)
        for name in statement.targets if isinstance(statement, Loop) else names.both(statement)[1]:
            if name not in depth:
                known[name], depth[name] = stamp, loops
            elif loops == depth[name]:  # another arm; what a loop carries on, deeper down, is its own value
                known[name] = _stamp(known[name], stamp)
        for name in plan.in_place.concerned(statement.id) & known.keys():
            known[name] = _stamp(known[name], stamp)
    return known


def _stamp(*parts: object) -> int:
    """Return a number that is the same in every process (that of `hash` is not)."""
    return xxh3_64_intdigest(repr(parts).encode())
