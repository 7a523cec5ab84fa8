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
from flodesk.engine.places.stream import connect, hidden

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
    # Where there is no fork the run is in the worker's own process, and a node that never returns ends with the worker.
    kind: Any = Worker if hasattr(os, "fork") else SimpleWorker
    worker = kind(
        [Queue(name, connection=connection, serializer=JSONSerializer, job_class=FlowJob) for name in queues],
        connection=connection,
        serializer=JSONSerializer,
        job_class=FlowJob,
    )
    print(f"flodesk worker: waiting for flows on {', '.join(queues)} at {hidden(url)} (Ctrl+C ends it)", flush=True)
    worker.work(burst=burst, logging_level="WARNING")


def start_worker(url: str, queue: str) -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own; the caller ends it."""
    return subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", url, "--queue", queue],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
