"""The engine on a Redis queue, set up when the first run goes there.

Its packages are imported then, and a server and a worker of our own are started where no server is named.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flodesk.engine.client import Engine
from flodesk.engine.events import Event, LogLine

CLOSE_SECONDS = 15.0
"""As long as a server and a worker may take to start."""


class Queued:
    """Sets up a place that takes a while to stand, in a thread: the window must not wait for a server.

    Parameters
    ----------
    redis : str, optional
        Address of the server; by default ``$FLODESK_REDIS_URL``, else we start one and a worker.
    ready : callable
        Called in that thread when it stands.
    failed : callable
        Called in it with the reason in words when it does not.
    told : callable
        Takes the events of what runs there.

    Attributes
    ----------
    engine : Engine or None
        The engine there, once it stands.
    """

    def __init__(
        self,
        redis: str | None,
        *,
        ready: Callable[[], None],
        failed: Callable[[str], None],
        told: Callable[[Event], None],
    ) -> None:
        self.engine: Engine | None = None
        self._redis = redis or os.environ.get("FLODESK_REDIS_URL", "")
        self._ready = ready
        self._failed = failed
        self._told = told
        self._own = contextlib.ExitStack()
        self._thread: threading.Thread | None = None

    def set_up(self) -> None:
        """Begin to set it up, unless that is on already."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="flodesk place", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End what was started. Final."""
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)
        if self.engine is not None:
            self.engine.close()
        self._own.close()

    def _work(self) -> None:
        try:
            self.engine = self._connected()
            self._ready()
        except ModuleNotFoundError as error:
            self._refuse(f"A run on a Redis queue needs the package {error.name}: pip install 'flodesk[redis]'")
        except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
            self._refuse(str(error))

    def _refuse(self, why: str) -> None:
        self._own.close()
        self.engine = None
        self._failed(why)

    def _connected(self) -> Engine:
        rq: Any = import_module("flodesk.engine.places.rq")
        url = self._redis
        if not url:
            broker: Any = import_module("flodesk.engine.places.broker")
            worker: Any = import_module("flodesk.engine.places.worker")
            url = self._own.enter_context(broker.LocalServer()).url
            wire: Any = import_module("flodesk.engine.places.wire")
            self._own.enter_context(worker.OwnWorker(url, wire.usual_queue()))
            text = "No Redis server is named ($FLODESK_REDIS_URL): one of our own was started."
            self._told(LogLine("", "", "info", text, time.time()))
        engine: Engine = rq.RqEngine(url)
        engine.listener = self._told
        return engine
