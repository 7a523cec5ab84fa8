"""What editor and worker say to each other over Redis Streams: commands and frames as through the engine's pipe.

Three streams a run: ``commands`` (editor to worker), ``events`` (worker to editor, all of them) and ``values`` (newest
values and states, of which only the last few are kept). A stream is read again from where one was after the connection
was lost. Nothing is pickled: a head is JSON, the buffers are raw bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from flodesk.engine.places.server.refusals import hidden, no_address, no_answer

QUEUE = "flodesk-flows"
"""Name of the RQ queue where whole runs are put if no other is named."""
NODES = "flodesk-nodes"
"""Where nodes are put."""
OLD = "flodesk"
"""Where an older flodesk puts runs."""
EXPIRE_SECONDS = 600
"""How long the streams of a run are kept after its last word."""
FAILED_SECONDS = 3600
"""How long a run that has failed can be looked at, and be run again."""
CONNECT_SECONDS = 3.0
PAUSE_SECONDS, MOST_PAUSE_SECONDS = 0.25, 1.0
"""Between two tries of a server that is away, the first and the longest."""
REPLY_SECONDS = 6.0
"""How long a server is waited for that says nothing; longer than what is asked of it at a time may take."""
BEAT_SECONDS = 1.0
"""How often a worker says that it is alive."""
ENDED = "The worker was ended while it ran the flow"
"""What a job says that was ended with its worker, because somebody wanted that."""
BEAT_KEPT_SECONDS = 6
"""After so long without such a word it is not."""


class PlaceError(RuntimeError):
    """A place elsewhere cannot be used; the text says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of the streams of a run."""

    run: str

    @property
    def commands(self) -> str:
        """From the editor to the worker."""
        return f"flodesk:{self.run}:commands"

    @property
    def events(self) -> str:
        """From the worker, in order, none dropped."""
        return f"flodesk:{self.run}:events"

    @property
    def end(self) -> str:
        """What there is to tell when its session is over."""
        return f"flodesk:{self.run}:end"

    def account(self, token: str) -> str:
        """To one who has asked what was so far."""
        return f"flodesk:{self.run}:account:{token}"

    @property
    def values(self) -> str:
        """From the worker, the newest."""
        return f"flodesk:{self.run}:values"


def connect(url: str) -> Redis:
    """Return a connection that was tried.

    Raises
    ------
    PlaceError
        The address is wrong, or no server answers there.
    """
    try:
        # no retries: a server that is gone is to be told at once, and whoever waits for it asks again by itself
        connection: Redis = Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=REPLY_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        connection.ping()
    except ValueError:
        raise PlaceError(no_address(url)) from None
    except RedisError as error:
        raise PlaceError(no_answer(url, error)) from error
    return connection


def pause(tries: int) -> float:
    """Return for how long in s a server is left alone that was tried so often in vain."""
    return min(PAUSE_SECONDS * 2.0 ** min(tries, 8), MOST_PAUSE_SECONDS)


def beat_key(worker: str) -> str:
    """Return the key under which a worker says that it is alive."""
    return f"flodesk:beat:{worker}"


def pack(head: Mapping[str, Any], buffers: Sequence[Any] = ()) -> dict[Any, Any]:
    """Turn a frame or command into the fields of a stream entry."""
    fields: dict[Any, Any] = {"h": json.dumps(head, separators=(",", ":"))}
    for number, buffer in enumerate(buffers):
        fields[f"b{number}"] = bytes(buffer)
    return fields


def unpack(fields: Mapping[bytes, bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Turn the fields of a stream entry into (head, buffers).

    Raises
    ------
    KeyError, ValueError
        The entry is none of ours.
    """
    head = json.loads(fields[b"h"])
    return head, [fields[b"b%d" % number] for number in range(len(fields) - 1)]


__all__ = [
    "Keys",
    "PlaceError",
    "beat_key",
    "connect",
    "hidden",
    "pack",
    "pause",
    "unpack",
]
