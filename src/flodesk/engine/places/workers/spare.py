"""Processes that are started before they are needed, for a worker that cannot fork: its end of them.

One runs one job and ends. They hold nothing of this process, so they are started in the same way on every system.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any

from flodesk.engine.lifeline import end_of
from flodesk.engine.places.server.guard import NoKeyError
from flodesk.engine.places.server.signing import RefusedError

START_SECONDS = 120.0
"""What a process gets to import what flows need most."""
END_SECONDS = 2.0
TRIES = 3
"""So many processes in a row may end before they are ready."""


class LostError(RuntimeError):
    """The process of a job has ended before the job had."""


class FailedError(RuntimeError):
    """A job has failed in its process; the text is the traceback there."""


class Spare:
    """A process that waits for a job.

    Parameters
    ----------
    hello : mapping
        What it has to know; it goes through a pipe, as the address of the server has a password in it.
    """

    def __init__(self, hello: Mapping[str, Any]) -> None:
        options: dict[str, Any] = {"start_new_session": True}  # Ctrl+C in the terminal is the worker's business
        if os.name == "nt":
            options = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        # -P: a file in the folder that this was started from must not pass for a package that it imports
        command = [sys.executable, "-P", "-m", "flodesk.engine.places.workers.spare_process", str(os.getpid())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self._said: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="flodesk spare", daemon=True)
        self._reader.start()
        self._write(hello)

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    def ready(self, seconds: float = START_SECONDS) -> bool:
        """Wait until it can begin a job; False where it has ended before that."""
        with contextlib.suppress(Empty):
            return self._said.get(timeout=seconds) is not None
        self.kill()
        return False

    @property
    def alive(self) -> bool:
        """Whether it is there."""
        return self._process.poll() is None

    def begin(self, job: str) -> None:
        """Have it run a job."""
        self._write({"job": job})

    def answer(self, seconds: float) -> str | None:
        """Wait for the end of the job; None if it has not ended in so many s.

        Raises
        ------
        RefusedError
            It was not run.
        FailedError
            It has failed.
        LostError
            Its process has ended, or was.
        """
        try:
            said = self._said.get(timeout=seconds)
        except Empty:
            return None
        if said is None:
            raise LostError(f"the process of the run {end_of(self._process.wait())}")
        if "refused" in said:
            raise (NoKeyError if said["key"] else RefusedError)(said["refused"])
        if "failed" in said:
            raise FailedError(said["failed"])
        return str(said["over"])

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Let it end, and see to it that it does."""
        for pipe in (self._process.stdin,):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(END_SECONDS)

    def _write(self, order: Mapping[str, Any]) -> None:
        with contextlib.suppress(OSError, ValueError):  # it has ended, which whoever waits for its answer hears
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as out:
            for line in out:
                with contextlib.suppress(ValueError):
                    self._said.put(json.loads(line))
        self._said.put(None)


class Spares:
    """The processes of one worker: the one that is to come next, started ahead.

    Parameters
    ----------
    hello : mapping
        What each has to know.
    """

    def __init__(self, hello: Mapping[str, Any]) -> None:
        self._hello = hello
        self._next: Spare | None = None

    def prepare(self) -> None:
        """Start the next one, unless it is there."""
        # by the main thread alone: on Linux it ends with the thread that has started it
        if self._next is None or not self._next.alive:
            self._next = Spare(self._hello)

    def take(self) -> Spare:
        """Return one that is ready.

        Raises
        ------
        LostError
            They end before they are.
        """
        for _ in range(TRIES):
            self.prepare()
            spare, self._next = self._next, None
            if spare is not None and spare.ready():
                return spare
        raise LostError("no process could be started for it: they end before they are ready")

    def close(self) -> None:
        """End the one that waits."""
        spare, self._next = self._next, None
        if spare is not None:
            spare.kill()
            spare.close()
