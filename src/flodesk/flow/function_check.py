"""The rules on one function, and what is remembered of them: an edit leaves nearly all statements as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flodesk.flow.await_rules import Awaits
from flodesk.flow.binding_rules import Bindings, outside_names
from flodesk.flow.boxes import Graph, Wire
from flodesk.flow.call_rules import Calls
from flodesk.flow.catalog import Catalog
from flodesk.flow.changed_elsewhere import HINT, changed_elsewhere
from flodesk.flow.code_rules import check_code
from flodesk.flow.converters import converters
from flodesk.flow.detached_rules import check_detached
from flodesk.flow.drawing import Drawing
from flodesk.flow.facts import Finding, Lines
from flodesk.flow.graph import picture
from flodesk.flow.idle_rules import check_idle
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.model import Call, Code, Flow, Function, Loop, Statement
from flodesk.flow.names import Names
from flodesk.flow.place_rules import check_places, places
from flodesk.flow.problem import NOTHING, About, Kind, Severity, did_you_mean, near, quoted
from flodesk.flow.scope_rules import check_scopes
from flodesk.flow.subflow_rules import Besides, Elsewhere
from flodesk.flow.switched_rules import check_switched
from flodesk.flow.types import WORDS, PortType

PORTION = 100
"""Statements that are looked at between two chances to do something else: about a millisecond."""
MANY = 100
"""Statements of a function whose picture is asked for, as the canvas will have it; smaller ones are drawn faster."""


@dataclass(frozen=True)
class Around:
    """What the check of a function hangs on besides the function: what the file, its header and its catalog say."""

    rest: tuple[Statement, ...]
    """All of the module but its functions."""
    functions: tuple[str, ...]
    settings: Mapping[str, object]
    catalog: Catalog
    folder: Path | None
    missing: Mapping[str, Severity]


@dataclass(slots=True)
class Checked:
    """What was found in a function, and all that this hangs on.

    Attributes
    ----------
    boxes : dict of int to str
        The boxes of statements that are not drawn in one of their own name, by the statement's `id()`.
    packages : tuple of (name, bool)
        What was asked for, and whether it was not installed.
    callees : tuple of (callee, Elsewhere)
        What was looked for in files beside the flow.
    lasts : bool
        False if it hangs on other functions as well: then it is looked at anew each time.
    """

    function: Function
    around: Around
    names: Names
    graph: Graph
    boxes: dict[int, str]
    found: tuple[Finding, ...]
    packages: tuple[tuple[str, bool], ...]
    callees: tuple[tuple[str, Elsewhere | None], ...]
    lasts: bool


class Surroundings:
    """What the functions of a flow are checked in; what several of them ask is looked for once.

    Parameters
    ----------
    missing : mapping of package to severity
        Packages that the file imports and that are not there.
    names_in : callable
        Gives the names of a function of the file.
    """

    def __init__(
        self, flow: Flow, catalog: Catalog, around: Around, names_in: Callable[[str], Names]
    ) -> None:  # fmt: skip
        self.flow, self.catalog, self.around = flow, catalog, around
        self.names_in = names_in
        self.outside, self.certain = outside_names(flow)
        self.defined = flow.imports.keys() | flow.functions.keys()
        self.besides = Besides(flow, around.folder)
        self._lacking: dict[str, bool] = {}

    def lacks(self, package: str) -> bool:
        """Say whether a package is not installed."""
        if package not in self._lacking:
            self._lacking[package] = not self.catalog.has(package)
        return self._lacking[package]

    def holds(self, checked: Checked, function: Function) -> bool:
        """Say whether what was found in a function before is what would be found now."""
        return (
            checked.lasts
            and checked.function is function
            and checked.around is self.around
            and all(self.lacks(package) == lacking for package, lacking in checked.packages)
            and all(self.besides.is_still(callee, before) for callee, before in checked.callees)
        )


class FunctionCheck:
    """Applies the rules to one function; `run` does it portion by portion, and `checked` is what came of it."""

    def __init__(self, around: Surroundings, function: str, lines: Lines) -> None:
        self._around = around
        self._flow, self._catalog = around.flow, around.catalog
        self._function = function
        self._lines = lines
        self._found: list[Finding] = []
        self._boxes: dict[int, str] = {}
        self._packages: dict[str, bool] = {}
        self._callees: dict[str, Elsewhere | None] = {}
        self._asked_others = False
        self._ways: dict[tuple[PortType, PortType], str] = {}
        self._names = around.names_in(function)
        self._graph = Graph(function, {}, ())

    def run(self) -> Iterator[None]:
        """Look at it, and pause between two portions."""
        flow, function, names, report = self._flow, self._function, self._names, self._report
        for number, standing in enumerate(names.standings):
            self._lines.of(standing.statement)
            if number % PORTION == PORTION - 1:
                yield
        self._draw()
        yield
        around = self._around
        yield from Bindings(
            function, names, self._graph, report, self._lines, self._boxes, around.outside, self._foreign,
            around.certain,
        ).check(flow.functions[function].body)  # fmt: skip
        yield
        check_detached(flow, function, report)
        check_switched(flow, function, names, self._lines, report)
        check_scopes(flow, function, names, self._lines, report)
        Awaits(flow, self._catalog, function, names, report, self._boxes).check()
        yield
        calls = Calls(flow, self._catalog, names, around.around.missing, self._boxes, self._lines, self._lacks)
        for number, standing in enumerate(names.standings):
            statement = standing.statement
            if isinstance(statement, Call | Loop):
                self._found += calls.check(statement)
            elif isinstance(statement, Code):
                check_code(statement, number, names, report)
            if self._lines.of(statement).parts:
                self._outputs(statement)
            if number % PORTION == PORTION - 1:
                yield
        self._shadows()
        by_id = {standing.statement.id: standing.statement for standing in names.standings}
        for wire in self._graph.wires:
            if wire.problem and not wire.astray:
                self._wire(wire, by_id)
        self._places(by_id)
        if around.around.folder is not None:
            yield
            for standing in names.standings:
                if isinstance(standing.statement, Call):
                    self._beside(standing.statement)
        self._lines.settle()

    @property
    def checked(self) -> Checked:
        """What was found."""
        return Checked(
            self._flow.functions[self._function], self._around.around, self._names, self._graph, self._boxes,
            tuple(self._found), tuple(self._packages.items()), tuple(self._callees.items()),
            not self._asked_others and not places(self._flow, self._function),
        )  # fmt: skip

    def _report(
        self,
        kind: Kind,
        at: Statement | None,
        message: str,
        hint: str,
        severity: Severity = "error",
        about: About = NOTHING,
    ) -> None:
        self._found.append((kind, severity, at, message, hint, about))

    # -------------------------------------------------------------- what is asked for elsewhere
    def _draw(self) -> None:
        """Draw the function as the script has it: what is switched off is not there for it."""
        names = self._names
        switched = any(self._lines.of(standing.statement).switched for standing in names.standings)
        if switched or len(names.standings) < MANY:
            self._graph = Drawing(self._flow, self._catalog, self._function).graph()
            if switched:
                check_idle(self._flow, picture(self._flow, self._catalog, self._function), self._graph, self._report)
        else:
            self._graph = picture(self._flow, self._catalog, self._function)
        nodes = self._graph.nodes
        box_of: dict[str, str] = {}
        for node in nodes.values():
            if node.statements != (node.id,):
                for statement in node.statements:
                    box_of.setdefault(statement, node.id)
        for standing in names.standings if box_of else ():
            name = standing.statement.id
            own = nodes.get(name)  # a call that feedback takes along stands in both boxes: its own one is meant
            if name in box_of and (own is None or name not in own.statements):
                self._boxes[id(standing.statement)] = box_of[name]

    def _foreign(self, name: str) -> str:
        """Return the other flow of the file that binds a name."""
        self._asked_others = self._asked_others or len(self._flow.mains) > 1
        others = (other for other in self._flow.mains if other != self._function)
        return next((other for other in others if name in self._around.names_in(other).bound), "")

    def _lacks(self, package: str) -> bool:
        self._packages[package] = lacking = self._around.lacks(package)
        return lacking

    def _beside(self, call: Call) -> None:
        if call.callee.partition(".")[0] in self._flow.imports:
            self._callees[call.callee] = self._around.besides.of(call.callee)
            self._around.besides.check(call, self._report)

    # -------------------------------------------------------------- the rules on the picture
    def _outputs(self, statement: Statement) -> None:
        """Find fields of a result that it does not have."""
        for ref in self._lines.of(statement).parts:
            box = self._graph.nodes.get(ref.name)
            if box is None or box.spec is None or box.kind == "object":
                continue
            known = [output.name for output in box.spec.outputs]
            if known and all(known) and ref.field not in known:
                what = f"{box.spec.name} has no output {quoted(ref.field)}"
                self._report(
                    "unknown-output", statement,
                    f"{quoted(self._boxes.get(id(statement), statement.id))} reads {quoted(ref.text)}, but {what}.",
                    did_you_mean(ref.field, known) or f"It has: {', '.join(known)}.",
                    about=About(name=ref.text, meant=near(ref.field, known)),
                )  # fmt: skip

    def _shadows(self) -> None:
        """Find nodes with the name of something that the file imports or defines."""
        known = self._around.defined
        for name in sorted(self._names.bound.keys() & known):
            self._report(
                "shadow", self._names.bound[name][0].statement,
                f"{quoted(name)} is also the name of something that the file imports or defines: in "
                f"{quoted(self._function)} that cannot be reached.",
                "Rename the node.",
                "warning",
                About(name=name),
            )  # fmt: skip

    def _wire(self, wire: Wire, by_id: dict[str, Statement]) -> None:
        graph = self._graph
        target = graph.nodes[wire.target[0]]
        port = next(port for port in target.inputs if port.name == wire.target[1])
        source = next((p for p in graph.nodes[wire.source[0]].outputs if p.name == wire.source[1]), None)
        variable = source.variable if source is not None else wire.source[0]
        if target.kind == "switch":
            hint = "Compare it with something first (maths.greater, maths.less ...)."
        else:
            hint = self._way(wire.type, port.type)
        self._report(
            "type", by_id.get(port.statement),
            f"{quoted(variable)} gives {WORDS[wire.type]}, but {quoted(port.label)} of {quoted(target.id)} "
            f"takes {WORDS[port.type]}.",
            hint,
            about=About(port=port.name, wire=(wire.source, wire.target)),
        )  # fmt: skip

    def _way(self, source: PortType, target: PortType) -> str:
        """Say what turns one type into another: looked for once, as all types that there are are gone through."""
        if (source, target) not in self._ways:
            names = [converter.words for converter in converters(self._catalog, source, target)]
            hint = f"{' or '.join(names)} turns one into the other." if names else "Wire something else to it."
            self._ways[source, target] = hint
        return self._ways[source, target]

    def _places(self, by_id: dict[str, Statement]) -> None:
        wanted = places(self._flow, self._function)
        if not wanted:
            return
        for name, message, hint in check_places(self._flow, self._graph):
            self._report("place", by_id.get(name), message, hint, about=About(name=name))
        function = self._flow.functions[self._function]
        in_place = FileInPlace(self._flow, self._around.around.folder).of(function)
        for name, message in changed_elsewhere(function, in_place, wanted):
            self._report("place", by_id.get(name), message, HINT, about=About(name=name))


__all__ = ["Around", "Checked", "FunctionCheck", "Surroundings"]
