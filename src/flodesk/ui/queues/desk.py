"""Reads a Redis server in a thread of its own, and does there what is asked for: a server may take its time, or go."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from flodesk.engine.insight import Insight, insight
from flodesk.engine.places.server.local_queue import LOCAL, address_now
from flodesk.engine.places.server.server_address import naming
from flodesk.engine.places.session.left_there import Left, all_left
from flodesk.ui.queues.ears import Ears
from flodesk.ui.side_thread import SideThread

Kind = Literal["queue", "dead", "job", "worker", ""]
PATIENCE = 5
"""Seconds that an answer may take."""
ENTRIES, ROOM = 50, 4_000_000
"""How many values of a queue are looked at, and how many bytes of them at most: one is looked at in any case."""
_SMALL = 250_000
"""Bytes of values up to which they are looked at again and again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that waits in a queue, with what the screen needs to know of it; `peeked` says the rest."""

    peeked: Any
    insight: Insight


@dataclass(frozen=True, slots=True)
class Detail:
    """What was read of the one thing that is chosen: values of a queue, or the traceback of a job."""

    kind: Kind = ""
    key: str = ""
    entries: tuple[Entry, ...] = ()
    trace: str = ""
    of: Any = None
    """The job as it was when its traceback was read."""


@dataclass(frozen=True, slots=True)
class View:
    """What was read.

    Attributes
    ----------
    address, origin : str
        Of the server, without its password, and who says it; empty where nobody does.
    queues : tuple
        `flodesk.engine.places.queues.queue_list.QueueState` of each queue between loops.
    jobs : tuple
        `flodesk.engine.places.workers.job_list.JobState` of each job.
    workers : tuple
        `flodesk.engine.places.workers.job_list.WorkerState` of each worker.
    trouble : str
        Why nothing could be read.
    missing : str
        What is to be installed before a local queue can be started.
    left : tuple of Left
        Where runs were left, as long as nobody names a server; the newest first.
    """

    address: str = ""
    origin: str = ""
    queues: tuple[Any, ...] = ()
    jobs: tuple[Any, ...] = ()
    workers: tuple[Any, ...] = ()
    left_off: int = 0
    detail: Detail = Detail()
    trouble: str = ""
    missing: str = ""
    left: tuple[Left, ...] = ()


class Desk(QObject):
    """Does one thing after the other. `looked` gives a `View`, `said` a sentence and its level."""

    looked = Signal(object)
    said = Signal(str, str)
    found = Signal(str, str, str)
    """Where the server is, who says it, and what a local one would lack."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = SideThread(self)
        self.ears = Ears(self)
        self._listens = False
        self._looking = self._again = False
        self._asked: tuple[Kind, str] = ("", "")
        self._server: Any = None
        self._url, self._origin, self._names = "", "", -1
        self._key = b""
        self._detail = Detail()

    # -------------------------------------------------------------- what is asked for
    def look(self, kind: Kind = "", key: str = "") -> None:
        """Read the server, and more of the one thing that is chosen."""
        self._asked = kind, key
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False
        self._thread.do(lambda: self._look(kind, key), self._take, lambda error: self._take(View(trouble=str(error))))

    def listen(self, *, on: bool) -> None:
        """Hear from the server that is read when something has changed there, or no more."""
        self._listens = on
        if not on:
            self.ears.end()

    def do(self, work: Callable[[Any], str], then: Callable[[], object]) -> None:
        """Do something with a connection in the thread; the sentence that it returns is told."""

        def done(words: str) -> None:
            self.said.emit(words, "info")
            then()

        def failed(error: Exception) -> None:
            self.said.emit(f"{error}"[:1].upper() + f"{error}"[1:], "error")
            then()

        self._thread.do(lambda: work(self._connected()), done, failed)

    def beside(self, work: Callable[[], str], then: Callable[[], object]) -> None:
        """Do something in the thread that needs no server; it returns a sentence to tell, or none."""

        def done(words: str) -> None:
            if words:
                self.said.emit(words, "info")
            then()

        def failed(error: Exception) -> None:
            self.said.emit(_reason(error), "error")
            then()

        self._thread.do(work, done, failed)

    def find_out(self) -> None:
        """Find out where the server is, and tell it by `found`: the keyring may take a while."""

        def work() -> tuple[str, str, str]:
            url, origin = address_now()
            return (_shown(url), origin, "") if url else ("", "", _missing())

        self._thread.do(
            work, lambda told: self.found.emit(*told), lambda error: self.found.emit("", _reason(error), "")
        )

    def count_local(self, then: Callable[[int], object]) -> None:
        """Count the jobs of others that run or wait on the local queue."""
        self._thread.do(local_jobs, then, lambda _: then(0))

    def close(self) -> None:
        """Wait for what is being done, and tell nobody any more."""
        self.ears.close()
        self._thread.close()
        self._leave()

    # -------------------------------------------------------------- in the thread
    def _connected(self) -> Any:
        """Return a connection to the server that is named now.

        Raises
        ------
        LookupError
            None is.
        """
        if self._names != naming.changes or not self._url or (self._local and self._url != LOCAL.url):
            self._leave()
            self._names = naming.changes
            self._url, self._origin = address_now()
        if not self._url:
            raise LookupError("no Redis server is named")
        if self._server is None:
            stream: Any = import_module("flodesk.engine.places.server.stream")
            more = "&" if "?" in self._url else "?"
            self._server = stream.connect(f"{self._url}{more}socket_timeout={PATIENCE}")
            listed: Any = import_module("flodesk.engine.places.workers.jobs_told")
            self._key = listed.key_here()
        return self._server

    @property
    def _local(self) -> bool:
        return self._origin == "the local queue"

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(Exception):  # it may be gone, in any way
                server.close()

    def _look(self, kind: Kind, key: str) -> View:
        try:
            server = self._connected()
            queues: Any = import_module("flodesk.engine.places.queues.queue_list")
            listed: Any = import_module("flodesk.engine.places.workers.jobs_told")
            self._key = self._key or listed.key_here()  # the first run of all makes one
            found = listed.look(server, self._key)
            states = tuple(queues.look(server, name) for name in queues.names(server))
            detail = self._look_closer(server, kind, key, states, found.jobs)
            shown = self._shown_address()
            left = tuple(all_left()) if self._local else ()
            return View(shown, self._origin, states, found.jobs, found.workers, found.left_off, detail, left=left)
        except LookupError as error:
            if self._url:
                raise
            why = "" if str(error) == "no Redis server is named" else str(error)
            return View(trouble=why, missing=_missing(), left=tuple(all_left()))
        except Exception as error:  # noqa: BLE001 - whatever packages, network and server raise: the dock says it
            self._leave()
            shown, words = self._shown_address(), _reason(error)
            lost = isinstance(error, OSError) or type(error).__name__ in ("ConnectionError", "TimeoutError")
            return View(shown, self._origin, trouble=f"{shown} does not answer: {words}" if lost else words)

    def _shown_address(self) -> str:
        return _shown(self._url)

    def _look_closer(self, server: Any, kind: Kind, key: str, queues: Sequence[Any], jobs: Sequence[Any]) -> Detail:
        before = self._detail
        known = (before.kind, before.key) == (kind, key)
        if kind in ("queue", "dead"):
            if known and sum(entry.peeked.size for entry in before.entries) > _SMALL:
                return before
            there = any(state.name == key for state in queues)
            entries = self._peek(server, key, kind == "dead", before.entries if known else ()) if there else ()
            self._detail = Detail(kind, key, entries)
        elif kind == "job":
            job = next((job for job in jobs if job.id == key), None)
            if known and before.of == job:
                return before
            listed: Any = import_module("flodesk.engine.places.workers.jobs_told")
            ended = job is not None and job.state in ("failed", "lost", "stopped")
            trace = listed.traceback_of(server, key, self._key) if ended else ""
            self._detail = Detail(kind, key, trace=trace, of=job)
        else:
            self._detail = Detail(kind, key)
        return self._detail

    def _peek(self, server: Any, name: str, dead: bool, before: tuple[Entry, ...]) -> tuple[Entry, ...]:
        queues: Any = import_module("flodesk.engine.places.queues.queue_list")
        first = queues.peek(server, name, 1, dead=dead, key=self._key)
        room = ROOM // max(1, sum(peeked.size for peeked in first))
        found = queues.peek(server, name, max(1, min(ENTRIES, room)), dead=dead, key=self._key) if first else []
        known = {entry.peeked.id: entry for entry in before}
        return tuple(known.get(peeked.id) or Entry(peeked, insight(peeked.value)) for peeked in found)

    # -------------------------------------------------------------- back in the window's thread
    def _take(self, view: View) -> None:
        self._looking = False
        if self._listens and view.address and not view.trouble:
            self.ears.attend(self._url, [state.name for state in view.queues])
        elif self._listens:
            self.ears.end()
        again, self._again = self._again, False
        if again:
            self.look(*self._asked)
        self.looked.emit(view)


