"""What stands between a running loop and those who steer it: one flag that is looked at before each step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flodesk.engine.errors import Renew, StopRun
from flodesk.engine.holding import Holding, How
from flodesk.public import About, Change


class Control:
    """The wishes for one running function. Set from other threads, looked at by the loop's.

    Attributes
    ----------
    attention : bool
        Somebody wants something; the only thing that is looked at before each step.
    halting : bool
        Each step has to be looked at: the run is stopped, or the loop is to be held somewhere.
    waiting : str
        Key of the loop whose producer is being asked for its next value; empty in between.
    news : int
        Counts the changes.
    changed : set of str
        The statements of which a literal was changed, until somebody sees to them.
    since : dict of str to int
        When a literal of a statement was changed last, in ns: a call that began later has seen it.
    taken : object
        The plan that was taken last: it may not be in force yet.
    waits_with : object, optional
        The lock that a waiting node gives up while it is held.
    holding : Holding
        Where it is held.
    renewed : bool
        The producer that is asked for its first value was begun before, and is anew because of a change.
    fading : bool
        A button above a loop has been pressed, which holds for one turn: the loop looks before each turn.
    """

    __slots__ = (
        "_wake",
        "attention",
        "changed",
        "fading",
        "halting",
        "holding",
        "ident",
        "lock",
        "news",
        "over",
        "renew",
        "renewed",
        "since",
        "stopping",
        "swap",
        "taken",
        "waiting",
        "waits_with",
        "wakes",
    )

    def __init__(self) -> None:
        self.attention = False
        self.stopping = False
        self.over = False
        self.renew = False
        self.renewed = False
        self.halting = False
        self.news = 0
        self.fading = False
        self.waiting = ""
        self.holding = Holding()
        self.changed: set[str] = set()
        self.since: dict[str, int] = {}
        self.swap: Any = None
        self.taken: Any = None
        self.ident = 0
        self._wake = threading.Event()
        self.wakes: list[Callable[[], None]] = []
        self.waits_with: Any = None
        self.lock = threading.Lock()

    def another(self) -> Control:
        """Return one for a thread beside that of this one, which is held when this one is, and at the same places."""
        made = Control()
        made.holding.here, made.holding.told = self.holding.here, partial(self.holding.told_beside, made)
        made.break_at(self.holding.breaks)
        if self.holding.mode == "pause":
            made.pause()
        return made

    def stop(self) -> None:
        """Ask the loop to stop."""
        self.stopping = True
        self.look()
        self.holding.release()
        self.wake()

    def wake(self) -> None:
        """End what the loop's thread waits for, so that it looks at the wishes."""
        self._wake.set()
        for wake in list(self.wakes):
            wake()

    @contextmanager
    def waits(self, wake: Callable[[], None], lock: Any = None) -> Iterator[None]:
        """While in it, `wake` is called by another thread when somebody wants something; a pause gives `lock` up."""
        self.wakes.append(wake)
        outer, self.waits_with = self.waits_with, lock
        try:
            yield
        finally:
            self.waits_with = outer
            self.wakes.remove(wake)

    @property
    def pending(self) -> bool:
        """True if the loop should not wait: it is to stop, or something was changed."""
        return bool(self.stopping or self.changed or self.swap is not None)

    def look(self) -> None:
        """Set the flags for what is wanted by now."""
        with self.lock:
            self._look()

    def _look(self) -> None:
        self.halting = self.stopping or self.holding.wanted
        self.attention = bool(self.halting or self.changed or self.swap is not None or self.fading)

    def pause(self) -> None:
        """Hold the loop as soon as that can be: a node that waits is held while it does."""
        self.holding.pause()
        self.look()
        self.wake()

    def step(self, how: How) -> None:
        """Go on to the next place of that kind, and be held there."""
        self.holding.step(how)
        self.look()

    def go_on(self) -> None:
        """Be held no more, but by breakpoints."""
        self.holding.go_on()
        self.look()

    def break_at(self, breaks: Any) -> None:
        """Be held at these from now on."""
        self.holding.breaks = breaks
        self.look()

    def change(self, statement: str, renews: Callable[[], bool] = lambda: False) -> None:
        """Say that a literal of a statement was changed.

        Parameters
        ----------
        renews : callable
            Says whether the producer that is waited for hangs on it. It is asked only after the change was
            told: a loop that begins to wait meanwhile sees that, or is seen to wait.
        """
        with self.lock:
            self.changed.add(statement)
            self.since[statement] = time.perf_counter_ns()
            self.attention = True
            self.news += 1
        renew = renews()
        with self.lock:
            renew = renew and statement in self.changed
            self.renew = self.renew or renew
        if renew:
            self.wake()

    def exchange(self, plan: Any) -> None:
        """Ask the loop to go on with another plan."""
        with self.lock:
            self.swap = plan
            self.attention = True
            self.news += 1

    def plans(self) -> list[Any]:
        """Return the plans that wait or were taken last: what is changed now has to be changed there, too."""
        with self.lock:
            return [plan for plan in (self.swap, self.taken) if plan is not None]

    def take(self) -> tuple[set[str], Any]:
        """Return the changed statements and the plan to go on with, and forget them."""
        with self.lock:
            changed, swap = self.changed, self.swap
            self.changed, self.swap = set(), None
            self.taken = swap if swap is not None else self.taken
            self.renew = False  # whoever takes the changes starts the producer anew: once is enough
            self._look()
        return changed, swap

    def take_of(self, function: str) -> set[str]:
        """Return the changed statements of a subflow alone, and forget them."""
        with self.lock:
            own = {key for key in self.changed if key.rpartition(".")[0] == function}
            self.changed -= own
            self._look()
        return {key.rpartition(".")[2] for key in own}

    def put_back(self, changed: set[str], swap: Any = None) -> None:
        """Keep for a later turn what cannot be done in this one."""
        with self.lock:
            self.changed |= changed
            self.since |= dict.fromkeys(changed, time.perf_counter_ns())
            if self.swap is None:
                self.swap = swap
            self._look()

    def check(self) -> None:
        """Raise if the run was stopped, or the producer that is waited for has to start anew; wait while it pauses."""
        if self.halting and self.holding.mode == "pause" and threading.get_ident() == self.ident:
            if self.waits_with is not None:
                self.waits_with.release()
            try:
                self.holding.here()
            finally:
                if self.waits_with is not None:
                    self.waits_with.acquire()
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
    about : callable
        Says what the run is, as `flodesk.public.Context.about`.
    """

    def __init__(
        self,
        control: Control,
        folder: Callable[[], str],
        connections: Mapping[str, str],
        log: Callable[[str, str], None],
        advance: Callable[[float], None],
        about: Callable[[Callable[[Change], None] | None], About] = lambda told: About(),
    ) -> None:
        self._control = control
        self._folder = folder
        self._connections = connections
        self._log = log
        self._advance = advance
        self._about = about

    def sleep(self, seconds: float) -> None:
        """Wait, but return at once (by raising) when the run is stopped."""
        self._control.sleep(seconds)

    def check(self) -> None:
        """Raise if the run was stopped."""
        self._control.check()

    def waits(self, wake: Callable[[], None], lock: Any = None) -> AbstractContextManager[None]:
        """While in it, `wake` is called by another thread when somebody wants something; a pause gives `lock` up."""
        return self._control.waits(wake, lock)

    def beside(self, control: Control) -> RunContext:
        """Return the same for a thread that listens to another control."""
        return RunContext(control, self._folder, self._connections, self._log, self._advance, self._about)

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
        """Give the place of a file, in full: a relative name counts from the folder of the flow's file.

        Where the flow has no file it counts from the working folder, which the window's engine has for such flows.
        """
        # in full: the working folder goes along with a flow that is saved elsewhere, and what is open stays
        return Path(self._folder(), Path(name).expanduser()).absolute()

    def renewed(self) -> bool:
        """Say whether the producer that asks was begun anew because a parameter of it was changed meanwhile."""
        return self._control.renewed

    def held(self) -> float:
        """Say for how long the loop was paused until now, in s."""
        return self._control.holding.seconds

    def about(self, told: Callable[[Change], None] | None = None) -> About:
        """Say what this run is; `told`, a method of an object, gets each change from now on."""
        return self._about(told)
