"""The files beside a flow that define its nodes: followed while it is open, so that what is saved is what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from flodesk.engine.client import Renewed
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import picture
from flodesk.flow.imported import reach_of
from flodesk.flow.own_nodes import FOLDER, around, file_name
from flodesk.flow.problem import About, Problem
from flodesk.flow.script import write
from flodesk.ui.checking import Checking
from flodesk.ui.file_watch import stamp
from flodesk.ui.folder_watch import FolderWatch
from flodesk.ui.run import Run
from flodesk.ui.trust.judging import Judging


class OwnFiles(QObject):
    """Lets nodes follow their files: ports and help at once, the code of a run with its next calls.

    To load a file again is to run it. So that waits until the flow may run, and where the flow may run only as long as
    nobody else changes it, a change of these files ends that.

    `said` gives a sentence on what was taken, `over` one that is no longer true.

    Attributes
    ----------
    failed : mapping
        Why modules go on with the code that they had, by name.
    """

    said = Signal(str)
    over = Signal(str)
    _answered = Signal(object)

    def __init__(self, window: QWidget, document: Document, run: Run, checking: Checking, judging: Judging) -> None:
        super().__init__(window)
        self._document, self._run, self._checking, self._judging = document, run, checking, judging
        self._behind = False
        """Whether something was saved that the engine was not told of."""
        self.failed: Mapping[str, str] = {}
        self._taken = ""
        """What was said last of code that was taken."""
        self._state: dict[Path, object] = {}
        self._watch = FolderWatch(self)
        self._watch.stirred.connect(self.look)
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        document.listeners.append(self._follow)
        run.changed.connect(self._run_changed)
        for change in (judging.changed, run.changed):
            change.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)  # when all know which flow is open
        others = checking.more
        checking.more = lambda: (*others(), *self.problems())
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look when the window is entered: not every disk (one on the network) tells of changes."""
        if event.type() == QEvent.Type.WindowActivate:
            self.look()
        return super().eventFilter(watched, event)

    def look(self, saved: Path | None = None) -> None:
        """Look at the files now, and let all that hangs on them follow.

        Parameters
        ----------
        saved : Path, optional
            What was saved in this window just now: nobody else has changed it.
        """
        before, self._state = self._state, self._find()
        if self._state != before:
            self._behind = True
            if self._taken:  # something else stands in a file now: what becomes of that is said anew
                self.over.emit(self._taken)
                self._taken = ""
            self._document.look_around()
            here = saved.resolve() if saved is not None else None
            others = [file for file in before if self._is_another(file, before[file]) and file.resolve() != here]
            if others:
                self._judging.others_changed(self._called(min(others)), self._catch_up if self._run.active else None)
        self._catch_up()

    def problems(self) -> Iterator[Problem]:
        """Give what is wrong with files that can be read and not be imported, at the nodes that they define."""
        known = self._checking.catalog
        for module, why in self.failed.items():
            if module in known.broken:
                continue  # the checker says so
            message = f"{file_name(module)} could not be loaded: {why}. Its nodes go on with the code that they had."
            found = [
                f"{graph.function}.{node.id}"
                for graph in (picture(self._document.flow, known, name) for name in self._document.flow.functions)
                for node in graph.nodes.values()
                if node.type.rpartition(".")[0] == module
            ]
            for node in found or [""]:
                hint = "Mend the file: as soon as it is saved they take the new code."
                yield Problem("warning", message, hint, node, 0, "broken-pack", About(name=why))

    def close(self) -> None:
        """Follow nothing more: the window is being closed."""
        self._watch.close()

    def _find(self) -> dict[Path, object]:
        """Return the files with their states, and watch where they are.

        They are all Python files of own nodes, and what a run of the flow imports, or would if it were there: a file
        that comes beside another may be what Python finds first.
        """
        folder = self._document.folder
        if folder is None:
            self._watch.watch(())
            return {}
        own = around(folder)
        files = dict.fromkeys(folder / FOLDER / name for name, _, _ in own.states)
        found = {file: stamp(file) for file in (*files, *reach_of(write(self._document.flow), folder))}
        there = [file for file, state in found.items() if state is not None]
        places = {folder, *own.folders, *(file.parent for file in there)}
        self._watch.watch(sorted(places) if there else ())
        return found

    def _is_another(self, file: Path, before: object) -> bool:
        """Return whether a file has come, was changed or is gone; that the flow imports it no more is nothing."""
        return self._state[file] != before if file in self._state else before is not None and stamp(file) is None

    def _called(self, file: Path) -> str:
        folder = self._document.folder
        return file.relative_to(folder).as_posix() if folder is not None and folder in file.parents else file.name

    def _catch_up(self) -> None:
        """Let the engine load what was saved, if it may run.

        While a run stops, the engine may still have the flow that was open before.
        """
        if self._behind and not self._judging.waits and self._run.phase != "stopping":
            self._behind = False
            self._run.engine.reload(self._answered.emit)

    def _follow(self, change: Change) -> None:
        if change.kind == "open":
            self.failed = {}
            self._behind = self._behind and change.again
        if change.kind in ("open", "save"):
            self._state = self._find()

    def _run_changed(self) -> None:
        if self._run.phase == "starting" and self.failed:
            self.failed = {}  # all is imported anew
            self._checking.look_around()

    def _take(self, renewed: Renewed) -> None:
        if renewed.failed != self.failed:
            self.failed = renewed.failed
            self._checking.look_around()
            if self.failed:
                names = " and ".join(map(file_name, self.failed))
                self.said.emit(f"{names} cannot be loaded as it was saved: its nodes go on with the code that they had")
        if renewed.taken:
            names = " and ".join(map(file_name, renewed.taken))
            when = "with the next call" if self._run.active else "when the flow runs next"
            self._taken = f"{names} was saved: its nodes take the new code {when}"
            self.said.emit(self._taken)


__all__ = ["OwnFiles"]
