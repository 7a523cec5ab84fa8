"""The checker: what a run would fail on is found before it, each thing at its node, in words, with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from flodesk.flow.app import unfit
from flodesk.flow.await_rules import check_awaits_in_plain
from flodesk.flow.binding_rules import Report
from flodesk.flow.call_rules import Calls
from flodesk.flow.catalog import Catalog
from flodesk.flow.detached_rules import check_detached_tables
from flodesk.flow.facts import Finding, Lines
from flodesk.flow.forms import KEYS, TITLE, named, of_plain
from flodesk.flow.function_check import PORTION, Around, Checked, FunctionCheck, Surroundings
from flodesk.flow.graph import picture
from flodesk.flow.header_rules import check_errors, check_pages
from flodesk.flow.model import Address, Block, Flow, Function, Import, Loop, Main, Statement, Switch, View
from flodesk.flow.names import Names, names_of
from flodesk.flow.names_after import names_after
from flodesk.flow.own_start import how_to_start
from flodesk.flow.panel_rules import check_unread, check_view_places
from flodesk.flow.pieces import check_pieces
from flodesk.flow.problem import NOTHING, About, Kind, Problem, Severity, did_you_mean, near, quoted
from flodesk.flow.queue_rules import Mentions, check_queues
from flodesk.flow.queue_tables import queue_problems
from flodesk.flow.requires import is_well_known
from flodesk.flow.script import toml
from flodesk.flow.script.header import entry_lines
from flodesk.flow.script.writer import statement_lines, write
from flodesk.flow.subflow_rules import CERTAIN, Subflows, tell_callers
from flodesk.flow.viewed import box_of, is_there

_SHOULD_BE = {"number": "a number", "text": "a text", "truth": "true or false"}

Steps = Generator[None, None, tuple[Problem, ...]]


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
    return finished(Checker().steps(flow, catalog, folder))


def finished(steps: Steps) -> tuple[Problem, ...]:
    """Go through the steps of a check that are left, and return the problems."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: tuple[Problem, ...] = end.value
            return found


class Checker:
    """Checks one flow after the other: what was found in what two of them share is not looked for again."""

    def __init__(self) -> None:
        self._memory = _Memory()

    def steps(self, flow: Flow, catalog: Catalog, folder: Path | None = None) -> Steps:
        """Find all problems of a flow, as `check` does, in steps of some milliseconds.

        It may be left at any of them: what was found by then helps the next check.
        """
        yield
        known = catalog.with_flow(flow, folder)
        yield
        return (yield from _Check(flow, known, folder, self._memory).problems())


@dataclass(slots=True)
class _Memory:
    """What is known of the flows that were checked before."""

    around: Around | None = None
    functions: dict[str, Checked] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    subflows: Subflows | None = None
    mentions: Mentions | None = None
    starts: tuple[Flow, dict[int, int]] | None = None
    """The lines on which the statements of the newest flow with problems begin."""


