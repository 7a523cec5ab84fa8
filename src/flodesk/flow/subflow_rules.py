"""Rules on subflows: what is wrong in a function that is called as a node is told there, and where it is called."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
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


class Subflows:
    """Who calls whom in a file; of functions that were in another flow before, too, it is known from there."""

    def __init__(self, flow: Flow, before: Subflows | None = None) -> None:
        self._flow = flow
        self._called_before = before._called if before is not None else {}
        self._steps_before = before._steps if before is not None else {}
        # by the function's `id()`; each entry holds its function, so that this goes on to mean it
        self._called: dict[int, tuple[Function, tuple[Call, ...]]] = {}
        self._steps: dict[int, tuple[Function, bool]] = {}

    def calls(self, function: str) -> list[tuple[Call, str]]:
        """Return the calls in a function that go through another one of the file, with its name."""
        found = self._flow.functions
        return [
            (call, call.callee)
            for call in self._calls_of(found[function])
            if call.callee in found and self._has_steps(found[call.callee])
        ]

    def reaching(self) -> Generator[None, None, tuple[str, ...]]:
        """Find the subflows that the flows of the file call, also through others; none of the flows themselves.

        It pauses after each function.
        """
        mains = self._flow.mains
        found: dict[str, None] = {}
        waiting = deque(mains)
        while waiting:
            for _, name in self.calls(waiting.popleft()):
                if name not in found and name not in mains:
                    found[name] = None
                    waiting.append(name)
            yield
        return tuple(found)

    def _calls_of(self, function: Function) -> tuple[Call, ...]:
        """Return the calls in a function that may be of another one of the file."""
        key = id(function)
        if key not in self._called:
            self._called[key] = self._called_before.get(key) or (function, _plain_calls(function))
        return self._called[key][1]

    def _has_steps(self, function: Function) -> bool:
        key = id(function)
        if key not in self._steps:
            self._steps[key] = self._steps_before.get(key) or (function, has_steps(function))
        return self._steps[key][1]

    def settle(self) -> None:
        """Forget the functions that are there no more."""
        self._called_before, self._steps_before = {}, {}


def _plain_calls(function: Function) -> tuple[Call, ...]:
    calls = [s for s, _ in walk(function.body, Region(function.name)) if isinstance(s, Call)]
    own = {call.name for call in calls}
    return tuple(call for call in calls if "." not in call.callee and call.callee not in own)


def reachable(flow: Flow) -> tuple[str, ...]:
    """Return the subflows that the flows of a file call, directly or through others; none of the flows themselves."""
    steps = Subflows(flow).reaching()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: tuple[str, ...] = end.value
            return found


def calls_in(flow: Flow, function: str) -> list[tuple[Call, str]]:
    """Return the calls in a function that go through another one of the file, with its name."""
    return Subflows(flow).calls(function)


def tell_callers(
    flow: Flow, subflows: Subflows, functions: tuple[str, ...], wrong: dict[str, str], reporter: Callable[[str], Report]
) -> None:
    """Tell what is wrong in a subflow at each node that calls it, and so on upwards.

    Parameters
    ----------
    wrong : dict
        The first error of each subflow that has one.
    """
    if not wrong:
        return
    callers: dict[str, list[tuple[int, str, Call]]] = {}
    for number, function in enumerate(functions):
        for call, name in subflows.calls(function):
            if name != function:
                callers.setdefault(name, []).append((number, function, call))
    told: set[tuple[str, str]] = set()
    names = list(wrong)
    while names:
        found = [(number, function, call, name) for name in names for number, function, call in callers.get(name, ())]
        names = []
        for _, function, call, name in sorted(found, key=lambda each: each[0]):
            if (function, call.id) in told:
                continue
            told.add((function, call.id))
            reporter(function)(
                "subflow", call,
                f"{quoted(call.id)} goes through {quoted(name)}, which cannot run: {wrong[name]}",
                f"Open {quoted(name)} with a double click on the node.",
                about=About(name=name),
            )  # fmt: skip
            if function not in flow.mains and function not in wrong:
                wrong[function] = wrong[name]
                names.append(function)


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """What a callee means that a file beside the flow should define; `file` is a text if that cannot be read."""

    module: str
    name: str
    file: Flow | str


class Besides:
    """The files beside a flow, each of which is looked for once in a check."""

    def __init__(self, flow: Flow, folder: Path | None) -> None:
        self._flow, self._folder = flow, folder
        self._found: dict[str, Elsewhere | None] = {}
        self._files: dict[str, Flow | str | None] = {}
        self._names: dict[str, tuple[frozenset[str], bool]] = {}

    def of(self, callee: str) -> Elsewhere | None:
        """Return what a callee means there; None if it is not of such a file."""
        if callee not in self._found:
            self._found[callee] = self._look(callee)
        return self._found[callee]

    def is_still(self, callee: str, before: Elsewhere | None) -> bool:
        """Say whether a callee means what it meant before, and the file is the same."""
        now = self.of(callee)
        if now is None or before is None:
            return now is before
        same = now.file is before.file or (isinstance(now.file, str) and now.file == before.file)
        return same and (now.module, now.name) == (before.module, before.name)

    def _look(self, callee: str) -> Elsewhere | None:
        if self._folder is None or callee.partition(".")[0] not in self._flow.imports:
            return None
        module, _, name = self._flow.resolve(callee).rpartition(".")
        if module not in self._files:
            there = bool(module) and file_of(self._folder, module) is not None
            self._files[module] = flow_beside(self._folder, module) if there else None
        file = self._files[module]
        return None if file is None else Elsewhere(module, name, file)

    def check(self, call: Call, report: Report) -> None:
        """Report a call of what a file beside the flow does not define, or of a file that is no Python."""
        found = self.of(call.callee)
        if found is None:
            return
        module, name, other = found.module, found.name, found.file
        if isinstance(other, str):
            report(
                "broken-pack", call,
                f"{quoted(call.id)} calls {module}.{name}, but {module}.py cannot be read: {other}",
                f"Repair {module}.py.",
            )  # fmt: skip
            return
        if module not in self._names:
            self._names[module] = outside_names(other)
        known, certain = self._names[module]
        if certain and name not in known:
            meant = near(name, other.functions)
            report(
                "unknown-node", call,
                f"{quoted(call.id)} calls {module}.{name}, but {module}.py defines no {quoted(name)}.",
                did_you_mean(name, other.functions) or f"Define it there: def {name}(...):",
                about=About(name=f"{module}.{name}", meant=f"{module}.{meant}" if meant else ""),
            )  # fmt: skip
