"""Newest values for the screen: looks into the slots of a running flow, at most at display rate."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.cpu import cpu_seconds
from flodesk.engine.loop import Runner
from flodesk.engine.newest import newest
from flodesk.engine.preview import preview
from flodesk.engine.states import USUAL_RATE
from flodesk.engine.taken import Taken
from flodesk.engine.values import Buffers, encode, preview_to_json
from flodesk.indicators import Indicator

GLANCE = 0.006
"""Time in s between two looks at whether anything is new: this is how old a value may get on its way."""
SHARE = 0.2
"""Share of a core that looking may take; where values are costly to encode, it looks less often."""
FAST_SHARE = 0.15
"""Share of a core that looking more often than usual may take: what is smooth to the eye must not slow the flow."""
PATIENCE = 0.5
"""How long in s the last values of a run wait for the ones before them to be taken."""


class Sampler:
    """Sends the newest values of what is watched, each once, and only when the last batch was taken.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of a batch.
    """

    def __init__(self, send: Callable[[dict[str, Any], Buffers], None]) -> None:
        self._send = send
        self._runners: Mapping[str, Runner] = {}
        self._full: frozenset[str] = frozenset()
        self._brief: frozenset[str] = frozenset()
        self._wanted: frozenset[str] = frozenset()
        self._rate = USUAL_RATE
        self._cost = 0.0
        """What a look that finds something takes, in s of a core: the mean of the last few."""
        self._stamps: dict[str, tuple[int, int, int]] = {}
        self._taken_changes = Taken()
        self._due: dict[str, float] = {}
        self._sequence = 0
        self._batch = 0
        self._run = ""
        self._on = False
        self._closed = False
        self._wake = threading.Event()
        self._taken = threading.Event()
        self._taken.set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._look_on, name="flodesk sampler", daemon=True)
        self._thread.start()

    def watch(self, full: frozenset[str], brief: frozenset[str], rate: float = USUAL_RATE) -> None:
        """Say which values are wanted whole, how often a second those are at most, and which are wanted in brief."""
        with self._lock:
            added = (full - self._full) | (brief - self._brief)
            self._full, self._brief = full, brief
            self._rate = max(rate, 1.0)
            for name in added:
                self._stamps.pop(name, None)
                self._due.pop(name, None)
            self._wanted = full | brief
        self._wake.set()

    def attend(self, runners: Mapping[str, Runner], on: bool, run: str = "") -> None:
        """Look at the functions of this run from now on; `on` says that values are still coming."""
        with self._lock:  # a batch is of one run from its first value to its last
            if run != self._run:
                self._taken_changes.forget()
            self._runners, self._on, self._run = runners, on, run
        if on:
            self._wake.set()

    def taken(self, batch: int) -> None:
        """Note that a batch has arrived."""
        if batch >= self._batch:
            self._taken.set()

    def flush(self) -> None:
        """Send the last values of a run."""
        self._taken.wait(PATIENCE)
        self._look(math.inf)

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._taken.set()
        self._wake.set()
        self._thread.join(2.0)

    def _look_on(self) -> None:
        while not self._closed:
            self._wake.wait()
            if not self._on:
                self._wake.clear()
            if not self._taken.wait(0.1):
                continue
            # what it takes itself: where the loop has the interpreter meanwhile, looking less often gains nothing
            start = cpu_seconds()
            found = self._look(time.monotonic())
            spent = cpu_seconds() - start
            if found:
                self._cost += 0.2 * (spent - self._cost)
            time.sleep(max(GLANCE, spent * (1.0 - SHARE) / SHARE))

    def _look(self, now: float) -> bool:
        """Send what is new and due; returns whether there was any."""
        usual = 1.0 / min(USUAL_RATE, self._rate)
        fast = max(1.0 / self._rate, min(usual, self._cost / FAST_SHARE))
        with self._lock:
            if self._closed:
                return False
            items: list[dict[str, Any]] = []
            buffers: Buffers = []
            for name in self._wanted:
                due = self._due.get(name, 0.0)
                if now < due:
                    continue
                sample = self._sample(name)
                if sample is not None:
                    head, own = sample
                    items.append(head)
                    buffers += own
                    if now < math.inf:
                        period = fast if name in self._full else usual
                        # from when it was due: a look that comes late must not make all that follow later
                        self._due[name] = max(due, now - period) + period
            if not items:
                return False
            self._batch += 1
            self._taken.clear()
            self._send({"f": "values", "run": self._run, "n": self._batch, "items": items}, buffers)
            return True

    def _sample(self, name: str) -> tuple[dict[str, Any], Buffers] | None:
        value, stamp = newest(self._runners, name)
        moved = (*stamp, value.stamp() if issubclass(type(value), Indicator) else 0)
        if value is UNBOUND or self._stamps.get(name) == moved:
            return None
        self._stamps[name] = moved
        self._sequence += 1
        head: dict[str, Any] = {"name": name, "seq": self._sequence, "made": stamp[1], "own": 0}
        own: Buffers = []
        runner = self._runners.get(name.partition(".")[0])
        if runner is not None and (before := self._taken_changes.before(runner, stamp[1])):
            head["before"] = before
        if name in self._full:
            head["full"], own = encode(value)
            head["own"] = len(own)
        if name in self._brief:
            head["brief"] = preview_to_json(preview(value))
        return head, own
