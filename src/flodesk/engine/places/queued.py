"""The engine on a Redis queue, set up when the first run goes there.

Its packages are imported then, and a server and a worker of our own are started where no server is named.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flodesk.engine.client import Engine
from flodesk.engine.events import Event, LogLine
from flodesk.engine.places.local_queue import LOCAL
from flodesk.engine.places.server_address import VARIABLE, named_server, naming

CLOSE_SECONDS = 15.0
"""As long as a server and a worker may take to start."""


class Queued:
    """Sets up a place that takes a while to stand, in a thread: the window must not wait for a server.

    Parameters
    ----------
    redis : str, optional
        Address of the server; by default the one that is named, else we start one and a worker.
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
        self._redis = redis or ""
        self._local, self._names = "", 0
        """The address of the local queue, where that is used; how often the named server had changed."""
        self._ready = ready
        self._failed = failed
        self._told = told
        self._thread: threading.Thread | None = None

    @property
    def stands(self) -> bool:
        """Whether the engine is there, and its server the one that is named."""
        gone = self._names != naming.changes or (bool(self._local) and LOCAL.url != self._local)
        return self.engine is not None and not gone

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
        LOCAL.let_go(self)

    def _work(self) -> None:
        try:
            self._leave()
            self.engine = self._connected()
            self._ready()
        except ModuleNotFoundError as error:
            self._refuse(f"A run on a Redis queue needs the package {error.name}: pip install 'flodesk[redis]'")
        except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
            self._refuse(str(error))

    def _refuse(self, why: str) -> None:
        LOCAL.let_go(self)
        self.engine = None
        self._failed(why)

    def _leave(self) -> None:
        """Leave the server of before, where another is named now."""
        engine, self.engine = self.engine, None
        if engine is not None:
            engine.close()

    def _connected(self) -> Engine:
        rq: Any = import_module("flodesk.engine.places.rq")
        self._names = naming.changes
        named = named_server(self._redis)
        url = self._local = "" if named is not None else LOCAL.hold(self, runs=True)
        if named is None:
            text = f"No Redis server is named (${VARIABLE}): one of our own was started."
            self._told(LogLine("", "", "info", text, time.time()))
        else:
            LOCAL.let_go(self)
            url = named.url
        engine: Engine = rq.RqEngine(url)
        engine.listener = self._told
        return engine
