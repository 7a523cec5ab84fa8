"""Whether a worker is alive: by its beat, its process where that is on this machine, and by how long it may be cut off.

A worker on another machine whose network is cut works on, unheard. If its job were given to somebody else after some
seconds, two would do the same. So it counts as dead only after as long as both ends of a run wait for a server.
"""

from __future__ import annotations

import math
import socket
from typing import Any

from redis import Redis

from flodesk.engine.history.process import alive
from flodesk.engine.places.server.stream import BEAT_KEPT_SECONDS, beat_key
from flodesk.engine.places.workers.job_list import began_of


def absence_key(worker: str) -> str:
    """Return the key that is there for as long as a worker may be cut off."""
    return f"flodesk:absence:{worker}"


def say_alive(connection: Redis, worker: str, patience: float) -> None:
    """Say that a worker is alive, which may be cut off for so many s without being taken for dead."""
    with connection.pipeline(transaction=False) as pipe:
        pipe.set(beat_key(worker), b"1", ex=BEAT_KEPT_SECONDS)
        pipe.set(absence_key(worker), b"1", ex=math.ceil(patience) + BEAT_KEPT_SECONDS)
        pipe.execute()


def say_gone(connection: Redis, worker: str) -> None:
    """Say that a worker has ended: nobody has to wait to see that."""
    connection.delete(beat_key(worker), absence_key(worker))


def has_died(connection: Redis, worker: str) -> bool:
    """Return whether a worker is dead: not one that is held up here, or may be cut off elsewhere.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    if connection.exists(beat_key(worker)):
        return False
    facts: Any = connection.hmget(f"rq:worker:{worker}", "flodesk", "hostname", "pid")
    ours, host, pid = facts
    if ours and (host or b"").decode(errors="replace") == socket.gethostname():
        return not ((pid or b"").isdigit() and alive(int(pid), began_of(ours)))
    return not connection.exists(absence_key(worker))
