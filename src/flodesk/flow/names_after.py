"""What each name of a function stands for after an edit: what the edit has left alone is not looked at again."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from itertools import count

from flodesk.flow.model import Bind, Block, Function, Import, Loop, Ref, Statement, Switch
from flodesk.flow.names import Arms, Names, Standing, binds_of, head_of, names_read, reads_of, settle

_WITH_BLOCKS = (Loop, Switch)
MOST = 200
"""With more statements than these that came or went, a function is gone over from the start."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different in a function from before, as far as its names tell.

    Attributes
    ----------
    came, went : tuple of Standing
        Statements; one that stands somewhere else now is among both.
    names : set of str
        Those of which anything is different: who binds them, which fields are read, whether it is an object.
    """

    came: tuple[Standing, ...]
    went: tuple[Standing, ...]
    names: frozenset[str]


def names_after(before: Names, block: Block) -> tuple[Names, Difference] | None:
    """Return what `names_of` would find in a function whose body is `block` now, made from what was found before.

    None if too much is different, or a statement stands at two places. What `before` holds stays as it is.
    """
    after = _After(before, Names(parameters=before.parameters))
    after.collect(block, (), ())
    names, came = after.names, after.came
    gone = len(before.standings) - (len(names.standings) - len(came))
    if len(came) + gone > MOST or any(len(each.places) < len(each.standings) for each in (before, names)):
        return None
    here = set(map(id, names.standings)) if gone else set()
    went = [s for s in before.standings if id(s) not in here] if gone else []
    names.bound, names.readers, names.callers = before.bound.copy(), before.readers.copy(), before.callers.copy()
    names.uses, names.fields, names.carried = before.uses.copy(), before.fields.copy(), before.carried.copy()
    names.rebound = before.rebound.copy()
    names.read = before.read.copy()
    after.take_out(went)
    after.put_in(came)
    touched = {name for standing in (*came, *went) for name in mentioned(standing.statement)}
    touched = {name for name in touched if name in names.bound or name in before.bound or name in before.readers
               or name in names.readers}  # fmt: skip
    touched = _with_aliases(touched, before, names)
    settle(names, touched)
    different = frozenset(name for name in touched if _facts(before, name) != _facts(names, name))
    return names, Difference(tuple(came), tuple(went), different)


def mentioned(statement: Statement) -> set[str]:
    """Return all names that a statement's own line binds, reads or calls."""
    return names_read(statement).union(binds_of(statement))


def _facts(names: Names, name: str) -> object:
    """Return all that is known of a name, as something that can be compared."""
    return (
        [(s.statement.id, type(s.statement), s.loops, s.arms) for s in names.bound.get(name, ())],
        [(use.id, method, type(use)) for use, method in names.uses.get(name, ())],
        list(names.fields.get(name, ())),
        [s.statement.id for s in names.carried.get(name, ())],
        [(s.statement.id, loop) for s, loop in names.rebound.get(name, ())],
        name in names.read,
    )


def _with_aliases(wanted: set[str], *both: Names) -> set[str]:
    """Return the names, and those that bare lines (``b = a``) bind to them or them to, before or after."""
    found, queue = set(wanted), list(wanted)
    while queue:
        name = queue.pop()
        for names in both:
            for standing in (*names.bound.get(name, ()), *names.readers.get(name, ())):
                statement = standing.statement
                if isinstance(statement, Bind) and isinstance(statement.value, Ref):
                    others = {statement.name, statement.value.name} - found
                    found |= others
                    queue += others
    return found


@dataclass(slots=True)
class _After:
    """The names in the making."""

    before: Names
    names: Names
    came: list[Standing] = field(default_factory=list)
    last: int = -1
    """Where the last statement that has stayed stood before."""

    def collect(self, block: Block, loops: tuple[str, ...], arms: Arms) -> None:
        """List the statements of a block and below; one that stands as it did keeps its `Standing`."""
        standings, places = self.names.standings, self.names.places
        known, old = self.before.places, self.before.standings
        behind = 0
        for number, statement in enumerate(block.statements):
            if number < behind or isinstance(statement, (Function, Import)):
                continue
            place = known.get(id(statement), -1)
            standing = old[place] if place > self.last else None
            stays = standing is not None and standing.loops == loops and standing.arms == arms
            if standing is None or not stays or self._jumps(block, number, place):
                standing = Standing(statement, loops, arms)
                self.came.append(standing)
            else:
                self.last = place
            places[id(statement)] = len(standings)
            standings.append(standing)
            behind = number + 1
            if isinstance(statement, Loop):
                self.collect(statement.body, (*loops, statement.id), arms)
            elif isinstance(statement, Switch):
                for which, arm in enumerate(statement.arms):
                    self.collect(arm.body, loops, (*arms, (statement.id, which)))
            else:
                behind += self._take_row(block.statements, behind, loops, arms)

    def _take_row(self, statements: tuple[Statement, ...], first: int, loops: tuple[str, ...], arms: Arms) -> int:
        """Take over a row of statements that stand as they did below the last, and have no blocks; return how many."""
        old, begun, row = self.before.standings, self.last + 1, 0
        if first == len(statements) or begun == len(old) or statements[first] is not old[begun].statement:
            return 0
        for statement, standing in zip(statements[first:], old[begun:], strict=False):
            if statement is not standing.statement or isinstance(statement, _WITH_BLOCKS):
                break
            if standing.loops != loops or standing.arms != arms:
                break
            row += 1
        standings, places = self.names.standings, self.names.places
        places.update(zip(map(id, statements[first : first + row]), count(len(standings)), strict=False))
        standings += old[begun : begun + row]
        self.last += row
        return row

    def _jumps(self, block: Block, number: int, place: int) -> bool:
        """Say whether a statement has come from further down, past the one that is below it now."""
        if place == self.last + 1 or number + 1 == len(block.statements):
            return False
        return self.last < self.before.places.get(id(block.statements[number + 1]), -1) < place

    def take_out(self, went: list[Standing]) -> None:
        """Forget statements, in lists that are no longer those of before."""
        gone = {id(standing) for standing in went}
        for table, name in {(n, name) for s in went for n, name in _entries(s.statement)}:
            index = self._table(table)
            if kept := [standing for standing in index[name] if id(standing) not in gone]:
                index[name] = kept
            else:
                del index[name]

    def put_in(self, came: list[Standing]) -> None:
        """Note statements, each at its place."""
        places = self.names.places
        own: set[tuple[int, str]] = set()
        for standing in came:
            for entry in _entries(standing.statement):
                index = self._table(entry[0])
                if entry not in own:  # the list is that of before, or will be somebody's before
                    own.add(entry)
                    index[entry[1]] = [*index.get(entry[1], ())]
                insort(index[entry[1]], standing, key=lambda one: places[id(one.statement)])

    def _table(self, number: int) -> dict[str, list[Standing]]:
        return (self.names.bound, self.names.readers, self.names.callers)[number]


def _entries(statement: Statement) -> dict[tuple[int, str], None]:
    """Return where a statement is listed: in which table (bound, readers, callers), under which name."""
    entries = [(0, name) for name in binds_of(statement)] + [(1, ref.name) for ref in reads_of(statement)]
    if head := head_of(statement):
        entries.append((2, head))
    return dict.fromkeys(entries)
