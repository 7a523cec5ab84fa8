"""A run that was asked for elsewhere, until it has begun there: what is said to it meanwhile reaches it then.

One that is on there is come back to in the same way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flodesk.engine.client import Engine
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.places.session.run_on import RunOn

Deed = Callable[[Engine], object]
_STOP = "stop"
"""Of what is said to a run late, the name of its stop."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to begin."""

    run: str = ""
    limits: Limits = UNLIMITED
    held: bool = False
    on: RunOn | None = None
    """The run, where it is on already and is come back to."""
    late: dict[object, Deed] = field(default_factory=dict, compare=False)
    """What was said to it since."""


class Beginning:
    """The run that waits for its begin, and the one that is being begun, which may take a while.

    They are asked for in the window's thread, and begun in another.
    """

    def __init__(self) -> None:
        self._waits: Asked | None = None
        self._begins: Asked | None = None
        self._leaves = False
        """Whether what is being begun is a run that was come back to, and is left: another was asked for meanwhile."""
        self._lock = threading.RLock()

    def ask(self, asked: Asked | None) -> Asked | None:
        """Note that a run is wanted, None for one at home; returns the one that waited and is not wanted any more.

        A run that is just being come back to is left then: it goes on as if nobody had come, unless it was stopped.
        """
        with self._lock:
            before, self._waits = self._waits, asked
            begins = self._begins
            if begins is not None and begins.on is not None:
                self._leaves = _STOP not in begins.late
            elif begins is not None and asked is None:
                begins.late[_STOP] = _stop
            return before

    @property
    def leaves(self) -> bool:
        """Whether the run that is being come back to is not wanted any more."""
        with self._lock:
            return self._leaves

    def take(self) -> Asked | None:
        """Return what is to begin now, if that is still wanted. Whoever takes it calls `done` or `give_up`."""
        with self._lock:
            self._begins, self._waits = self._waits, None
            self._leaves = False
            return self._begins

    @property
    def comes(self) -> RunOn | None:
        """The newest, if that is a run that is on, and is not followed yet."""
        with self._lock:
            newest = self._newest()
            return None if newest is None else newest.on

    def drop(self) -> Asked | None:
        """Want what waits no more, and return it."""
        with self._lock:
            waited, self._waits = self._waits, None
            return waited

    def stop(self) -> tuple[Asked | None, bool]:
        """Drop what waits, and stop as soon as that can be what cannot be taken back: it is being begun, or is on.

        Returns
        -------
        dropped : Asked or None
            What waited.
        begins : bool
            Whether there is something that is stopped then.
        """
        with self._lock:
            dropped = None
            if self._waits is not None and self._waits.on is None:
                dropped = self.drop()
            begins = None if self._leaves else self._begins
            rest = [asked for asked in (begins, self._waits) if asked is not None]
            for asked in rest:
                asked.late[_STOP] = _stop
            return dropped, bool(rest) or self._leaves

    def keep(self, deed: Deed, key: object = None) -> bool:
        """Keep something to be done when the newest run has begun; False where none is about to begin.

        Parameters
        ----------
        key : optional
            Of what has this key only the newest is done.
        """
        with self._lock:
            newest = self._newest()
            if newest is not None:
                name = object() if key is None else key
                newest.late.pop(name, None)
                newest.late[name] = deed
            return newest is not None

    def done(self, engine: Engine) -> bool:
        """Note that it has begun, and do there what was kept: what is said from now on comes after it.

        Returns whether it is to be left now, which may wait for the server.
        """
        with self._lock:
            leaves, begun = self._leaves, self.give_up()
            for deed in begun.late.values() if begun is not None else ():
                deed(engine)
            return leaves

    def give_up(self) -> Asked | None:
        """Note that what was being begun is so no more, and return it."""
        with self._lock:
            begun, self._begins = self._begins, None
            self._leaves = False
            return begun

    def _newest(self) -> Asked | None:
        """Return what is said to now."""
        return self._waits or (None if self._leaves else self._begins)


def _stop(there: Engine) -> None:
    there.stop()
