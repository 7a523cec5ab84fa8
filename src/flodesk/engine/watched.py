"""The watched side: what a run tells the process that would end it, and that tells its end if it cannot itself."""

from __future__ import annotations

import dataclasses
import faulthandler
import os
import threading
import time

from flodesk.engine.events import Event, LoopFinished, LoopStarted, NodeFailed, RunFinished, RunStarted, to_json
from flodesk.engine.limits import LOADING_SECONDS, Limits
from flodesk.engine.table import Layout, Table
from flodesk.engine.tether import CODE, DUE, ELSEWHERE, ENDED, LEAVING, PHASE, RUNNING, SECONDS, TIMEOUT, WHY, Tether

_MOST_FAILURES = 50
"""More of a run are not told on."""


class Watched:
    """Tells on how the runs of this process go, one after the other.

    Parameters
    ----------
    tether : Tether
        What the process that watches has handed over.

    Attributes
    ----------
    table : Table
        Where the states of the nodes are to be written.
    """

    def __init__(self, tether: Tether) -> None:
        self._tether = tether
        self.table = Table(tether.table)
        self._timeout = 0
        self._failures = 0
        # a crash in C code tells which thread it was, and the line of Python that it was in
        faulthandler.enable(tether.descriptors[1])

    def begin(self, run: str, limits: Limits) -> None:
        """Note that a run begins now."""
        now = time.monotonic()
        self._failures = 0
        self._tether.say({"run": run, "timeout": limits.timeout})
        self._timeout = int((now + limits.timeout) * 1e9) if limits.timeout else 0
        self._due(now + LOADING_SECONDS + limits.seconds if limits.seconds else 0.0)
        self._tether.cells[PHASE] = RUNNING

    def counting(self, seconds: float) -> None:
        """Note that its time is over after so many seconds from now."""
        self._due(time.monotonic() + seconds)

    def _due(self, ending: float) -> None:
        first, why = int(ending * 1e9), SECONDS
        if self._timeout and (not first or self._timeout <= first):
            first, why = self._timeout, TIMEOUT
        self._tether.cells[WHY], self._tether.cells[DUE] = why, first

    def laid_out(self, layout: Layout) -> None:
        """Note which cells are whose."""
        self._tether.say({"layout": layout.to_json()})

    def take(self, event: Event) -> None:
        """Tell on what names the node in which the run may end."""
        match event:
            case LoopStarted():
                self._tether.say(
                    {**to_json(event), "thread": threading.get_ident(), "native": threading.get_native_id()}
                )
            case RunStarted() | LoopFinished():
                self._tether.say(to_json(event))
            case NodeFailed() if self._failures < _MOST_FAILURES:
                self._failures += 1
                short = dataclasses.replace(event.failure, inputs=(), traceback="")
                self._tether.say(to_json(dataclasses.replace(event, failure=short)))
            case RunFinished():
                self._tether.say(to_json(event))
                self._tether.cells[PHASE] = ENDED
            case _:
                pass

    def elsewhere(self) -> None:
        """Note that the run is on another machine, which nothing here can hold up."""
        self._tether.cells[PHASE] = ELSEWHERE

    def leave(self, code: int) -> None:
        """Say the last word: all is done that was to be done."""
        self._tether.cells[CODE] = code
        self._tether.cells[PHASE] = LEAVING


_watched: list[Watched] = []


def watch_over(tether: Tether) -> Watched:
    """Make this a process that is watched, for good."""
    _watched[:] = [Watched(tether)]
    os.register_at_fork(after_in_child=_watched.clear) if hasattr(os, "register_at_fork") else None
    return _watched[0]


def watched() -> Watched | None:
    """Return what a run of this process tells on itself with; None if nobody watches."""
    return _watched[0] if _watched else None
