"""Why nodes failed, in words on their cards: until the next run begins, or another flow is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from flodesk.engine.events import Failure, RunFinished
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
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
        run.failed.connect(self._take)
        run.changed.connect(self._phase)
        run.finished.connect(self._ended)
        canvases.page_made.connect(self._show)

    def forget(self) -> None:
        """Another flow is open: its nodes have not failed."""
        self.words.clear()
        self.changed.emit("", "")
        for page in self._canvases.pages:
            self._show(page)

    def _phase(self) -> None:
        if self._run.phase == "starting":
            self.forget()

    def _take(self, failure: Failure) -> None:
        said = f"{failure.type}: {failure.message}" if failure.message.strip() else failure.type
        self.changed.emit(failure.node, said)
        for name in (failure.node, *failure.way):
            if name:
                self.words[name] = said
        for page in self._canvases.pages:
            self._show(page)

    def _ended(self, end: RunFinished) -> None:
        """Take what ended the engine's process for the failure of the nodes that were running: they raised nothing."""
        if not end.message:
            return
        told = bool(self.words) or end.reason not in ("failed", "crashed", "killed")
        for name, state in self._run.engine.states().items():
            if state.state == "failed" and name not in self.words:
                self.words[name] = end.message[:1].upper() + end.message[1:]
        if not told:
            self.changed.emit(next(iter(self.words), ""), end.message)
        for page in self._canvases.pages:
            self._show(page)

    def _show(self, page: FlowCanvas) -> None:
        page.board.show_failures(self.words)
