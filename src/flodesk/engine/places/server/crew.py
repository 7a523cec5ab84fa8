"""Workers of the local queue that run flows in one environment: what they listen to, and their beginning and end."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from importlib import import_module
from pathlib import Path
from typing import Any

QUIET_SECONDS = 2.0
"""What a session whose editor has just left it gets to end."""
LOOK_SECONDS = 0.05


class Crew:
    """So many workers in one environment.

    Parameters
    ----------
    url : str
        Address of the server.
    python : str
        The interpreter of the environment; empty is that of this process.
    many : int
        How many workers.
    general : bool
        Whether they also listen to the queues that those use who name none: the command line, other programs.

    Attributes
    ----------
    stale : bool
        Whether what is installed in the environment has changed since they were started.
    error : Exception or None
        Why they could not be started; None also where they were ended meanwhile.
    """

    def __init__(self, url: str, python: str, many: int, *, general: bool) -> None:
        # with it come the packages of the server, which nobody needs who has no queue
        wire: Any = import_module("flodesk.engine.places.server.wire")
        self.url, self.python, self.many, self.general = url, python, many, general
        self.stale = self._over = False
        self.error: Exception | None = None
        usual: list[str] = wire.usual_queues()
        self.flows: str = own_queue(wire.usual_queue(), python)
        self.nodes: str = own_queue(usual[0], python)
        names = [own_queue(name, python) for name in usual[:2]] if python else []
        self._usual, self._key = usual, _secret()
        self._names = [*names, *(usual if general else ())]
        self._workers: list[Any] = []

    def begin(self) -> None:
        """Start them: that takes seconds, and another thread may end them meanwhile.

        Raises
        ------
        PlaceError
            A worker does not listen.
        """
        try:
            for _ in range(self.many):
                self.grow()
        except BaseException as error:
            self.error = error if isinstance(error, Exception) and not self._over else None
            self.leave()
            raise

    def __len__(self) -> int:
        return len(self._workers)

    def is_outdated(self) -> bool:
        """Say whether the queues have other names now, or the project another key: what is sent is not taken then.

        Raises
        ------
        PlaceError
            What is named as the key cannot be read.
        """
        wire: Any = import_module("flodesk.engine.places.server.wire")
        self._key = self._key or _secret()  # a worker without one looks again
        return bool(wire.usual_queues() != self._usual or _secret() != self._key)

    def grow(self) -> None:
        """Start one more worker.

        Raises
        ------
        PlaceError
            It does not listen, or these were ended meanwhile.
        """
        worker: Any = import_module("flodesk.engine.places.workers.worker")
        taken: list[Any] = []

        def take(begun: Any) -> None:
            taken.append(begun)
            self._workers.append(begun)
            if self._over:
                stream: Any = import_module("flodesk.engine.places.server.stream")
                raise stream.PlaceError("The local queue was stopped meanwhile.")

        try:
            worker.OwnWorker(self.url, *self._names, python=self.python, begun=take)
        except BaseException:
            with contextlib.suppress(ValueError):  # who has ended these has taken it out
                for begun in taken:
                    self._workers.remove(begun)
            raise

    def is_full(self) -> bool:
        """Return whether all of them run something."""
        return self._running() >= len(self)

    def is_busy(self, seconds: float = QUIET_SECONDS) -> bool:
        """Say whether one of them runs something, and goes on with that for so long."""
        until = time.monotonic() + seconds
        while self._running():
            if time.monotonic() > until:
                return True
            time.sleep(LOOK_SECONDS)
        return False

    def _running(self) -> int:
        stream: Any = import_module("flodesk.engine.places.server.stream")
        listed: Any = import_module("flodesk.engine.places.workers.job_list")
        try:
            with contextlib.closing(stream.connect(f"{self.url}?socket_timeout=1")) as server:
                workers = listed.look(server).workers
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody is ended who may be at work
            return 0 if _gone(error) else len(self)
        pids = {worker.pid for worker in tuple(self._workers)}
        return sum(one.pid in pids and one.state == "busy" and not one.kept for one in workers)

    def close(self) -> None:
        """End them, and with them their server; also those that are begun just now."""
        self._over = True
        while self._workers:
            self._workers.pop().close()

    def leave(self) -> None:
        """End them, as `close`; the server stays for others."""
        self._over = True
        while self._workers:
            self._workers.pop().leave()


def _gone(error: BaseException | None) -> bool:
    """Return whether an error says that there is no server: one that is slow has workers that run something."""
    while error is not None:
        if isinstance(error, ConnectionRefusedError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _secret() -> bytes:
    key: Any = import_module("flodesk.engine.places.server.key")
    found = key.find_key()
    return found.secret if found is not None else b""


def own_queue(usual: str, python: str) -> str:
    """Return the queue of those who run in an environment, in place of a usual one."""
    if not python:
        return usual
    where = re.sub(r"[^\w.-]+", "-", Path(python).parent.parent.name) or "python"
    return f"{usual}.{where}-{hashlib.sha256(python.encode()).hexdigest()[:6]}"


__all__ = ["Crew", "own_queue"]
