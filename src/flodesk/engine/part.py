"""A part of a flow: one node, all that it needs, or all that hangs on it.

A part is a function like any other, cut out of the flow's: it is compiled and run by the same engine, its nodes keep
their names, and what it reads and does not make itself is handed to it from the values of earlier runs.
"""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from xxhash import xxh3_64_intdigest

from flodesk.engine.across import Ends
from flodesk.engine.calls import UNBOUND
from flodesk.engine.earlier import Place, States, is_half, walk
from flodesk.engine.errors import PlanError
from flodesk.engine.frames import closes
from flodesk.engine.inputs import argument_names
from flodesk.engine.names import Names, blocks_of, everything
from flodesk.engine.plan import Item, Plan
from flodesk.flow.in_place import InPlace
from flodesk.flow.jumps import leads_out, returns
from flodesk.flow.model import Block, Call, Code, Function, Loop, Ref, Return, Statement, Switch

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
    lack : str
        Which one it is, in words; empty where its having run is not what counts.
    """

    def __init__(self, node: str, message: str, line: int, giver: str, lack: str = "") -> None:
        super().__init__(node, message, line)
        self.giver, self.lack = giver, lack


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
    lost : mapping
        The variables that it would find in another state than it does in the whole, with who reads each.
    """

    function: Function
    needs: dict[str, str]
    once: frozenset[str]
    until: str = ""
    lost: Mapping[str, str] = field(default_factory=dict)


