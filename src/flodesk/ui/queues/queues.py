"""The queues in the window: their dock, and what it asks of the flow that is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtWidgets import QMainWindow

from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.session.left_there import Left
from flodesk.flow.document import Change, Document
from flodesk.flow.script.spans import Spans
from flodesk.ui.company import Company
from flodesk.ui.dock import Dock
from flodesk.ui.docks import Docks
from flodesk.ui.environments.chosen import Chosen
from flodesk.ui.files import Files
from flodesk.ui.queues.dashboard import Dashboard
from flodesk.ui.queues.desk import local_jobs_within
from flodesk.ui.queues.nodes_server import NodesServer
from flodesk.ui.queues.server_chip import ServerChip
from flodesk.ui.queues.view import QueuesView
from flodesk.ui.reports import Reports
from flodesk.ui.run import Run
from flodesk.ui.run_bar import RunBar
from flodesk.ui.theme import current

_GOES_ON = "A worker of the local queue has a run: it goes on with that as it was, and the next run gets another worker"
ANSWER_SECONDS = 0.5
"""A server on this machine says in a millisecond or two what it does; one that hangs is no reason to stay."""


class Queues(QObject):
    """Holds the view and its dock. `show_node` selects ``function.node``."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        document: Document,
        files: Files,
        reports: Reports,
        show_node: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window: object = window
        self._document, self._reports, self._show_node = document, reports, show_node
        self.view = QueuesView()
        self.dock = Dock("queues", "Queues", self.view, self.view.buttons())
        docks.add_below(self.dock)
        self.view.said.connect(self._say)
        self.view.flow_wanted.connect(files.open)
        self.view.line_wanted.connect(self._show_line)
        self.dashboard = Dashboard()
        self.chip = ServerChip()
        self.chip.start_wanted.connect(self.view.start_local)
        self.chip.stop_wanted.connect(self.view.stop_local)
        self.chip.dock_wanted.connect(self.show_dock)
        self.view.desk.found.connect(self.chip.arrange)
        self.nodes_server = NodesServer(self, document, self.view.desk, self.view.told)
        self.view.told.changed.connect(self._find_out, Qt.ConnectionType.QueuedConnection)
        current.changed.connect(self.chip.restyle)
        document.listeners.append(self._follow)
        self._follow()
        self.view.restore()

    def follow_jobs(
        self,
        run: Run,
        come_to: Callable[[str], object],
        come_back_to: Callable[[str], object],
        go_to: Callable[[Left], object],
    ) -> None:
        """Let the run of a job be followed: `come_to` any, `come_back_to` one that was put on its queue again.

        `go_to` names the server where one was left.
        """
        self.view.left_wanted.connect(go_to)
        self.view.deeds.attach_wanted.connect(come_to)
        self.view.deeds.put_again.connect(come_back_to)
        self.view.deeds.followed = lambda: run.id

    def stand_in(self, bar: RunBar, run: Run, name: Callable[[], object]) -> None:
        """Show in the run bar which server the runs of a queue go to; `name` lets one be named."""
        bar.stand_beside_place("rq", self.chip)
        bar.stand_beside_place("dask", self.dashboard)
        run.logged.connect(self.dashboard.take)
        bar.place.currentIndexChanged.connect(self._find_out)
        for asking in (self.chip, self.view):
            asking.naming_wanted.connect(name)
        self.chip.resized.connect(bar.resized)

    def show_dock(self) -> None:
        """Show the dock, before those that share its place."""
        self.dock.come()

    def may_close(self, company: Company) -> bool:
        """Ask about jobs of others on the local queue, which ends with the last window; False if it shall stay."""
        staying = [window for window in company.members if window is not self._window and not window.leaving]
        if staying or LOCAL.state != "on":
            return True
        jobs = local_jobs_within(ANSWER_SECONDS)
        one = f"{jobs} job{' is' if jobs == 1 else 's are'} on the local queue, which ends with this window."
        return not jobs or self.view.deeds.sure(f"{one} Close it all the same?", "Close")

    def toggle(self) -> None:
        """Show or hide the dock."""
        self.dock.toggle()

    def run_in(self, chosen: Chosen, installed: SignalInstance) -> None:
        """Have workers of the local queue run in the environment of the flow, and find what is `installed` there."""
        chosen.changed.connect(lambda: self._move(chosen.now.python))
        installed.connect(lambda _: self._have(partial(LOCAL.installed, chosen.now.python)))

    def _move(self, python: str) -> None:
        if python != self.view.python:
            self.view.python = python
            self._have(lambda: LOCAL.move(self.view.holder, python))

    def _have(self, settle: Callable[[], bool]) -> None:
        if LOCAL.state != "off":
            self.view.desk.beside(lambda: "" if settle() else _GOES_ON, self.view.look)

    @property
    def is_open(self) -> bool:
        """Whether the dock is shown."""
        return self.dock.is_open

    def close(self) -> None:
        """Read nothing more, and end what was started here."""
        self.view.close_all()

    def _find_out(self, _: object = None) -> None:
        """Find out where the server is; what starts and stops is told at once."""
        self.chip.restyle()
        if not self.chip.isHidden():
            self.view.desk.find_out()

    def _follow(self, _: Change | None = None) -> None:
        path = self._document.path
        self.view.paths = {str(path), str(Path(path).resolve())} if path is not None else set()

    def _show_line(self, number: int) -> None:
        """Select the node that stands on a line of the open flow (from 1)."""
        span = Spans(self._document.flow).at(number - 1)
        if span is None:
            self._reports.sentence(f"There is no node on line {number} any more")
        else:
            self._show_node(f"{span.function}.{span.id}")

    def _say(self, text: str, level: str) -> None:
        if level == "info":
            self._reports.sentence(text)
        else:
            self._reports.message(text, "error" if level == "error" else "warning")
