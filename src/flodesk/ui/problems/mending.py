"""What is done about problems: fixes, the way from one problem to the next, the entries of the canvas's menus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.document import Document
from flodesk.flow.edit import EditError
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.graph import Wire
from flodesk.flow.problem import Problem
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.docks import Docks
from flodesk.ui.inspector import Inspector
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.problems.finder import Finder, Found
from flodesk.ui.problems.list_view import Problems
from flodesk.ui.problems.others import Others
from flodesk.ui.script import ScriptPane


class Mending(QObject):
    """Holds the fixes of the problems that there are, and does them.

    `noted` gives a sentence for the status bar, `install_wanted` a package and what wants it.
    """

    noted = Signal(str)
    install_wanted = Signal(str, str)

    def __init__(
        self,
        window: QWidget,
        document: Document,
        checking: Checking,
        canvases: Canvases,
        view: Problems,
        docks: Docks,
        inspector: Inspector,
        script: ScriptPane,
        others: Others,
    ) -> None:
        super().__init__(window)
        self._document, self._checking, self._canvases = document, checking, canvases
        self._view, self._docks, self._inspector, self._script = view, docks, inspector, script
        self._others = others
        self._fixes: dict[Problem, Found] = {}
        self.finder = Finder(self)
        self.finder.found.connect(self._found)
        checking.more = others.problems
        checking.changed.connect(self._look)
        view.chosen.connect(self.go)
        view.fix_wanted.connect(self._do_number)
        canvases.page_made.connect(self._dress)
        for page in canvases.pages:
            self._dress(page)

    # -------------------------------------------------------------- which fixes there are
    def _look(self) -> None:
        """Show the problems with the fixes that are known, and look for those of the flow as it is."""
        problems = self._checking.problems
        self._fixes = {problem: self._fixes[problem] for problem in problems if problem in self._fixes}
        flow = self._document.flow
        for problem in problems:
            own = self._others.fixes(problem)
            if own is not None:
                self._fixes[problem] = Found(flow, problem, own)
        self._view.show_problems(problems, {problem: found.fixes for problem, found in self._fixes.items()})
        wanted = [problem for problem in self._view.problems if self._others.fixes(problem) is None]
        self.finder.look(flow, self._checking.catalog, wanted)

    def _found(self, found: Found) -> None:
        self._fixes[found.problem] = found
        self._view.show_fixes(found.problem, found.fixes)

    def fixes(self, problem: Problem) -> tuple[Fix, ...]:
        """Return the fixes of a problem for the flow as it is now."""
        found = self._fixes.get(problem)
        if found is not None and (found.flow is self._document.flow or self._others.fixes(problem) is not None):
            return found.fixes
        return fixes_of(self._document.flow, self._checking.catalog, problem)

    def of_node(self, node: str) -> list[tuple[Problem, Fix]]:
        """Return the fixes of the problems of a node (``function.id``) that are known by now, those of errors first."""
        problems = [problem for problem in self._view.problems if problem.node == node]
        return [(p, fix) for p in problems if p in self._fixes for fix in self._fixes[p].fixes]

    def of_wire(self, function: str, wire: Wire) -> list[tuple[Problem, Fix]]:
        """Return the fixes for a wire that cannot work, or that has lost an end."""
        if not wire.problem:
            return []
        ends, read = (wire.source, wire.target), wire.source[1]
        nodes = [wire.target[0], wire.source[0]] if wire.astray else [wire.target[0]]
        return [
            (p, fix)
            for node in nodes
            for p, fix in self.of_node(f"{function}.{node}")
            if p.about.wire == ends
            or (wire.astray and p.kind in ("keyword", "too-many", "twice") and p.about.port == wire.target[1])
            or (wire.astray and p.kind == "unknown-output" and p.about.name.partition(".")[2] == read)
            or (wire.astray and p.kind in ("unbound", "two-loops") and p.about.name in (read, read.partition(".")[0]))
            or (wire.astray and p.kind == "unknown-node")
        ]

    # -------------------------------------------------------------- doing them
    def _do_number(self, problem: Problem, number: int) -> None:
        found = self._fixes.get(problem)
        if found is not None and number < len(found.fixes):
            self.do(problem, found.fixes[number])

    def do(self, problem: Problem, fix: Fix) -> None:
        """Do what a fix says, in the flow as it is now."""
        if self._others.fixes(problem) is not None:
            self._others.do(problem, fix)
            self._checking.look_around()
            return
        now = next((other for other in self.fixes(problem) if other.title == fix.title), None)
        if now is None:
            self.noted.emit("The flow has changed since: look again at what can be done")
            self._checking.now()
        elif now.kind == "ask":
            self.ask(now.node, now.field)
        elif now.kind == "install":
            self.install_wanted.emit(now.package, problem.message)
        elif self._apply(problem, now):
            self.noted.emit(f"Done: {now.title}")
            self._checking.now()

    def _apply(self, problem: Problem, fix: Fix) -> bool:
        function = problem.about.function
        here = function in self._document.flow.functions and self._canvases.tabs.open(function)
        before = self._document.flow
        if here and fix.between:
            page, (source, target) = self._canvases.current, fix.between
            page.select([name] if (name := page.adding.put_between(fix.path, source, target, fix.title)) else [])
        elif fix.edit is not None:
            edit = fix.edit
            if here:
                self._canvases.current.changes.do(lambda: edit)
            else:
                self._do_edit(fix)
        return self._document.flow is not before

    def _do_edit(self, fix: Fix) -> None:
        assert fix.edit is not None
        try:
            self._document.do(fix.edit)
        except EditError as problem:
            self.noted.emit(str(problem))

    def ask(self, node: str, field: str) -> None:
        """Show a node's field in the inspector, with the keyboard in it."""
        self._canvases.show_node(node)
        self._docks.inspector.show()
        self._docks.inspector.raise_()
        self._inspector.focus_field(field)

    # -------------------------------------------------------------- going there
    def go(self, problem: Problem) -> bool:
        """Show where a problem is: its node, its view on the panel, or its line; return whether it has a card."""
        function = problem.node.rpartition(".")[0]
        if function and self._canvases.go_to(problem.node):
            return True
        if problem.kind in ("view", "view-place", "form"):
            self._docks.panel.show_view(problem.about.function, problem.about.port)
        elif problem.line:
            self._docks.script.show()
            self._docks.script.raise_()
            at = problem.line - 1 if problem.kind == "unread" else self._script.in_step.lines.here(problem.line - 1)
            if at is not None:
                self._script.editor.show_line(at)
        return False

    def next(self) -> None:
        """Go to the problem after the current one."""
        self._step(1)

    def previous(self) -> None:
        """Go to the problem before the current one."""
        self._step(-1)

    def _step(self, step: int) -> None:
        problems = self._view.problems
        if not problems:
            self.noted.emit("The checker finds no problem")
            return
        current = self._view.current
        at = problems.index(current) if current in problems else (-1 if step > 0 else 0)
        problem = problems[(at + step) % len(problems)]
        self._view.choose(problem)
        self.go(problem)
        self.noted.emit(f"Problem {problems.index(problem) + 1} of {len(problems)}: {problem.message}")

    # -------------------------------------------------------------- menus
    def open_menu(self) -> None:
        """Open a menu of the fixes for what is selected on the canvas, or for the current row of the list."""
        if self._view.list.hasFocus():
            self._view.open_menu()
            return
        page = self._canvases.current
        chosen = {f"{page.function}.{node}" for node in page.selection()}
        problems = [problem for problem in self._view.problems if problem.node in chosen]
        entries = self._entries([(problem, fix) for problem in problems for fix in self.fixes(problem)])
        if entries:
            self._drop_down(page, entries)
        elif (problem := self._chosen()) is not None:
            if self.go(problem):
                self.noted.emit(f"{problem.message} The same key again lists what can be done")
            else:  # no card is selected now of which the key could list it
                self._drop_down(page, self._entries([(problem, fix) for fix in self.fixes(problem)]), problem.message)
        elif self._view.problems:
            self.noted.emit("Nothing is known that could be done about this: see the problems (Ctrl+Shift+M)")
        else:
            self.noted.emit("The checker finds no problem")

    def _drop_down(self, page: FlowCanvas, entries: list[Entry], words: str = "") -> None:
        at = page.node_center(page.selection()[0]) if page.selection() else page.viewport().rect().center()
        pop_up(page.viewer, page.viewport().mapToGlobal(at + QPoint(-20, 16)), entries, words, first=True)

    def _chosen(self) -> Problem | None:
        """Return the problem that is chosen in the list, or the first for which something can be done."""
        problems = [p for p in (self._view.current, *self._view.problems) if p is not None]
        return next((p for p in problems if self.fixes(p)), None)

    def _entries(self, fixes: Sequence[tuple[Problem, Fix]]) -> list[Entry]:
        return [(fix.title, "", self._deed(problem, fix)) for problem, fix in fixes]

    def _deed(self, problem: Problem, fix: Fix) -> Callable[[], object]:
        return lambda: self.do(problem, fix)

    def _dress(self, page: FlowCanvas) -> None:
        page.context.fixes_of_node = lambda key: self._entries(self.of_node(f"{page.function}.{key}"))
        page.context.fixes_of_wire = lambda wire: self._entries(self.of_wire(page.function, wire))
        page.fixes_of = lambda key: [fix.title for _, fix in self.of_node(f"{page.function}.{key}")]