def cut(
    function: Function,
    which: Which,
    statement: str,
    ends: Mapping[str, Ends] | None = None,
    also: Collection[str] = (),
    in_place: InPlace | None = None,
    unknown: Mapping[str, Collection[str]] | None = None,
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
    unknown : mapping, optional
        The names of the objects that each statement calls and may change; by default all that it calls.

    Raises
    ------
    KeyError
        There is no such statement.
    """
    return _Cutter(function, ends or {}, in_place, unknown).cut(which, statement, also)


def cut_to_all(
    function: Function, statements: Collection[str], ends: Mapping[str, Ends], in_place: InPlace | None = None
) -> Cut:
    """Cut out what leads to some statements, in every turn of their loops."""
    return _Cutter(function, ends, in_place).cut_to_all(statements)


class _Cutter:
    def __init__(
        self,
        function: Function,
        ends: Mapping[str, Ends],
        in_place: InPlace | None,
        unknown: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.function = function
        self.ends = ends
        self.names = Names.of(function.body, ())
        self.places: dict[str, Place] = {}
        for number, (statement, around) in enumerate(walk(function.body, ())):
            self.places.setdefault(statement.id, Place(statement, number, around))
        self.binders: dict[str, list[Place]] = {}
        self.calls: dict[str, list[Place]] = {}
        """The calls on each object: whoever needs the object needs what has been done to it."""
        for place in self.places.values():
            for name in self._binds(place.statement):
                self.binders.setdefault(name, []).append(place)
            if isinstance(place.statement, Call):
                owner = place.statement.callee.partition(".")[0]
                if owner in self.names.local:
                    self.calls.setdefault(owner, []).append(place)
        self.jumps = [p for p in self.places.values() if isinstance(p.statement, Code) and p.statement.leaves]
        self.changers: dict[str, list[Place]] = {}
        """Who changes the value of each variable in place."""
        for id in in_place.effects if in_place is not None else ():
            for name in in_place.concerned(id) if in_place is not None and id in self.places else ():
                self.changers.setdefault(name, []).append(self.places[id])
        self.touchers = {name: list(by) for name, by in self.changers.items()}
        """They, and who calls an object and may change it."""
        if unknown is None:
            unknown = {p.statement.id: {name} for name, by in self.calls.items() for p in by}
        for id, names in unknown.items():
            more = in_place.concerned(id, more=names, sure=True) if in_place is not None else names
            for name in more if id in self.places else ():
                self.touchers.setdefault(name, []).append(self.places[id])
        self.fillers: dict[int, list[Place]] = {}
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
        until, lost = "", dict[str, str]()
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
            chosen = self._downstream(place) if which == "from" else [self._alone(place)]
            states = States(self.places, self.binders, self.touchers, self.names.head)
            chosen, lost = states.completed(chosen)
            body = Block(statements=tuple(p.statement for p in sorted(chosen, key=lambda p: p.order)))
            once = frozenset()
            if which == "node" and isinstance(place.statement, Loop):
                once = frozenset([statement])
        return Cut(replace(self.function, parameters="", body=body), self._needs(body), once, until, lost)

    # -------------------------------------------------------------- which statements
    def _upstream(self, waiting: list[Place], place: Place | None, *, turns: bool = False) -> set[str]:
        """Return the ids of all that statements need, they included.

        Parameters
        ----------
        place : Place, optional
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

    def _ends(self, jump: Place, loop: Place, target: Place | None) -> bool:
        """Say whether code may end a loop, or its turns, of which more than one is made."""
        if not any(loop.statement is around for around in jump.loops):
            return False
        return target is None or (loop.statement is not target.statement and loop.statement not in target.loops)

    def _comes_before(self, other: Place, here: Place, target: Place | None) -> bool:
        """Say whether what one statement does has been done when another runs, in the turns that are made."""
        if other.order < here.order:
            return True
        # the turn before: only in loops that make more than one
        shared = [loop for loop in other.loops if loop in here.loops]
        if target is None:
            return bool(shared)
        return any(loop not in target.loops and loop is not target.statement for loop in shared)

    def _downstream(self, place: Place) -> list[Place]:
        """Return a statement and what hangs on it in the same turn of its innermost loop, each with all in it."""
        inner = place.loops[-1] if place.loops else None
        chosen = [place]
        names = self._makes(place.statement)
        leaving: list[Place] = []  # whether what stands below runs hangs on it
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
        return chosen

    def _makes(self, statement: Statement) -> set[str]:
        """Return the variables that have another value after a statement, with all that stands in it."""
        inner = {statement.id, *(s.id for block in blocks_of(statement) for s in everything(block))}
        changed = {name for name, by in self.touchers.items() if any(p.statement.id in inner for p in by)}
        return changed | self.names.both(statement)[1]

    def _alone(self, place: Place) -> Place:
        """Return one statement, a loop without its body."""
        statement = place.statement
        return replace(place, statement=replace(statement, body=Block())) if isinstance(statement, Loop) else place

    # -------------------------------------------------------------- what it needs
    def _needs(self, body: Block) -> dict[str, str]:
        needs: dict[str, str] = {}
        bound: set[str] = set()
        for statement in everything(body):
            for name in sorted(self.names.head(statement) - bound):
                needs.setdefault(name, statement.id)
            bound |= self._binds(statement)
        return needs


def _skips(jump: Place, here: Place) -> bool:
    """Say whether code may leave before a statement is reached."""
    if jump.order >= here.order:
        return False
    loop = jump.loops[-1] if jump.loops else None
    assert isinstance(jump.statement, Code)
    return loop is None or any(loop is other for other in here.loops) or returns(jump.statement)


def _shares_loop(jump: Place, here: Place) -> bool:
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
    for name, reader in part.lost.items():
        raise passed(plan, plan.items[reader], name)
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
    return MissingInputError(plan.node(item), message, item.line, giver, what)


def passed(plan: Plan, item: Item, name: str) -> MissingInputError:
    """Make the error for a variable that is not what a statement finds in the whole flow."""
    node = plan.node(item)
    message = (
        f"“{name}” is carried from turn to turn, and the one that {node} would find is of no turn that is kept. "
        f"Run to {node}: that makes the turns before it, too."
    )
    return MissingInputError(node, message, item.line, node)


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
    """Take the values over that a run has left; what is closed at the end of a run is of no use to a part."""
    for plan in plans:
        values = kept.setdefault(plan.function, {})
        closed = {name for item in plan.items.values() if closes(item) for name in item.binds}
        bound = {name for item in plan.items.values() for name in item.binds}
        stamped = stamps(plan, {name: old.stamp for name, old in values.items() if name not in bound})
        closed |= _half_changed(plan)
        for name, slot in plan.names.items():
            if name in stamped and name not in closed and plan.slots[slot] is not UNBOUND:
                values[name] = Remembered(plan.slots[slot], stamped[name])


def _half_changed(plan: Plan) -> set[str]:
    """Return the variables whose value a part has left in a state that it has in the middle of the whole function."""
    function = plan.loaded.flow.functions.get(plan.function)
    if function is None or function is plan.source:
        return set()
    whole = plan.loaded.in_place.of(function)
    names = Names.of(function.body, ())
    binders: dict[str, list[Place]] = {}
    changers: dict[str, list[Place]] = {}
    for number, (statement, around) in enumerate(walk(function.body, ())):
        place = Place(statement, number, around)
        if not isinstance(statement, Switch):
            for name in statement.targets if isinstance(statement, Loop) else names.both(statement)[1]:
                binders.setdefault(name, []).append(place)
        for name in whole.concerned(statement.id) | whole.concerned(
            statement.id, more=whole.uses(statement.id), sure=True
        ):
            changers.setdefault(name, []).append(place)
    return {name for name in binders if is_half(binders[name], changers.get(name, ()), plan.items.keys(), plan.once)}


def stamps(plan: Plan, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return for each variable a number that changes with all that its value comes from: statements and parameters.

    Parameters
    ----------
    given : mapping
        The stamps of values that the function was handed.
    """
    given = dict(given or {})
    written = tuple(
        (name, str(key), _written(plan.slots[slot]))
        for name, item in plan.items.items()
        for key, slot in sorted(item.literals.items(), key=str)
    )
    found = plan.loaded.read.stamps(plan.source, written, given)
    if found is None:
        found = _stamped(plan, given)
        plan.loaded.read.note_stamps(plan.source, written, given, found)
    return found


def _stamped(plan: Plan, given: Mapping[str, int]) -> dict[str, int]:
    known: dict[str, int] = dict(given)
    names = plan.loaded.read.names(plan.source, tuple(known))
    depth: dict[str, int] = {}
    for statement, around in walk(plan.source.body, ()):
        item = plan.items.get(statement.id)
        if item is None or isinstance(statement, Switch):
            continue
        literals = [(str(key), _written(plan.slots[slot])) for key, slot in sorted(item.literals.items(), key=str)]
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


def _written(literal: Any) -> str:
    try:
        return repr(literal)
    except ValueError:  # of more than 4,300 digits Python writes none: such a number was read from hexadecimal digits
        return marshal.dumps(literal).hex()


def _stamp(*parts: object) -> int:
    """Return a number that is the same in every process (that of `hash` is not)."""
    return xxh3_64_intdigest(repr(parts).encode())
