"""One engine for the window, wherever a run happens: at home in the engine's process, or on a Redis queue.

The queue's packages are imported, and its server and worker started where none is named, when the first run goes there.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from flodesk.engine.client import Engine, How, Look, Offer
from flodesk.engine.events import Event, LogLine, Paused, RunFinished
from flodesk.engine.ids import new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.states import NodeState, Sample


class Anywhere:
    """The engine at home, and others elsewhere behind the same commands.

    Parameters
    ----------
    home : Engine
        Runs what is run on this machine; closed with this.
    redis : str, optional
        Address of the server for runs on a queue; by default ``$FLODESK_REDIS_URL``, else we start one and a worker.
    """

    def __init__(self, home: Engine, redis: str | None = None) -> None:
        self._home = home
        self._redis = redis or os.environ.get("FLODESK_REDIS_URL", "")
        self._now: Engine = home
        self._there: Engine | None = None
        self._own = contextlib.ExitStack()
        self._listener: Callable[[Event], None] = lambda event: None
        self._flow = ("", "")
        self._watched: tuple[set[str], set[str]] = (set(), set())
        self._setting_up: threading.Thread | None = None
        self._breaks: Mapping[str, str] = {}
        self._wanted = self._held = False
        self._asked = ("", UNLIMITED)
        self._lock = threading.Lock()

    @property
    def listener(self) -> Callable[[Event], None]:
        """Takes the events of all places."""
        return self._listener

    @listener.setter
    def listener(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener
        self._home.listener = listener
        if self._there is not None:
            self._there.listener = listener

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
        if place == "local" or part is not None or letters:
            if self._now is not self._home:
                self._now = self._home
                self._now.open(*self._flow, again=True)
            return self._home.start(limits=limits, part=part, run=run, held=held, letters=letters)
        with self._lock:
            self._wanted, self._held, self._asked = True, held, (run or new_run(), limits)
        if self._there is not None:
            return self._begin_there()
        if self._setting_up is None or not self._setting_up.is_alive():
            self._setting_up = threading.Thread(target=self._set_up, name="flodesk place", daemon=True)
            self._setting_up.start()
        return self._asked[0]

    def stop(self) -> None:
        """Ask the run to stop."""
        with self._lock:
            waiting, self._wanted = self._wanted and self._there is None, False
        if waiting:
            self._listener(RunFinished(self._asked[0], "stopped", "It was stopped before the place had been set up."))
        self._now.stop()

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow."""
        self._now.set_parameter(node, parameter, text)

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow."""
        self._flow = (text, self._flow[1] if path is None else path)
        self._now.swap(text, path)

    def pause(self) -> None:
        """Hold every loop."""
        self._now.pause()

    def resume(self, function: str = "") -> None:
        """Let a function go on, or all of them."""
        self._now.resume(function)

    def step(self, how: How = "over", function: str = "") -> None:
        """Let a function, or what is held, go on for a step."""
        self._now.step(how, function)

    def step_iteration(self, function: str = "") -> None:
        """Let a function, or what is held, run one turn of its loop."""
        self._now.step_iteration(function)

    def set_breaks(self, breaks: Mapping[str, str]) -> None:
        """Hold at these places and no others, wherever the flow runs."""
        self._breaks = dict(breaks)
        for engine in (self._home, self._there):
            if engine is not None:
                engine.set_breaks(self._breaks)

    def inspect(self, function: str, told: Callable[[Look], None], variable: str = "") -> None:
        """Ask what is bound where a function is held."""
        self._now.inspect(function, told, variable)

    def choices(
        self, text: str, path: str, node: str, parameter: str, values: Mapping[str, str], told: Callable[[Offer], None]
    ) -> None:
        """Ask what a field can be chosen from: at home, where the editor's files are."""
        self._home.choices(text, path, node, parameter, values, told)

    def why(self, node: str, told: Callable[[str], None]) -> None:
        """Ask why a node ran, or did not, in the newest run."""
        self._now.why(node, told)

    @property
    def held(self) -> Mapping[str, Paused]:
        """Where each function is that is held."""
        return self._now.held

    def restart(self) -> None:
        """Stop what runs, and start the engine at home anew."""
        if self._now is not self._home:
            self._now.restart()
        self._home.restart()

    def watch(self, full: set[str], brief: set[str]) -> None:
        """Say which values are on the screen."""
        self._watched = (full, brief)
        for engine in (self._home, self._there):
            if engine is not None:
                engine.watch(full, brief)

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of the place of the newest run."""
        return self._now.values()

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest previews."""
        return self._now.previews()

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest states."""
        return self._now.states()

    @property
    def running(self) -> bool:
        """True while a run is on."""
        return self._now.running

    def close(self) -> None:
        """Stop, and end what was started. Final."""
        with self._lock:
            self._wanted = False
        if self._setting_up is not None:
            self._setting_up.join(15)
        for engine in (self._home, self._there):
            if engine is not None:
                engine.close()
        self._own.close()

    # -------------------------------------------------------------- elsewhere
    def _begin_there(self) -> str:
        assert self._there is not None
        self._now = self._there
        self._there.open(*self._flow)
        self._there.watch(*self._watched)
        run, limits = self._asked
        self._there.set_breaks(self._breaks)
        return self._there.start(place="rq", limits=limits, run=run, held=self._held)

    def _set_up(self) -> None:
        """Connect to the server and start the run that waits, in a thread: the window must not wait for a server."""
        try:
            self._there = self._connected()
            with self._lock:
                wanted, self._wanted = self._wanted, False
            if wanted:
                self._begin_there()
        except ModuleNotFoundError as error:
            self._refuse(f"A run on a Redis queue needs the package {error.name}: pip install 'flodesk[redis]'")
        except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
            self._refuse(str(error))

    def _refuse(self, why: str) -> None:
        self._own.close()
        self._there = None
        self._now = self._home
        self._listener(RunFinished(self._asked[0], "failed", why))

    def _connected(self) -> Engine:
        rq: Any = import_module("flodesk.engine.places.rq")
        url = self._redis
        if not url:
            broker: Any = import_module("flodesk.engine.places.broker")
            worker: Any = import_module("flodesk.engine.places.worker")
            url = self._own.enter_context(broker.LocalServer()).url
            self._own.enter_context(worker.OwnWorker(url, rq.QUEUE))
            self._listener(
                LogLine(
                    "",
                    "",
                    "info",
                    "No Redis server is named ($FLODESK_REDIS_URL): one of our own was started.",
                    time.time(),
                )
            )
        engine: Engine = rq.RqEngine(url)
        engine.listener = self._listener
        return engine
