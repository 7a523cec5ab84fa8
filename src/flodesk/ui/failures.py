"""Why nodes failed, in words on their cards: until the next run begins, or another flow is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from flodesk.engine.events import Failure, RunFinished
from flodesk.engine.ids import whole
from flodesk.flow.document import Change
from flodesk.flow.model import Address
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
from flodesk.ui.renames import Renames
from flodesk.ui.run import Run


class Failures(QObject):
    """Hears what fails in a run, and tells it to the canvases, those that are opened later too.

    `changed` gives the node (``function.statement``) that has failed, and the words; empty when it counts no more: when
    all of the flow begins to run, or that node has run in a part of it. It goes along with new names.
    """

    changed = Signal(str, str)

    def __init__(self, parent: QObject, run: Run, canvases: Canvases) -> None:
        super().__init__(parent)
        self._run = run
        self._canvases = canvases
        self.words: dict[str, str] = {}
        """By ``function.statement``, what was raised there, or in the function that is called there."""
        self._node = self._said = ""
        """Where the last run failed, and what was raised."""
        self.forced = False
        """Whether that is no failure: a hand has stopped the run, and the node did not return."""
        self._refused: set[str] = set()
        """The nodes that a part could not begin with: nothing has run, and the next one begins anew."""
        self._now: dict[str, str] = {}
        self._renames = Renames()
        run.failed.connect(self._take)
        run.changed.connect(self._phase)
        run.finished.connect(self._ended)
        canvases.page_made.connect(self._show)

    def forget(self) -> None:
        """Another flow is open, or all of it begins to run: its nodes have not failed."""
        self.words.clear()
        self._refused.clear()
        self._now.clear()
        self._renames.forget()
        self._tell("", "")
        self._show_all()

    def now(self, node: str) -> str:
        """Return the name that a node (``function.statement``) has now that failed under another."""
        return self._now.get(node, node)

    @property
    def stands(self) -> bool:
        """Whether the last run of all has failed, and the node that did has not run since."""
        return bool(self._said) and self._node not in self._refused

    def outlast(self, end: RunFinished) -> bool:
        """Say whether a failure still counts after the end of a run: of a part that did not come to it."""
        return self.stands and self._partial(end)

    def follow(self, change: Change) -> None:
        """Go along with new names."""
        now = self._renames.take(change)
        if not self.words or change.kind == "save":
            return
        index = self._run.document.flow.index

        def moved(name: str) -> str:
            found = Address.parse(name)
            place = now((found.function, found.id))
            if Address(*place) not in index:
                place = self._renames.back(place, lambda other: Address(*other) in index) or place
            return str(Address(*place))

        self._now = {old: moved(name) for old, name in self._now.items()}
        words = {moved(name): said for name, said in self.words.items()}
        if words != self.words:
            self.words, self._refused = words, {moved(name) for name in self._refused}
            self._tell(moved(self._node) if self._node else "", self._said, self.forced)
        self._show_all()

    def _tell(self, node: str, said: str, forced: bool = False) -> None:
        self._node, self._said, self.forced = node, said, forced
        self.changed.emit(node, said)

    def _phase(self) -> None:
        if self._run.phase != "starting":
            return
        if self._run.part is None or not self.stands:
            self.forget()
        else:
            self.words = {name: said for name, said in self.words.items() if name not in self._refused}
            self._refused.clear()
            self._show_all()

    def _take(self, failure: Failure) -> None:
        said = f"{failure.type}: {failure.message}" if failure.message.strip() else failure.type
        names = [name for name in (failure.node, *failure.way) if name]
        if not (failure.refused and self.stands):
            self._tell(failure.node, said)
        for name in names:
            self.words[name] = said
            self._now[name] = name
        self._refused = self._refused | set(names) if failure.refused else self._refused - set(names)
        self._show_all()

    def _ended(self, end: RunFinished) -> None:
        """Take what ended the engine's process for the failure of the nodes that were running: they raised nothing.

        What failed before, and has run now in a part of the flow, counts no more.
        """
        if end.reason == "succeeded" and self._partial(end):
            self._mend()
        if not end.message:
            return
        told = bool(self.words) or end.reason not in ("failed", "crashed", "killed")
        for name, state in self._run.engine.states().items():
            if state.state == "failed" and name not in self.words:
                self.words[name] = end.message[:1].upper() + end.message[1:]
        if not told:
            self._tell(next(iter(self.words), ""), end.message, end.reason == "killed")
        self._show_all()

    def _partial(self, end: RunFinished) -> bool:
        return self._run.part is not None or whole(end.run) != end.run

    def _mend(self) -> None:
        states = self._run.engine.states()
        ran = {name for name, state in states.items() if state.state in ("done", "cached")}
        self.words = {name: said for name, said in self.words.items() if name not in ran}
        if self._said and (not self._node or self._node in ran):
            self._tell("", "")
        self._show_all()

    def _show_all(self) -> None:
        for page in self._canvases.pages:
            self._show(page)

    def _show(self, page: FlowCanvas) -> None:
        page.board.show_failures(self.words)
