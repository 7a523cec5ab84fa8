"""Rules on subflows: what is wrong in a function that is called as a node is told there, and where it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flodesk.flow.beside import file_of, flow_beside
from flodesk.flow.binding_rules import Report, outside_names
from flodesk.flow.function_ends import has_steps
from flodesk.flow.model import Call, Flow, Function, Region, walk
from flodesk.flow.problem import About, Kind, did_you_mean, near, quoted

CERTAIN: frozenset[Kind] = frozenset({
    "unbound", "open-input", "keyword", "too-many", "twice", "unknown-node", "missing-package", "broken-pack",
    "subflow",
})  # fmt: skip
"""What is an error in a subflow, too. All else a script may do on purpose: there it is a warning."""


def reachable(flow: Flow) -> tuple[str, ...]:
    """Return the subflows that the flows of a file call, directly or through others; none of the flows themselves."""
    found: list[str] = []
    waiting = list(flow.mains)
    while waiting:
        for _, name in calls_in(flow, waiting.pop(0)):
            if name not in found and name not in flow.mains:
                found.append(name)
                waiting.append(name)
    return tuple(found)


def calls_in(flow: Flow, function: str) -> list[tuple[Call, str]]:
    """Return the calls in a function that go through another one of the file, with its name."""
    body = flow.functions[function].body
    own = {name for s, _ in walk(body, Region(function)) if isinstance(s, Call) and (name := s.name)}
    return [
        (statement, statement.callee)
        for statement, _ in walk(body, Region(function))
        if isinstance(statement, Call) and statement.callee not in own and _steps(flow, statement.callee) is not None
    ]


def _steps(flow: Flow, name: str) -> Function | None:
    found = flow.functions.get(name)
    return found if found is not None and has_steps(found) else None


def tell_callers(
    flow: Flow, functions: tuple[str, ...], wrong: dict[str, str], reporter: Callable[[str], Report]
) -> None:
    """Tell what is wrong in a subflow at each node that calls it, and so on upwards.

    Parameters
    ----------
    wrong : dict
        The first error of each subflow that has one.
    """
    told: set[tuple[str, str]] = set()
    while True:
        found = [
            (function, call, name)
            for function in functions
            for call, name in calls_in(flow, function)
            if name in wrong and name != function and (function, call.id) not in told
        ]
        if not found:
            return
        for function, call, name in found:
            told.add((function, call.id))
            reporter(function)(
                "subflow", call,
                f"{quoted(call.id)} goes through {quoted(name)}, which cannot run: {wrong[name]}",
                f"Open {quoted(name)} with a double click on the node.",
            )  # fmt: skip
            if function not in flow.mains:
                wrong.setdefault(function, wrong[name])


def check_beside(flow: Flow, function: str, folder: Path, report: Report) -> None:
    """Report calls of what a file beside the flow does not define, or of a file that is no Python."""
    for statement, _ in walk(flow.functions[function].body, Region(function)):
        if not isinstance(statement, Call) or statement.callee.partition(".")[0] not in flow.imports:
            continue
        module, _, name = flow.resolve(statement.callee).rpartition(".")
        if not module or file_of(folder, module) is None:
            continue
        other = flow_beside(folder, module)
        if isinstance(other, str):
            report(
                "broken-pack", statement,
                f"{quoted(statement.id)} calls {module}.{name}, but {module}.py cannot be read: {other}",
                f"Repair {module}.py.",
            )  # fmt: skip
            continue
        known, certain = outside_names(other)
        if certain and name not in known:
            meant = near(name, other.functions)
            report(
                "unknown-node", statement,
                f"{quoted(statement.id)} calls {module}.{name}, but {module}.py defines no {quoted(name)}.",
                did_you_mean(name, other.functions) or f"Define it there: def {name}(...):",
                about=About(name=f"{module}.{name}", meant=f"{module}.{meant}" if meant else ""),
            )  # fmt: skip
