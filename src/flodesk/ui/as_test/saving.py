"""The verb that saves a run as a test: when it can be done, and the way from the values to the files."""

from __future__ import annotations

import shlex
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from flodesk.engine.events import RunFinished
from flodesk.engine.expected.saving import Given, Saved
from flodesk.engine.expected.taking import taken
from flodesk.engine.steered import Written
from flodesk.flow.model import Block, Flow
from flodesk.flow.script import write
from flodesk.ui.as_test.dialog import AsTestDialog
from flodesk.ui.checking import Checking
from flodesk.ui.run import Run
from flodesk.ui.side_thread import SideThread


class AsTest(QObject):
    """Watches the runs of the open flow, and lets one that ended well be saved. `said` gives a line for the bar."""

    said = Signal(str, str)
    _written = Signal(object, object)

    def __init__(self, window: QWidget, run: Run, checking: Checking) -> None:
        super().__init__(window)
        self._window, self._run, self._checking = window, run, checking
        self._ran: Block | None = None
        """The statements of the flow that the newest run is of; None where that is none of the whole flow."""
        self._side = SideThread(self)
        self._dialog: AsTestDialog | None = None
        # the answer comes on the thread that reads from the engine
        self._written.connect(self._take, Qt.ConnectionType.QueuedConnection)
        run.changed.connect(self._phase)
        run.finished.connect(self._finished)

    # -------------------------------------------------------------- when
    @property
    def possible(self) -> bool:
        """Whether there is a run that can be saved."""
        return not self.why_not

    @property
    def why_not(self) -> str:
        """Why there is none; empty if there is one."""
        run = self._run
        if run.active:
            return "wait until the run has ended. One that never ends by itself is no test."
        if run.last is None or not run.whole:
            return "run the whole flow first (F5)."
        if run.place != "local":
            return "a test is of a run on this machine. Choose that beside Run, and run the flow."
        if run.last.reason != "succeeded":
            return "the last run has not ended by itself, and well."
        if self._ran != run.document.flow.module:
            return "the flow was changed since it ran. Run it again (F5)."
        if run.document.path is None:
            return "save the flow first: its test stands beside it."
        return ""

    def _phase(self) -> None:
        if self._run.phase == "starting":
            self._ran = self._run.document.flow.module if self._run.whole else None

    def _finished(self, event: RunFinished) -> None:
        if "+" in event.run and self._ran is not None:  # what hangs on a change was computed after the end
            self._ran = self._run.document.flow.module

    # -------------------------------------------------------------- the way
    def ask(self) -> None:
        """Open the dialog, and ask the engine for what the run has given."""
        document, path = self._run.document, self._run.document.path
        if path is None or self.why_not:
            return
        python = self._run.python
        flow, dialog = document.flow, AsTestDialog(self._window, path, unsaved=document.dirty, python=python)
        self._dialog = dialog
        dialog.over.connect(self._over)
        dialog.finished.connect(self._gone)
        dialog.open()

        def tell(written: Written) -> None:
            self._written.emit(flow, written)

        self._side.do(lambda: write(flow), lambda text: self._run.engine.expect(text, str(path), tell))

    def _gone(self) -> None:
        self._dialog = None

    def _take(self, flow: Flow, written: Written) -> None:
        if self._dialog is None:
            return
        if written.error:
            self._dialog.refuse(f"{written.error.rstrip('.')}.")
            return
        catalog = self._checking.catalog
        work = partial(taken, flow, written.forms, written.formless, catalog)
        self._side.do(work, lambda found: self._show(flow, Given(*found)))

    def _show(self, flow: Flow, given: Given) -> None:
        if self._dialog is not None:
            self._dialog.show_given(flow, given)

    def _over(self, saved: Saved) -> None:
        expected = saved.expected
        many, out = len(expected.nodes), len(expected.left_out)
        what = "1 value is compared" if many == 1 else f"{many:,} values are compared"
        words = f"Saved as a test: {saved.target.name}. {what}{f', {out:,} left out' if out else ''}."
        if saved.fails:
            self.said.emit(f"{words} It fails, though: in a second run {saved.fails}", "warning")
        else:
            self.said.emit(f"{words} Run it by: flodesk test {shlex.quote(str(saved.target.parent))}", "info")

    def close(self) -> None:
        """End a second run that is on: the window goes."""
        if self._dialog is not None:
            self._dialog.close_down()
        self._side.close()


__all__ = ["AsTest"]
