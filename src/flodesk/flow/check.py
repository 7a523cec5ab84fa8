"""The checker: what a run would fail on is found before it, each thing at its node, in words, with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flodesk.flow.await_rules import Awaits
from flodesk.flow.binding_rules import Bindings, Report, outside_names
from flodesk.flow.boxes import Graph, Wire
from flodesk.flow.call_rules import Calls
from flodesk.flow.catalog import Catalog
from flodesk.flow.changed_elsewhere import HINT, changed_elsewhere
from flodesk.flow.code_rules import check_code
from flodesk.flow.converters import converters
from flodesk.flow.detached_rules import check_detached, check_detached_tables
from flodesk.flow.drawing import Drawing
from flodesk.flow.header_rules import check_errors
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.model import Address, Call, Code, Flow, Function, Import, Loop, Main, Region, Statement, walk
from flodesk.flow.names import names_of, reads_of
from flodesk.flow.pieces import check_pieces
from flodesk.flow.place_rules import check_places, places
from flodesk.flow.problem import NOTHING, About, Kind, Problem, Severity, did_you_mean, near, quoted
from flodesk.flow.queue_rules import check_queues
from flodesk.flow.requires import is_installed, is_well_known, missing_hint
from flodesk.flow.scope_rules import check_scopes
from flodesk.flow.script.writer import statement_lines
from flodesk.flow.subflow_rules import CERTAIN, check_beside, reachable, tell_callers
from flodesk.flow.types import WORDS


def check(flow: Flow, catalog: Catalog, folder: Path | None = None) -> tuple[Problem, ...]:
    """Find all problems of a flow; nothing of it is imported or run.

    Parameters
    ----------
    catalog : Catalog
        The node types that are known; those that the file itself defines are read from it here.
    folder : Path, optional
        Where the file stands: modules beside it can be imported.

    Returns
    -------
    tuple of Problem
        In the order of the text. With no error among them the engine can run the flow.
    """
    return _Checker(flow, catalog.with_flow(flow, folder), folder).problems()


class _Checker:
    """Gathers the problems of one flow."""

    def __init__(self, flow: Flow, catalog: Catalog, folder: Path | None) -> None:
        self.flow = flow
        self.catalog = catalog
        self.folder = folder
        self.found: list[tuple[Kind, Severity, str, Statement | None, str, str, About]] = []
        self.missing: dict[str, Severity] = {}
        """Packages that the file imports and that are not there."""
        self.graphs: dict[str, Graph] = {}
        self.boxes: dict[int, str] = {}
        """The box that each statement is drawn in, by the statement's `id()`."""

    def problems(self) -> tuple[Problem, ...]:
        """Apply every rule."""
        self._imports()
        check_errors(self.flow.header.settings, self._header)
        for message, hint in check_pieces(self.flow):
            self._report("header", "", None, message, hint, "warning")
        self._mains()
        self._ids()
        outside, certain = outside_names(self.flow)
        self._functions(outside, certain)
        for statement in self.flow.module.statements:
            if isinstance(statement, Call):
                names = names_of(self.flow, "")
                Calls(self.flow, self.catalog, names, self._reporter(""), self.missing, self.boxes).check(statement)
        check_queues(self.flow, self.catalog, self._reporter)
        check_detached_tables(self.flow, self._reporter(""))
        self._views()
        if not self.found:
            return ()
        lines = statement_lines(self.flow)
        problems = [
            Problem(severity, message, hint, self._node(function, at), lines.get(id(at), 0), kind, about)
            for kind, severity, function, at, message, hint, about in self.found
        ]
        return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))

    def _reporter(self, function: str) -> Report:
        def report(
            kind: Kind,
            at: Statement | None,
            message: str,
            hint: str,
            severity: Severity = "error",
            about: About = NOTHING,
        ) -> None:
            self._report(kind, function, at, message, hint, severity, about)

        return report

    def _header(self, message: str, hint: str, line: str, meant: str) -> None:
        self._report("header", "", None, message, hint, about=About(name=line, meant=meant))

    def _report(
        self,
        kind: Kind,
        function: str,
        at: Statement | None,
        message: str,
        hint: str,
        severity: Severity = "error",
        about: About = NOTHING,
    ) -> None:
        where = replace(about, function=about.function or function, statement=at.id if at is not None else "")
        self.found.append((kind, severity, function, at, message, hint, where))

    def _node(self, function: str, at: Statement | None) -> str:
        if at is None or isinstance(at, Import | Main | Function):
            return ""
        return str(Address(function, self.boxes.get(id(at), at.id)))

    # -------------------------------------------------------------- the module
    def _imports(self) -> None:
        for statement in self.flow.module.statements:
            if not isinstance(statement, Import) or statement.module.startswith("."):
                continue
            paths = [statement.module] if statement.module else [path for _, path in statement.names]
            for package in dict.fromkeys(path.partition(".")[0] for path in paths):
                if is_installed(package) or self._beside(package):
                    continue
                # Without the folder a module beside the file cannot be told from one that is missing.
                sure = self.folder is not None or is_well_known(package)
                self.missing[package] = "error" if sure else "warning"
                self._report(
                    "missing-package", "", statement,
                    f"The file imports {quoted(package)}, which is not installed.",
                    missing_hint(package),
                    self.missing[package],
                    About(name=package),
                )  # fmt: skip

    def _beside(self, package: str) -> bool:
        if self.folder is None:
            return False
        return (self.folder / f"{package}.py").exists() or (self.folder / package).is_dir()

    def _mains(self) -> None:
        main = next((s for s in self.flow.module.statements if isinstance(s, Main)), None)
        if main is None or not main.functions:
            names = [*self.flow.functions] or ["flow"]
            what = "hands no function to flodesk.main()" if self.flow.functions else "defines no function"
            self._report(
                "no-flow", "", main, f"This file {what}, so there is no flow to run.",
                f'Write at its end: if __name__ == "__main__": flodesk.main({names[-1]})',
                about=About(name=names[-1]),
            )  # fmt: skip
            return
        for name in main.functions:
            if name not in self.flow.functions:
                self._report(
                    "main", "", main, f"flodesk.main() is given {quoted(name)}, but the file has no such flow.",
                    did_you_mean(name, self.flow.functions) or f"Define it above: def {name}():",
                    about=About(name=name, meant=near(name, self.flow.functions)),
                )  # fmt: skip
                continue
            spec = self.catalog.find(name)
            needed = [parameter.name for parameter in spec.parameters if parameter.required] if spec else []
            if needed:
                self._report(
                    "main", "", self.flow.functions[name],
                    f"The flow {quoted(name)} has a parameter {quoted(needed[0])}, and nobody gives it a value.",
                    "Give it a default, or make a control of it.",
                )  # fmt: skip

    def _ids(self) -> None:
        for function in ("", *self.flow.mains):
            block = self.flow.functions[function].body if function else self.flow.module
            counts = Counter(s.id for s, r in walk(block, Region(function)) if r.function == function)
            for statement, region in walk(block, Region(function)):
                if region.function == function and counts.pop(statement.id, 1) > 1:
                    self._report(
                        "duplicate", function, statement,
                        f"Two nodes of {quoted(function or 'the file')} are named {quoted(statement.id)}.",
                        "Rename one of them.",
                    )  # fmt: skip

    def _views(self) -> None:
        for function, views in self.flow.header.panel.items():
            if function not in self.flow.functions:
                self._report(
                    "view", function, None,
                    f"The panel has views of {quoted(function)}, and the file has no such function.",
                    did_you_mean(function, self.flow.functions) or "Take them off the panel.",
                    "warning", About(name=function, meant=near(function, self.flow.functions)),
                )  # fmt: skip
                continue
            names = names_of(self.flow, function)
            for key, view in views.items():
                shown = view.shows.partition(".")[0]
                if shown not in names.bound and not any(s.statement.id == shown for s in names.standings):
                    self._report(
                        "view", function, None,
                        f"The panel shows {quoted(view.shows)} of {quoted(function)}, which is not there.",
                        did_you_mean(shown, names.bound) or "Take the view off the panel.",
                        "warning",
                        About(name=shown, meant=near(shown, names.bound), port=key),
                    )  # fmt: skip
                elif part := view.shows.partition(".")[2]:
                    self._part(function, key, shown, part)

    def _part(self, function: str, view: str, shown: str, part: str) -> None:
        """Find a view of an output, or of a field, that its node does not have."""
        graph = self.graphs.get(function)
        box = graph.nodes.get(shown) if graph is not None else None
        if box is None or box.spec is None:
            return
        known = {port.name for port in box.outputs} | {f.name for f in box.fields} | {p.name for p in box.inputs}
        if part not in known:
            view_of = f"{shown}.{part}"
            self._report(
                "view", function, None,
                f"The panel shows {quoted(view_of)}, but {quoted(shown)} has no output or field {quoted(part)}.",
                did_you_mean(part, known - {""}) or "Take the view off the panel.",
                "warning", About(name=view_of, meant=near(part, known - {""}), port=view),
            )  # fmt: skip

    # -------------------------------------------------------------- flows and subflows
    def _functions(self, outside: frozenset[str], certain: bool) -> None:
        inner = reachable(self.flow)
        every = (*self.flow.mains, *inner)
        for function in every:
            self._function(function, outside, certain)
            if self.folder is not None:
                check_beside(self.flow, function, self.folder, self._reporter(function))
        wrong: dict[str, str] = {}
        for number, (kind, severity, function, at, message, hint, about) in enumerate(self.found):
            if function not in inner:
                continue
            if kind not in CERTAIN:
                self.found[number] = (kind, "warning", function, at, message, hint, about)
            elif severity == "error":
                wrong.setdefault(function, message)
        tell_callers(self.flow, every, wrong, self._reporter)

    # -------------------------------------------------------------- one flow
    def _function(self, function: str, outside: frozenset[str], certain: bool) -> None:
        drawing = Drawing(self.flow, self.catalog, function)
        graph, names = drawing.graph(), drawing.names
        self.graphs[function] = graph
        box_of = {statement: node.id for node in graph.nodes.values() for statement in node.statements}
        for standing in names.standings:
            self.boxes[id(standing.statement)] = box_of.get(standing.statement.id, standing.statement.id)
        report = self._reporter(function)
        foreign = {
            name: other
            for other in reversed(self.flow.mains)
            if other != function
            for name in names_of(self.flow, other).bound
        }
        body = self.flow.functions[function].body
        Bindings(self.flow, function, names, graph, report, outside, foreign, certain).check(body)
        check_detached(self.flow, function, report)
        check_scopes(self.flow, function, names, report)
        calls = Calls(self.flow, self.catalog, names, report, self.missing, self.boxes)
        Awaits(self.flow, self.catalog, function, names, report, self.boxes).check()
        for standing in names.standings:
            statement = standing.statement
            if isinstance(statement, Call | Loop):
                calls.check(statement)
            elif isinstance(statement, Code):
                check_code(statement, names, report)
            self._outputs(function, graph, statement)
        for name, standings in names.bound.items():
            if name in self.flow.imports or name in self.flow.functions:
                report(
                    "shadow", standings[0].statement,
                    f"{quoted(name)} is also the name of something that the file imports or defines: in "
                    f"{quoted(function)} that cannot be reached.",
                    "Rename the node.",
                    "warning",
                    About(name=name),
                )  # fmt: skip
        by_id = {standing.statement.id: standing.statement for standing in names.standings}
        for wire in graph.wires:
            if wire.problem and not wire.astray:
                self._wire(function, graph, wire, by_id)
        for name, message, hint in check_places(self.flow, graph):
            report("place", by_id.get(name), message, hint, about=About(name=name))
        if wanted := places(self.flow, function):
            in_place = FileInPlace(self.flow, self.folder).of(self.flow.functions[function])
            for name, message in changed_elsewhere(self.flow.functions[function], in_place, wanted):
                report("place", by_id.get(name), message, HINT, about=About(name=name))

    def _outputs(self, function: str, graph: Graph, statement: Statement) -> None:
        """Find fields of a result that it does not have."""
        for ref in reads_of(statement):
            box = graph.nodes.get(ref.name)
            if not ref.field or box is None or box.spec is None or box.kind == "object":
                continue
            known = [output.name for output in box.spec.outputs]
            if known and all(known) and ref.field not in known:
                what = f"{box.spec.name} has no output {quoted(ref.field)}"
                self._report(
                    "unknown-output", function, statement,
                    f"{quoted(self.boxes.get(id(statement), statement.id))} reads {quoted(ref.text)}, but {what}.",
                    did_you_mean(ref.field, known) or f"It has: {', '.join(known)}.",
                    about=About(name=ref.text, meant=near(ref.field, known)),
                )  # fmt: skip

    def _wire(self, function: str, graph: Graph, wire: Wire, by_id: dict[str, Statement]) -> None:
        target = graph.nodes[wire.target[0]]
        port = next(port for port in target.inputs if port.name == wire.target[1])
        source = next((p for p in graph.nodes[wire.source[0]].outputs if p.name == wire.source[1]), None)
        variable = source.variable if source is not None else wire.source[0]
        if target.kind == "switch":
            hint = "Compare it with something first (maths.greater, maths.less ...)."
        else:
            names = [converter.words for converter in converters(self.catalog, wire.type, port.type)]
            hint = f"{' or '.join(names)} turns one into the other." if names else "Wire something else to it."
        self._report(
            "type", function, by_id.get(port.statement),
            f"{quoted(variable)} gives {WORDS[wire.type]}, but {quoted(port.label)} of {quoted(target.id)} "
            f"takes {WORDS[port.type]}.",
            hint,
            about=About(port=port.name, wire=(wire.source, wire.target)),
        )  # fmt: skip


def errors(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """Give those that keep the flow from running."""
    return (problem for problem in problems if problem.severity == "error")


__all__ = ["Kind", "Problem", "Severity", "check", "errors"]
