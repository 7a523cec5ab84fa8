"""A process that waits for one job of a worker that cannot fork, runs it, and ends."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from types import FrameType
from typing import Any

from rq.serializers import JSONSerializer

from flodesk.engine.lifeline import follow
from flodesk.engine.places.part.hosting import Host
from flodesk.engine.places.server.guard import Guard, NoKeyError
from flodesk.engine.places.server.signing import RefusedError
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.workers.preloading import preload


def main() -> None:
    """Wait for the job, and run it."""
    follow(int(sys.argv[1]))
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # what a node reads and prints must not be taken for orders and answers
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _not_ours)
    hello = json.loads(orders.readline() or b"{}")
    if not hello:
        return
    preload()
    connection = connect(hello["url"])
    answers.write(b'{"ready": true}\n')
    answers.flush()
    order = json.loads(orders.readline() or b"{}")
    if order:
        said = _run(str(order["job"]), hello, connection)
        answers.write(json.dumps(said).encode() + b"\n")
        answers.flush()
    sys.stdout.flush()
    os._exit(0)  # a thread that a node has left must not keep the worker waiting


def _run(id: str, hello: Mapping[str, Any], connection: Any) -> dict[str, Any]:
    """Run a job, and return what came of it."""
    try:
        job = FlowJob.fetch(id, connection=connection, serializer=JSONSerializer)
        job.guard = Guard(hello["key_file"], hello["allow"], own=hello["own"])
        job.guard.host = Host(hello["url"], tuple(hello["queues"]), hello["name"], hello["own"])
        return {"over": str(job.func(*job.args))}
    except RefusedError as error:
        return {"refused": str(error), "key": isinstance(error, NoKeyError)}
    except BaseException:  # noqa: BLE001 - the border: whatever it is, the worker tells it
        return {"failed": traceback.format_exc()}


def _not_ours(number: int, frame: FrameType | None) -> None:
    """Leave a signal to the worker: it is asked to end as well, and stops the run first."""


if __name__ == "__main__":
    main()
