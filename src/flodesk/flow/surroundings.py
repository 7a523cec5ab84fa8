"""What the functions of a flow see around them: the module's functions, classes and constants, each as a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flodesk.flow.model import Block, Flow, Function, Import, Region, Statement, walk
from flodesk.flow.names import binds_of
from flodesk.flow.script import lines_of

_NAME = re.compile(r"[^\W\d]\w*")


def words(texts: Iterable[str]) -> set[str]:
    """Return every word of some Python that may be a name."""
    return {word for text in texts for word in _NAME.findall(text)}


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
        self._numbers: dict[str, int] = {}

    def number(self, names: Iterable[str]) -> int:
        """Return a number for what some names stand for; names that the module does not bind are passed over."""
        found = {reached for name in names if name in self._of for reached in self._reach(name)}
        return hash(tuple((name, self._number(name)) for name in sorted(found)))

    def _number(self, name: str) -> int:
        """Return a number for what one name stands for, whatever that names itself."""
        if name not in self._numbers:
            said = (dict(s.names)[name] if isinstance(s, Import) else s for s in self._of[name])
            self._numbers[name] = hash(tuple(said))
        return self._numbers[name]

    def _reach(self, name: str) -> frozenset[str]:
        """Return the names of the module that one leads to, itself among them."""
        if name not in self._reached:
            found, waiting = {name}, [name]
            while waiting:
                said = (s for s in self._of[waiting.pop()] if not isinstance(s, Import))  # that leads out of the file
                block = Block(statements=tuple(said))
                texts = (line for statement, _ in walk(block, Region("")) for line in lines_of(statement))
                new = (words(texts) & self._of.keys()) - found
                found |= new
                waiting += new
            self._reached[name] = frozenset(found)
        return self._reached[name]


def _binds(statement: Statement) -> tuple[str, ...]:
    match statement:
        case Function():
            return (statement.name,)
        case Import():
            return tuple(name for name, _ in statement.names)
        case _:
            return binds_of(statement)