def local_jobs_within(seconds: float) -> int:
    """Return how many that are, 0 if nobody says it in time: a window that closes does not wait for a server."""
    found: list[int] = []

    def count() -> None:
        with contextlib.suppress(Exception):  # whatever a server says that is going
            found.append(local_jobs())

    counting = threading.Thread(target=count, name="flodesk local jobs", daemon=True)
    counting.start()
    counting.join(seconds)
    return next(iter(found), 0)


def local_jobs() -> int:
    """Return how many jobs run or wait on the local queue, but for those that the editors of this process have."""
    if not LOCAL.url:
        return 0
    stream: Any = import_module("flodesk.engine.places.server.stream")
    listed: Any = import_module("flodesk.engine.places.workers.jobs_told")
    server = stream.connect(f"{LOCAL.url}?socket_timeout=1")
    try:
        jobs = [job for job in listed.look(server, listed.key_here()).jobs if job.state in ("running", "waiting")]
    finally:
        server.close()
    return max(0, len(jobs) - LOCAL.editors)


def _shown(url: str) -> str:
    """Return an address without its password, and without what is behind it."""
    try:
        stream: Any = import_module("flodesk.engine.places.server.stream")
    except ModuleNotFoundError:
        return ""
    return str(stream.hidden(url)).partition("?")[0]


def _missing() -> str:
    """Say what has to be installed before a local queue can be started; empty if nothing."""
    try:
        broker: Any = import_module("flodesk.engine.places.server.broker")
        import_module("redis")
        import_module("rq")
    except ModuleNotFoundError as error:
        return f"It needs the package {error.name}"
    try:
        broker.server_program()
    except broker.BrokerError as error:
        if str(error) == broker.NONE_FOR_WINDOWS:
            return str(error)
        return "There is no Redis or Valkey server on this machine"
    return ""


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"It needs the package {error.name}: pip install 'flodesk[redis]'"
    words = str(error) or type(error).__name__
    return words[:1].upper() + words[1:]


def since(moment: float) -> str:
    """Say how long something has waited."""
    seconds = max(0.0, time.time() - moment)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
