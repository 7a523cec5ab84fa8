"""What can be done with what is chosen: a queue emptied, a job run again, put back, dropped or stopped, all copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.focus import focus_kept
from flodesk.ui.queues.columns import count, flow_name
from flodesk.ui.queues.desk import Desk
from flodesk.ui.queues.listing import Listing
from flodesk.ui.queues.pages import plain_jobs

_AGAIN = ("failed", "stopped", "lost")
"""States of jobs that can be put on their queue again."""


class Deeds(QObject):
    """The verbs of the dock. `changed` tells that the server is to be read anew."""

    changed = Signal()
    traceback_wanted = Signal()
    attach_wanted = Signal(str)
    put_again = Signal(str)
    """A job is on its queue again, under this id."""

    def __init__(self, parent: QWidget, queues: Listing, jobs: Listing, workers: Listing, desk: Desk) -> None:
        super().__init__(parent)
        self._home, self._desk = parent, desk
        self.queues, self.jobs, self.workers = queues, jobs, workers
        self._again_as: dict[str, str] = {}
        """The flows of jobs that were put on their queue again, by their new ids, until it was told how they ended."""
        self.followed: Callable[[], str] = lambda: ""
        """Gives the run that the window follows, or followed last: its end is told there."""
        self.shown: Listing = queues
        """The list that is in front."""
        self.again_button = small_button("put_back", "Run again", self.again)
        self.stop_button = small_button("stop", "Stop", self.stop)
        self.drop_button = small_button("trash", "Drop", self.drop)
        for button in self.buttons():  # what stands beside them does not move when another list is in front
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        for listing in (queues, jobs, workers):
            listing.dropped.connect(self.drop)
            listing.copied.connect(self.copy)
            listing.customContextMenuRequested.connect(
                lambda at, view=listing: self.menu().popup(view.viewport().mapToGlobal(at))
            )

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        return self.again_button, self.stop_button, self.drop_button

    def arrange(self) -> None:
        """Let the buttons say what can be done."""
        of_jobs = self.shown is self.jobs
        self.again_button.setVisible(of_jobs)
        self.stop_button.setVisible(of_jobs)
        self.drop_button.setVisible(self.shown is not self.workers)
        states = {job.state for job in self.jobs.chosen} if of_jobs else set()
        self.again_button.setEnabled(bool(states & {*_AGAIN}))
        self.again_button.setToolTip("Put the chosen jobs on their queue again, signed anew")
        self.stop_button.setEnabled("running" in states)
        self.stop_button.setToolTip("Stop the chosen jobs that run")
        words = "Drop the chosen jobs (Del)" if of_jobs else "Empty the chosen queues (Del)"
        if states == {"running"}:
            words = "It runs: stop it first" if len(self.jobs.chosen) == 1 else "They run: stop them first"
        self.drop_button.setEnabled(bool(self.shown.chosen) and states != {"running"})
        self.drop_button.setToolTip(words)
        self.drop_button.setAccessibleName(words)

    def menu(self) -> QMenu:
        """Return all that can be done as a menu."""
        menu = QMenu(self._home)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = {self.queues: self._of_queues, self.jobs: self._of_jobs, self.workers: self._of_workers}
        for words, do, possible in entries[self.shown]():
            if do is None:
                menu.addSeparator()
                continue
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, do=do: do())
            action.setEnabled(possible)
        return menu

    def _of_queues(self) -> Sequence[tuple[str, Callable[[], object] | None, bool]]:
        some = self.queues.chosen
        return (
            ("Empty…", self.drop, bool(some)),
            ("Put the dead letters back", self.put_back, any(state.dead for state in some)),
            ("Drop the dead letters…", self.drop_dead, any(state.dead for state in some)),
            ("", None, True),
            ("Copy the names", self.copy, bool(some)),
        )

    def _of_jobs(self) -> Sequence[tuple[str, Callable[[], object] | None, bool]]:
        some, every = self.jobs.chosen, self.jobs.shown
        states = {job.state for job in some}
        failed = [job for job in every if job.state == "failed"]
        return (
            ("Run again", self.again, "failed" in states),
            ("Put back", self.again, bool(states & {"lost", "stopped"})),
            ("Run all failed ones again", lambda: self._again(failed), bool(failed)),
            ("Stop", self.stop, "running" in states),
            ("Attach", self.attach, len(some) == 1 and states <= {"running", "waiting"}),
            ("", None, True),
            ("Copy the traceback", self.traceback_wanted.emit, len(some) == 1 and states <= {"failed", "lost"}),
            ("Copy as text", self.copy, bool(some)),
            ("", None, True),
            ("Drop…", self.drop, bool(states - {"running"})),
            ("Drop all that have ended…", self.drop_ended, any(_ended(job) for job in every)),
        )

    def _of_workers(self) -> Sequence[tuple[str, Callable[[], object] | None, bool]]:
        return (("Copy the names", self.copy, bool(self.workers.chosen)),)

    # -------------------------------------------------------------- the verbs
    def attach(self) -> None:
        """Follow the run of the chosen job."""
        self.attach_wanted.emit(self.jobs.chosen[0].id)

    def copy(self) -> None:
        """Copy what is chosen as text."""
        some = self.shown.chosen
        if some:
            text = plain_jobs(some) if self.shown is self.jobs else "\n".join(thing.name for thing in some)
            QGuiApplication.clipboard().setText(text)

    def drop(self) -> None:
        """Drop the chosen jobs, or empty the chosen queues, after a question."""
        some = self.shown.chosen
        if self.shown is self.jobs:
            gone = [job for job in some if job.state != "running"]
            if not gone and some:
                self._desk.said.emit("What runs has to be stopped before it can be dropped", "info")
            elif some and self.sure(_question(gone), "Drop"):
                self._drop(gone, len(some))
        elif self.shown is self.queues and some:
            self._purge(some, dead=False)

    def drop_dead(self) -> None:
        """Drop the dead letters of the chosen queues after a question."""
        self._purge([state for state in self.queues.chosen if state.dead], dead=True)

    def put_back(self) -> None:
        """Put the dead letters of the chosen queues into these again, behind what waits there."""
        some = [state.name for state in self.queues.chosen if state.dead]

        def work(server: Any) -> str:
            queues: Any = import_module("flodesk.engine.places.queues.queue_list")
            return f"{count(sum(queues.put_back(server, name) for name in some))} put back"

        if some:
            self._desk.do(work, self.changed.emit)

    def drop_ended(self) -> None:
        """Drop all jobs that are listed and have ended, after a question."""
        some = [job for job in self.jobs.shown if _ended(job)]
        if some and self.sure(f"Drop {_jobs(len(some))} that {_have(some)} ended? They do not come back.", "Drop"):
            self._drop(some, len(some))

    def again(self) -> None:
        """Put the chosen jobs on their queue again."""
        self._again([job for job in self.jobs.chosen if job.state in _AGAIN])

    def stop(self) -> None:
        """Stop the chosen jobs that run."""
        some = [job for job in self.jobs.chosen if job.state == "running"]

        def work(server: Any) -> str:
            deeds: Any = import_module("flodesk.engine.places.workers.job_deeds")
            for job in some:
                deeds.stop(server, job)
            return f"{_jobs(len(some))} stopped"

        if some:
            self._desk.do(work, self.changed.emit)

    def _again(self, some: Sequence[Any]) -> None:
        put: list[str] = []

        def work(server: Any) -> str:
            deeds: Any = import_module("flodesk.engine.places.workers.job_deeds")
            for job in some:
                new = deeds.retry(server, job)
                self._again_as[new] = flow_name(job)
                put.append(new)
            as_what = f", as {new}" if len(some) == 1 else ""
            return f"{_jobs(len(some))} put on the queue again{as_what}"

        def then() -> None:
            self.changed.emit()
            for new in put:
                self.put_again.emit(new)

        if some:
            self._desk.do(work, then)

    def tell_ends(self, jobs: Sequence[Any]) -> None:
        """Say how those have ended that were put on their queue again here."""
        for job in jobs:
            if job.id in self._again_as and _ended(job):
                name = self._again_as.pop(job.id)
                if job.id == self.followed():
                    continue
                how = {"finished": "has ended well", "stopped": "was stopped"}.get(job.state, "")
                why = f": {job.why}" if job.why and not how else ""
                level = "info" if how else "error"  # a stop is what somebody wants
                self._desk.said.emit(f"{name}, run again as {job.id}, {how or job.state}{why}", level)

    def _drop(self, some: Sequence[Any], of: int) -> None:
        def work(server: Any) -> str:
            deeds: Any = import_module("flodesk.engine.places.workers.job_deeds")
            gone = deeds.drop_all(server, some)
            left = f"; what runs has to be stopped first ({of - gone})" if gone < of else ""
            return f"{_jobs(gone)} dropped{left}"

        if of:
            self._desk.do(work, self.changed.emit)

    def _purge(self, some: Sequence[Any], *, dead: bool) -> None:
        many = sum(state.dead if dead else state.depth for state in some)
        what = f"{count(many)} {'dead letter' if dead else 'value'}{'' if many == 1 else 's'}"
        whose = some[0].name if len(some) == 1 else f"{len(some)} queues"
        if not some or not self.sure(f"Drop {what} of {whose}? They do not come back.", "Drop"):
            return

        def work(server: Any) -> str:
            queues: Any = import_module("flodesk.engine.places.queues.queue_list")
            gone = sum(queues.purge(server, state.name, dead=dead) for state in some)
            return f"{count(gone)} dropped"

        self._desk.do(work, self.changed.emit)

    def sure(self, question: str, title: str) -> bool:
        """Ask whether something is to be done that cannot be taken back."""
        window = self._home.window()
        box = QMessageBox(QMessageBox.Icon.Question, "Queues", question, parent=window)
        yes = box.addButton(title, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        with focus_kept(lambda: self.shown):
            box.exec()
        sure = box.clickedButton() is yes
        box.deleteLater()
        return sure


def _ended(job: Any) -> bool:
    return job.state in ("failed", "stopped", "finished", "lost")


def _question(some: Sequence[Any]) -> str:
    """Ask whether these jobs are to be dropped, with what is lost."""
    one, states = len(some) == 1, {job.state for job in some}
    lost = []
    if states & {"waiting", "deferred"}:
        lost.append("It will not run." if one else "What waits will not run.")
    if states & {*_AGAIN}:
        lost.append("It cannot be run again." if one else "What has failed, or was stopped, cannot be run again.")
    what = f"the job of {flow_name(some[0])}" if one else _jobs(len(some))
    return f"Drop {what}? {' '.join(lost) or 'What is told of how it went is gone.'}"


def _jobs(number: int) -> str:
    return f"{count(number)} job{'' if number == 1 else 's'}"


def _have(some: Sequence[Any]) -> str:
    return "has" if len(some) == 1 else "have"
