"""Which parts of Python a flow can show: plain arguments, dotted names, bindings that follow the rules."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from flodesk.flow.model import Argument, Literal, Ref
from flodesk.flow.script.text import Opaque, Text

LOOP = -1
Path: TypeAlias = tuple[tuple[int, int], ...]
"""Where a statement stands: (number of the switch, arm) or (number of the loop, LOOP), outermost first."""


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Give the parts of ``a.b.c``; nothing if it is not a name with attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ()
    return (node.id, *reversed(parts))


def is_main_test(node: ast.stmt) -> bool:
    """Whether a statement is ``if __name__ == "__main__":``."""
    match node:
        case ast.If(
            test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")])
        ):
            return True
        case _:
            return False


def is_literal(node: ast.expr, hashable: bool = False) -> bool:
    """Whether `ast.literal_eval` turns it into a value (that can be hashed, if need be)."""
    match node:
        case ast.Constant():
            return True
        case ast.Tuple(elts=parts):
            return all(is_literal(part, hashable) for part in parts)
        case ast.List(elts=parts):
            return not hashable and all(is_literal(part) for part in parts)
        case ast.Set(elts=parts):
            return not hashable and all(is_literal(part, True) for part in parts)
        case ast.Dict(keys=keys, values=values):
            return (
                not hashable
                and all(key is not None and is_literal(key, True) for key in keys)
                and all(is_literal(value) for value in values)
            )
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=complex())):
            return _signed(left, int | float)
        case _:
            return isinstance(node, ast.UnaryOp) and _signed(node, int | float | complex)


def _signed(node: ast.expr, kinds: type | object) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, kinds) and not isinstance(node.value, bool)  # type: ignore[arg-type]


@dataclass(slots=True)
class Scope:
    """What a function knows: which names are variables here, and which of them are bound by now.

    Attributes
    ----------
    text : Text
        The script.
    local : frozenset of str
        Names bound anywhere in the function, its parameters among them.
    shared : frozenset of str
        Variables of the module.
    fixed : frozenset of str
        Names of the module that are no variables: imports, functions, classes.
    outer : frozenset of str
        Names declared ``global`` or ``nonlocal``: what binds them is code.
    """

    text: Text
    local: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    is_module: bool = False
    bound: dict[str, list[Path | None]] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    regions: int = 0

    # -------------------------------------------------------------- reading values
    def is_variable(self, name: str) -> bool:
        """Whether a name stands for a value of the flow, rather than something imported, defined or built in."""
        return name in self.local or (name in self.shared and name not in self.fixed)

    def has(self, name: str) -> bool:
        """Whether a name is one of the file's own, and so not that of Python."""
        return name in self.local or name in self.shared or name in self.fixed

    def value(self, node: ast.expr) -> Ref | Literal | None:
        """Read an argument; None if it is neither a name nor written out."""
        parts = dotted(node)
        if parts:
            if not self.is_variable(parts[0]):
                return Literal(".".join(parts))
            return Ref(parts[0], ".".join(parts[1:])) if len(parts) <= 2 else None
        return Literal(self.text.segment(node)) if is_literal(node) else None

    def call(self, node: ast.expr) -> tuple[str, tuple[Argument, ...]]:
        """Read ``callee(arguments)``.

        Raises
        ------
        Opaque
            It is no call, or one with arguments that are calculated, starred or doubled.
        """
        if not isinstance(node, ast.Call) or not (callee := dotted(node.func)):
            raise Opaque
        arguments = [Argument(self.plain(a)) for a in node.args]
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Opaque
            arguments.append(Argument(self.plain(keyword.value), keyword.arg))
        names = [k.arg for k in node.keywords]
        if len(names) != len(set(names)):
            raise Opaque
        return ".".join(callee), tuple(arguments)

    def plain(self, node: ast.expr) -> Ref | Literal:
        """Read an argument that has to be a name or written out.

        Raises
        ------
        Opaque
            It is neither.
        """
        value = self.value(node)
        if value is None:
            raise Opaque
        return value

    # -------------------------------------------------------------- binding names
    def bind(self, name: str, path: Path, allowed: Callable[[Path, Path], bool]) -> None:
        """Note down that a statement at `path` binds a name.

        Parameters
        ----------
        allowed : callable
            Whether the new path may bind the name again although an old one does.

        Raises
        ------
        Opaque
            It may not: the statement is code.
        """
        if name in self.outer or not all(old is not None and allowed(path, old) for old in self.bound.get(name, ())):
            raise Opaque
        self.note(name, None if allowed is never else path)

    def note(self, name: str, path: Path | None) -> None:
        """Note down a binding; with no path, nothing may bind the name again."""
        self.bound.setdefault(name, []).append(path)
        self.journal.append(name)

    def forget(self, mark: int) -> None:
        """Take back the bindings since the journal had the length `mark`."""
        while len(self.journal) > mark:
            self.bound[self.journal.pop()].pop()

    def region(self) -> int:
        """Give a new number for a loop or a switch."""
        self.regions += 1
        return self.regions


def never(new: Path, old: Path) -> bool:
    """Say that nothing else may bind the name: it is a function's or a loop's."""
    return False


def exclusive(new: Path, old: Path) -> bool:
    """Whether two places are in different arms of one switch: only one of them runs."""
    for here, there in zip(new, old, strict=False):
        if here != there:
            return here[0] == there[0]
    return False


def carried(new: Path, old: Path) -> bool:
    """Whether the new place is in a loop that the old one is outside of: it may carry feedback."""
    return new[: len(old)] == old and any(arm == LOOP for _, arm in new[len(old) :])


def exclusive_or_carried(new: Path, old: Path) -> bool:
    """Whether a bare line may bind a name again: in another arm, or as what the next iteration gets."""
    return exclusive(new, old) or carried(new, old)
