"""A server and workers of our own on this machine, for those who have none: shared by all windows of a process.

It ends with the last who holds it, when a hand stops it, and with this process, however that ends.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Literal

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.places.server.server_address import named_server

State = Literal["off", "starting", "on", "stopping"]
MOST_WORKERS = 16
FILE = "local-queue"
"""In the data folder: where one is on."""
DIED = "The local queue has ended: its server has died."


class LocalQueue:
    """The local queue of a process. Starting and stopping take a while: not for the window's own thread.

    Attributes
    ----------
    state : str
        What it does now.
    url : str
        Its address, with the password, while it is on; else empty.
    workers : int
        How many it was started with.
    died : bool
        Whether its server has ended by itself, or by another's hand, since it was started last.
    listeners : list of callable
        Called, in the thread that did it, after something of this has changed.
    """

    def __init__(self) -> None:
        self.state: State = "off"
        self.url = ""
        self.workers = 0
        self.died = False
        self.listeners: list[Callable[[], object]] = []
        self._holders: set[int] = set()
        self._editors: set[int] = set()
        """Those of them whose flows run on it: each has one job there."""
        self._parts = contextlib.ExitStack()
        self._lock = threading.RLock()

    def hold(self, holder: object, workers: int = 1, *, runs: bool = False) -> str:
        """Start it if it is off, and return its address; it stays on as long as somebody holds it.

        Parameters
        ----------
        runs : bool
            Whether the holder has a job there.

        Raises
        ------
        BrokerError, PlaceError, ModuleNotFoundError
            It cannot be started; the text says what is missing.
        """
        with self._lock:
            if self.state != "on":
                self._start(workers)
            self._holders.add(id(holder))
            if runs:
                self._editors.add(id(holder))
            return self.url

    def let_go(self, holder: object) -> None:
        """Hold it no more."""
        with self._lock:
            self._holders.discard(id(holder))
            self._editors.discard(id(holder))
            if not self._holders:
                self.stop()

    @property
    def editors(self) -> int:
        """How many editors of this process have a job on it."""
        return len(self._editors)

    def stop(self) -> None:
        """End it, whoever holds it."""
        with self._lock:
            self._holders.clear()
            self._editors.clear()
            if self.state == "off":
                return
            self._tell("stopping")
            self.url, self.workers = "", 0
            self._parts.close()
            self._tell("off")

    def _start(self, workers: int) -> None:
        self._tell("starting")
        try:
            # with these come the packages of the server, which nobody needs who has no queue
            broker: Any = import_module("flodesk.engine.places.server.broker")
            wire: Any = import_module("flodesk.engine.places.server.wire")
            worker: Any = import_module("flodesk.engine.places.workers.worker")
            server = self._parts.enter_context(broker.LocalServer())
            url: str = server.url
            for _ in range(max(1, min(workers, MOST_WORKERS))):
                self._parts.enter_context(worker.OwnWorker(url, *wire.usual_queues()))
                self.workers += 1
        except BaseException:
            self.workers = 0
            self._parts.close()
            self._tell("off")
            raise
        self.url, self.died = url, False
        self._parts.enter_context(_noted(url.rpartition("@")[2].partition("/")[0]))
        threading.Thread(target=self._watch, args=(server, url), name="flodesk local queue", daemon=True).start()
        self._tell("on")

    def _watch(self, server: Any, url: str) -> None:
        """Wait for the end of the server, and note it if nobody here has wanted it."""
        server.wait()
        with self._lock:
            if self.url == url:
                self.died = True
                self.stop()

    def _tell(self, state: State) -> None:
        self.state = state
        for listener in tuple(self.listeners):
            listener()


@contextlib.contextmanager
def _noted(place: str) -> Iterator[None]:
    """Note in the data folder where it is, without the password, for hints of the command line."""
    file = None
    with contextlib.suppress(FolderError, OSError):  # then there is no hint
        file = data_folder() / FILE
        file.write_text(place, encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if file is not None and file.read_text(encoding="utf-8") == place:
                file.unlink()


def local_place() -> str:
    """Return host and port of a local queue that a program with this data folder has on; empty if none answers."""
    try:
        place = (data_folder() / FILE).read_text(encoding="utf-8")
        host, _, port = place.rpartition(":")
        socket.create_connection((host, int(port)), timeout=0.5).close()
    except (FolderError, OSError, ValueError, OverflowError):
        return ""
    return place


LOCAL = LocalQueue()
"""That of this process."""


def address_now() -> tuple[str, str]:
    """Return where the server is now, and in words who says it; both empty where there is none.

    Raises
    ------
    LookupError
        The keyring is there and cannot be read.
    """
    found = named_server()
    if found is not None:
        return found.url, found.origin
    url = LOCAL.url
    return (url, "the local queue") if url else ("", "")
