"""What stands between a running loop and those who steer it: one flag that is looked at before each step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flodesk.engine.errors import Renew, StopRun


class Control:
    """The wishes for one running function. Set from other threads, looked at by the loop's.

    Attributes
    ----------
    attention : bool
        Somebody wants something; the only thing that is looked at before each step.
    waiting : str
        Key of the loop whose producer is being asked for its next value; empty in between.
    """

    __slots__ = (
        "_wake",
        "attention",
        "changed",
        "ident",
        "lock",
        "over",
        "renew",
        "stopping",
        "swap",
        "waiting",
        "wakes",
    )

    def __init__(self) -> None:
        self.attention = False
        self.stopping = False
        self.over = False
        self.renew = False
        self.waiting = ""
        self.changed: set[str] = set()
        self.swap: Any = None
        self.ident = 0
        self._wake = threading.Event()
        self.wakes: list[Callable[[], None]] = []
        self.lock = threading.Lock()

    def stop(self) -> None:
        """Ask the loop to stop."""
        self.stopping = True
        self.attention = True
        self.wake()

    def wake(self) -> None:
        """End what the loop's thread waits for, so that it looks at the wishes."""
        self._wake.set()
        for wake in list(self.wakes):
            wake()

    def change(self, statement: str, *, renew: bool) -> None:
        """Say that a literal of a statement was changed; `renew` if the producer that is waited for hangs on it."""
        with self.lock:
            self.changed.add(statement)
            self.renew = self.renew or renew
            self.attention = True
        if renew:
            self.wake()

    def exchange(self, plan: Any) -> None:
        """Ask the loop to go on with another plan."""
        with self.lock:
            self.swap = plan
            self.attention = True

    def take(self) -> tuple[set[str], Any]:
        """Return the changed statements and the plan to go on with, and forget them."""
        with self.lock:
            changed, swap = self.changed, self.swap
            self.changed, self.swap = set(), None
            self.renew = False  # whoever takes the changes starts the producer anew: once is enough
            self.attention = self.stopping
        return changed, swap

    def take_of(self, function: str) -> set[str]:
        """Return the changed statements of a subflow alone, and forget them."""
        with self.lock:
            own = {key for key in self.changed if key.rpartition(".")[0] == function}
            self.changed -= own
            self.attention = bool(self.stopping or self.changed or self.swap is not None)
        return {key.rpartition(".")[2] for key in own}

    def put_back(self, changed: set[str], swap: Any = None) -> None:
        """Keep for a later turn what cannot be done in this one."""
        with self.lock:
            self.changed |= changed
            if self.swap is None:
                self.swap = swap
            self.attention = bool(self.stopping or self.changed or self.swap is not None)

    def check(self) -> None:
        """Raise if the run was stopped, or the producer that is waited for has to start anew."""
        if self.stopping:
            raise StopRun
        if self.renew and self.waiting:
            self.renew = False
            raise Renew

    def sleep(self, seconds: float) -> None:
        """Wait; `check` at once when somebody wants something."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            # threads cannot wait for longer than about 49 days on Windows
            if self._wake.wait(min(left, 1e6)):
                self._wake.clear()
                self.check()


class RunContext:
    """The `flodesk.public.Context` of the nodes of one running function.

    Parameters
    ----------
    folder : callable
        Gives the folder of the flow's file, which may be saved elsewhere while it runs; empty if it has none.
    log : callable
        Takes (text, level).
    advance : callable
        Takes how far the running call is, from 0 to 1.
    """

    def __init__(
        self,
        control: Control,
        folder: Callable[[], str],
        connections: Mapping[str, str],
        log: Callable[[str, str], None],
        advance: Callable[[float], None],
    ) -> None:
        self._control = control
        self._folder = folder
        self._connections = connections
        self._log = log
        self._advance = advance

    def sleep(self, seconds: float) -> None:
        """Wait, but return at once (by raising) when the run is stopped."""
        self._control.sleep(seconds)

    def check(self) -> None:
        """Raise if the run was stopped."""
        self._control.check()

    @contextmanager
    def waits(self, wake: Callable[[], None]) -> Iterator[None]:
        """While in it, `wake` is called by another thread when somebody wants something."""
        self._control.wakes.append(wake)
        try:
            yield
        finally:
            self._control.wakes.remove(wake)

    def progress(self, fraction: float, text: str = "") -> None:
        """Say how far the call is, from 0 to 1."""
        self._advance(min(1.0, max(0.0, fraction)))
        self._control.check()

    def log(self, text: str, level: str = "info") -> None:
        """Write a line to the run's log."""
        self._log(str(text), level)

    def connection(self, name: str) -> str:
        """Give the address of a named connection; the name itself if unknown."""
        return str(self._connections.get(name, name))

    def path(self, name: str | Path) -> Path:
        """Give the place of a file: a relative name counts from the folder of the flow's file."""
        path = Path(name).expanduser()
        return path if path.is_absolute() or not (folder := self._folder()) else Path(folder) / path
