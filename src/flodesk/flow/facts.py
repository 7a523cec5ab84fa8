"""What the line of a statement says by itself, found once: a statement never changes, and an edit leaves most alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flodesk.flow.jumps import goes_elsewhere
from flodesk.flow.model import Bind, Call, Expression, Literal, Loop, Ref, Return, Statement, Symbol
from flodesk.flow.names import binds_of, names_read, reads_of
from flodesk.flow.problem import About, Kind, Severity
from flodesk.flow.switched import how

Finding: TypeAlias = tuple[Kind, Severity, "Statement | None", str, str, About]
"""A problem before it has its place in the text: kind, severity, statement, message, hint, and what it is about."""
ALL_NAMES = frozenset({"locals", "vars", "dir"})
"""What gives the names around it, where it is called without arguments."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a statement's own line says, whatever stands around it.

    Attributes
    ----------
    statement : Statement
        Held, so that its `id()` goes on to mean it.
    needs : tuple of str
        The names whose value it needs, in the order in which they are looked up.
    binds : tuple of str
        The names that it gives a value.
    parts : tuple of Ref
        What it reads of the fields of a value.
    all_names : tuple of str
        Which of `ALL_NAMES` it reads.
    leaves : bool
        What stands below it in its block is never reached from it.
    switched : bool
        It may stand for a line that is switched off.
    """

    statement: Statement
    needs: tuple[str, ...]
    binds: tuple[str, ...]
    parts: tuple[Ref, ...]
    all_names: tuple[str, ...]
    leaves: bool
    switched: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about a statement, and what that hangs on besides the statement itself.

    Attributes
    ----------
    around : tuple
        What the statement was looked at with: its type, what it is called, a package that is missing.
    found : tuple of Finding
    """

    statement: Statement
    around: tuple[object, ...]
    found: tuple[Finding, ...]


class Lines:
    """What is known of the statements of a function; of those that it had before it is what was found then."""

    def __init__(self, before: Lines | None = None) -> None:
        self._before: dict[int, Facts] = {**before._before, **before._found} if before is not None else {}
        self._found: dict[int, Facts] = {}
        self._judged_before: dict[int, Judged] = {}
        if before is not None:
            self._judged_before = {**before._judged_before, **before._judged}
        self._judged: dict[int, Judged] = {}

    def of(self, statement: Statement) -> Facts:
        """Return the facts of a statement."""
        key = id(statement)
        found = self._found.get(key)
        if found is None:
            found = self._before.get(key) or facts_of(statement)
            self._found[key] = found
        return found

    def judged(self, statement: Statement, around: tuple[object, ...]) -> tuple[Finding, ...] | None:
        """Return what was found about a statement among the same things around it; None if nobody has looked."""
        key = id(statement)
        kept = self._judged.get(key) or self._judged_before.get(key)
        if kept is None or kept.around != around:
            return None
        self._judged[key] = kept
        return kept.found

    def keep(self, statement: Statement, around: tuple[object, ...], found: tuple[Finding, ...]) -> None:
        """Remember what was found about a statement."""
        self._judged[id(statement)] = Judged(statement, around, found)

    def settle(self) -> None:
        """Forget the statements that are there no more."""
        self._before, self._judged_before = {}, {}


def facts_of(statement: Statement) -> Facts:
    """Look at the line of a statement."""
    read = sorted(names_read(statement))
    needs = tuple(name for name in (*read, *_symbols(statement)) if name.isidentifier())
    parts = tuple(ref for ref in reads_of(statement) if ref.field)
    words = tuple(name for name in read if name in ALL_NAMES)
    return Facts(
        statement, needs, binds_of(statement), parts, words, goes_elsewhere(statement), bool(how(statement))
    )  # fmt: skip


def _symbols(statement: Statement) -> list[str]:
    """Return the names at the heads of what stands written out: ``math`` of ``math.pi``."""
    values: Sequence[Ref | Literal | Expression]
    match statement:
        case Return():
            values = statement.values
        case Call(arguments=arguments) | Loop(arguments=arguments):
            values = [argument.value for argument in arguments]
        case Bind(value=value):
            values = [value]
        case _:
            return []
    return [v.text.partition(".")[0] for v in values if isinstance(v, Literal) and isinstance(v.value, Symbol)]


__all__ = ["ALL_NAMES", "Facts", "Finding", "Lines", "facts_of"]
