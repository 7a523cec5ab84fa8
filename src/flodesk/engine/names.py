"""Which variables of a function each statement reads and binds, and where the value of one is needed no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from flodesk.flow.model import (
    Argument,
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)


class Use(NamedTuple):
    """What a statement does with variables: which it is the last to read, and what it reads and binds.

    `head` is what it reads itself, `reads` and `binds` are those of all that is in it.
    """

    last: tuple[str, ...]
    head: frozenset[str]
    reads: frozenset[str]
    binds: frozenset[str]


@dataclass(frozen=True)
class Names:
    """The variables of one function: those that any of its statements binds, and its parameters."""

    local: frozenset[str]
    reads: dict[str, int] = field(default_factory=dict)
    """How many statements read each variable."""
    binds: dict[str, int] = field(default_factory=dict)
    looped: dict[str, frozenset[str]] = field(default_factory=dict)
    """What each loop binds in its body, by the loop's id."""
    _heads: dict[int, tuple[Statement, frozenset[str]]] = field(default_factory=dict)
    _uses: dict[tuple[int, tuple[str, ...]], tuple[Block, tuple[Use, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, body: Block, parameters: tuple[str, ...]) -> Names:
        """Look at the whole body of a function."""
        bound = [name for statement in everything(body) for name in set(_binds(statement))]
        names = cls(frozenset([*bound, *parameters]))
        _count(names.binds, [*bound, *parameters])
        for statement in everything(body):
            _count(names.reads, names.head(statement))
            if isinstance(statement, Loop):
                names.looped[statement.id] = names.both(statement)[1] - set(statement.targets)
        return names

    def head(self, statement: Statement) -> frozenset[str]:
        """Return what a statement itself reads, its blocks left out."""
        found = self._heads.get(id(statement))
        if found is None:
            # with the statement: as long as that is there, no other one has its number
            found = self._heads[id(statement)] = statement, self.local.intersection(_reads(statement))
        return found[1]

    def both(self, statement: Statement) -> tuple[frozenset[str], frozenset[str]]:
        """Return (reads, binds) of a statement with all that is in it."""
        inner = [s for block in blocks_of(statement) for s in everything(block)]
        if not inner:
            return self.head(statement), frozenset(_binds(statement))
        reads = self.head(statement).union(*map(self.head, inner))
        return reads, frozenset(name for s in [statement, *inner] for name in _binds(s))

    def uses(self, block: Block, first: tuple[str, ...] = ()) -> tuple[Use, ...]:
        """Return what each statement of a block does, found out once; `first` as of `last_readers`."""
        found = self._uses.get((id(block), first))
        if found is None:
            pairs = zip(block.statements, self.last_readers(block, first), strict=True)
            uses = [Use(tuple(last), self.head(s), *self.both(s)) for s, last in pairs]
            found = self._uses[id(block), first] = block, tuple(uses)
        return found[1]

    def last_readers(self, block: Block, first: tuple[str, ...] = ()) -> list[list[str]]:
        """Return for each statement of a block the variables that it is the last to read.

        Only such as are bound once, in this block, before all who read them, and read nowhere else: so that nobody
        misses the value that is dropped then, in this turn or the next.

        Parameters
        ----------
        first : tuple of str
            What is bound before the first statement (the targets of a loop).
        """
        drops: list[list[str]] = [[] for _ in block.statements]
        read_by: dict[str, list[int]] = {}
        counted: dict[str, int] = {}
        for number, statement in enumerate(block.statements):
            inner = [s for b in blocks_of(statement) for s in everything(b)]
            for s in (statement, *inner):
                _count(counted, self.head(s))
                for name in self.head(s):
                    read_by.setdefault(name, []).append(number)
        born = dict.fromkeys(first, -1)
        for number, statement in enumerate(block.statements):
            if isinstance(statement, Call | Bind):
                born.setdefault(statement.name, number)
        for name, number in born.items():
            readers = read_by.get(name, [])
            once = self.binds.get(name) == 1
            if name and once and readers and readers[0] > number and counted[name] == self.reads[name]:
                drops[readers[-1]].append(name)
        return drops

    def carried(self, loop: Loop) -> frozenset[str]:
        """Return what the body of a loop binds and a later turn, or what stands behind the loop, may read."""
        dropped: set[str] = set()
        for statement in (loop, *everything(loop.body)):
            first = statement.targets if isinstance(statement, Loop) else ()
            for block in blocks_of(statement):
                dropped.update(*self.last_readers(block, first))
        return frozenset(name for name in self.looped[loop.id] - dropped if name in self.reads)


def _count(counts: dict[str, int], names: Iterable[str]) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1


def blocks_of(statement: Statement) -> tuple[Block, ...]:
    """Return the blocks of a loop or switch."""
    if isinstance(statement, Loop):
        return (statement.body,)
    if isinstance(statement, Switch):
        return tuple(arm.body for arm in statement.arms)
    return ()


def everything(block: Block) -> Iterator[Statement]:
    """Give every statement of a block, and what stands in it."""
    for statement in block.statements:
        yield statement
        for inner in blocks_of(statement):
            yield from everything(inner)


def _binds(statement: Statement) -> tuple[str, ...]:
    if isinstance(statement, Call | Bind):
        return (statement.name,) if statement.name else ()
    if isinstance(statement, Loop):
        return statement.targets
    if isinstance(statement, Code):
        return statement.binds
    return ()


def _reads(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Call | Loop):
        yield statement.callee.partition(".")[0]
        yield from _argument_reads(statement.arguments)
    elif isinstance(statement, Bind):
        yield from _value_reads(statement.value)
    elif isinstance(statement, Code):
        yield from statement.reads
    elif isinstance(statement, Return):
        for value in statement.values:
            yield from value.reads if isinstance(value, Expression) else _value_reads(value)
    elif isinstance(statement, Switch):
        for arm in statement.arms:
            if isinstance(arm.test, Expression):
                yield from arm.test.reads
            elif arm.test is not None:
                yield arm.test.name


def _argument_reads(arguments: tuple[Argument, ...]) -> Iterator[str]:
    for argument in arguments:
        yield from _value_reads(argument.value)


def _value_reads(value: Ref | Literal) -> Iterator[str]:
    if isinstance(value, Ref):
        yield value.name
    else:
        # a dotted or plain name that the reader took for a literal may still be a variable of this function
        head = value.text.partition(".")[0]
        if head.isidentifier():
            yield head
