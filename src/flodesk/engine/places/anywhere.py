"""One engine for the window, wherever a run happens: at home in the engine's process, or on a Redis queue.

A run on a cluster is one at home, whose nodes run there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from flodesk.engine.client import Engine, Offer, Renewed
from flodesk.engine.events import Event, RunFinished
from flodesk.engine.ids import new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.places.handed_on import HandedOn
from flodesk.engine.places.session.queued import Queued
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.ring import Room
from flodesk.engine.states import USUAL_RATE


class Anywhere(HandedOn):
    """The engine at home, and others elsewhere behind the same commands.

    Parameters
    ----------
    home : Engine
        Runs what is run on this machine; closed with this.
    redis : str, optional
        Address of the server for runs on a queue; by default the one that is named, else we start one and a worker.
    """

    def __init__(self, home: Engine, redis: str | None = None) -> None:
        super().__init__(home)
        self._home = home
        self._listener: Callable[[Event], None] = lambda event: None
        self._flow = ("", "")
        self._watched: tuple[set[str], set[str], float] = (set(), set(), USUAL_RATE)
        self._breaks: Mapping[str, str] = {}
        self._probes: Mapping[str, Room] = {}
        self._past: tuple[Sequence[str], int] = ((), 0)
        self._wanted = self._held = False
        self._asked = ("", UNLIMITED)
        self._lock = threading.Lock()
        self._queued = Queued(redis, ready=self._ready, failed=self._refused, told=lambda event: self._listener(event))

    @property
    def listener(self) -> Callable[[Event], None]:
        """Takes the events of all places."""
        return self._listener

    @listener.setter
    def listener(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener
        self._home.listener = listener

    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow, as text."""
        self._flow = (text, path)
        self._now.open(text, path, again=again)

    def start(
        self,
        *,
        place: str = "local",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        run: str = "",
        held: bool = False,
        letters: Sequence[int] = (),
    ) -> str:
        """Start a run there and return its id; a place that has to be set up first starts it when it stands."""
        if place != "rq" or part is not None or letters:
            if self._now is not self._home:
                self._now = self._home
                self._now.open(*self._flow, again=True)
            at = "local" if part is not None or letters else place
            return self._home.start(place=at, limits=limits, part=part, run=run, held=held, letters=letters)
        with self._lock:
            self._wanted, self._held, self._asked = True, held, (run or new_run(), limits)
        if self._queued.stands:
            return self._begin_there()
        self._queued.set_up()
        return self._asked[0]

    def stop(self) -> None:
        """Ask the run to stop."""
        with self._lock:
            waiting, self._wanted = self._wanted and not self._queued.stands, False
        if waiting:
            self._listener(RunFinished(self._asked[0], "stopped", "It was stopped before the place had been set up."))
        self._now.stop()

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow."""
        self._flow = (text, self._flow[1] if path is None else path)
        self._now.swap(text, path)

    def reload(self, told: Callable[[Renewed], None]) -> None:
        """Load the user's own modules again that have changed, where the flow runs."""
        self._now.reload(told)

    def set_breaks(self, breaks: Mapping[str, str]) -> None:
        """Hold at these places and no others, wherever the flow runs."""
        self._breaks = dict(breaks)
        for engine in self._engines():
            engine.set_breaks(self._breaks)

    def set_probes(self, rooms: Mapping[str, Room]) -> None:
        """Keep the last values of these ports, wherever the flow runs."""
        self._probes = dict(rooms)
        for engine in self._engines():
            engine.set_probes(self._probes)

    def hold(self, names: Sequence[str], most: int) -> None:
        """Hold the past of these ports, wherever the flow runs."""
        self._past = (names, most)
        for engine in self._engines():
            engine.hold(names, most)

    def choices(
        self, text: str, path: str, node: str, parameter: str, values: Mapping[str, str], told: Callable[[Offer], None]
    ) -> None:
        """Ask what a field can be chosen from: at home, where the editor's files are."""
        self._home.choices(text, path, node, parameter, values, told)

    def use(self, python: str) -> None:
        """Run flows at home in another interpreter."""
        self._home.use(python)

    def restart(self) -> None:
        """Stop what runs, and start the engine at home anew."""
        if self._now is not self._home:
            self._now.restart()
        self._home.restart()

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values are on the screen, and how often a second they can be shown."""
        self._watched = (full, brief, rate)
        for engine in self._engines():
            engine.watch(full, brief, rate)

    def close(self) -> None:
        """Stop, and end what was started. Final."""
        with self._lock:
            self._wanted = False
        self._queued.close()
        self._home.close()

    # -------------------------------------------------------------- runs that go on without this window
    @property
    def afar(self) -> Queued:
        """Where runs go on without this window."""
        return self._queued

    @property
    def can_leave(self) -> bool:
        """Whether there is a run that would go on without this window."""
        return self._queued.stays and self._now is not self._home and self._now.running

    @property
    def waiting(self) -> bool:
        """Whether the newest run is on a server that does not answer, and is waited for."""
        there = self._queued.engine
        return there is not None and self._now is there and there.waiting

    @property
    def ends_with_us(self) -> bool:
        """Whether there is a run on the local queue, which ends with this program."""
        there = self._queued.engine
        return there is not None and self._now is there and there.running and not self._queued.stays

    def leave(self) -> None:
        """Let that run go on; `attach` comes back to it.

        Raises
        ------
        RuntimeError
            The server does not answer.
        """
        there = self._queued.engine
        if there is not None:
            there.leave()

    def attach(self, run: RunOn) -> None:
        """Follow a run that is on at the queue; waits for what is told of it. Why that cannot be is told as its end."""
        try:
            there = self._now = self._queued.stand()
            self._prepare(there)
            there.attach(run)
        except Exception as error:  # noqa: BLE001 - the end of a thread: what is not told here is lost
            self._now = self._home
            self._listener(RunFinished(run.run, "failed", f"The run on the queue cannot be followed: {error}"))

    # -------------------------------------------------------------- elsewhere
    def _engines(self) -> list[Engine]:
        there = self._queued.engine
        return [self._home] if there is None else [self._home, there]

    def _begin_there(self) -> str:
        there = self._queued.engine
        assert there is not None
        self._now = there
        there.open(*self._flow)
        self._prepare(there)
        run, limits = self._asked
        return there.start(place="rq", limits=limits, run=run, held=self._held)

    def _prepare(self, there: Engine) -> None:
        """Let it know what the window wants."""
        there.watch(*self._watched)
        there.set_breaks(self._breaks)
        there.set_probes(self._probes)
        there.hold(*self._past)

    def _ready(self) -> None:
        with self._lock:
            wanted, self._wanted = self._wanted, False
        if wanted:
            self._begin_there()

    def _refused(self, why: str) -> None:
        self._now = self._home
        self._listener(RunFinished(self._asked[0], "failed", why))
