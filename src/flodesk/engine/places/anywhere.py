"""One engine for the window, wherever a run happens: at home in the engine's process, or on a Redis queue.

A run on a cluster is one at home, whose nodes run there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from flodesk.engine.client import Engine, Offer, Renewed
from flodesk.engine.events import Event, LogLine, RunFinished
from flodesk.engine.ids import new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.places.beginning import Asked, Beginning
from flodesk.engine.places.handed_on import HandedOn
from flodesk.engine.places.session.queued import Far, Queued
from flodesk.engine.places.session.run_on import LEFT, RunOn
from flodesk.engine.ring import Room
from flodesk.engine.states import USUAL_RATE

_CANNOT_FOLLOW = "The run on the queue cannot be followed"


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
        self._beginning = Beginning()
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
        """Hand over a flow, as text. One that is another has no values yet, wherever that of before has run."""
        self._flow = (text, path)
        if again:
            self._now.open(text, path, again=True)
            return
        for engine in self._engines():
            engine.open(text, path)
        self._now = self._home  # there is no newest run of it

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
        """Start a run there and return its id. Elsewhere it begins in a thread: nobody here waits for a server."""
        if place != "rq" or part is not None or letters:
            self._replace(None)
            if self._now is not self._home:
                self._now = self._home
                self._now.open(*self._flow, again=True)
            at = "local" if part is not None or letters else place
            return self._home.start(place=at, limits=limits, part=part, run=run, held=held, letters=letters)
        asked = Asked(run or new_run(), limits, held)
        self._ask(asked)
        return asked.run

    def stop(self) -> None:
        """Ask the run to stop, and what was asked for before it: nothing that was begins after this."""
        if not self._stop_beginning():
            self._now.stop()

    def _ask(self, asked: Asked) -> None:
        self._replace(asked)
        self._queued.set_up()

    def _replace(self, asked: Asked | None) -> None:
        """Want this and not what was asked for before; a run that was to be come back to goes on as if it had not."""
        before = self._beginning.ask(asked)
        if before is not None and before.on is not None:
            self._listener(RunFinished(before.run, "left", LEFT))
            self._tell_left(before.on)
        self._tell_stopped(before)
        if asked is not None and self._beginning.leaves:
            self._now = self._home  # nothing of it is shown while it is left

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow."""
        deed = partial(_set, node, parameter, text)
        if not self._beginning.keep(deed, (node, parameter)):
            deed(self._now)

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back."""
        if not self._beginning.keep(lambda there: there.press(node, parameter)):
            self._now.press(node, parameter)

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow."""
        self._flow = (text, self._flow[1] if path is None else path)
        if not self._beginning.keep(lambda there: there.swap(text, path), "swap"):
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
        """Run flows in another interpreter, at home and on the local queue."""
        self._home.use(python)
        self._queued.use(python)

    def restart(self) -> None:
        """Stop what runs, and start the engine at home anew."""
        self._stop_beginning()
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
        self._beginning.drop()
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
        there = self._queued.stays and self._now is not self._home and self._now.running
        return there or self._beginning.comes is not None

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

    @property
    def left_path(self) -> str:
        """The file of the run that can be left, as the list of runs has it: whichever is open by then.

        Empty where it has none, or one of another machine.
        """
        comes, there = self._beginning.comes, self._queued.engine
        if comes is not None:
            return comes.path_here
        return "" if there is None else there.path

    def leave(self) -> None:
        """Let that run go on; `attach` comes back to it. That it was left is told when its server knows.

        Where that does not answer, it is told all the same, with a warning: a run there does not end with its editor.
        """
        if self._beginning.comes is not None and self._beginning.keep(self._leave_beside):
            return
        there = self._queued.engine
        if there is not None:
            self._leave_beside(there)

    def _leave_beside(self, there: Engine) -> None:
        self._queued.also(partial(self._leave, cast("Far", there)))

    def _leave(self, there: Far) -> None:
        self._let_go(there)
        self._queued.stay()

    def _let_go(self, there: Far) -> None:
        try:
            there.leave()
        except RuntimeError as error:
            words = f"{error}. The run goes on there, as far as can be known; open its file again to come back to it"
            self._listener(LogLine("", "", "warning", words, time.time()))
            there.forsake()

    def attach(self, run: RunOn) -> None:
        """Follow a run that is on at the queue; nobody here waits for it. Why that cannot be is told as its end."""
        self._ask(Asked(run.run, on=run))

    # -------------------------------------------------------------- elsewhere
    def _engines(self) -> list[Engine]:
        there = self._queued.engine
        return [self._home] if there is None else [self._home, there]

    def _prepare(self, there: Engine) -> None:
        """Let it know what the window wants."""
        there.watch(*self._watched)
        there.set_breaks(self._breaks)
        there.set_probes(self._probes)
        there.hold(*self._past)

    def _ready(self) -> None:
        """Begin there what is wanted."""
        there, asked = self._queued.engine, self._beginning.take()
        if asked is None or there is None:
            return
        self._now = there
        if asked.on is not None:
            self._prepare(there)
            if not self._attached(there, asked.on):
                return
        else:
            there.open(*self._flow)
            self._prepare(there)
            there.start(place="rq", limits=asked.limits, run=asked.run, held=asked.held)
        if self._beginning.done(there) and asked.on is not None and there.running:
            self._let_go(there)
            self._tell_left(asked.on)

    def _attached(self, there: Far, on: RunOn) -> bool:
        """Follow a run; False where that cannot be and another is wanted by now, which is begun all the same."""
        try:
            there.attach(on)
        except Exception as error:
            if not self._beginning.leaves:
                raise
            self._beginning.give_up()
            self._listener(RunFinished(on.run, "failed", f"{_CANNOT_FOLLOW}: {error}"))
            return False
        return True

    def _refused(self, why: str) -> None:
        self._now = self._home
        for asked in (self._beginning.give_up(), self._beginning.drop()):
            if asked is not None:
                words = why if asked.on is None else f"{_CANNOT_FOLLOW}: {why}"
                self._listener(RunFinished(asked.run, "failed", words))

    def _stop_beginning(self) -> bool:
        """Drop the run that waits, and stop one that is being begun, or come back to, then; False where none is."""
        dropped, begins = self._beginning.stop()
        self._tell_stopped(dropped)
        return begins

    def _tell_left(self, on: RunOn) -> None:
        """Say that a run which was to be followed goes on elsewhere, and what can be done about it."""
        words = (
            f"The run {on.run}, which was to be attached, goes on on the queue: another was asked for before it was "
            f"followed. Attach among the jobs comes back to it, flodesk stop {on.run} stops it."
        )
        if not on.over:
            self._listener(LogLine("", "", "info", words, time.time()))

    def _tell_stopped(self, asked: Asked | None) -> None:
        if asked is not None and asked.on is None:
            self._listener(RunFinished(asked.run, "stopped", "It was stopped before it had begun."))


def _set(node: str, parameter: str, text: str, engine: Engine) -> None:
    engine.set_parameter(node, parameter, text)
