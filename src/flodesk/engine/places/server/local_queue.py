"""A server and workers of our own on this machine, for those who have none: shared by all windows of a process.

It ends with the last who holds it, when a hand stops it, and with this process, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Literal

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.places.server.crew import Crew
from flodesk.engine.places.server.server_address import named_server

State = Literal["off", "starting", "on", "stopping"]
MOST_WORKERS = 16
FILE = "local-queue"
"""In the data folder: where one is on."""
DIED = "The local queue has ended: its server has died."
STOPPED = "The local queue was stopped meanwhile. The next run starts it again."
OUTDATED = (
    "The workers of the local queue have the key, or the names of queues, of before, and a run that goes on. Stop that "
    "run, or the local queue: the next run starts workers with the new ones."
)


class LocalQueue:
    """The local queue of a process. Starting and stopping take a while: not for the window's own thread.

    Flows of each environment have workers of their own on it, which run there.

    Attributes
    ----------
    state : str
        What it does now.
    url : str
        Its address, with the password, while it is on; else empty.
    workers : int
        How many listen, in all environments.
    trouble : str
        What has become of one that has died, and of its successor; empty where there are as many as there shall be.
    died : bool
        Whether its server has ended by itself, or by another's hand, since it was started last.
    listeners : list of callable
        Called, in the thread that did it, after something of this has changed.
    """

    def __init__(self) -> None:
        self.state: State = "off"
        self.url = ""
        self.died = False
        self.listeners: list[Callable[[], object]] = []
        self._holders: dict[int, str] = {}
        """With the interpreters that they run flows in."""
        self._editors: dict[int, Callable[[], bool]] = {}
        """Those of them whose flows run on it, and whether one does now: that is a job there."""
        self._parts = contextlib.ExitStack()
        self._crews: dict[str, Crew] = {}
        self._beginning: dict[str, Crew] = {}
        """Those that are started just now: nobody waits for them but those who want one there."""
        self._where = ""
        """The address of its server from its start on, also while the first workers begin."""
        self._many = 1
        """How many workers it was started with: so many has each environment."""
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)

    @property
    def workers(self) -> int:
        """How many workers listen."""
        return sum(map(len, tuple(self._crews.values())))

    @property
    def trouble(self) -> str:
        """What has become of a worker that has died."""
        return next((crew.trouble for crew in tuple(self._crews.values()) if crew.trouble), "")

    def need(self, python: str) -> None:
        """Have what died in an environment replaced without a pause: a run is asked for."""
        if (found := self._crews.get(python)) is not None:
            found.hurry()

    def crew(self, python: str) -> Crew | None:
        """Return the workers of an environment; None where there are none, or what is installed there has changed."""
        found = self._crews.get(python)
        return None if found is None or found.stale else found

    def queue(self, python: str) -> str:
        """Return the queue that runs in an environment are put on; empty is the usual one."""
        found = self._crews.get(python)
        return found.flows if found is not None else ""

    def for_nodes(self, python: str) -> tuple[str, str]:
        """Return its address and the queue of single nodes of an environment; both empty where nobody takes them."""
        url, found = self.url, self._crews.get(python)
        return (url, found.nodes) if url and found is not None else ("", "")

    def hold(
        self, holder: object, workers: int = 1, *, runs: Callable[[], bool] | None = None, python: str = ""
    ) -> str:
        """Start it if it is off, and return its address; it stays on as long as somebody holds it.

        Parameters
        ----------
        runs : callable, optional
            Says whether a flow of the holder runs there now.
        python : str
            The interpreter of the environment that its flows run in; empty is that of this process.

        Raises
        ------
        BrokerError, PlaceError, ModuleNotFoundError
            It cannot be started, or has no workers in that environment; the text says what is missing.
        """
        with self._lock:
            if self.state == "off":
                self._start(workers)
            url, before = self._where, self._holders.get(id(holder))
            self._holders[id(holder)] = python
            if runs is not None:
                self._editors[id(holder)] = runs
            try:
                outdated = [crew for crew in self._crews.values() if crew.is_outdated()]
            except BaseException:
                self._give_back(id(holder), before)
                raise
            for crew in outdated:
                crew.stale = True
        try:
            self._man(python, url, id(holder))
        except BaseException:
            with self._lock:
                if self._where == url and self._holders.get(id(holder)) == python:
                    self._give_back(id(holder), before)
            raise
        self.need(python)
        with self._lock:
            self._let_idle_go()
            if self._crews.get(python) in outdated:
                raise _place_error(OUTDATED)
            return url

    def stay(self, python: str) -> None:
        """Stay on until the program ends, or a hand stops it: a run was left in that environment.

        The next one has a worker, too.

        Raises
        ------
        PlaceError
            No worker can be started there.
        """
        with self._lock:
            if self.state != "on":
                return
            self._holders[id(self)] = python
            crew = self._crews.get(python)
            if crew is None or self.workers >= MOST_WORKERS or not crew.is_full():
                return
        crew.grow()
        with self._lock:
            if self._crews.get(python) is crew:
                self._tell("on")

    def let_go(self, holder: object) -> None:
        """Hold it no more."""
        with self._lock:
            self._holders.pop(id(holder), None)
            self._editors.pop(id(holder), None)
            for python in self._beginning.keys() - self._holders.values():
                self._beginning.pop(python).leave()  # whoever has started it waits no more
            self._changed.notify_all()
            if not self._holders:
                self.stop()

    def move(self, holder: object, python: str) -> bool:
        """Run the flows of a holder in another environment; False where workers of the one before go on with a run.

        Raises
        ------
        PlaceError
            No worker can be started there.
        """
        with self._lock:
            if self.state != "on" or self._holders.get(id(holder), python) == python:
                return True
            self._holders[id(holder)] = python
            url = self._where
        manned = self._man(python, url)
        with self._lock:
            settled = self._let_idle_go()
            here, wanted = self._crews.get(python), self._holders.values()
            left = [crew for crew in self._crews.values() if crew.general and crew.python not in wanted]
            # what listens to the usual queues in an environment that may be removed now goes, too
            passed_on = bool(left) and settled and here is not None and not here.is_busy()
            if passed_on and here is not None:
                here.stale = True
        return (not passed_on or self._man(python, url)) and settled and manned

    def installed(self, python: str) -> bool:
        """Start the workers of an environment anew in which something was installed; False while one has a run.

        It is made up for with the next run.
        """
        with self._lock:
            found = self._crews.get(python)
            if found is None:
                return True
            found.stale = True
            url, wanted = self._where, python in self._holders.values()
        if wanted:
            return self._man(python, url)
        with self._lock:
            return self._let_idle_go()

    def let_go_within(self, holder: object, seconds: float) -> None:
        """Hold it no more, and wait so long at most for its end, which goes on in a thread that the program waits for.

        Parameters
        ----------
        holder : object
            Not one of Qt's: the thread may be the last that knows it.
        """
        ending = threading.Thread(target=self.let_go, args=(holder,), name="flodesk local queue ends")
        ending.start()
        ending.join(seconds)

    @property
    def editors(self) -> int:
        """How many editors of this process have a run on it."""
        return sum(runs() for runs in tuple(self._editors.values()))

    def stop(self) -> None:
        """End it, whoever holds it."""
        with self._lock:
            self._holders.clear()
            self._editors.clear()
            if self.state == "off":
                return
            self._tell("stopping")
            self.url = self._where = ""
            while self._beginning:
                self._beginning.popitem()[1].close()
            while self._crews:
                self._crews.popitem()[1].close()
            self._parts.close()
            self._changed.notify_all()
            self._tell("off")

    def _start(self, workers: int) -> None:
        """Start the server."""
        self._tell("starting")
        try:
            # with it come the packages of the server, which nobody needs who has no queue
            broker: Any = import_module("flodesk.engine.places.server.broker")
            server = self._parts.enter_context(broker.LocalServer())
        except BaseException:
            self._parts.close()
            self._tell("off")
            raise
        url: str = server.url
        self._where, self._many, self.died = url, max(1, min(workers, MOST_WORKERS)), False
        self._parts.enter_context(_noted(url.rpartition("@")[2].partition("/")[0]))
        threading.Thread(target=self._watch, args=(server, url), name="flodesk local queue", daemon=True).start()

    def _give_back(self, holder: int, before: str | None) -> None:
        """Let somebody hold it as before who has got no workers; without workers and holders it ends."""
        if before is None:
            self._holders.pop(holder, None)
            self._editors.pop(holder, None)
        else:
            self._holders[holder] = before
        if not self._holders or not (self._crews or self._beginning):
            self.stop()

    def _man(self, python: str, url: str, holder: int | None = None) -> bool:
        """See to it that an environment has workers; False where those of before go on with a run.

        Processes that start are waited for without the lock: one that hangs holds up nobody else.

        Raises
        ------
        PlaceError
            They cannot be started, or this was stopped, or is not held any more by whoever asks.
        """
        with self._lock:
            while (begun := self._beginning.get(python)) is not None:
                while self._beginning.get(python) is begun:
                    self._changed.wait()
                if begun.error is not None:
                    raise _place_error(str(begun.error))
            if self._where != url or (holder is not None and holder not in self._holders):
                raise _place_error(STOPPED)
            found = self._crews.get(python)
            if found is not None and not found.stale:
                return True
            if found is not None and found.is_busy():
                return False
            others = [crew for crew in self._crews.values() if crew is not found]
            wanted = set(self._holders.values())
            stay = [crew for crew in others if crew.general and (crew.python in wanted or crew.is_busy())]
            general = not stay and not any(crew.general for crew in self._beginning.values())
            crew = self._beginning[python] = Crew(
                url, python, self._many, general=general, told=lambda: self._tell_of(python)
            )
        try:
            crew.begin()
        except BaseException as error:
            with self._lock:
                if not self._settle(crew) and crew.error is None:
                    raise _place_error(STOPPED) from error
                if crew.general and self._crews and not any(other.general for other in self._crews.values()):
                    next(iter(self._crews.values())).stale = True  # the next of them listen to the usual queues
            raise
        with self._lock:
            if not self._settle(crew) or self._where != url:
                crew.leave()
                raise _place_error(STOPPED)
            self._crews[python] = crew
            if found is not None:
                found.leave()
            self._let_idle_go()
            self.url = url
            self._tell("on")
        return True

    def _settle(self, crew: Crew) -> bool:
        """Note that workers begin no more; False where nobody has wanted them any more."""
        wanted = self._beginning.get(crew.python) is crew
        if wanted:
            del self._beginning[crew.python]
            self._changed.notify_all()
        return wanted

    def _let_idle_go(self) -> bool:
        """Have no workers where no holder runs flows; False where some go on with a run."""
        wanted = set(self._holders.values())
        over = [crew for python, crew in self._crews.items() if python not in wanted]
        gone = [crew for crew in over if not crew.is_busy()]
        settled = len(gone) == len(over)
        if not any(crew.general for crew in self._crews.values() if crew not in gone):
            gone = [crew for crew in gone if not crew.general]  # somebody has to listen to the usual queues
        for crew in gone:
            del self._crews[crew.python]
            crew.leave()
        if gone:
            self._tell("on")
        return settled

    def _watch(self, server: Any, url: str) -> None:
        """Wait for the end of the server, and note it if nobody here has wanted it."""
        server.wait()
        with self._lock:
            if self._where == url:
                self.died = True
                self.stop()

    def _tell_of(self, python: str) -> None:
        """Tell that a worker of an environment has died, or was replaced."""
        with self._lock:
            if self.state == "on" and python in self._crews:
                self._tell("on")

    def _tell(self, state: State) -> None:
        self.state = state
        for listener in tuple(self.listeners):
            listener()


def _place_error(words: str) -> Exception:
    stream: Any = import_module("flodesk.engine.places.server.stream")
    error: Exception = stream.PlaceError(words)
    return error


@contextlib.contextmanager
def _noted(place: str) -> Iterator[None]:
    """Note in the data folder where it is, without the password, for hints of the command line."""
    file = None
    with contextlib.suppress(FolderError, OSError):  # then there is no hint
        file = data_folder() / FILE
        file.write_text(place, encoding="utf-8")
    process = os.getpid()

    def forget() -> None:
        with contextlib.suppress(OSError):
            if file is not None and os.getpid() == process and file.read_text(encoding="utf-8") == place:
                file.unlink()

    atexit.register(forget)  # it may be on until the program ends
    try:
        yield
    finally:
        atexit.unregister(forget)
        forget()


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
