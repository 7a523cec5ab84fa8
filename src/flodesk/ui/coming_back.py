"""A file is opened whose run is on at the queue, or has ended there: the window offers it, or comes back to it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit

from flodesk.engine.events import RunFinished, Turned
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import name_for_session, naming
from flodesk.engine.places.session.left_there import Left, all_left, forget, left_of, note_end
from flodesk.engine.places.session.queued import Queued
from flodesk.engine.places.session.run_on import RunOn
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.model import Flow
from flodesk.flow.script import write
from flodesk.ui.checking import Checking
from flodesk.ui.company import Company
from flodesk.ui.files import Files
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.run import Run
from flodesk.ui.side_thread import SideThread
from flodesk.ui.standing_offer import StandingOffer
from flodesk.ui.what_runs import Change, Found, edit_of, found, said_of


@dataclass(frozen=True, slots=True)
class Away:
    """A run of the file was left at a server that nobody names now; `why` it cannot be used as it is."""

    left: Left
    why: str = ""


class ComingBack(QObject):
    """Finds the run of the file that was opened, and takes it over.

    Parameters
    ----------
    company : Company
        The windows: a run is followed in the one that has its file open, or in one of its own.
    """

    known = Signal()
    """The run that is come to was left from here, and what the file says is what has run there."""
    _named = Signal()

    def __init__(
        self,
        window: Any,
        run: Run,
        checking: Checking,
        files: Files,
        bar: MessageBar,
        company: Company,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._run, self._checking, self._bar = run, checking, bar
        self._company, self._open_text = company, partial(company.open_text, window)
        self._came = ""
        """The run that was come to."""
        self._later: Path | None = None
        """The file whose run is looked for when that of the flow before has ended."""
        self._told = ""
        """What was said of it in the bar."""
        self._document: Document = run.document
        self._side = SideThread(self)
        self._standing = StandingOffer(self, bar)
        self._standing.outdated.connect(self._look_again)
        self._looking = False
        files.opened.connect(self._look)
        self._named.connect(self._look_again, Qt.ConnectionType.QueuedConnection)
        naming.listeners.append(self._tell)
        run.turned.connect(self._turned)
        run.ending.connect(self._ended)
        run.replaced.connect(self._say_no_more)
        run.finished.connect(self._look_at_last, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Look for nothing any more."""
        naming.listeners.remove(self._tell)
        self._standing.close()
        self._side.close()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window went in the meantime
            self._named.emit()

    # -------------------------------------------------------------- a file is opened
    def _look(self, path: Path | None) -> None:
        self._standing.take_away()
        self._later = path if self._run.active else None
        if path is not None:
            self._find(path)

    def _look_at_last(self) -> None:
        """Look now that the run of the flow before is over, or left."""
        if self._later is not None and self._later == self._document.path:
            self._look(self._later)

    def _look_again(self) -> None:
        """Another server is named, or what stands in the bar has changed: offer what runs of the file that is open."""
        if self._document.path is not None and not self._looking:
            self._find(self._document.path, asks=True)

    def _find(self, path: Path, *, asks: bool = False) -> None:
        engine = self._run.engine
        if self._run.active or not isinstance(engine, Anywhere):
            return
        self._looking = True
        # a server that is away is no news here: whoever runs something on it is told
        work = partial(_find, engine.afar, str(path), self._document.flow, self._checking.catalog)
        self._side.do(work, partial(self._offer, path, asks=asks), self._not_found)

    def _not_found(self, error: Exception) -> None:
        self._looking = False

    def _offer(self, path: Path, there: Found | Away | None, *, asks: bool = False) -> None:
        """Come back to a run that was left, or ask."""
        self._looking = False
        if self._run.active or self._document.path != path:
            return
        if there is None:
            self._standing.take_away()  # it has ended before the eyes of somebody
        elif isinstance(there, Away):
            self._say_where(path, there)
        elif there.flow is not self._document.flow:
            self._find(path, asks=asks)  # that was changed in the meantime
        else:
            self._offer_run(there, asks)

    def _offer_run(self, there: Found, asks: bool) -> None:
        run, changes = there.run, there.changes
        if changes is None:
            text = f"{_said(run)} Its text there is another one than that of this file."
            title = "Open what ran" if run.over else "Open what runs"
            do = () if not there.account.text else ((title, partial(self._open, there)),)
            self._standing.show(text, do, changes, there.url)
        elif asks or run.attended or run.over:
            title = "Show how it went" if run.over else "Attach"
            do = ((title, partial(self._take, there, changes)),)
            self._standing.show(_said(run), do, changes, there.url)
        else:
            self._take(there, changes, _said(run))

    def _take(self, there: Found, changes: tuple[Change, ...], words: str = "") -> None:
        """Follow the run of the open flow; who has left it has let that flow run."""
        if there.known and there.flow is self._document.flow:
            self.known.emit()
        self.attach(there.run, changes, words)

    def _say_where(self, path: Path, away: Away) -> None:
        """Say at which server the run of a file was left, and let its password be given."""
        left = away.left
        back = partial(self._go_back, path, left)
        if left.asks:
            words = f"{away.why} " if away.why else ""
            words += f"A run of this flow was left on the server {left.place}, which wants its password."
            do = (("Enter the password…", partial(self._ask_password, left, back)),)
        else:
            words = f"A run of this flow was left on the server {left.place}. {away.why}"
            do = (("Try again" if away.why else "Attach", back),)
        self._bar.show_message(words.strip(), "warning" if away.why else "info", do, stays=True)

    def _ask_password(self, left: Left, back: Callable[[str], object]) -> None:
        box = QInputDialog(self._window)
        box.setObjectName("server_password")
        box.setWindowTitle("Come back to the run")
        box.setLabelText(f"Password of the server {left.server}\nIt holds until flodesk ends, and is kept nowhere.")
        box.setTextEchoMode(QLineEdit.EchoMode.Password)
        given = box.exec() == QInputDialog.DialogCode.Accepted
        password = box.textValue()
        box.deleteLater()
        if given and password:
            back(password)

    def _go_back(self, path: Path, left: Left, password: str = "") -> None:
        engine = self._run.engine
        if isinstance(engine, Anywhere):
            flow, catalog = self._document.flow, self._checking.catalog
            work = partial(_back, engine.afar, str(path), left, password, flow, catalog)
            self._side.do(work, partial(self._offer, path), self._not_found)

    def go_to(self, left: Left) -> None:
        """Name the server where a run was left for this session, so that its jobs are listed; ask for its password."""
        if left.asks:
            self._ask_password(left, partial(self._go_to, left))
        else:
            self._go_to(left)

    def _go_to(self, left: Left, password: str = "") -> None:
        engine = self._run.engine
        if isinstance(engine, Anywhere):
            came = partial(self._came_there, left)
            self._side.do(partial(_go, engine.afar, left, password), came, partial(self._not_there, left))

    def _came_there(self, left: Left, there: bool) -> None:
        if not there:
            why = "it has ended, or was signed with another key."
            self._bar.show_message(f"The run that was left at {left.place} is there no more: {why}")

    def _not_there(self, left: Left, error: Exception) -> None:
        again = (("Enter the password…" if left.asks else "Try again", partial(self.go_to, left)),)
        self._bar.show_message(f"{error}.", "warning", again)

    def come_to(self, job: str) -> None:
        """Follow the run of a job: where its file is open, if that is what runs, else in a window of its own."""
        engine = self._run.engine
        if isinstance(engine, Anywhere):
            flow, catalog = self._document.flow, self._checking.catalog
            self._side.do(partial(_of_job, engine.afar, job, flow, catalog), self._come, self._cannot)

    def come_back_to(self, job: str) -> None:
        """Follow the run of a job that was put on its queue again, if it is of the file that is open here."""
        engine = self._run.engine
        if isinstance(engine, Anywhere) and self._document.path is not None and not self._run.active:
            flow, catalog = self._document.flow, self._checking.catalog
            found_it = partial(self._come_back, job)
            self._side.do(partial(_of_job, engine.afar, job, flow, catalog), found_it, self._not_found)

    def _come_back(self, job: str, there: Found | None) -> None:
        path = self._document.path
        if there is None or path is None or self._run.active or not there.run.is_of(str(path)):
            return
        if there.flow is self._document.flow:
            self._offer_run(there, asks=False)
        else:
            self.come_back_to(job)  # that was changed in the meantime

    def _cannot(self, error: Exception) -> None:
        self._bar.show_message(f"The run cannot be followed: {error}", "warning")

    def _come(self, there: Found | None) -> None:
        if there is None:
            self._bar.show_message(
                "There is no run of this job to follow: it has ended, or is not signed with your key."
            )
            return
        run, path = there.run, self._document.path
        beside = self._company.holder(Path(run.path), but=self._window) if run.is_of(run.path) else None
        other = _of(beside)
        if beside is not None and other is not None:
            beside.come_forward()
            other.come_to(run.session)
            return
        its = path is not None and run.is_of(str(path)) and there.flow is self._document.flow
        if its and there.changes is not None and not self._run.active:
            self._take(there, there.changes)
        elif run.run != self._run.id or not self._run.active:  # it is not followed here already
            self._open(there)

    def _open(self, there: Found) -> None:
        run = there.run
        window = self._open_text(there.account.text, run.path_here)
        other = _of(window)
        if other is not None:
            whose = f"{run.host}: {run.path}" if run.path and not run.path_here else run.path
            words = f"{_said(run)} It is what runs of {whose}." if whose else ""
            other.attach(run, there.account.changes, words)

    def attach(self, run: RunOn, changes: tuple[Change, ...] = (), words: str = "") -> None:
        """Follow a run, and say so in these words; what was set in it is set here, too."""
        engine = self._run.engine
        if self._run.active or not isinstance(engine, Anywhere):
            return
        self._standing.rest()
        self._told = f"{words} {said_of(changes, self._document.flow, self._checking.catalog)}".strip()
        self._bar.clear()
        self._run.edits.begin(follows=False)
        for change in changes:
            self._set(change)
        self._came = run.run
        self._run.come_to(run.run, time.time() - run.since, waits=run.waits)
        if self._told:  # after the start, which takes what was said away
            self._bar.show_message(self._told, "info")
        engine.attach(run)

    def _ended(self, end: RunFinished) -> None:
        """Write the end of a run into the history that has its start, from the time when it was left."""
        self._say_no_more()
        if end.run == self._came and end.reason != "left":
            run = self._run
            failures = [run.failure] if run.failure is not None else []
            self._side.do(partial(_close, end, dict(run.engine.states()), failures, run.iterations))
            self._side.do(partial(note_end, end.run))  # its user has seen how it ended

    def _say_no_more(self) -> None:
        """Take away what says that the run is on."""
        if self._told and self._bar.text == self._told:
            self._bar.clear()

    # -------------------------------------------------------------- others follow it, too
    def _turned(self, event: Turned) -> None:
        """Take over what another editor has changed."""
        if event.node:
            self._run.edits.heard(event.node, event.parameter, event.text)
            self._set((event.node, event.parameter, event.text))
        elif event.text != write(self._document.flow):
            self._bar.show_message(
                "The flow that runs was changed in another editor: it is another one than this now.",
                "warning",
                (("Open what runs", partial(self._open_text, event.text)),),
            )

    def _set(self, change: Change) -> None:
        edit = edit_of(self._document.flow, self._checking.catalog, change)
        if edit is not None:
            self._document.do(edit)


