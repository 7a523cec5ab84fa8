"""What the operator's window says of a run and of its file: in the notice, and at length among what happened."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from flodesk.engine.events import Failure, Rejected, RunFinished
from flodesk.ui.calling import Calling
from flodesk.ui.failing_line import details, place
from flodesk.ui.message_bar import Level
from flodesk.ui.operator.advice import advice, after_force
from flodesk.ui.operator.happened import Happened
from flodesk.ui.operator.notice import Notice
from flodesk.ui.run import CANNOT_RUN, Run


class Telling(QObject):
    """Hears a run. What went wrong is told until the next start."""

    def __init__(self, window: QWidget, run: Run, calling: Calling) -> None:
        super().__init__(window)
        self._run, self._calling = run, calling
        self.notice = Notice(window)
        self.happened = Happened(window)
        run.changed.connect(self._phase)
        run.failed.connect(self._failed)
        run.rejected.connect(self._rejected)
        run.finished.connect(self._ended)
        run.said.connect(self._run_said)
        run.noted.connect(self.notice.hint)
        run.logged.connect(self.happened.log.add)

    def say(self, heading: str, words: str = "", level: Level = "info") -> None:
        """Say something; what is no more than news goes by itself."""
        whole = f"{heading}. {words}".strip() if words else heading
        if level == "info":
            self.notice.hint(whole)
        else:
            self.notice.say(heading, words, level)
        self.happened.log.say(whole, level)

    def wrong(self, heading: str, words: str) -> None:
        """Say what went wrong, with the way to all that is known of it."""
        self.notice.say(heading, words, "error", (("What happened", self.happened.open_newest),))

    def _phase(self) -> None:
        if self._run.phase == "starting":
            self.notice.clear()

    def _run_said(self, text: str, level: Level) -> None:
        if not text.startswith(CANNOT_RUN):  # which the page tells at length
            self.say(text, "", level)

    def _failed(self, failure: Failure) -> None:
        where = place(self._run.document, failure)
        who = f"{self._called(failure)} failed" if failure.node else "The flow failed"
        what = failure.message if failure.unreached else f"{failure.type}: {failure.message}{where}"
        self.wrong(who, f"{what}\n{advice(failure)}")
        self.happened.log.say(details(failure, where), "error", failure.node)

    def _called(self, failure: Failure) -> str:
        """Return the name of the node that failed, as it is read on the canvas, in quotes."""
        name = self._calling.called(failure.node)
        return name if name.startswith("“") else f"“{name}”"

    def _rejected(self, event: Rejected) -> None:
        if event.count == 1:
            failure = event.failure
            heading = f"{self._called(failure)} failed in one turn"
            words = f"{failure.type}: {failure.message}. That turn was kept aside, and the flow goes on."
            self.notice.say(heading, words, "warning")

    def _ended(self, event: RunFinished) -> None:
        if event.reason in ("killed", "crashed") or (event.reason == "failed" and self._run.failure is None):
            text = (event.message or f"The run has {event.reason}").rstrip(".")
            heading = "The run had to be ended by force" if event.reason == "killed" else "The run has failed"
            self.wrong(heading, f"{text[:1].upper()}{text[1:]}.\n{after_force(event)}")
            self.happened.log.say(text, "error")


__all__ = ["Telling"]
