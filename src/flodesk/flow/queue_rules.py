"""Rules on what flows between functions that run side by side: a queue needs somebody at each of its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from flodesk.flow.binding_rules import Report
from flodesk.flow.catalog import Catalog
from flodesk.flow.model import Call, Code, Flow, Function, Literal, Loop, Region, Statement, walk
from flodesk.flow.names import names_of, names_read
from flodesk.flow.problem import About, did_you_mean, quoted
from flodesk.flow.queue_tables import is_far, names_of_far
from flodesk.flow.spec import NodeSpec

_FOREIGN = frozenset(f"queue.{name}Queue" for name in ("", "Simple", "Lifo", "Priority")) | {"multiprocessing.Queue"}
"""Queues of Python: no loop goes over them."""

Ends = list[tuple[str, Statement]]
"""The functions at one end, each with its statement."""


@dataclass(slots=True)
class Shared:
    """An object at the top of the file that functions share, its type, and the statements at its ends."""

    made: Call
    spec: NodeSpec
    put: Ends = field(default_factory=list)
    got: Ends = field(default_factory=list)
    passed: bool = False
    """It is used in code, or handed to a function: then who is at its ends is not known from here."""


class Mentions:
    """Which names each function of a file mentions; of functions that were there before it is known from then."""

    def __init__(self, before: Mentions | None = None) -> None:
        self._before = before._found if before is not None else {}
        self._found: dict[int, tuple[Function, frozenset[str]]] = {}

    def of(self, function: Function) -> frozenset[str]:
        """Return the names that a function mentions, its own among them."""
        key = id(function)  # each entry holds its function, so that this goes on to mean it
        if key not in self._found:
            self._found[key] = self._before.get(key) or (function, _mentioned(function))
        return self._found[key][1]

    def knows(self, function: Function) -> bool:
        """Say whether it is known from before."""
        return id(function) in self._before

    def settle(self) -> None:
        """Forget the functions that are there no more."""
        self._before = {}


def _mentioned(function: Function) -> frozenset[str]:
    inside = walk(function.body, Region(function.name))
    return frozenset(name for statement, _ in inside for name in _heads(statement))


def shared_of(flow: Flow, catalog: Catalog, mentions: Mentions | None = None) -> dict[str, Shared]:
    """Return what the functions of a file share, by name, with who is at the ends of each."""
    found = {
        s.name: Shared(s, spec)
        for s in flow.module.statements
        if isinstance(s, Call) and s.name and (spec := catalog.find(flow.resolve(s.callee))) and spec.role == "shared"
    }
    if not found:
        return found
    for function, statement, hidden in _inside(flow, found.keys(), mentions or Mentions()):
        for name in (_heads(statement) - hidden) & found.keys():
            if isinstance(statement, Call) and statement.callee == f"{name}.put":
                found[name].put.append((function, statement))
            elif (isinstance(statement, Call) and statement.callee == f"{name}.get") or (
                isinstance(statement, Loop) and not statement.called and statement.callee == name
            ):
                found[name].got.append((function, statement))
            else:
                found[name].passed = True
    return found


def check_queues(
    flow: Flow, catalog: Catalog, reporter: Callable[[str], Report], mentions: Mentions | None = None
) -> None:
    """Report queues of which one end is open, those that would wait for themselves, and those of Python."""
    found = shared_of(flow, catalog, mentions)
    for name, shared in found.items():
        if not shared.passed:
            _check_ends(name, shared, reporter, far=is_far(flow.header.settings, name))
    for name in names_of_far(flow.header.settings):
        if name not in found:
            reporter("")(
                "header", None, f"The header says where the queue {quoted(name)} lives, and the flow has none.",
                did_you_mean(name, found) or f"Take that line out, or write {name} = queue.Queue() at the top.",
                "warning", About(entry=("queues", name)),
            )  # fmt: skip
    foreign = {
        s.name: path
        for s in flow.module.statements
        if isinstance(s, Call) and (path := flow.resolve(s.callee)) in _FOREIGN
    }
    for function in flow.mains:
        report = reporter(function)
        for statement, _ in walk(flow.functions[function].body, Region(function)):
            if isinstance(statement, Loop) and not statement.called and statement.callee in foreign:
                name = statement.callee
                report(
                    "queue", statement,
                    f"{quoted(statement.id)} reads from {quoted(name)}, a {foreign[name]}: no loop goes over it.",
                    f"Make it a queue of flodesk.nodes.queue: {name} = queue.Queue().",
                    about=About(port="foreign", name=name),
                )  # fmt: skip
            elif isinstance(statement, Call):
                spec = catalog.find(flow.resolve(statement.callee))
                if spec is not None and spec.role == "shared":
                    report(
                        "queue", statement,
                        f"{quoted(statement.id)} is made inside {quoted(function)}: no other function can reach it.",
                        f"Make it at the top of the file: {statement.name or 'jobs'} = {statement.callee}(...).",
                        "warning",
                        About(port="inside", name=statement.name),
                    )  # fmt: skip


def _check_ends(name: str, shared: Shared, reporter: Callable[[str], Report], *, far: bool) -> None:
    waits = "__iter__" in shared.spec.methods
    if far:
        pass  # the other end may be in another flow
    elif shared.put and not shared.got:
        function, at = shared.put[0]
        lost = "what is put into it is counted and dropped" if waits else "what is put into it is of no use"
        hint = f"for value in {name}:" if waits else f"now = {name}.get()"
        reporter(function)(
            "queue", at, f"Nobody reads {quoted(name)}: {lost}.", f"In another function write: {hint}", "warning"
        )
    elif shared.got and not shared.put:
        function, at = shared.got[0]
        lost = "this loop ends at once" if waits else "it keeps its start value"
        reporter(function)(
            "queue", at, f"Nobody puts anything into {quoted(name)}: {lost}.",
            f"In another function write: sent = {name}.put(value)", "warning",
        )  # fmt: skip
    if waits:
        writers = {function for function, _ in shared.put}
        for function, at in shared.got:
            if function in writers:
                reporter(function)(
                    "queue", at,
                    f"{quoted(function)} reads {quoted(name)} and puts into it: it waits for itself and never ends.",
                    "Put into another queue, or read in another function.", "warning",
                )  # fmt: skip


def _inside(flow: Flow, wanted: Set[str], mentions: Mentions) -> Iterator[tuple[str, Statement, Set[str]]]:
    """Give every statement of the functions that mention a name, and the code beside them; with their own names."""
    for statement in flow.module.statements:
        if isinstance(statement, Function):
            if wanted.isdisjoint(mentions.of(statement)):
                continue
            names = names_of(flow, statement.name)
            hidden = names.bound.keys() | names.parameters
            for inner, region in walk(statement.body, Region(statement.name)):
                yield region.function, inner, hidden
        elif isinstance(statement, Code):
            yield "", statement, frozenset()


def _heads(statement: Statement) -> set[str]:
    """Return the names that a statement mentions, also such as the reader took for a literal."""
    found = set(names_read(statement))
    if isinstance(statement, Call | Loop):
        for argument in statement.arguments:
            if isinstance(argument.value, Literal):
                found.add(argument.value.text.partition(".")[0])
    return found
