"""The program that takes flows from a Redis queue and runs them, without Qt."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import pkgutil
import platform
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from types import FrameType, TracebackType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker, Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from flodesk.engine.lifeline import follow
from flodesk.engine.places.guard import Guard, NoKeyError
from flodesk.engine.places.hosting import Host
from flodesk.engine.places.job import FlowJob
from flodesk.engine.places.job_list import worker_facts
from flodesk.engine.places.key import find_key, how_to_get_one
from flodesk.engine.places.signing import RefusedError, Writing
from flodesk.engine.places.stream import (
    BEAT_KEPT_SECONDS,
    BEAT_SECONDS,
    ENDED,
    Keys,
    PlaceError,
    beat_key,
    connect,
    hidden,
)
from flodesk.flow.packs import packs

LIBRARY = "flodesk.nodes"
PRELOADED = ("numpy", "scipy.signal", "pandas")
"""Imported once by the worker, so that the process it forks for each run has them."""


def serve(
    url: str,
    queues: Sequence[str],
    *,
    burst: bool = False,
    own: bool = False,
    key_file: str = "",
    allow: Sequence[str] = (),
) -> None:
    """Run the flows that are put on these queues, one after the other, until interrupted.

    Parameters
    ----------
    burst : bool
        Leave when the queues are empty.
    own : bool
        The server is there for this worker alone, and both for whoever holds the other end of standard input: all end
        with it.
    key_file : str
        Where the key stands with which jobs are signed; by default it is looked for (`flodesk.engine.places.key`).
    allow : sequence of str
        Modules that flows may import beside Python's own, flodesk, NumPy, pandas, SciPy and installed packs.

    Raises
    ------
    PlaceError
        The server does not answer, or does no more; or the key that is named cannot be read.
    """
    if find_key(key_file) is None and not own:  # whoever starts one of its own makes it
        print(f"flodesk worker: there is no key here yet, so all is refused: {how_to_get_one()}", file=sys.stderr)
    made: list[FlowWorker] = []
    if own:
        threading.Thread(target=_end_with_input, args=(made, url), name="flodesk owner", daemon=True).start()
    connection = connect(url)
    _preload()
    worker = FlowWorker(
        [Queue(name, connection=connection, serializer=JSONSerializer, job_class=FlowJob) for name in queues],
        connection=connection,
        serializer=JSONSerializer,
        job_class=FlowJob,
        name=_name(),
    )
    worker.url = url
    worker.guard = Guard(key_file, allow)
    worker.guard.host = Host(url, tuple(queues), worker.name, own)
    worker.greeting = f"flodesk worker: waiting for flows on {', '.join(queues)} at {hidden(url)} (Ctrl+C ends it)"
    made.append(worker)
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(worker.name, url, over), name="flodesk beat", daemon=True)
    beating.start()
    lost = _Lost()
    worker.log.addFilter(lost)
    try:
        worker.work(burst=burst, logging_level="WARNING")
    except StopRequested:  # asked to end between its greeting and its first look at the queues
        worker.teardown()
    except RedisError as error:
        lost.error = lost.error or error
    finally:
        over.set()
        beating.join(5.0)
        worker.log.removeFilter(lost)  # the log is of all workers of this process
    if lost.error is not None:
        why = str(lost.error).rstrip(".")
        raise PlaceError(
            f"The Redis server at {hidden(url)} has gone: {why}. Start the worker again with it."
        ) from lost.error


def _name() -> str:
    """Return a name for this worker by which people find it: no other has it, also where a process id comes again."""
    host = re.sub(r"[^\w.-]", "-", platform.node()) or "worker"
    return f"{host}.{os.getpid()}.{secrets.token_hex(2)}"


def _beat(name: str, url: str, over: threading.Event) -> None:
    """Say again and again that this worker is alive, by a connection of its own."""
    connection = Redis.from_url(url, socket_connect_timeout=BEAT_SECONDS)
    while True:  # from the first moment: a worker without a beat counts as dead
        with contextlib.suppress(RedisError):
            connection.set(beat_key(name), b"1", ex=BEAT_KEPT_SECONDS)
        if over.wait(BEAT_SECONDS):
            break
    with contextlib.suppress(RedisError):
        connection.delete(beat_key(name))
    connection.close()


def _preload() -> None:
    """Import what flows need most, and keep it out of the way of the processes that are forked for them."""
    library: Any = import_module(LIBRARY)
    nodes = (found.name for found in pkgutil.iter_modules(library.__path__, f"{LIBRARY}."))
    for module in (*PRELOADED, *nodes):
        with contextlib.suppress(ImportError):  # what a flow needs and has not is told by the flow
            import_module(module)
    # what is here by now stays: without this, the first collection in a fork copies every page that it looks at
    gc.collect()
    gc.freeze()


class _Lost(logging.Filter):
    """Keeps the traceback to itself with which RQ ends at a server that has gone: a sentence says it in the end."""

    error: BaseException | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line of RQ is for people."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RedisError):
            self.error = error
        return not isinstance(error, RedisError)


def _end_with_input(made: Sequence[FlowWorker], url: str) -> None:
    """End the run of the worker, the server and this process when standard input ends, whatever they are doing."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what is said of a lost server from now on is no news
    for worker in made:
        if getattr(worker, "horse_pid", 0):
            worker.kill_horse()
    with contextlib.suppress(RedisError, PlaceError):
        connect(url).shutdown(nosave=True)
    os._exit(0)


