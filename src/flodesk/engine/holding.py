"""Where one running function is held: by hand, step by step, or at a breakpoint.

The wishes come from other threads. The thread of the loop waits here while it is held, and answers the questions that
are asked meanwhile, so that no other thread ever runs what a value brings along (its `repr`).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Literal, Protocol

How = Literal["over", "into", "out", "iteration"]
"""``over``: up to the next node of this function. ``into``: up to the next node, in a subflow, too. ``out``: up to the
next node after this subflow. ``iteration``: up to the next turn of this loop."""


class Spot(Protocol):
    """A place where a function is held (`flodesk.engine.breaks.Held`)."""

    @property
    def loops(self) -> int:
        """How many loops of the innermost function are around it."""

    @property
    def why(self) -> str:
        """What holds it, in words."""

    @property
    def depth(self) -> int:
        """How many functions deep it is."""

    @property
    def function(self) -> str:
        """The function that runs by itself."""


class Holding:
    """The wishes to hold one running function, and its thread while it is held.

    Attributes
    ----------
    mode : str
        What holds it next: ``pause`` (at once), a `How`, or nothing.
    depth, loops, inside : int, int, bool
        Where a step was begun: how many functions deep, in how many loops, and whether in one at all.
    breaks : Breaks
        What else holds it; empty if nothing does.
    held : Spot, optional
        Where it is held now.
    passed : tuple, optional
        The turn of a loop (its key, number) that was seen to last, until another step is.
    aside : bool
        What runs is computed again between two turns: no step ends there.
    here : callable
        Holds the calling thread in the node that it is in.
    seconds : float
        For how long it was held, in s.
    told : callable
        Is told each hold with its place, and its end with None, by the thread of the loop.
    told_beside : callable
        The same for the threads beside it, with the control of that thread.
    """

    def __init__(self) -> None:
        self.mode: How | Literal["", "pause"] = ""
        self.depth = 0
        self.loops = 1
        self.inside = False
        self.breaks: Any = ()
        self.held: Any = None
        self.passed: tuple[str, int] | None = None
        self.aside = False
        self.seconds = 0.0
        self.here: Callable[[], None] = lambda: None
        self.told: Callable[[str, Any], None] = lambda function, held: None
        self.told_beside: Callable[[Any, str, Any], None] = lambda control, function, held: None
        self._lock = threading.Lock()
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    @property
    def wanted(self) -> bool:
        """True while each step has to be looked at."""
        return bool(self.mode or self.breaks)

    # -------------------------------------------------------------- from outside
    def pause(self) -> None:
        """Hold it as soon as it can be."""
        with self._lock:
            if self.held is None:
                self.mode = "pause"

    def step(self, how: How) -> None:
        """Go on to the next place of that kind."""
        with self._lock:
            held = self.held
            self.mode = how
            self.depth = held.depth if held is not None else 1
            self.loops = max(1, held.loops) if held is not None else 1
            self.inside = held is not None and held.loops > 0
            self._let_go()

    def go_on(self) -> None:
        """Go on up to the next breakpoint, if there is one."""
        with self._lock:
            self.mode = ""
            self._let_go()

    def release(self) -> None:
        """Let the thread go, whatever comes then."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self.held is not None:
            self.held = None
            self._inbox.put(None)

    def ask(self, question: Callable[[Any], None]) -> bool:
        """Have the thread that is held do something there; returns False if it is not held."""
        with self._lock:
            held = self.held
            if held is None:
                return False
            self._inbox.put(lambda: question(held))
            return True

    # -------------------------------------------------------------- by the thread of the loop
    def hold(self, held: Spot, stopped: Callable[[], bool]) -> None:
        """Wait until somebody lets go; at once if the run was stopped."""
        function = held.function
        with self._lock:
            if not self.mode and held.why in ("paused", "step"):
                return  # that was taken back meanwhile, and nobody would let it go again
            self.mode = ""
            self.held = held
        if stopped():
            self.release()
        self.told(function, held)
        since = time.monotonic()
        while (question := self._inbox.get()) is not None:
            question()
        self.seconds += time.monotonic() - since
        self.told(function, None)
