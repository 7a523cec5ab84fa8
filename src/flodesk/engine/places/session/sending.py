"""What an editor says is sent by a thread of its own: nobody who turns a knob waits for the network."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from redis.exceptions import OutOfMemoryError, RedisError, ResponseError

AGAIN_SECONDS = 0.25
MOST = 500
"""So much waits at most for a server that does not answer."""

Deed = Callable[[], object]


class Sending:
    """Does one thing after the other that waits for the server; what it did not answer to is done again when it does.

    Parameters
    ----------
    again : callable
        Sends once more, after the server has not answered, what may have been lost; raises `RedisError` while it does
        not answer still. Then the deed is repeated that was on: it knows whether it had come so far.
    failed : callable
        Takes an error in a deed that nobody has thought of; the others go on.
    most : float
        So much waits at most.
    """

    def __init__(self, again: Deed, failed: Callable[[Exception], object], most: float = MOST) -> None:
        self._again = again
        self._failed = failed
        self._most = most
        self._waiting: dict[object, Deed] = {}
        self._busy = self._closed = False
        self._changed = threading.Condition()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._work, name="flodesk rq sender", daemon=True)
        self._thread.start()

    def put(self, deed: Deed, key: object = None) -> bool:
        """Have something done after all that was put before; returns False where too much waits, and it is not done.

        Parameters
        ----------
        key : optional
            Of what has this key only the newest is done.
        """
        with self._changed:
            if key is not None:
                self._waiting.pop(key, None)
            if self._closed or len(self._waiting) >= self._most:
                return False
            self._waiting[object() if key is None else key] = deed
            self._changed.notify_all()
        return True

    def wait(self, seconds: float) -> bool:
        """Wait until all is done, so many s at most; returns whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def close(self) -> None:
        """Do nothing any more. Final; what is on goes on until its connection is closed."""
        with self._changed:
            self._closed = True
            self._left.set()
            self._waiting.clear()
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread."""
        self._thread.join(seconds)

    def _work(self) -> None:
        while (deed := self._next()) is not None:
            while not self._closed and self._do(deed):
                self._wait_for_server()

    def _do(self, deed: Deed) -> bool:
        """Do it, and return whether the server did not answer, or has no room."""
        try:
            deed()
        except Exception as error:  # noqa: BLE001 - whatever it is, what comes after it is to be done all the same
            refused = isinstance(error, ResponseError) and not isinstance(error, OutOfMemoryError)
            if isinstance(error, RedisError) and not refused:
                return True
            if not self._closed:  # then its connection was closed, so that it does not wait for the server
                self._failed(error)
        return False

    def _next(self) -> Deed | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            self._busy = True
            return self._waiting.pop(next(iter(self._waiting)))

    def _wait_for_server(self) -> None:
        """Wait until it answers; what was turned meanwhile is put meanwhile, and the newest of it is done then."""
        while not self._left.wait(AGAIN_SECONDS):
            with contextlib.suppress(RedisError):
                self._again()
                return
