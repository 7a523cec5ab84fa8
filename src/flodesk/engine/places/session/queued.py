"""The engine on a Redis queue, set up when the first run goes there.

Its packages are imported then, and a server and a worker of our own are started where no server is named.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Protocol

from flodesk.engine.client import Engine
from flodesk.engine.events import Event, LogLine
from flodesk.engine.places.server.local_queue import DIED, LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, ServerAddress, named_server, naming
from flodesk.engine.places.session.run_on import Account, RunOn

ENDS_SECONDS = 2.0
CLOSE_SECONDS = 15.0
"""As long as a server and a worker may take to start."""


class Far(Engine, Protocol):
    """An engine whose runs go on without it."""

    @property
    def waiting(self) -> bool:
        """Whether a run is on whose server does not answer, and is waited for."""

    def attach(self, run: RunOn) -> Account:
        """Follow a run that is on there; waits for what is told of it."""

    def leave(self) -> None:
        """Let the run go on without this editor."""

    def give_up(self, why: str) -> None:
        """Tell the end of the run: its server is gone for good."""


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
    engine : Far or None
        The engine there, once it stands.
    server : ServerAddress or None
        Its server; None if that is one of our own.
    """

    def __init__(
        self,
        redis: str | None,
        *,
        ready: Callable[[], None],
        failed: Callable[[str], None],
        told: Callable[[Event], None],
    ) -> None:
        self.engine: Far | None = None
        self.server: ServerAddress | None = None
        self._redis = redis or ""
        self._local, self._names = "", 0
        """The address of the local queue, where that is used; how often the named server had changed."""
        self._ready = ready
        self._failed = failed
        self._told = told
        self._thread: threading.Thread | None = None
        LOCAL.listeners.append(self._local_changed)

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

    @property
    def stays(self) -> bool:
        """Whether there is an engine whose server stays when this program ends."""
        return self.engine is not None and not self._local

    def stand(self) -> Far:
        """Return the engine there, once it stands; waits for that."""
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()
        if self.engine is None or not self.stands:
            self._leave()
            self.engine = self._connected()
        return self.engine

    @property
    def is_named(self) -> bool:
        """Whether somebody says which server it is; reading the keyring may take a while."""
        return named_server(self._redis) is not None

    def runs(self) -> list[RunOn]:
        """Return the runs of the server, the newest first; none where no server is named. Waits for that."""
        if named_server(self._redis) is None:
            return []
        there: Any = import_module("flodesk.engine.places.session.runs_there")
        with self._asking() as (connection, secret):
            runs: list[RunOn] = there.runs_on(connection, secret)
        return runs

    def account(self, run: RunOn) -> Account:
        """Return what is told of a run; waits for that."""
        there: Any = import_module("flodesk.engine.places.session.account")
        with self._asking() as (connection, secret):
            account: Account = there.ask(connection, secret, run)
        return account

    @contextlib.contextmanager
    def _asking(self) -> Iterator[tuple[Any, bytes]]:
        stream: Any = import_module("flodesk.engine.places.server.stream")
        key: Any = import_module("flodesk.engine.places.server.key")
        named = named_server(self._redis)
        assert named is not None, "a run was found there"
        connection = stream.connect(named.url)
        try:
            yield connection, key.find_or_make_key().secret
        finally:
            connection.close()

    def _local_changed(self) -> None:
        """Tell the end of a run whose server has gone with the local queue: it is not waited for, it never comes."""
        engine = self.engine
        if engine is not None and self._local and LOCAL.died and LOCAL.state == "off":
            engine.give_up(f"{DIED} Run starts another.")

    def close(self) -> None:
        """End what was started. Final. What takes long ends in a thread for which the program waits, not the window."""
        with contextlib.suppress(ValueError):
            LOCAL.listeners.remove(self._local_changed)
        ending = threading.Thread(target=self._end, name="flodesk place ends")
        ending.start()
        ending.join(ENDS_SECONDS)

    def _end(self) -> None:
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

    def _connected(self) -> Far:
        rq: Any = import_module("flodesk.engine.places.session.rq")
        self._names = naming.changes
        named = self.server = named_server(self._redis)
        url = self._local = "" if named is not None else LOCAL.hold(self, runs=True)
        if named is None:
            text = f"No Redis server is named (${VARIABLE}): one of our own was started."
            self._told(LogLine("", "", "info", text, time.time()))
        else:
            LOCAL.let_go(self)
            url = named.url
        engine: Far = rq.RqEngine(url)
        engine.listener = self._told
        return engine
