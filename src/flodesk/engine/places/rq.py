"""A place elsewhere: the flow runs in a session on a worker of RQ, and is watched as at home.

`RqEngine` offers what the engine's own process offers (`flodesk.engine.client.Engine`). The job that begins a session
carries the flow as text; events, states and newest values come back by streams (`flodesk.engine.places.stream`).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from flodesk.engine.events import Event, LogLine, Reason, Rejected, Released, RunFinished, RunStarted, from_json
from flodesk.engine.ids import new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.places.baggage import packed_up
from flodesk.engine.places.following import Following
from flodesk.engine.places.job_queue import SILENT_SECONDS, JobQueue
from flodesk.engine.places.key import Key, find_or_make_key, how_to_get_one
from flodesk.engine.places.post import Inbox
from flodesk.engine.places.shown import Shown
from flodesk.engine.places.signing import Writing
from flodesk.engine.places.stream import ENDED, QUEUE, PlaceError, connect, hidden
from flodesk.engine.places.wire import Wire
from flodesk.engine.probing import probes_command
from flodesk.engine.settings import section
from flodesk.engine.states import USUAL_RATE, NodeState, Sample
from flodesk.engine.steered import Steered
from flodesk.flow.script import read

STOP_SECONDS = 1.5
"""After this long the worker's process is ended."""
KEPT_COMMANDS = 200


