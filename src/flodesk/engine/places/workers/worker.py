"""The program that takes flows from a Redis queue and runs them, without Qt."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from types import TracebackType
from typing import IO

from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from flodesk.engine.interpreting import module_command
from flodesk.engine.lifeline import end_of
from flodesk.engine.places.part.hosting import Host
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.key import find_key, how_to_get_one
from flodesk.engine.places.server.stream import BEAT_SECONDS, PlaceError, connect, hidden
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.session.runs_there import keep_entry
from flodesk.engine.places.workers.flow_queue import FlowQueue
from flodesk.engine.places.workers.flow_worker import STOP_SECONDS, FlowWorker, StartingWorker, worker_class
from flodesk.engine.places.workers.group_process import obey
from flodesk.engine.places.workers.member import Member, new_name
from flodesk.engine.places.workers.preloading import preload
from flodesk.engine.places.workers.spare import Spares
from flodesk.engine.places.workers.sweeping import sweep
from flodesk.engine.places.workers.worker_alive import say_alive, say_gone
from flodesk.engine.places.workers.worker_group import Group
from flodesk.engine.settings import section

START_SECONDS = 60.0
"""As long as a worker of our own may take to begin: its Python reads from a cold disk, or waits for something."""
LEAVE = b"leave\n"
"""What is said to a worker of our own whose server stays for others."""


def serve(
    url: str,
    queues: Sequence[str],
    *,
    burst: bool = False,
    own: bool = False,
    key_file: str = "",
    allow: Sequence[str] = (),
    fork: bool = True,
    concurrency: int = 1,
    name: str = "",
    owned: bool = False,
) -> int:
    """Run the flows that are put on these queues, until interrupted.

    Parameters
    ----------
    burst : bool
        Leave when the queues are empty.
    own : bool
        The server is there for this worker alone, and both for whoever holds the other end of standard input: all end
        with it.
    key_file : str
        Where the key stands with which jobs are signed; by default it is looked for
        (`flodesk.engine.places.server.key`).
    allow : sequence of str
        Modules that flows may import beside Python's own, flodesk, NumPy, pandas, SciPy and installed packs.
    fork : bool
        Whether the process of a run is forked, where that is possible; else it is started ahead.
    concurrency : int
        How many run side by side: so many workers, each in a process of its own.
    name : str
        What the worker is called that is one of several, and ends when its standard input says so.
    owned : bool
        Whether those several are there for whoever started them, alone.

    Returns
    -------
    int
        The exit code: 130 where several were ended at once.

    Raises
    ------
    PlaceError
        The server does not answer, or does no more; or the key that is named cannot be read.
    """
    if name:
        obey()
    elif find_key(key_file) is None and not own:  # whoever starts one of its own makes it
        print(f"flodesk worker: there is no key here yet, so all is refused: {how_to_get_one()}", file=sys.stderr)
    ends: list[Callable[[], None]] = []
    if own:
        threading.Thread(target=_end_with_input, args=(ends, url), name="flodesk owner", daemon=True).start()
    connect(url).close()  # it is said at once that nobody answers
    if fork:
        preload()
    many = f"{concurrency} workers wait" if concurrency > 1 else "waiting"

    def greet() -> None:
        listens = ", ".join(queues)
        print(f"flodesk worker: {many} for flows on {listens} at {hidden(url)} (Ctrl+C ends it)", flush=True)

    member = Member(url, tuple(queues), key_file, tuple(allow), fork=fork, own=own or owned, name=name)
    if concurrency > 1:
        group = Group(member, concurrency, work, greet, burst=burst)
        ends.append(group.kill)
        return group.run()
    work(member, greet, burst=burst, ends=ends)
    return 0


def work(
    member: Member, greet: Callable[[], None], *, burst: bool = False, ends: list[Callable[[], None]] | None = None
) -> None:
    """Take jobs until this is interrupted.

    Parameters
    ----------
    greet : callable
        Called when it listens.
    ends : list
        Gets what ends the run that is on.

    Raises
    ------
    PlaceError
        The server does not answer, or does no more.
    """
    connection = connect(member.url)
    kind = worker_class(fork=member.fork)
    job_class = kind.job_class if issubclass(kind.job_class, FlowJob) else FlowJob
    options = {"connection": connection, "serializer": JSONSerializer, "job_class": job_class}
    worker = kind([FlowQueue(name, **options) for name in member.queues], **options, name=member.name or new_name())
    worker.url, worker.greet = member.url, greet
    worker.guard = Guard(member.key_file, member.allow, own=member.own)
    worker.guard.host = Host(member.url, member.queues, worker.name, member.own)
    if isinstance(worker, StartingWorker):
        worker.spares = Spares({**asdict(member), "name": worker.name})
        worker.spares.prepare()
    if ends is not None:
        ends.append(worker.end_run)
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(worker, member, over), name="flodesk beat", daemon=True)
    beating.start()
    lost = _Lost()
    worker.log.addFilter(lost)
    worker.log.addFilter(_said_in_words)
    try:
        worker.work(burst=burst, logging_level="WARNING")
    except StopRequested:  # asked to end between its greeting and its first look at the queues
        try:
            worker.teardown()
        except RedisError as error:
            lost.error = lost.error or error
    except RedisError as error:
        lost.error = lost.error or error
    finally:
        over.set()
        beating.join(5.0)
        worker.log.removeFilter(_said_in_words)
        worker.log.removeFilter(lost)  # the log is of all workers of this process
    if lost.error is not None:
        why = str(lost.error).rstrip(".")
        raise PlaceError(
            f"The Redis server at {hidden(member.url)} has gone: {why}. Start the worker again with it."
        ) from lost.error


def _beat(worker: FlowWorker, member: Member, over: threading.Event) -> None:
    """Say again and again that this worker is alive, and see to what others have left who are not."""
    name, patience = worker.name, section("queue", Wire()).patience
    connection = Redis.from_url(member.url, socket_connect_timeout=BEAT_SECONDS)
    while True:  # from the first moment: a worker without a beat counts as dead
        with contextlib.suppress(RedisError):
            say_alive(connection, name, patience)
            worker.stay_listed(connection)
        with contextlib.suppress(RedisError, LookupError, TypeError, ValueError):  # whatever stands there
            sweep(connection, member.queues, key=worker.guard.secret())
        with contextlib.suppress(RedisError):
            serving = worker.serving
            if serving is not None:
                keep_entry(connection, worker.guard.secret(), str(serving[0].id))
        if over.wait(BEAT_SECONDS):
            break
    with contextlib.suppress(RedisError):
        say_gone(connection, name)
    connection.close()


class _Lost(logging.Filter):
    """Keeps the traceback to itself with which RQ ends at a server that has gone: a sentence says it in the end."""

    error: BaseException | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line of RQ is for people."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RedisError):
            self.error = error
        return not isinstance(error, RedisError)


def _said_in_words(record: logging.LogRecord) -> bool:
    """Return whether a line of RQ is none that the worker says in words of its own."""
    return "Work-horse terminated unexpectedly" not in record.getMessage()


def _end_with_input(ends: Sequence[Callable[[], None]], url: str) -> None:
    """End the run of the worker, the server and this process when standard input ends, whatever they are doing.

    The server stays where that is said before.
    """
    said = b""
    with contextlib.suppress(OSError):
        while heard := os.read(0, 1024):
            said += heard
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what is said of a lost server from now on is no news
    for end in ends:
        end()
    if not said.endswith(LEAVE):
        with contextlib.suppress(RedisError, PlaceError):
            connect(url).shutdown(nosave=True)
    os._exit(0)


class EndedEarlyError(PlaceError):
    """A worker of our own has ended before it listened; the text says how.

    Attributes
    ----------
    code : int
        Its exit code.
    complaint : str
        Its last line on standard error, where that is listened to.
    """

    def __init__(self, called: str, code: int, complaint: str) -> None:
        super().__init__(f"The {called} {end_of(code)} before it listened. {complaint}".rstrip())
        self.code, self.complaint = code, complaint


class OwnWorker:
    """A worker as a process of its own, that ends with the ``with`` statement, or with this process however it ends.

    Parameters
    ----------
    url : str
        Address of a server that is there for this worker alone: the worker ends it, too.
    queues : str
        Names of its queues.
    concurrency : int
        How many runs go on side by side.
    python : str
        The interpreter of the environment that flows run in; empty is that of this process.

    begun : callable, optional
        Gets this when its process is there: from then on it can be ended from another thread, too.
    ended : callable, optional
        Called, in a thread of its own, when the process of one that has listened has ended, however that came, also
        by `close`; gets this and the exit code.

    Raises
    ------
    PlaceError
        It could not be started, or did not listen within `START_SECONDS`.
    EndedEarlyError
        It ended before it listened.
    """

    def __init__(
        self,
        url: str,
        *queues: str,
        concurrency: int = 1,
        python: str = "",
        begun: Callable[[OwnWorker], object] = lambda worker: None,
        ended: Callable[[OwnWorker, int], object] | None = None,
    ) -> None:
        options = [word for queue in queues for word in ("--queue", queue)] + ["--concurrency", str(concurrency)]
        self._called = f"worker in {python}" if python else "worker of our own"
        try:
            self._process = subprocess.Popen(
                [*module_command("flodesk", python), "worker", "--own", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if python else None,
                env={**os.environ, "FLODESK_REDIS_URL": url},  # a command line would show the password to everybody
                start_new_session=True,  # Ctrl+C in the terminal is the business of who started it
            )
        except OSError as error:
            todo = " Choose another environment, or make this one anew." if python else ""
            raise PlaceError(f"The {self._called} cannot be started: {error.strerror or error}.{todo}") from error
        self._complaints: deque[str] = deque(maxlen=1)
        self._first = b""
        """Its first line, which says that it listens; what it would say later goes nowhere."""
        self._listens, self._heard = threading.Event(), threading.Event()
        """Its first line has come, or never will; it says nothing more. Awaited in place of the threads: those who
        wait may be in one of Qt's, and what joins another from there stays in Python's list of threads for good."""
        stdout, stderr = self._process.stdout, self._process.stderr
        assert stdout is not None
        threading.Thread(target=self._await, args=(stdout,), name="flodesk own worker begins", daemon=True).start()
        if stderr is None:
            self._heard.set()
        else:
            threading.Thread(target=self._listen, args=(stderr,), name="flodesk own worker says", daemon=True).start()
        try:
            begun(self)
            late = not self._listens.wait(START_SECONDS)
        except BaseException:  # Ctrl+C, most likely: it takes seconds where the disk is cold
            self.close()
            raise
        if not self._first:
            if not late:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(3)
            code = self._process.returncode  # its own: after this it is ended here
            self.leave()
            if code is not None:
                raise EndedEarlyError(self._called, code, self.complaint)
            how = f"does not begin: it was ended{f' after {START_SECONDS:g} s' if late else ''}."
            raise PlaceError(f"The {self._called} {how} {self.complaint}".rstrip())
        if ended is not None:
            name = "flodesk own worker ends"
            threading.Thread(target=lambda: ended(self, self._process.wait()), name=name, daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def complaint(self) -> str:
        """Its last line on standard error; empty where that goes to ours untouched."""
        return "".join(self._complaints)

    def leave(self) -> None:
        """End it; the server stays for others."""
        with contextlib.suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(LEAVE)
        self.close()

    def _await(self, stream: IO[bytes]) -> None:
        """Take its first line."""
        with contextlib.suppress(OSError, ValueError):
            self._first = stream.readline()
        self._listens.set()

    def _listen(self, stream: IO[bytes]) -> None:
        """Pass on what it complains of; the last line is kept."""
        with stream:
            for line in stream:
                self._complaints.append(line.decode(errors="replace").strip())
                if sys.stderr is not None:
                    sys.stderr.write(f"{self._complaints[-1]}\n")
        self._heard.set()

    def close(self) -> None:
        """End it. Safe to call twice, and while it begins: it has nothing to bring to an end then."""
        if not self._first:
            self._kill()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # it has ended before it was told to
                self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        self._heard.wait(3)
        if self._process.stdout is not None and self._listens.wait(3):
            self._process.stdout.close()

    def _kill(self) -> None:
        """End it at once, and what it has started: that holds the ways on which it is listened to."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended meanwhile
                os.killpg(self._process.pid, signal.SIGKILL)

    def __enter__(self) -> OwnWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


__all__ = ["STOP_SECONDS", "Member", "OwnWorker", "new_name", "serve", "work"]