def _of(window: object) -> ComingBack | None:
    """Return what a window has of this kind."""
    return window.findChild(ComingBack) if isinstance(window, QObject) else None


def _close(*told: Any) -> None:
    closing: Any = import_module("flodesk.engine.history.closing")  # the database's packages take a while to import
    closing.close_run(*told)


def _find(afar: Queued, path: str, flow: Flow, catalog: Catalog) -> Found | Away | None:
    """Return the newest run of a file that is on, or that has ended while nobody looked; or where one was left."""
    left = None if afar.is_named else left_of(path)
    here = _newest(afar, path, flow, catalog) if left is None or LOCAL.url else None
    if left is None or (here is not None and not here.run.over):
        return here
    # where another server is in use, or a password is wanted, a hand says whether this one is to count
    return Away(left) if left.asks or LOCAL.state != "off" else _back(afar, path, left, "", flow, catalog)


def _of_job(afar: Queued, job: str, flow: Flow, catalog: Catalog) -> Found | None:
    run = next((run for run in afar.runs() if job in (run.session, run.run) and not run.over), None)
    return None if run is None else found(run, afar.account(run), afar.url, flow, catalog)


def _newest(afar: Queued, path: str, flow: Flow, catalog: Catalog) -> Found | None:
    of_it = [run for run in afar.runs() if run.is_of(path) and not (run.over and run.attended)]
    run = next((run for run in of_it if not run.over), next(iter(of_it), None))
    return None if run is None else found(run, afar.account(run), afar.url, flow, catalog)


