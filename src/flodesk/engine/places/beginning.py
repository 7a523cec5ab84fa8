"""A run that was asked for elsewhere, until it has begun there: what is said to it meanwhile reaches it then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from flodesk.engine.client import Engine
from flodesk.engine.limits import UNLIMITED, Limits

Deed = Callable[[Engine], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to begin."""

    run: str = ""
    limits: Limits = UNLIMITED
    held: bool = False


class Beginning:
    """One run that is to begin, and what is said to it before it can hear. It is asked for in the window's thread.

    Attributes
    ----------
    asked : Asked
        The newest one.
    """

    def __init__(self) -> None:
        self.asked = Asked()
        self._waits = self._begins = False
        self._late: dict[object, Deed] = {}
        self._lock = threading.RLock()

    def ask(self, asked: Asked) -> None:
        """Note that a run is wanted."""
        with self._lock:
            self.asked, self._waits = asked, True
            self._late.clear()

    def take(self) -> Asked | None:
        """Return what is to begin now, if that is still wanted. Whoever takes it calls `done` or `give_up`."""
        with self._lock:
            self._begins, self._waits = self._waits, False
            return self.asked if self._begins else None

    def drop(self) -> bool:
        """Want it no more; returns whether it was still waiting."""
        with self._lock:
            waited, self._waits = self._waits, False
            return waited

    def keep(self, deed: Deed, key: object = None) -> bool:
        """Keep something to be done when the run has begun; False where none is about to begin.

        Parameters
        ----------
        key : optional
            Of what has this key only the newest is done.
        """
        with self._lock:
            kept = self._waits or self._begins
            if kept:
                name = object() if key is None else key
                self._late.pop(name, None)
                self._late[name] = deed
            return kept

    def done(self, engine: Engine) -> None:
        """Note that it has begun, and do there what was kept: what is said from now on comes after it."""
        with self._lock:
            late = list(self._late.values())
            self.give_up()
            for deed in late:
                deed(engine)

    def give_up(self) -> bool:
        """Note that nothing begins any more; returns whether something was about to."""
        with self._lock:
            begun, self._begins = self._begins, False
            self._late.clear()
            return begun
