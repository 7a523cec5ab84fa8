"""News of a Redis server: whoever shows its queues, workers and jobs waits for a change, and asks nothing meanwhile.

The server itself tells which keys were changed (``CLIENT TRACKING`` in broadcasting mode, Redis 6 and Valkey), whoever
has changed them. Where it cannot, or this user may not ask for that, `News.wait` waits for a while and says that
something may have changed.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from flodesk.engine.places.queues.queue_list import watched_keys
from flodesk.engine.places.queues.redis_queue_scripts import NAMES
from flodesk.engine.places.server.stream import CONNECT_SECONDS

POLL_SECONDS = 2.0
"""How long is waited where the server does not tell."""
GATHER_SECONDS = 0.1
"""How long changes are gathered that come one after the other."""
_CHANNEL = "__redis__:invalidate"


class News:
    """Tells when something of the workers' server has changed. Use it in one thread; `close` may come from another.

    Parameters
    ----------
    url : str
        Address of the server.
    jobs : bool
        Whether the queues of jobs, the workers and the jobs are of interest.
    queues : bool
        Whether queues between loops are; `follow` names those that are looked at.

    Raises
    ------
    redis.exceptions.RedisError
        The server does not answer.

    Attributes
    ----------
    pushed : bool
        Whether the server tells; else it has to be asked now and then.
    """

    def __init__(self, url: str, *, jobs: bool = True, queues: bool = True) -> None:
        options: dict[str, Any] = {
            "protocol": 2, "socket_connect_timeout": CONNECT_SECONDS, "retry": Retry(NoBackoff(), 0),
        }  # fmt: skip
        # the connection that asked for the news has to stay: they end with it
        client: Any = Redis
        self._asking = client.from_url(url, single_connection_client=True, **options)
        self._hearing = client.from_url(url, **options)
        self._pubsub = self._hearing.pubsub(ignore_subscribe_messages=True)
        self._closed = threading.Event()
        self._followed: set[str] = set()
        self.pushed = False
        try:
            self._asking.ping()
            self._pubsub.execute_command("CLIENT", "ID")
            self._id = int(self._pubsub.connection.read_response())
            self._pubsub.subscribe(_CHANNEL)
            self._track([*(["rq:", "flodesk:beat:", "flodesk:run:"] if jobs else []), *([NAMES] if queues else [])])
            self.pushed = True
        except ResponseError:
            pass  # too old, or not allowed to this user
        except BaseException:
            self.close()
            raise

    def follow(self, names: Collection[str]) -> None:
        """Hear of these queues between loops, too, from now on."""
        new = sorted(set(names) - self._followed)
        self._followed.update(new)
        if new and self.pushed:
            self._track([key for name in new for key in watched_keys(name)])

    def wait(self, seconds: float) -> bool:
        """Wait for a change, so many s at most, and a little longer for those that come along with it.

        Returns
        -------
        bool
            Whether something has, or may have, changed. False, too, when it was closed meanwhile.

        Raises
        ------
        redis.exceptions.RedisError
            The server has gone.
        """
        if not self.pushed:
            self._closed.wait(min(seconds, POLL_SECONDS))
            return not self._closed.is_set() and seconds >= POLL_SECONDS
        try:
            if not self._heard(seconds):
                return False
            self._gather()
            return not self._closed.is_set()
        except (RedisError, OSError, ValueError):
            if self._closed.is_set():
                return False
            raise

    def close(self) -> None:
        """End it, and a `wait` that is on."""
        self._closed.set()
        connection = self._pubsub.connection
        with contextlib.suppress(Exception):
            # a thread that waits in recv wakes up by this, and by nothing else
            connection._sock.shutdown(2)
        for end in (self._pubsub.close, self._asking.close, self._hearing.close):
            with contextlib.suppress(RedisError, OSError, ValueError):
                end()

    def __enter__(self) -> News:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -------------------------------------------------------------- inside
    def _track(self, prefixes: list[str]) -> None:
        said = [word for prefix in prefixes for word in ("PREFIX", prefix)]
        self._asking.execute_command("CLIENT", "TRACKING", "ON", "REDIRECT", self._id, "BCAST", *said)

    def _heard(self, seconds: float) -> bool:
        """Return whether a change was told, in so many s at most."""
        end = time.monotonic() + seconds
        while not self._closed.is_set() and (left := end - time.monotonic()) > 0:
            if self._pubsub.get_message(timeout=left) is not None:  # None also where it was the answer to subscribing
                return True
        return False

    def _gather(self) -> None:
        """Take what is told right after a change: a job changes a dozen keys."""
        end = time.monotonic() + GATHER_SECONDS
        while (left := end - time.monotonic()) > 0 and not self._closed.is_set():
            self._pubsub.get_message(timeout=left)