def _back(afar: Queued, path: str, left: Left, password: str, flow: Flow, catalog: Catalog) -> Found | Away | None:
    """Name the server where a run was left for this session, and return the run."""
    stream: Any = import_module("flodesk.engine.places.server.stream")
    try:
        _name(left, password)
    except stream.PlaceError as error:
        return Away(left, f"{error}.")
    there = _newest(afar, path, flow, catalog)
    if there is None:
        _let_go(afar, left)
    return there


def _let_go(afar: Queued, left: Left) -> None:
    """Come back to a run no more that is not there, or whose end somebody else has seen."""
    if any(run.run == left.run and run.over for run in afar.runs()):
        note_end(left.run)
    else:
        forget(left.run)


def _go(afar: Queued, left: Left, password: str) -> bool:
    """Name that server for this session, forget what is no more of the runs left there, and return whether this is."""
    _name(left, password)
    there = {run.run for run in afar.runs()}
    for one in all_left():
        if one.server == left.server and one.run not in there:
            forget(one.run)
    return left.run in there


def _name(left: Left, password: str) -> None:
    """Name the server where a run was left for this session, if it answers."""
    stream: Any = import_module("flodesk.engine.places.server.stream")
    url = left.url(password)
    stream.connect(url).close()
    name_for_session(url)


def _said(run: RunOn) -> str:
    """Say that a run is on, or how it has ended."""
    since = time.strftime("%H:%M", time.localtime(run.since))
    if run.waits:
        return f"This flow waits on the queue for a worker since {since}."
    worker = f" (worker {run.worker})"
    if run.over:
        how = "was stopped" if run.state == "stopped" else f"has {run.state}"
        return f"The run of this flow on the queue that began at {since}{worker} {how}."
    how = {"paused": "is paused", "silent": "does not answer, and may hang,"}.get(run.state, "is running")
    return f"This flow {how} on the queue since {since}{worker}."


__all__ = ["ComingBack"]
