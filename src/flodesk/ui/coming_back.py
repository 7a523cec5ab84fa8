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
from flodesk.engine.places.session.left_there import Left, forget, left_of
from flodesk.engine.places.session.queued import Queued
from flodesk.engine.places.session.run_on import Account, RunOn, digest
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.wiring import Refused, set_field
from flodesk.ui.checking import Checking
from flodesk.ui.files import Files
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.run import Run
from flodesk.ui.side_thread import SideThread

Found = tuple[RunOn, Account]


@dataclass(frozen=True, slots=True)
class Away:
    """A run of the file was left at a server that nobody names now; `why` it cannot be used as it is."""

    left: Left
    why: str = ""


Change = tuple[str, str, str]
"""A node (``function.node``), its parameter, and the text that was set."""


class ComingBack(QObject):
    """Finds the run of the file that was opened, and takes it over.

    Parameters
    ----------
    open_text : callable
        Opens a text in a window of its own beside this one, and returns that.
    """

    _named = Signal()

    def __init__(
        self,
        window: Any,
        run: Run,
        checking: Checking,
        files: Files,
        bar: MessageBar,
        open_text: Callable[[Any, str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._run, self._checking, self._bar, self._open_text = run, checking, bar, partial(open_text, window)
        self._came = ""
        """The run that was come to."""
        self._document: Document = run.document
        self._side = SideThread(self)
        files.opened.connect(self._look)
        self._named.connect(self._look_again, Qt.ConnectionType.QueuedConnection)
        naming.listeners.append(self._tell)
        run.turned.connect(self._turned)
        run.finished.connect(self._ended)

    def close(self) -> None:
        """Look for nothing any more."""
        naming.listeners.remove(self._tell)
        self._side.close()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window went in the meantime
            self._named.emit()

    # -------------------------------------------------------------- a file is opened
    def _look(self, path: Path | None) -> None:
        engine = self._run.engine
        if path is None or self._run.active or not isinstance(engine, Anywhere):
            return
        # a server that is away is no news here: whoever runs something on it is told
        self._side.do(partial(_find, engine.afar, str(path)), partial(self._offer, path), lambda error: None)

    def _look_again(self) -> None:
        """Another server is named: offer what runs there of the file that is open."""
        path, engine = self._document.path, self._run.engine
        if path is not None and not self._run.active and isinstance(engine, Anywhere):
            offer = partial(self._offer, path, asks=True)
            self._side.do(partial(_find, engine.afar, str(path)), offer, lambda error: None)

    def _offer(self, path: Path, found: Found | Away | None, *, asks: bool = False) -> None:
        """Come back to a run that was left, or ask."""
        if found is None or self._run.active or self._document.path != path:
            return
        if isinstance(found, Away):
            self._say_where(path, found)
            return
        run, account = found
        changes = self._missing(run, account)
        if changes is None:
            differs = "Its text there is another one than that of this file."
            do = () if not account.text else (("Open what runs", partial(self._open, run, account)),)
            self._bar.show_message(f"{_said(run)} {differs}", "info", do, stays=True)
        elif asks or run.attended or run.over:
            title = "Show how it went" if run.over else "Attach"
            do = ((title, partial(self.attach, run, changes)),)
            self._bar.show_message(_said(run), "info", do, stays=True)
        else:
            self.attach(run, changes)
            self._bar.show_message(_said(run), "info")

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
            work = partial(_back, engine.afar, str(path), left, password)
            self._side.do(work, partial(self._offer, path), lambda error: None)

    def come_to(self, job: str) -> None:
        """Follow the run of a job: here if it is that of the open flow, else in a window of its own."""
        engine = self._run.engine
        if isinstance(engine, Anywhere):
            self._side.do(partial(_of_job, engine.afar, job), self._come, self._cannot)

    def _cannot(self, error: Exception) -> None:
        self._bar.show_message(f"The run cannot be followed: {error}", "warning")

    def _come(self, found: Found | None) -> None:
        if found is None:
            self._bar.show_message(
                "There is no run of this job to follow: it has ended, or is not signed with your key."
            )
            return
        run, account = found
        path = self._document.path
        changes = self._missing(run, account) if path is not None and run.is_of(str(path)) else None
        if changes is not None and not self._run.active:
            self.attach(run, changes)
        elif run.run != self._run.id or not self._run.active:  # it is not followed here already
            self._open(run, account)

    def _missing(self, run: RunOn, account: Account) -> tuple[Change, ...] | None:
        """Return what was set over there and does not stand in the flow here; None if the flows are not the same."""
        text = write(self._document.flow)
        if not account.text:
            return () if digest(text) == run.text else None
        if text == account.text:
            return account.changes
        with contextlib.suppress(ScriptError):
            if text == write(_changed(read(account.text), self._checking.catalog, account.changes)):
                return ()
        return None

    def _open(self, run: RunOn, account: Account) -> None:
        window = self._open_text(account.text)
        there = window.findChild(ComingBack) if isinstance(window, QObject) else None
        if there is not None:
            there.attach(run, account.changes)

    def attach(self, run: RunOn, changes: tuple[Change, ...] = ()) -> None:
        """Follow a run; what was set in it is set here, too."""
        engine = self._run.engine
        if self._run.active or not isinstance(engine, Anywhere):
            return
        self._bar.clear()
        self._run.edits.begin(follows=False)
        for change in changes:
            self._set(*change)
        self._came = run.run
        self._run.come_to(run.run, time.time() - run.since)
        self._side.do(partial(engine.attach, run))

    def _ended(self, end: RunFinished) -> None:
        """Write the end of a run into the history that has its start, from the time when it was left."""
        if end.run == self._came and end.reason != "left":
            run = self._run
            failures = [run.failure] if run.failure is not None else []
            self._side.do(partial(_close, end, dict(run.engine.states()), failures, run.iterations))

    # -------------------------------------------------------------- others follow it, too
    def _turned(self, event: Turned) -> None:
        """Take over what another editor has changed."""
        if event.node:
            self._run.edits.heard(event.node, event.parameter, event.text)
            self._set(event.node, event.parameter, event.text)
        elif event.text != write(self._document.flow):
            self._bar.show_message(
                "The flow that runs was changed in another editor: it is another one than this now.",
                "warning",
                (("Open what runs", partial(self._open_text, event.text)),),
            )

    def _set(self, node: str, parameter: str, text: str) -> None:
        edit = _edit(self._document.flow, self._checking.catalog, node, parameter, text)
        if edit is not None:
            self._document.do(edit)


def _close(*told: Any) -> None:
    closing: Any = import_module("flodesk.engine.history.closing")  # the database's packages take a while to import
    closing.close_run(*told)


def _find(afar: Queued, path: str) -> Found | Away | None:
    """Return the newest run of a file that is on, or that has ended while nobody looked; or where one was left."""
    left = None if afar.is_named else left_of(path)
    if left is None:
        return _newest(afar, path)
    # where another server is in use, or a password is wanted, a hand says whether this one is to count
    return Away(left) if left.asks or LOCAL.state != "off" else _back(afar, path, left, "")


def _of_job(afar: Queued, job: str) -> Found | None:
    run = next((run for run in afar.runs() if job in (run.session, run.run) and not run.over), None)
    return None if run is None else (run, afar.account(run))


def _newest(afar: Queued, path: str) -> Found | None:
    of_it = [run for run in afar.runs() if run.is_of(path) and not (run.over and run.attended)]
    run = next((run for run in of_it if not run.over), next(iter(of_it), None))
    return None if run is None else (run, afar.account(run))


def _back(afar: Queued, path: str, left: Left, password: str) -> Found | Away | None:
    """Name the server where a run was left for this session, and return the run."""
    stream: Any = import_module("flodesk.engine.places.server.stream")
    url = left.url(password)
    try:
        stream.connect(url).close()
    except stream.PlaceError as error:
        return Away(left, f"{error}.")
    name_for_session(url)
    found = _newest(afar, path)
    if found is None:
        forget(left)
    return found


def _said(run: RunOn) -> str:
    """Say that a run is on, or how it has ended."""
    since = time.strftime("%H:%M", time.localtime(run.since))
    if run.waits:
        return f"This flow waits on the queue for a worker since {since}."
    worker = f" (worker {run.worker[:12]})"
    if run.over:
        how = "was stopped" if run.state == "stopped" else f"has {run.state}"
        return f"The run of this flow on the queue that began at {since}{worker} {how}."
    how = {"paused": "is paused", "silent": "does not answer, and may hang,"}.get(run.state, "is running")
    return f"This flow {how} on the queue since {since}{worker}."


def _edit(flow: Flow, catalog: Catalog, address: str, parameter: str, text: str) -> Edit | None:
    """Return the edit that sets a parameter; None if there is none, or if it says that already."""
    function, _, node = address.rpartition(".")
    try:
        edit = set_field(flow, picture(flow, catalog, function), node, parameter, text)
        return edit if write(edit.apply(flow)[0]) != write(flow) else None
    except (Refused, EditError, KeyError):
        return None


def _changed(flow: Flow, catalog: Catalog, changes: tuple[Change, ...]) -> Flow:
    for change in changes:
        edit = _edit(flow, catalog, *change)
        if edit is not None:
            flow, _ = edit.apply(flow)
    return flow


__all__ = ["ComingBack"]
