"""Rules on ``await``: where it has to stand, and where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flodesk.flow.binding_rules import Report
from flodesk.flow.catalog import Catalog
from flodesk.flow.model import (
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Literal,
    Loop,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.names import Names, names_read
from flodesk.flow.packs import OURS
from flodesk.flow.problem import quoted
from flodesk.flow.script.names import is_async
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import parse_tree


@dataclass(frozen=True, slots=True)
class Awaits:
    """Checks the awaits of one function."""

    flow: Flow
    catalog: Catalog
    function: str
    names: Names
    report: Report
    boxes: Mapping[int, str]
    """The box that a statement is drawn in, by the statement's `id()`."""

    def check(self) -> None:
        """Report what is awaited and cannot be, and what is not and should be."""
        plain = not self.flow.functions[self.function].asynchronous
        for standing in self.names.standings:
            statement = standing.statement
            if plain and awaits(statement):
                report_plain(self.report, self._box(statement), statement, self.function)
            elif isinstance(statement, Call | Loop):
                self._call(statement)

    def _box(self, statement: Statement) -> str:
        return quoted(self.boxes.get(id(statement), statement.id))

    def _call(self, call: Call | Loop) -> None:
        spec, method = self._type(call)
        if spec is None or (isinstance(call, Loop) and not call.called):
            return
        wanted = method in spec.awaits
        if wanted == call.awaited or (wanted and self._awaited_later(call)):
            return
        if call.awaited:
            if not isinstance(call, Loop) and not _is_plain(spec, method):
                return
            less, more = ("async for", "for") if isinstance(call, Loop) else ("await", "")
            self.report(
                "await", call,
                f"{self._box(call)} awaits {quoted(call.callee)}, which is no asynchronous function.",
                f"Write {more} instead of {less}." if more else "Take the await away.",
            )  # fmt: skip
        elif isinstance(call, Loop):
            self.report(
                "await", call,
                f"The producer of {self._box(call)}, {quoted(call.callee)}, gives its values asynchronously.",
                f"Write: async for {', '.join(call.targets)} in {call.callee}(...):",
            )  # fmt: skip
        else:
            given = f"{call.name} = " if call.name else ""
            self.report(
                "await", call,
                f"{self._box(call)} calls the asynchronous function {quoted(call.callee)} without await: it would not "
                "run.",
                f"Write: {given}await {call.callee}(...)",
            )  # fmt: skip

    def _type(self, call: Call | Loop) -> tuple[NodeSpec | None, str]:
        head, _, method = call.callee.partition(".")
        if head not in self.names.bound:
            spec = self.catalog.find(self.flow.resolve(call.callee))
            return spec, "__init__" if spec is not None and spec.methods else ""
        made = next((s.statement for s in self.names.bound[head] if isinstance(s.statement, Call)), None)
        spec = self.catalog.find(self.flow.resolve(made.callee)) if made is not None else None
        method = method or "__call__"
        return (spec, method) if spec is not None and method in spec.methods else (None, "")

    def _awaited_later(self, call: Call | Loop) -> bool:
        """Return whether what a call gives may be awaited further down, by code or what we do not know."""
        if isinstance(call, Loop) or not call.name:
            return False
        for standing in self.names.standings:
            reader = standing.statement
            if call.name not in names_read(reader):
                continue
            if isinstance(reader, Code) or (isinstance(reader, Call) and self._type(reader)[0] is None):
                return True
        return False


def report_plain(report: Report, box: str, statement: Statement, function: str) -> None:
    """Report a statement that awaits something in a plain function."""
    report(
        "await", statement,
        f"{box} awaits something, but {quoted(function)} is a plain function.",
        f"Write: async def {function}(...)",
    )  # fmt: skip


def check_awaits_in_plain(function: Function, report: Report) -> None:
    """Report the first await in a plain function that is nothing but code: Python refuses the whole file for it."""
    if function.asynchronous:
        return
    for statement, _ in walk(function.body, Region(function.name)):
        if awaits(statement):
            report_plain(report, quoted(statement.id), statement, function.name)
            return


def awaits(statement: Statement) -> bool:
    """Return whether a statement's own line awaits something."""
    match statement:
        case Call(awaited=True) | Loop(awaited=True):
            return True
        case Code(text=text):
            return ("await" in text or "async" in text) and is_async(parse_tree(text).body)
        case Switch(arms=arms):
            return any(_waits(arm.test) for arm in arms)
        case Return(values=values):
            return any(map(_waits, values))
        case _:
            return False


def _waits(value: Ref | Literal | Expression | None) -> bool:
    return isinstance(value, Expression) and "await" in value.text and is_async([parse_tree(f"({value.text}\n)")])


def _is_plain(spec: NodeSpec, method: str) -> bool:
    """Return whether a function that is not declared as asynchronous cannot give something to await all the same."""
    outputs = spec.results(method)
    return spec.path.startswith(f"{OURS}.") or not outputs or any(output.type != "any" for output in outputs)
