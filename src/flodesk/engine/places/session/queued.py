"""The engine on a Redis queue, set up when the first run goes there.

Its packages are imported then, and a server and a worker of our own are started where no server is named.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Literal, Protocol

from flodesk.engine.client import Engine
from flodesk.engine.events import Event, LogLine
from flodesk.engine.places.server.crew import Crew
from flodesk.engine.places.server.local_queue import DIED, LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, ServerAddress, named_server, naming
from flodesk.engine.places.session.run_on import Account, RunOn

ENDS_SECONDS = 0.25
"""As long as the window waits for the end: then a server is slow, or gone, and it goes on in its thread."""
CLOSE_SECONDS = 15.0
"""As long as a server and a worker may take to start."""


class Far(Engine, Protocol):
    """An engine whose runs go on without it."""

    @property
    def path(self) -> str:
        """The file of the run, as the list of runs has it; empty where that is none of this machine."""

    @property
    def waiting(self) -> bool:
        """Whether a run is on whose server does not answer, and is waited for."""

    def attach(self, run: RunOn) -> Account:
        """Follow a run that is on there; waits for what is told of it."""

    def leave(self) -> None:
        """Let the run go on without this editor."""

    def give_up(self, why: str) -> None:
        """Tell the end of the run: its server is gone for good."""

    def forsake(self) -> None:
        """Follow the run no more, though its server could not be told."""


class Queued:
    """Sets up a place that takes a while to stand, in a thread: the window must not wait for a server.

    Parameters
    ----------
    redis : str, optional
        Address of the server; by default the one that is named, else we start one and a worker.
    ready : callable
        Called in that thread when it stands, and whenever that is asked for then: it may wait for the server.
    failed : callable
        Called in it with the reason in words when it does not, or when `ready` has raised.
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
        self._python = ""
        self._crew: Crew | None = None
        """In what flows run, and who runs them on the local queue."""
        self._trouble = ""
        """What was said last of the workers there."""
        self._ready = ready
        self._failed = failed
        self._told = told
        self._thread: threading.Thread | None = None
        self._asked = self._busy = False
        """Whether it is to stand, and whether the thread sees to that."""
        self._lock = threading.Lock()
        self._beside: list[threading.Thread] = []
        LOCAL.listeners.append(self._local_changed)

    @property
    def stands(self) -> bool:
        """Whether the engine is there, and its server the one that is named."""
        gone = self._names != naming.changes
        if self._local:
            crew = LOCAL.crew(self._python)
            gone = gone or LOCAL.url != self._local or crew is None or crew is not self._crew
        return self.engine is not None and not gone

    def use(self, python: str) -> None:
        """Run on the local queue in another interpreter, from the next run on; other servers have their own.

        The workers of the one before go where nobody else has a run in it.
        """
        changed, self._python = python != self._python, python
        if changed and self._local and not self._runs:  # else the next run sees to it
            self.also(self._move)

    def _move(self) -> None:
        with contextlib.suppress(Exception):  # the next run says what is wrong
            LOCAL.move(self, self._python)

    def set_up(self) -> None:
        """See to it, in the thread, that it stands, and call `ready` there."""
        with self._lock:
            self._asked = True
            if self._busy:
                return
            self._busy = True
        self._thread = threading.Thread(target=self._work, name="flodesk place", daemon=True)
        self._thread.start()

    def also(self, deed: Callable[[], object]) -> None:
        """Do something at once that may wait for the server, in a thread for which the end waits."""
        thread = threading.Thread(target=deed, name="flodesk place also")
        self._beside = [*(other for other in self._beside if other.is_alive()), thread]
        thread.start()

    @property
    def stays(self) -> bool:
        """Whether there is an engine whose server stays when this program ends."""
        return self.engine is not None and not self._local

    def stay(self) -> None:
        """See to it that the server stays when this ends: a run was left there. Waits for that."""
        if self._local:
            with contextlib.suppress(Exception):  # then the next run waits for a worker, and says so
                LOCAL.stay(self._python)

    @property
    def _runs(self) -> bool:
        return self.engine is not None and self.engine.running

    @property
    def url(self) -> str:
        """Where the server is: that which is named, else the local queue; empty where none is. May ask the keyring."""
        named = named_server(self._redis)
        return named.url if named is not None else LOCAL.url

    @property
    def is_named(self) -> bool:
        """Whether somebody says which server it is; reading the keyring may take a while."""
        return named_server(self._redis) is not None

    def runs(self) -> list[RunOn]:
        """Return the runs of the server, the newest first; none where there is no server. Waits for that."""
        address = self.url
        if not address:
            return []
        there: Any = import_module("flodesk.engine.places.session.runs_there")
        with _asking(address) as (connection, secret):
            runs: list[RunOn] = there.runs_on(connection, secret)
        return runs

    def account(self, run: RunOn) -> Account:
        """Return what is told of a run; waits for that."""
        there: Any = import_module("flodesk.engine.places.session.account")
        with _asking(self.url) as (connection, secret):
            account: Account = there.ask(connection, secret, run)
        return account

    def _local_changed(self) -> None:
        """Tell the end of a run whose server has gone with the local queue: it is not waited for, it never comes.

        Also what has become of a worker there that has died.
        """
        engine = self.engine
        if engine is not None and self._local and LOCAL.died and LOCAL.state == "off":
            engine.give_up(f"{DIED} Run starts another.")
        crew, before = self._crew, self._trouble
        self._trouble = crew.trouble if engine is not None and self._local and crew is not None else ""
        if self._trouble not in ("", before):
            self._note("warning", self._trouble)

    def close(self) -> None:
        """End what was started. Final. What takes long ends in a thread for which the program waits, not the window."""
        with contextlib.suppress(ValueError):
            LOCAL.listeners.remove(self._local_changed)
        ending = threading.Thread(target=self._end, name="flodesk place ends")
        ending.start()
        ending.join(ENDS_SECONDS)

    def _end(self) -> None:
        if self.engine is None:
            LOCAL.let_go(self)  # a worker that begins is not waited for
        for thread in (self._thread, *self._beside):
            if thread is not None:
                thread.join(CLOSE_SECONDS)
        if self.engine is not None:
            self.engine.close()
        LOCAL.let_go(self)

    def _work(self) -> None:
        while self._next():
            try:
                if not self.stands:
                    self._leave()
                    self.engine = self._connected()
                elif self._local:
                    LOCAL.need(self._python)
            except ModuleNotFoundError as error:
                self._refuse(f"A run on a Redis queue needs the package {error.name}: pip install 'flodesk[redis]'")
            except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
                self._refuse(str(error))
            else:
                try:
                    self._ready()
                except Exception as error:  # noqa: BLE001 - the same
                    self._failed(str(error))

    def _next(self) -> bool:
        """Return whether somebody has asked since; the thread ends if not."""
        with self._lock:
            self._busy, self._asked = self._asked, False
            return self._busy

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
        python = self._python
        url = self._local = "" if named is not None else LOCAL.hold(self, runs=lambda: self._runs, python=python)
        if named is None:
            self._crew = LOCAL.crew(python)
            self._note("info", f"No Redis server is named (${VARIABLE}): one of our own was started.")
            if self._crew is None:
                self._note("warning", "The workers of the local queue have another run, and packages as they were.")
        else:
            LOCAL.let_go(self)
            url = named.url
        engine: Far = rq.RqEngine(url, queue=LOCAL.queue(python) if self._local else "", own=bool(self._local))
        engine.listener = self._told
        return engine

    def _note(self, level: Literal["info", "warning"], text: str) -> None:
        self._told(LogLine("", "", level, text, time.time()))


@contextlib.contextmanager
def _asking(address: str) -> Iterator[tuple[Any, bytes]]:
    """Give a connection and the key.

    Raises
    ------
    PlaceError
        The server does not answer, or the local queue has ended meanwhile.
    """
    stream: Any = import_module("flodesk.engine.places.server.stream")
    key: Any = import_module("flodesk.engine.places.server.key")
    if not address:
        raise stream.PlaceError(DIED)
    connection = stream.connect(address)
    try:
        yield connection, key.find_or_make_key().secret
    finally:
        connection.close()