class _Check:
    """Gathers the problems of one flow."""

    def __init__(self, flow: Flow, catalog: Catalog, folder: Path | None, memory: _Memory) -> None:
        self.flow = flow
        self.catalog = catalog
        self.folder = folder
        self.memory = memory
        self.found: list[tuple[str, Finding]] = []
        """Each with the function that it was found in."""
        self.missing: dict[str, Severity] = {}
        """Packages that the file imports and that are not there."""
        self.names: dict[str, Names] = {}
        self.checked: dict[str, Checked] = {}

    def problems(self) -> Steps:
        """Apply every rule."""
        flow, memory = self.flow, self.memory
        self._imports()
        check_errors(flow.header.settings, self._header)
        if wrong := check_pages(flow.header.settings):
            self._report("header", "", None, *wrong, "warning", About(name="pages", entry=("pages",)))
        for message, hint, entry in queue_problems(flow.header.settings):
            self._report("header", "", None, message, hint, "error", About(entry=entry))
        for message, hint, entry in (*check_pieces(flow), *unfit(flow)):
            self._report("header", "", None, message, hint, "warning", About(entry=entry))
        self._mains()
        self._ids()
        yield
        yield from self._functions()
        memory.mentions = Mentions(memory.mentions)
        for function in flow.functions.values() if flow.shared else ():
            if not memory.mentions.knows(function):
                memory.mentions.of(function)
                yield
        check_queues(flow, self.catalog, self._reporter, memory.mentions)
        memory.mentions.settle()
        check_detached_tables(flow, self._reporter(""))
        self._views()
        for message, hint, about in check_view_places(flow):
            self._report("view-place", about.function, None, message, hint, "warning", about)
        for message, hint, about in check_unread(flow):
            self._report("line", "", None, message, hint, "warning", about)
        if not self.found:
            return ()
        yield
        if memory.starts is None or memory.starts[0] is not flow:
            text = write(flow)
            yield
            memory.starts = (flow, statement_lines(flow, text))
        lines = memory.starts[1]
        yield
        paths = [finding[5].entry for _, finding in self.found if finding[5].entry]
        entries = entry_lines(write(flow), paths) if paths else {}
        problems = [
            Problem(severity, message, hint, self._node(function, at), line, kind, about)
            for function, (kind, severity, at, message, hint, about) in self.found
            for line in (lines.get(id(at)) or entries.get(about.entry, 0),)
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
        self._report("header", "", None, message, hint, about=About(name=line, meant=meant, entry=(line,)))

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
        self.found.append((function, (kind, severity, at, message, hint, where)))

    def _node(self, function: str, at: Statement | None) -> str:
        if at is None or isinstance(at, Import | Main | Function):
            return ""
        checked = self.checked.get(function)
        return str(Address(function, checked.boxes.get(id(at), at.id) if checked is not None else at.id))

    def _names_in(self, function: str) -> Names:
        """Return the names of a function, made from those that it had before."""
        if function not in self.names:
            kept, now = self.memory.functions.get(function), self.flow.functions[function]
            if kept is not None and kept.function is now:
                self.names[function] = kept.names
            elif kept is not None and kept.function.parameters == now.parameters:
                after = names_after(kept.names, now.body)
                self.names[function] = after[0] if after is not None else names_of(self.flow, function)
            else:
                self.names[function] = names_of(self.flow, function)
        return self.names[function]

    # -------------------------------------------------------------- the module
    def _imports(self) -> None:
        for statement in self.flow.module.statements:
            if not isinstance(statement, Import) or statement.module.startswith("."):
                continue
            paths = [statement.module] if statement.module else [path for _, path in statement.names]
            for package in dict.fromkeys(path.partition(".")[0] for path in paths):
                if self.catalog.has(package) or self._beside(package):
                    continue
                # Without the folder a module beside the file cannot be told from one that is missing.
                sure = self.folder is not None or is_well_known(package)
                self.missing[package] = "error" if sure else "warning"
                self._report(
                    "missing-package", "", statement,
                    f"The file imports {quoted(package)}, which is not installed.",
                    self.catalog.missing_hint(package),
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
                how_to_start(self.flow, names[-1]),
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
            if function:
                statements = [standing.statement for standing in self._names_in(function).standings]
            else:
                statements = list(_of_the_module(self.flow.module))
            if len({statement.id for statement in statements}) == len(statements):
                continue
            counts = Counter(statement.id for statement in statements)
            for statement in statements:
                if counts.pop(statement.id, 1) > 1:
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
            for key, view in views.items():
                shown = view.shows.partition(".")[0]
                if not self._is_there(function, view.shows):
                    others = [name for name in self._names_in(function).bound if name != shown]
                    self._report(
                        "view", function, None,
                        f"The panel shows {quoted(view.shows)} of {quoted(function)}, which is not there.",
                        did_you_mean(shown, others) or "Take the view off the panel.",
                        "warning",
                        About(name=shown, meant=near(shown, others), port=key),
                    )  # fmt: skip
                elif part := view.shows.partition(".")[2]:
                    self._part(function, key, shown, part)
                self._form(function, view)

    def _is_there(self, function: str, shows: str) -> bool:
        """Say whether the panel finds what a view names: in the picture of the script, or in that of all its lines."""
        checked = self.checked.get(function)
        if checked is not None and is_there(checked.graph, shows):
            return True  # what is switched off stands in the other picture alone, which need not be drawn for the rest
        return is_there(picture(self.flow, self.catalog, function), shows)

    def _form(self, function: str, view: View) -> None:
        """Find a view that asks for a form that there is not, or says something of it that makes no sense."""
        options = dict(view.options)
        wanted = options.get("as")
        form = named(wanted) if isinstance(wanted, str) else None
        asked = toml.said(wanted) if wanted is not None else ""
        if wanted is not None and form is None:
            self._report(
                "form", function, None,
                f"The view {quoted(view.id)} asks for the form {quoted(asked)}, and there is none of that name.",
                did_you_mean(asked, KEYS) or "It has the form of its node; choose another by Show as.",
                "warning", About(name="as", meant=near(asked, KEYS), port=view.id),
            )  # fmt: skip
        for option in of_plain(form).options if form is not None else (TITLE,):
            if option.name in options and not option.accepts(options[option.name]):
                what = f"one of {', '.join(option.choices)}" if option.choices else _SHOULD_BE[option.type]
                has = f"{option.name} = {toml.short(options[option.name])}"
                self._report(
                    "form", function, None,
                    f"The view {quoted(view.id)} has {has}, which is passed over.",
                    f"It should be {what}.", "warning", About(name=option.name, port=view.id),
                )  # fmt: skip

    def _part(self, function: str, view: str, shown: str, part: str) -> None:
        """Find a view of an output, or of a field, that its node does not have."""
        checked = self.checked.get(function)
        box = box_of(checked.graph, shown) if checked is not None else None
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
    def _functions(self) -> Generator[None, None, None]:
        flow, memory = self.flow, self.memory
        memory.subflows = subflows = Subflows(flow, memory.subflows)
        inner = yield from subflows.reaching()
        subflows.settle()
        yield
        every = (*flow.mains, *inner)
        around = Around(
            tuple(s for s in flow.module.statements if not isinstance(s, Function)), tuple(flow.functions),
            flow.header.settings, self.catalog, self.folder, self.missing,
        )  # fmt: skip
        if memory.around is None or memory.around != around:
            memory.around = around
        surroundings = Surroundings(flow, self.catalog, memory.around, self._names_in)
        for function in every:
            yield from self._function(function, surroundings)
        self._subflow_errors(frozenset(inner), every, subflows)
        checked = frozenset(every)
        for number, name in enumerate(flow.functions):
            if name not in checked:
                check_awaits_in_plain(flow.functions[name], self._reporter(name))
            if number % PORTION == PORTION - 1:
                yield
        self._module_calls(surroundings)
        for gone in memory.functions.keys() - set(every):
            del memory.functions[gone]
        for gone in memory.lines.keys() - {"", *every}:
            del memory.lines[gone]

    def _function(self, function: str, surroundings: Surroundings) -> Generator[None, None, None]:
        memory = self.memory
        checked = memory.functions.get(function)
        if checked is None or not surroundings.holds(checked, self.flow.functions[function]):
            memory.lines[function] = lines = Lines(memory.lines.get(function))
            run = FunctionCheck(surroundings, function, lines)
            yield from run.run()
            memory.functions[function] = checked = run.checked
        self.checked[function] = checked
        for kind, severity, at, message, hint, about in checked.found:
            self._report(kind, function, at, message, hint, severity, about)

    def _subflow_errors(self, inner: frozenset[str], every: tuple[str, ...], subflows: Subflows) -> None:
        """Let what a subflow may do on purpose be a warning, and tell at its callers what else is wrong in it."""
        wrong: dict[str, str] = {}
        for number, (function, (kind, severity, at, message, hint, about)) in enumerate(self.found):
            if function not in inner:
                continue
            if kind not in CERTAIN:
                self.found[number] = (function, (kind, "warning", at, message, hint, about))
            elif severity == "error":
                wrong.setdefault(function, message)
        tell_callers(self.flow, subflows, every, wrong, self._reporter)

    def _module_calls(self, surroundings: Surroundings) -> None:
        if not self.flow.shared:
            self.memory.lines.pop("", None)
            return
        self.memory.lines[""] = lines = Lines(self.memory.lines.get(""))
        names = names_of(self.flow, "")
        rules = Calls(self.flow, self.catalog, names, self.missing, {}, lines, surroundings.lacks)
        for call in self.flow.shared:
            for kind, severity, at, message, hint, about in rules.check(call):
                self._report(kind, "", at, message, hint, severity, about)
        lines.settle()


def _of_the_module(block: Block) -> Iterator[Statement]:
    """Give the statements of the module, those in its loops and arms among them."""
    for statement in block.statements:
        yield statement
        if isinstance(statement, Loop):
            yield from _of_the_module(statement.body)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                yield from _of_the_module(arm.body)


def errors(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """Give those that keep the flow from running."""
    return (problem for problem in problems if problem.severity == "error")


__all__ = ["Checker", "Kind", "Problem", "Severity", "check", "errors", "finished"]
