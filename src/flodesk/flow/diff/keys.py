"""What a statement is known by: keys that are the same in both flows where it is probably the same statement.

Each is made from the pairs that are known so far, a truth that says whether the statement is the old flow's, and the
statement. None pairs with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from flodesk.flow.diff.pairs import Pairs
from flodesk.flow.diff.side import Item
from flodesk.flow.model import (
    Bind,
    Call,
    Code,
    Docstring,
    Function,
    Import,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
    Switch,
)  # fmt: skip
from flodesk.flow.names import binds_of
from flodesk.flow.script.writer import statement_text
from flodesk.flow.switched import how, kept_text

Key: TypeAlias = Callable[[Pairs, bool, Item], Hashable]


def itself(_pairs: Pairs, _old: bool, item: Item) -> Hashable:
    """Return the same for statements that both flows share: an edit makes only that anew which it changes."""
    return id(item.statement)


def name_and_type(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return the name, the kind and what is called."""
    if item.anonymous:
        return None
    statement = item.statement
    called = ""
    if isinstance(statement, Call | Loop):
        side = pairs.side(old)
        head = statement.callee.partition(".")[0]
        called = statement.callee if head in side.bound else side.flow.resolve(statement.callee)
    return type(statement), statement.id, called


def name(_pairs: Pairs, _old: bool, item: Item) -> Hashable:
    """Return the name alone."""
    return None if item.anonymous else item.statement.id


def number_and_content(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return number and words of a statement without a name."""
    return (item.statement.id, content(pairs, old, item)) if item.anonymous else None


def anonymous_content(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return the words of a statement without a name."""
    return content(pairs, old, item) if item.anonymous else None


def when_on(_pairs: Pairs, _old: bool, item: Item) -> Hashable:
    """Return what a line says, or says again when it is switched on, of those that are numbered off or on."""
    statement = item.statement
    if how(statement):
        sign = f"{statement.name} = " if isinstance(statement, Bind) else ""
        return sign + kept_text(statement)
    if isinstance(statement, Code) or (isinstance(statement, Call) and not statement.name):
        return statement_text(statement).strip()
    return None


def at_home(key: Key) -> Key:
    """Add to a key the loop or arm that a statement stands in."""

    def made(pairs: Pairs, old: bool, item: Item) -> Hashable:
        found = key(pairs, old, item)
        home = pairs.home(item) if old else (item.parent, item.arm)
        return None if found is None or home is None else (home, found)

    return made


def content(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return what a statement says, but for the names that it binds and what is inside of it."""
    match statement := item.statement:
        case Call() | Loop():
            arguments = tuple((a.keyword, pairs.value(old, a.value), a.each) for a in statement.arguments)
            called = statement.called if isinstance(statement, Loop) else True
            return type(statement), pairs.callee(old, statement.callee), called, statement.awaited, arguments
        case Bind(value=value):
            return Bind, pairs.value(old, value)
        case Switch(arms=arms):
            return Switch, tuple(pairs.test(old, arm) for arm in arms)
        case Code(text=text):
            return Code, text
        case Import(module=module, names=names):
            return Import, module, names
        case Function(parameters=parameters, returns=returns):
            return Function, parameters, returns, lines(statement)
        case Return() | Docstring() | Main():
            return (type(statement),)


def bound(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return what a statement without a name of its own binds, or is called on."""
    if not item.anonymous:
        return None

    def now(name: str) -> str:
        return pairs.names.get(name, name) if old else name

    match item.statement:
        case Call(name=name, callee=callee):
            return Call, now(name), pairs.callee(old, callee)
        case Bind(name=name):
            return Bind, now(name)
        case Code(binds=binds) if binds:
            return Code, tuple(sorted(now(name) for name in binds))
        case Import(module=module, names=names):
            return Import, module or names
        case _:
            return None


def place(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return what is called, and where its card is: who renames a node and turns a knob leaves it where it is."""
    found = pairs.side(old).places.get(item.statement.id)
    return None if found is None or item.anonymous else (_kind(pairs, old, item), found)


def readers(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return what is called, and who reads the result."""
    found = set()
    for bound_name in binds_of(item.statement):
        for reader, number in pairs.side(old).readers.get(bound_name, ()):
            now = pairs.new_of(reader) if old else reader
            if now is not None:
                found.add((now.number, number))
    return (_kind(pairs, old, item), frozenset(found)) if found and not item.anonymous else None


def sources(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return what is called, and on which variables."""
    statement = item.statement
    if item.anonymous or not isinstance(statement, Call | Loop):
        return None
    found = [(a.keyword, pairs.ref(old, a.value)) for a in statement.arguments if isinstance(a.value, Ref)]
    return (_kind(pairs, old, item), tuple(found)) if found else None


def neighbour(pairs: Pairs, old: bool, item: Item) -> Hashable:
    """Return the statement above a switch or code node."""
    if not isinstance(item.statement, Switch | Code):
        return None
    before = pairs.side(old).items[: item.number]
    above = next((i for i in reversed(before) if (i.parent, i.arm) == (item.parent, item.arm)), None)
    if above is not None and old:
        above = pairs.new_of(above)
        if above is None:
            return None
    return type(item.statement), above.number if above is not None else -1


def _kind(pairs: Pairs, old: bool, item: Item) -> Hashable:
    statement = item.statement
    return type(statement), pairs.callee(old, statement.callee) if isinstance(statement, Call | Loop) else ""


def lines(function: Function) -> tuple[str, ...]:
    """Return the lines of a function's body, as its statements say them."""
    found: list[str] = []

    def add(statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, Switch):
                for arm in statement.arms:
                    found.append(statement_text(arm))
                    add(arm.body.statements)
                continue
            found.append(statement_text(statement))
            if isinstance(statement, Loop):
                add(statement.body.statements)

    add(function.body.statements)
    return tuple(found)
