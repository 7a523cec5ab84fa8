"""The program that takes flows from a Redis queue and runs them, without Qt."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
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


def start_worker(url: str, queue: str) -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own and wait until it listens; the caller ends it.

    Raises
    ------
    PlaceError
        It ended at once, or does not listen after a while.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", url, "--queue", queue],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    # its first line says that it listens; what it would say later goes nowhere
    assert process.stdout is not None
    if not process.stdout.readline():
        raise PlaceError(f"The worker of our own ended at once, with code {process.wait(10)}.")
    return process
