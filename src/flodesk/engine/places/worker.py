"""The program that takes flows from a Redis queue and runs them, without Qt."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from types import TracebackType
from typing import Any

from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from flodesk.engine.places.job import FlowJob
from flodesk.engine.places.stream import PlaceError, connect, hidden

PRELOADED = ("numpy", "scipy.signal", "pandas")
"""Imported once by the worker, so that the process it forks for each run has them."""


def serve(url: str, queues: Sequence[str], *, burst: bool = False) -> None:
    """Run the flows that are put on these queues, one after the other, until interrupted.

    Parameters
    ----------
    burst : bool
        Leave when the queues are empty.

    Raises
    ------
    PlaceError
        The server does not answer.
    """
    connection = connect(url)
    for module in PRELOADED:
        with contextlib.suppress(ImportError):  # what a flow needs and has not is told by the flow
            import_module(module)
    worker = FlowWorker(
        [Queue(name, connection=connection, serializer=JSONSerializer, job_class=FlowJob) for name in queues],
        connection=connection,
        serializer=JSONSerializer,
        job_class=FlowJob,
    )
    worker.greeting = f"flodesk worker: waiting for flows on {', '.join(queues)} at {hidden(url)} (Ctrl+C ends it)"
    worker.work(burst=burst, logging_level="WARNING")


# Where there is no fork the run is in the worker's own process, and a node that never returns ends with the worker.
class FlowWorker(Worker if hasattr(os, "fork") else SimpleWorker):  # type: ignore[misc]  # RQ is untyped
    """A worker that says when it can be found by those who look for one."""

    greeting = ""

    def bootstrap(self, *arguments: Any, **options: Any) -> None:
        """Register, and say so."""
        super().bootstrap(*arguments, **options)
        print(self.greeting, flush=True)


class OwnWorker:
    """A worker as a process of its own, that ends with the ``with`` statement.

    Raises
    ------
    PlaceError
        It ended before it listened.
    """

    def __init__(self, url: str, queue: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flodesk", "worker", "--redis", url, "--queue", queue],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        # its first line says that it listens; what it would say later goes nowhere
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            self.close()
            raise PlaceError(f"The worker of our own ended at once, with code {self._process.returncode}.")

    def close(self) -> None:
        """End it. Safe to call twice."""
        self._process.terminate()
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
