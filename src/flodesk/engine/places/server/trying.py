"""Whether a Redis server can be used from here, in plain words: how fast, which, who listens, whether the key fits."""

from __future__ import annotations

import time
from typing import Any

from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.key import find_key, mark_of
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.workers.job_list import WorkerState, look

PATIENCE = 5
"""Seconds that an answer may take."""
_TIMES = 5


def try_server(url: str) -> str:
    """Return what there is to say of a server that answers.

    Raises
    ------
    PlaceError
        None answers, or the key cannot be read; the text says why.
    redis.exceptions.RedisError
        It does not let this user do what is needed.
    """
    more = "&" if "?" in url else "?"
    server = connect(f"{url}{more}socket_timeout={PATIENCE}")
    try:
        took = min(_ping(server) for _ in range(_TIMES))
        told: Any = server.info("server")
        workers = [worker for worker in look(server, 1).workers if worker.alive]
    finally:
        server.close()
    name = "Valkey" if "valkey_version" in told else "Redis"
    version = line(told.get("valkey_version") or told.get("redis_version"), 20)
    return f"It answers in {_duration(took)}: {name} {version}. {_about(workers)}"


def _ping(server: Any) -> float:
    began = time.perf_counter()
    server.ping()
    return time.perf_counter() - began


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.0001 else "less than 0.1 ms"


def _about(workers: list[WorkerState]) -> str:
    if not workers:
        return "No worker listens: start one with flodesk worker."
    many = f"{len(workers)} worker{' listens' if len(workers) == 1 else 's listen'}"
    own = find_key()
    if own is None:
        return f"{many}. There is no key here yet: make one, or import theirs."
    said = [worker.key for worker in workers if worker.key]
    other = sum(key != mark_of(own.secret) for key in said)
    if other:
        which = "it has" if len(workers) == 1 else f"{other} of them {'has' if other == 1 else 'have'}"
        return f"{many}, but {which} another key: flows that are signed here are refused there."
    return f"{many}, and the key fits." if said else f"{many}."


__all__ = ["try_server"]
