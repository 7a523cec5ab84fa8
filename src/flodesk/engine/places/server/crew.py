"""Workers of the local queue that run flows in one environment: what they listen to, and their beginning and end."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from flodesk.engine.lifeline import end_of

QUIET_SECONDS = 2.0
"""What a session whose editor has just left it gets to end."""
LOOK_SECONDS = 0.05
WELL_SECONDS = 30.0
"""A worker that dies after so long had not died at once."""
LONGEST_PAUSE_SECONDS = 60.0
"""Before one is started in place of those that die at once, again and again."""


_WHERE = "What it has complained of stands in the terminal in which flodesk was started."


class Crew:
    """So many workers in one environment: one that dies is replaced.

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
    queues : sequence of str
        What they listen to in place of all that.
    told : callable, optional
        Called, in a thread of its own, when one has died, when another one is started in its place, and when that
        listens.

    Attributes
    ----------
    many : int
        How many there shall be; their length is how many listen.
    stale : bool
        Whether what is installed in the environment has changed since they were started.
    error : Exception or None
        Why they could not be started; None also where they were ended meanwhile.
    """

    def __init__(
        self,
        url: str,
        python: str,
        many: int,
        *,
        general: bool,
        queues: Sequence[str] = (),
        told: Callable[[], object] = lambda: None,
    ) -> None:
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
        self._names = [*queues] or [*names, *(usual if general else ())]
        self._workers: list[Any] = []
        self._beginning: set[Any] = set()
        """Those of them that do not listen yet."""
        self._told = told
        self._troubles: dict[Any, str] = {}
        """Of each that has died, until another one listens in its place."""
        self._wake = threading.Condition()
        """Notified when what died is to be replaced without a pause, or no more."""

    def begin(self) -> None:
        """Start them: that takes seconds, and another thread may end them meanwhile.

        Raises
        ------
        PlaceError
            A worker does not listen.
        """
        try:
            for _ in range(self.many):
                self._start()
        except BaseException as error:
            self.error = error if isinstance(error, Exception) and not self._over else None
            self.leave()
            raise

    def __len__(self) -> int:
        return sum(worker not in self._beginning for worker in tuple(self._workers))

    @property
    def trouble(self) -> str:
        """What has become of the one that has died last; empty where all are there."""
        return next(reversed([*self._troubles.values()]), "")

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
        self._start()
        self.many += 1

    def hurry(self) -> None:
        """Start those at once that wait for being started in place of others: somebody needs one."""
        with self._wake:
            self._wake.notify_all()

    def _start(self, early: int = 0) -> None:
        """Start a worker, in whose place so many have died early, one after the other."""
        worker: Any = import_module("flodesk.engine.places.workers.worker")
        taken: list[Any] = []
        began = time.monotonic()

        def take(begun: Any) -> None:
            taken.append(begun)
            self._beginning.add(begun)
            self._workers.append(begun)
            if self._over:
                stream: Any = import_module("flodesk.engine.places.server.stream")
                raise stream.PlaceError("The local queue was stopped meanwhile.")

        def ended(ended: Any, code: int) -> None:
            lived = time.monotonic() - began
            self._died(ended, code, 0 if lived > WELL_SECONDS else early + 1, lived)

        try:
            worker.OwnWorker(self.url, *self._names, python=self.python, begun=take, ended=ended)
        except BaseException:
            with contextlib.suppress(ValueError):  # who has ended these has taken it out
                for begun in taken:
                    self._workers.remove(begun)
            raise
        finally:
            self._beginning.difference_update(taken)

    def _died(self, worker: Any, code: int, early: int, lived: float) -> None:
        """Start another one in the place of one that has ended, if nobody has wanted that; a pause grows."""
        try:
            self._workers.remove(worker)
        except ValueError:
            return  # it was ended here
        worker.close()
        self._say_gone(worker.pid)
        how, where = end_of(code), _where(code, worker.complaint)
        again = f"{how} after {lived:.1f} s"
        while not self._over:
            pause = _pause(early)
            if pause:
                trouble = (
                    f"The workers of the local queue end again and again, the last one {again}. Another one "
                    f"is started in {pause:g} s, or with the next run. {where}"
                )
                self._say(worker, trouble.rstrip())
                if not self._rest(pause):
                    return
            else:
                self._say(worker, f"A worker of the local queue {how}. Another one is being started.")
            try:
                self._start(early)
            except Exception as error:  # noqa: BLE001 - the end of the thread: whatever it is, the next one may begin
                how = again = f"could not be started ({str(error).rstrip('.')})"
                where = ""
                ended = getattr(error, "code", None)  # of one that has ended before it listened
                if ended is not None:
                    how = again = f"{end_of(ended)} before it listened"
                    where = _where(ended, getattr(error, "complaint", ""))
                early += 1
            else:
                self._say(worker, "")
                return

    def _rest(self, seconds: float) -> bool:
        """Wait for so long, or until one is needed; False if none is any more."""
        with self._wake:
            if not self._over:
                self._wake.wait(seconds)
        return not self._over

    def _say_gone(self, pid: int) -> None:
        """Tell the server at once that a worker has ended: by its beat it would be known only after seconds."""
        alive: Any = import_module("flodesk.engine.places.workers.worker_alive")
        with contextlib.suppress(Exception), contextlib.closing(self._connected()) as server:
            for one in _listed(server):
                if one.pid == pid:
                    alive.say_gone(server, one.name)

    def _say(self, worker: Any, trouble: str) -> None:
        self._troubles.pop(worker, None)
        if trouble:
            self._troubles[worker] = trouble
        if not self._over:
            self._told()

    def is_full(self) -> bool:
        """Return whether all that there shall be run something."""
        return self._running() >= self.many

    def is_busy(self, seconds: float = QUIET_SECONDS) -> bool:
        """Say whether one of them runs something, and goes on with that for so long."""
        until = time.monotonic() + seconds
        while self._running():
            if time.monotonic() > until:
                return True
            time.sleep(LOOK_SECONDS)
        return False

    def _running(self) -> int:
        try:
            with contextlib.closing(self._connected()) as server:
                workers = _listed(server)
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody is ended who may be at work
            return 0 if _gone(error) else len(self)
        pids = {worker.pid for worker in tuple(self._workers)}
        return sum(one.pid in pids and one.state == "busy" and not one.kept for one in workers)

    def _connected(self) -> Any:
        stream: Any = import_module("flodesk.engine.places.server.stream")
        return stream.connect(f"{self.url}?socket_timeout=1")

    def close(self) -> None:
        """End them, and with them their server; also those that are begun just now."""
        self._end()
        while self._workers:
            self._workers.pop().close()

    def leave(self) -> None:
        """End them, as `close`; the server stays for others."""
        self._end()
        while self._workers:
            self._workers.pop().leave()

    def _end(self) -> None:
        with self._wake:
            self._over = True
            self._wake.notify_all()


def _pause(early: int) -> float:
    """Return for how long to wait after so many that have died early: the first one is replaced at once."""
    return min(LONGEST_PAUSE_SECONDS, 2.0 ** (early - 2)) if early > 1 else 0.0


def _where(code: int, complaint: str) -> str:
    """Say what a worker has complained of, or where that stands; empty where it had no time to: it was killed."""
    if code <= 0:
        return ""
    return f"Its last words: {complaint}" if complaint else _WHERE


def _listed(server: Any) -> Any:
    listed: Any = import_module("flodesk.engine.places.workers.job_list")
    return listed.look(server).workers


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