STOP_SECONDS = 4.0
"""What a run gets to stop politely once the worker is asked to end, its objects' ``close()`` included."""


# Where there is no fork the run is in the worker's own process, and a node that never returns ends with the worker.
class FlowWorker(Worker if hasattr(os, "fork") else SimpleWorker):  # type: ignore[misc]  # RQ is untyped
    """A worker that says when it can be found by those who look for one.

    Asked to end (SIGTERM, Ctrl+C) it stops its run first, as the editor would: a live flow never ends by itself. What
    does not stop in time is ended; a second signal ends all at once.
    """

    greeting = ""
    url = ""
    guard: Guard
    serving: tuple[Any, Any] | None = None
    """The job that runs now, and its queue."""
    ending = False
    """Whether the run is ended with the worker."""

    @property
    def child(self) -> int:
        """The process that runs the job; 0 where that is this one."""
        return int(getattr(self, "horse_pid", 0))

    def serialize(self) -> dict[str, Any]:
        """Return what others see of this worker: beside what RQ says, its version and the packs it has."""
        version = str(getattr(sys.modules.get("flodesk"), "__version__", ""))
        known = [pack.distribution or pack.name for pack in packs()]
        return {**super().serialize(), **worker_facts(version, known)}

    def execute_job(self, job: Any, queue: Any) -> None:
        """Run one flow. A server that goes meanwhile is waited for, like between two flows."""
        self.serving = job, queue
        job.guard = self.guard
        try:
            super().execute_job(job, queue)
        except RedisError as error:
            print(f"flodesk worker: job {job.id}: {error}", file=sys.stderr, flush=True)
        finally:
            self.serving = None

    def maintain_heartbeats(self, job: Any) -> None:
        """Say that a run is on; if the server is away, the next time will do."""
        with contextlib.suppress(RedisError):
            super().maintain_heartbeats(job)

    def setup_work_horse_signals(self) -> None:
        """Let a run end with its worker: nobody could stop it any more, and it may be run again elsewhere."""
        super().setup_work_horse_signals()
        follow(os.getppid())

    def handle_exception(self, job: Any, *exc_info: Any) -> None:
        """Say what a job failed by; one that was refused in a sentence."""
        error = exc_info[1]
        if isinstance(error, RefusedError):
            todo = f": {how_to_get_one()}" if isinstance(error, NoKeyError) else ""
            print(f"flodesk worker: job {job.id} was refused: {error}{todo}", file=sys.stderr, flush=True)
        else:
            super().handle_exception(job, *exc_info)

    def handle_warm_shutdown_request(self) -> None:
        """Stop the run that is on: the first signal."""
        if self.serving is not None:
            run = self.serving[0].id
            threading.Thread(target=self._stop_run, args=(run, self.child), name="flodesk stop", daemon=True).start()

    def _stop_run(self, run: str, child: int) -> None:
        """Ask a run to stop, by a connection of its own: the worker's is in use where the signal has come in."""
        with contextlib.suppress(RedisError, PlaceError, RefusedError):
            connection = connect(self.url)
            close = Writing(self.guard.key().secret, run).entry({"c": "close"})
            connection.xadd(Keys(run).commands, close, maxlen=10_000)
            connection.close()
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            if self.serving is None or self.serving[0].id != run:
                return
            time.sleep(0.05)
        if child and self.child == child:
            self.ending = True
            self.kill_horse()

    def handle_job_failure(self, job: Any, queue: Any, *arguments: Any, exc_string: str = "", **options: Any) -> None:
        """Note that a job has failed; one that was ended with its worker says so, and is not taken for a crash."""
        super().handle_job_failure(job, queue, *arguments, exc_string=ENDED if self.ending else exc_string, **options)

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """End the run and the worker at once, and let who waits for the run know: the second signal."""
        if self.serving is not None and self.child:
            self.kill_horse()
            self.wait_for_horse()
            with contextlib.suppress(RedisError):
                self.handle_job_failure(*self.serving, exc_string=ENDED)
        raise SystemExit(130)

    def bootstrap(self, *arguments: Any, **options: Any) -> None:
        """Register, and say so once a signal is an order to end: whoever reads the greeting may send one at once."""
        super().bootstrap(*arguments, **options)
        self._install_signal_handlers()
        print(self.greeting, flush=True)


class OwnWorker:
    """A worker as a process of its own, that ends with the ``with`` statement, or with this process however it ends.

    Parameters
    ----------
    url : str
        Address of a server that is there for this worker alone: the worker ends it, too.
    queue : str
        Name of the queue.

    Raises
    ------
    PlaceError
        It ended before it listened.
    """

    def __init__(self, url: str, queue: str) -> None:
        # -P: a file in the folder that this was started from must not pass for a package that the worker imports
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flodesk", "worker", "--own", "--queue", queue],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "FLODESK_REDIS_URL": url},  # a command line would show the password to everybody
            start_new_session=True,  # Ctrl+C in the terminal is the business of who started it
        )
        assert self._process.stdout is not None
        try:
            # its first line says that it listens; what it would say later goes nowhere
            listens = self._process.stdout.readline()
        except BaseException:  # Ctrl+C, most likely: it takes seconds where the disk is cold
            self.close()
            raise
        if not listens:
            self.close()
            raise PlaceError(f"The worker of our own ended at once, with code {self._process.returncode}.")

    def close(self) -> None:
        """End it. Safe to call twice."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> OwnWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
