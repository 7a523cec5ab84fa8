"""The checker, kept up to date: it looks at the flow a moment after each change, and stops for whatever comes between.

A thread would not do: in pure Python it lets the window wait for the interpreter, some milliseconds a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from time import thread_time

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import Checker, Problem, Steps, finished
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.problem import Severity
from flodesk.flow.python_types import offered_of_python
from flodesk.flow.spec import NodeSpec
from flodesk.flow.wiring import IF, OWN_PYTHON

_ALWAYS = (*OWN_PYTHON, IF, *offered_of_python())
"""What is offered beside the types of nodes."""
DELAY = 100
"""Milliseconds from the last change to the check: typing is not disturbed by it."""
PORTION = 0.008
"""Seconds of the window's thread after which a check lets others have it."""
AT_ONCE = 0.05
"""Seconds that a check may take while a file is opened: so what is wrong with most files is there with them."""


class Checking(QObject):
    """Holds the newest `problems` of the document and the `catalog` with the file's own functions."""

    changed = Signal()

    def __init__(self, document: Document, catalog: Catalog) -> None:
        super().__init__()
        self.document = document
        self._ours = self._builtin = self._base = catalog
        """What is installed for flodesk; with what is known of packages; of that what has a shelf."""
        self._kept_back: frozenset[str] = frozenset()
        self._at_least = catalog.plus(_ALWAYS)
        self.catalog = catalog.with_flow(document.flow, document.folder)
        self.offered = self._at_least
        """What the library offers: all but the flows themselves, which are no nodes of one another; and Python of
        one's own, which is still to be written."""
        self.problems: tuple[Problem, ...] = ()
        self.more: Callable[[], Iterable[Problem]] = tuple
        """Gives problems that the file knows nothing of; they keep no flow from running."""
        self._found: tuple[Problem, ...] = ()
        self._checked: Flow | None = None
        self._checker = Checker()
        self._steps: Steps | None = None
        """The check that is not done yet."""
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self._begin)
        self._soon = QTimer(self, singleShot=True, interval=1)
        self._soon.timeout.connect(self._go_on)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep the flow from running."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def busy(self) -> bool:
        """Whether the newest flow is still to be checked, or to be checked to its end."""
        return self._timer.isActive() or self._steps is not None

    def prepare(self, flow: Flow, folder: Path) -> None:
        """Find out what will be asked of a flow that is being opened: its own types, its picture. In any thread."""
        _draw(self._builtin, flow, folder)

    def draw_with(self, specs: Mapping[str, NodeSpec], flow: Flow, folder: Path | None) -> None:
        """Draw a flow as it will be when these node types are known, for it to be there then. In any thread."""
        _draw(self._knowing(specs), flow, folder)

    def _knowing(self, specs: Mapping[str, NodeSpec]) -> Catalog:
        return replace(self._ours, specs={**specs, **self._ours.specs}) if specs else self._ours

    def learn(self, specs: Mapping[str, NodeSpec], kept_back: frozenset[str]) -> None:
        """Know node types of packages from now on, in place of those that it was told before.

        Parameters
        ----------
        kept_back : frozenset of str
            Shelves of these that the library does not offer.
        """
        offered = {path: spec for path, spec in specs.items() if spec.category not in kept_back}
        self._builtin, self._base = self._knowing(specs), self._knowing(offered)
        self._at_least = self._base.plus(_ALWAYS)
        self._kept_back = kept_back

    def look_in(self, places: tuple[str, ...] | None) -> None:
        """Look for packages in these folders from now on: those of the Python that runs the flow."""
        if places != self.catalog.places:
            for name in ("_ours", "_builtin", "_base", "_at_least", "offered", "catalog"):
                setattr(self, name, replace(getattr(self, name), places=places))

    def follow(self, change: Change) -> None:
        """Take notice of a change of the document."""
        if change.kind == "save":
            return
        catalog = self._builtin.with_flow(self.document.flow, self.document.folder)
        now = self.catalog
        if catalog.specs != now.specs or catalog.broken != now.broken:
            self.catalog = catalog  # else the same one, for the same node types: views compare by identity
        self._offer()
        if change.kind == "open":
            self._leave()
            if not change.again:
                self._found = ()  # those of the flow before are none of this one
            self._begin(AT_ONCE)
        elif change.kind == "around" or not self._only_moved(self.document.flow):
            self._leave()
            self._timer.start()

    def _only_moved(self, flow: Flow) -> bool:
        """Return whether there is nothing to check: nodes have moved, or nothing has, since the last check."""
        before = self._checked
        if before is None or self._timer.isActive() or before.module is not flow.module:
            return False
        lines = [{name: table.keys() for name, table in one.header.canvas.items()} for one in (before, flow)]
        return lines[0] == lines[1] and replace(before.header, canvas={}) == replace(flow.header, canvas={})

    def now(self) -> tuple[Problem, ...]:
        """Check at once, and return the errors."""
        self._leave()
        self._checked = self.document.flow
        self._tell(finished(self._checker.steps(self._checked, self.catalog, self.document.folder)))
        return self.errors

    def close(self) -> None:
        """Check nothing more: the window is being closed."""
        self._leave()

    def _begin(self, seconds: float = 0.0) -> None:
        """Check the flow as it is now: a part at once, the rest bit by bit."""
        self._checked = self.document.flow
        self._steps = self._checker.steps(self._checked, self.catalog, self.document.folder)
        self._go_on(seconds)
        if self._steps is not None:
            self.look_around()

    def _go_on(self, seconds: float = 0.0) -> None:
        """Go on with the check for so many seconds, or as long as it may hold the window."""
        if self._steps is None:
            return
        steps, self._steps = self._steps, None  # one that fails does so once
        end = thread_time() + (seconds or PORTION)
        try:
            next(steps)
            while thread_time() < end:
                next(steps)
        except StopIteration as done:
            self._tell(done.value)
        else:
            self._steps = steps
            self._soon.start()

    def _leave(self) -> None:
        """Leave the check that is not done: there is something newer to look at."""
        self._timer.stop()
        self._soon.stop()
        self._steps = None

    def _tell(self, found: tuple[Problem, ...]) -> None:
        self._found = found
        self.problems = (*self._found, *self.more())
        self.changed.emit()

    def look_around(self) -> None:
        """Look anew for the problems that the file knows nothing of."""
        problems = (*self._found, *self.more())
        if problems != self.problems:
            self.problems = problems
            self.changed.emit()

    def _offer(self) -> None:
        mains = self.document.flow.mains
        back = self._kept_back
        specs = {
            path: spec for path, spec in self.catalog.specs.items() if path not in mains and spec.category not in back
        }
        broken = self.catalog.broken
        if specs.keys() == self._base.specs.keys() and broken == self._base.broken:
            self.offered = self._at_least  # with its index for the search
            return
        more = {spec.path: spec for spec in _ALWAYS} | specs
        if more != self.offered.specs or broken != self.offered.broken:
            self.offered = replace(self.catalog, specs=more)

    def by_node(self, severity: Severity = "error") -> dict[str, str]:
        """Return the message of the first error, or warning, of each node that has one."""
        found: dict[str, str] = {}
        for problem in self.problems:
            if problem.node and problem.severity == severity:
                found.setdefault(problem.node, problem.message)
        return found


def _draw(catalog: Catalog, flow: Flow, folder: Path | None) -> None:
    known = catalog.with_flow(flow, folder)
    for function in flow.mains[:1]:
        picture(flow, known, function)