class RqEngine(Steered):
    """Runs flows on a Redis queue.

    Parameters
    ----------
    url : str
        Address of the server (``redis://HOST:PORT/DB``).
    queue : str
        Name of the queue.
    key : Key, optional
        Signs what is sent; by default the one that is here, or one that is made.
    loops : sequence of str
        The functions to run, where others run on other workers; none is all.

    Raises
    ------
    PlaceError
        The server does not answer, or there is no key.
    """

    def __init__(self, url: str, *, queue: str = QUEUE, key: Key | None = None, loops: Sequence[str] = ()) -> None:
        super().__init__()
        self._loops = [*loops]
        self.listener: Callable[[Event], None] = lambda event: None
        self._url = url
        self._wire = section("queue", Wire())
        self._key = key or find_or_make_key()
        self._writing = Writing(self._key.secret, "")
        self._connection: Redis = connect(url)
        self._reading: Redis = connect(url)
        self._queue = JobQueue(self._connection, queue, self._key.secret, self._wire)
        self._text = self._path = ""
        self._changes: dict[tuple[str, str], str] = {}
        self._full: list[str] = []
        self._brief: list[str] = []
        self._run = ""
        self._running = False
        self._begun = False
        """Whether the run has told its start."""
        self._over = threading.Event()
        self._stopped_at = 0.0
        self._late = ""
        self._began = 0.0
        self._shown = Shown()
        self._session: Following | None = None
        self._opened = ("", "")
        """The flow that the session has."""
        self._asked: list[dict[str, Any]] = []
        """The commands that begin the run."""
        self._jobs = 0
        self._lonely = False
        self._repeatable = False
        """Whether the run has no effects: then it is run again where its worker dies."""
        self._repeated = False
        self._away = False
        self._sent: deque[dict[Any, Any]] = deque(maxlen=KEPT_COMMANDS)
        """The last commands that the session was sent."""
        self._lock = threading.RLock()
        self._inbox = Inbox(lambda words: self._tell(LogLine(self._run, "", "warning", words, time.time())))

    # -------------------------------------------------------------- the protocol of engines
    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow, as text."""
        self._text, self._path, self._changes = text, path, {}

    def start(
        self,
        *,
        place: str = "rq",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        run: str = "",
        held: bool = False,
        letters: Sequence[int] = (),
    ) -> str:
        """Start the open flow and return the run's id. A run that is on is stopped first.

        It starts in the session that the run before has left on a worker, or in one that is put on the queue.

        Raises
        ------
        PlaceError
            The server does not answer any more, or a part is asked for, or letters: what these need is not there.
        """
        if part is not None:
            raise PlaceError("A part of a flow runs where its values are: on this machine.")
        if letters:
            raise PlaceError("Dead letters are put back where they are kept: on this machine.")
        if self._running:
            self.stop()
            self._over.wait(STOP_SECONDS + 3.0)
        with self._lock:
            self._run = run or new_run()
            self._stopped_at, self._late = 0.0, ""
            self._shown.begin()
            self._held.clear()
            self._over.clear()
            self._begun, self._jobs, self._repeatable, self._repeated = False, 0, False, False
            self._began = time.monotonic()
            try:
                self._asked = self._opening(limits, held)
                if self._session is not None and self._session.open:
                    self._running = True
                    self._send(*self._asked)
                else:
                    self._enqueue()
            except RedisError as error:
                self._running = False
                raise PlaceError(f"The flow could not be put on the queue at {hidden(self._url)}: {error}") from error
        return self._run

    def _opening(self, limits: Limits, held: bool) -> list[dict[str, Any]]:
        """Return the commands that begin a run."""
        again = self._session is not None and self._opened == (self._text, self._path)
        self._opened = self._text, self._path
        files = packed_up(self._text, self._path, self._connection)
        return [
            {"c": "open", "text": self._text, "path": self._path, "again": again, "files": files},
            {"c": "watch", "full": self._full, "brief": self._brief},
            *({"c": "set", "node": n, "parameter": p, "text": t} for (n, p), t in self._changes.items()),
            {"c": "breaks", "breaks": self._breaks},
            probes_command(self._probes),
            self._holding,
            {
                "c": "start",
                "run": self._run,
                "place": "rq",
                "limits": limits.to_json() if limits else None,
                "held": held,
                # a worker of before knows no loops, and is not asked for what nobody wants
                **({"loops": self._loops} if self._loops else {}),
            },
        ]

    def _enqueue(self) -> None:
        """Put a session on the queue that begins with this run."""
        self._jobs += 1
        session = self._run if self._jobs == 1 else f"{self._run}-{self._jobs}"
        self._queue.put(session, self._asked, f"flow {self._path or 'without a file'}")
        self._shown.begin(_top(self._text))
        self._writing = Writing(self._key.secret, session)
        self._running, self._lonely = True, False
        self._sent.clear()
        following = Following(
            self._reading,
            session,
            take=self._take,
            quiet=self._watch_over,
            lost=self._lost,
            back=self._back,
            again=self._ask_again,
        )
        self._session = following
        following.begin()

    def stop(self) -> None:
        """Ask the run to stop; a worker that does not obey is ended after a while."""
        if self._running:
            self._stopped_at = self._stopped_at or time.monotonic()
            self._command({"c": "stop"})

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow, from the next call on."""
        self._changes[node, parameter] = text
        self._command({"c": "set", "node": node, "parameter": parameter, "text": text})

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back; the worker tells when it was read."""
        super().press(node, parameter)
        if not self._running:
            self._tell(Released("", node, parameter))

    def save_probe(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Refuse: the file would be written where the worker is."""
        told(0, "The values are with the worker on the queue: run the flow on this machine to save them")

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow from the next turn. Where its file is here says nothing over there."""
        self._text, self._changes = text, {}
        if self._running:
            with contextlib.suppress(PlaceError, RedisError):  # then it has to do with the modules that it has
                self._command({"c": "swap", "text": text, "files": packed_up(text, self._path, self._connection)})

    def restart(self) -> None:
        """Stop what runs: each run on a queue has a process of its own, which ends with it."""
        self.stop()

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values are on the screen; over the network they come no more often than usual."""
        self._full, self._brief = sorted(full), sorted(brief)
        self._command({"c": "watch", "full": self._full, "brief": self._brief})

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched in full."""
        return self._shown.values

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched in brief."""
        return self._shown.previews

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node."""
        return self._shown.states

    @property
    def running(self) -> bool:
        """True from `start` to `RunFinished`."""
        return self._running

    def close(self) -> None:
        """Stop, and end the threads and connections. Final."""
        if self._running:
            self.stop()
            self._over.wait(STOP_SECONDS + 3.0)
        with self._lock:
            session = self._session
            if session is not None and session.open:
                with contextlib.suppress(RedisError):
                    self._send({"c": "close"})
                session.leave()
        if session is not None:
            session.join(5.0)
        self._inbox.close()
        self._connection.close()
        self._reading.close()

    # -------------------------------------------------------------- inside
    def _steer(self, command: dict[str, Any]) -> None:
        self._command(command)
        if "q" in command and not self._running:
            self._questions.answer({"q": command["q"], "error": "There is no run"})

    def _command(self, command: dict[str, Any]) -> None:
        if not self._running:
            return
        # a lost server is told by the reader, once, and not at each turn of a knob
        with contextlib.suppress(RedisError):
            self._send(command)

    def _send(self, *commands: Mapping[str, Any]) -> None:
        """Send commands to the session."""
        with self._lock:
            if self._session is None:
                return
            # one entry: the worker wakes up once
            command = commands[0] if len(commands) == 1 else {"c": "all", "commands": commands}
            fields = self._writing.entry(command)
            self._sent.append(fields)
            self._connection.xadd(self._session.keys.commands, fields, maxlen=10_000)

    def _closed(self) -> None:
        """Note that the session is over; a run that came too late for it gets another."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                session.leave()
            if self._running and not self._begun:
                self._asked[0]["again"] = False
                self._enqueue()

    def _lost(self, error: RedisError, seconds: float) -> bool:
        """Wait for a server that has gone, if a run is on; returns whether to go on."""
        if not self._running:
            return False
        stopped = self._stopped_at and time.monotonic() - self._stopped_at > STOP_SECONDS
        if seconds > self._wire.patience or stopped:
            self._finish(
                "crashed",
                f"The Redis server at {hidden(self._url)} does not answer any more ({error}). The run may go on "
                "there; start the server again, or run the flow on this machine.",
            )
            return False
        if not self._away:
            self._away = True
            self._say(
                f"The Redis server at {hidden(self._url)} does not answer ({error}): waiting for it, "
                f"{self._wire.patience:g} s at most. The run goes on."
            )
        return True

    def _back(self) -> None:
        """Go on where the server was lost: what may have been lost with it is sent, and asked for, once more."""
        self._away = False
        self._say(f"The Redis server at {hidden(self._url)} answers again.", "info")
        with self._lock:
            if self._session is None:
                return
            for fields in list(self._sent):
                self._connection.xadd(self._session.keys.commands, fields, maxlen=10_000)
        self._ask_again()
        if not self._begun and not self._queue.has(self._session.session):
            self._closed()  # it waited in the memory of the server, which is empty now

    def _ask_again(self) -> None:
        if self._session is not None:
            self._command({"c": "again", "after": self._session.number})

    def _say(self, text: str, level: str = "warning") -> None:
        self._tell(LogLine(self._run, "", level, text, time.time()))

    def _take(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        kind = head["f"]
        if kind == "event":
            event = from_json({k: v for k, v in head.items() if k not in ("f", "again")})
            if getattr(event, "run", "") not in ("", self._run):
                return  # late news of a run that has ended are not the next one's
            if isinstance(event, RunStarted):
                self._begun = True
                if self._repeated:
                    return  # it was told
            self._repeatable = bool(head.get("again", self._repeatable))
            if isinstance(event, RunFinished):
                self._running = False
            self._tell(self._inbox.placed(event) if isinstance(event, Rejected) else event)
        elif kind == "closed":
            self._closed()
        elif kind == "letter":
            self._post(head, buffers)
        elif kind == "expired":
            self._late = head["late"] or "Its time was over"
            self._stopped_at = self._stopped_at or time.monotonic()
        elif kind == "answer":
            self._questions.answer(head, buffers)
        elif kind == "states" and head["run"] == self._run:
            self._shown.take_states(head["items"])
        elif kind == "values" and head["run"] == self._run:
            self._shown.take_values(head["items"], buffers)

    def _post(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        """Keep a dead letter here, and let the worker know."""
        arrived = self._inbox.take(head, buffers)
        if arrived is not None:
            self._command(arrived)

    def _watch_over(self, quiet: bool) -> None:
        """End the worker of a run that does not stop; notice a job that ended without a word."""
        session = self._session
        if session is None or not self._running:
            return None
        overdue = self._stopped_at and time.monotonic() - self._stopped_at > STOP_SECONDS
        if not overdue and not quiet:
            return None
        if overdue:
            return self._end(session.session)
        silent = time.monotonic() - session.heard
        fate, why = self._queue.fate(session.session, silent)
        if fate == "gone" and not (self._begun and silent < SILENT_SECONDS):
            return self._finish("crashed", "The job is gone from the queue: somebody has removed it.")
        if fate == "refused":
            return self._finish("failed", f"The worker refused to run it: {why}{self._about_keys(why)}")
        if fate == "dead" and not self._begun and self._jobs == 0:
            return self._closed()  # the session was over when the run was asked for
        if fate == "dead":
            return self._died(why)
        if fate == "alone" and not self._lonely:
            self._lonely = True
            self._say(
                f"No worker listens on the queue {self._queue.name!r} yet. Start one: "
                f"flodesk worker --redis {hidden(self._url)} --queue {self._queue.name}"
            )
        return None

    def _died(self, why: str) -> None:
        """Run what has no effects once more elsewhere when its worker has died; tell the end of anything else."""
        if self._repeatable and not self._repeated and not self._stopped_at and why != ENDED:
            self._repeated = True
            self._say(
                f"{self._shown.culprit()}The job ended without a word: {why}. It has no effects: it is run again."
            )
            self._begun = self._repeatable = False
            self._jobs = max(1, self._jobs)
            return self._closed()
        return self._finish("crashed", f"{self._shown.culprit()}The job ended without a word: {why}")

    def _about_keys(self, refused: str) -> str:
        """Say what to do where the worker knows another key, or none."""
        if "key" not in refused:
            return ""
        return f". Here it is signed with the key of {self._key.origin}: {how_to_get_one(self._key.origin)}"

    def _end(self, session: str) -> None:
        """End what did not stop by itself: take it off the queue, or have its process killed."""
        if self._queue.end(session):
            return self._finish("stopped", "It was taken off the queue before a worker had begun it.")
        said = f"{self._shown.culprit()}It did not stop, so its process on the worker was ended."
        return self._finish("failed" if self._late else "killed", f"{self._late}. {said}" if self._late else said)

    def _finish(self, reason: Reason, message: str) -> None:
        """Tell the end of a run that cannot tell it itself; its session is over."""
        self._running = False
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.leave()
        self._tell(RunFinished(self._run, reason, message, time.monotonic() - self._began))

    def _tell(self, event: Event) -> None:
        self._note(event)
        if isinstance(event, RunFinished):
            self._questions.give_up("The run has ended")
        self.listener(event)
        if isinstance(event, RunFinished):
            self._over.set()


def _top(text: str) -> list[str]:
    """Return the statements of a flow that come for sure: those that stand in no loop and no arm."""
    flow = read(text)
    return [f"{name}.{s.id}" for name in flow.mains for s in flow.functions[name].body.statements]


__all__ = ["QUEUE", "PlaceError", "RqEngine", "RunStarted"]
