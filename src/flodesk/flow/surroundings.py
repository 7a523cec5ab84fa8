"""What the functions of a flow see around them: the module's functions, classes and constants, each as a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from flodesk.flow.model import (
    Arm,
    Block,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)  # fmt: skip
from flodesk.flow.names import binds_of

_NAME = re.compile(r"[^\W\d]\w*")


class Surroundings:
    """The names of a module, and what each of them stands for, with all that it names itself.

    Two of them give the same number for the same names if nothing that these stand for has changed: comments, spacing
    and what the names do not lead to do not count.
    """

    def __init__(self, flow: Flow) -> None:
        self._of: dict[str, list[Statement]] = {}
        for statement in flow.module.statements:
            for name in _binds(statement):
                self._of.setdefault(name, []).append(statement)
        self._reached: dict[str, frozenset[str]] = {}

    def number(self, names: Iterable[str]) -> int:
        """Return a number for what some names stand for; names that the module does not bind are passed over."""
        found: set[str] = set()
        for name in names:
            if name in self._of:
                found |= self._reach(name)
        return hash(tuple((name, *(_hash(statement, name) for statement in self._of[name])) for name in sorted(found)))

    def _reach(self, name: str) -> frozenset[str]:
        """Return the names of the module that one leads to, itself among them."""
        known = self._reached.get(name)
        if known is None:
            found, waiting = {name}, [name]
            while waiting:
                for statement in self._of[waiting.pop()]:
                    new = (words(statement) & self._of.keys()) - found
                    found |= new
                    waiting += new
            known = self._reached[name] = frozenset(found)
        return known


def _hash(statement: Statement, name: str) -> int:
    """Return a number for a statement as far as it says what one name stands for."""
    return hash(dict(statement.names)[name] if isinstance(statement, Import) else statement)


def words(statement: Statement) -> frozenset[str]:
    """Return every word of a statement and of those in it that may be a name of the module."""
    return frozenset(word for text in _texts(statement) for word in _words_of(text))


def _texts(statement: Statement | Arm) -> Iterable[str]:
    match statement:
        case Call() | Loop():
            yield statement.callee
            for argument in statement.arguments:
                yield argument.value.text
        case Code():
            yield statement.text
        case Arm():
            yield statement.test.text if statement.test is not None else ""
        case Return():
            for value in statement.values:
                yield value.text
        case Function():
            yield f"{statement.parameters} {statement.returns}"
        case Import():
            yield ""
        case _:
            given = getattr(statement, "value", None)
            yield given.text if isinstance(given, Ref | Literal | Expression) else ""
    for inner in _inside(statement):
        yield from _texts(inner)


def _inside(statement: Statement | Arm) -> Iterable[Statement | Arm]:
    body = getattr(statement, "body", None)
    if isinstance(body, Block):
        return body.statements
    return statement.arms if isinstance(statement, Switch) else ()


def _binds(statement: Statement) -> tuple[str, ...]:
    match statement:
        case Function():
            return (statement.name,)
        case Import():
            return tuple(name for name, _ in statement.names)
        case _:
            return binds_of(statement)


@lru_cache(maxsize=4096)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NAME.findall(text)))
