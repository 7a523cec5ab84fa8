"""A run whose worker has died, as it is known from signed words alone: those of its editors, and its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis import Redis

from flodesk.engine.places.server.once import VALID_SECONDS
from flodesk.engine.places.server.signing import Reading, RefusedError
from flodesk.engine.places.server.stream import Keys
from flodesk.engine.places.session.account import SoFar
from flodesk.engine.places.session.answers import Hearing
from flodesk.engine.places.session.job import WORK
from flodesk.engine.places.session.shown import Shown
from flodesk.engine.places.session.signed_job import signed_job

Command = dict[str, Any]
NOBODY: Command = {"c": "watch", "full": [], "brief": []}


class Asked:
    """What the editors of a session have said, as it counts for its newest run.

    Attributes
    ----------
    start : dict
        The command that started it.
    stopped : bool
        Whether it was asked to stop.
    keep : dict
        What somebody had on the screen last: the command that watches it.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self.start: Command = {}
        self.stopped = False
        self.keep = NOBODY
        self._open: Command = {"c": "open", "text": "", "path": "", "files": {}}
        self._set: dict[tuple[str, str], str] = {}
        for command in commands:
            self.take(command)

    @property
    def text(self) -> str:
        """The flow as it was in the end."""
        return str(self._open["text"])

    @property
    def path(self) -> str:
        """Where it stands."""
        return str(self._open["path"])

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What was set in it since: (node, parameter, text)."""
        return [(node, parameter, text) for (node, parameter), text in self._set.items()]

    def take(self, command: Command) -> None:
        """Take the next command."""
        kind = command["c"]
        if kind == "open":
            self._open, self._set = {**self._open, **command, "again": False}, {}
        elif kind == "swap":
            given = {name: command[name] for name in ("text", "path", "files") if command.get(name) is not None}
            self._open, self._set = {**self._open, **given}, {}
        elif kind == "set":
            self._set[str(command["node"]), str(command["parameter"])] = str(command["text"])
        elif kind == "start":
            self.start, self.stopped = command, False
        elif kind == "stop":
            self.stopped = True
        elif kind == "watch":
            self.keep = command
        elif kind == "leave":
            self.keep = command.get("keep") or self.keep

    def again(self) -> list[Command]:
        """Return the commands that begin the run as it was in the end, with nobody there to watch it."""
        made: list[Command] = [self._open]
        made += [{"c": "set", "node": node, "parameter": name, "text": text} for node, name, text in self.changes]
        return [*made, {"c": "leave", "keep": self.keep}, {**self.start, "held": False}]


@dataclass(slots=True)
class Heard:
    """What a session has said of one of its runs.

    Attributes
    ----------
    since : float
        When it began, in s since 1970; 0 where nothing was said of that.
    ended : bool
        Whether it has ended.
    pure : bool
        Whether it has said that it has no effects.
    number : int
        Of its last frame.
    """

    run: str
    so_far: SoFar = field(default_factory=SoFar)
    since: float = 0.0
    ended: bool = False
    pure: bool = False
    number: int = 0

    def take(self, head: dict[str, Any]) -> None:
        """Take a frame that has a number: each once, as those that may have been lost were sent twice."""
        number = int(head.pop("k", 0))
        if head["f"] != "event" or number <= self.number:
            return
        self.number = number
        self.so_far.take({name: value for name, value in head.items() if name != "again"}, number)
        if head.get("run") != self.run:
            return
        if head["event"] == "RunStarted":
            self.since = float(head["time"])
        elif head["event"] == "RunFinished":
            self.ended = True
        self.pure = bool(head.get("again", self.pure))


@dataclass(frozen=True, slots=True)
class LostRun:
    """A run that has lost its worker.

    Attributes
    ----------
    job : dict
        What was signed as the job of its session.
    states, values : dict
        Frames: what it has shown last; empty where that is nothing.
    buffers : sequence of bytes
        Those of the values.
    """

    session: str
    job: dict[str, Any]
    asked: Asked
    heard: Heard
    states: dict[str, Any]
    values: dict[str, Any]
    buffers: Sequence[bytes] = ()

    @property
    def run(self) -> str:
        """Its id."""
        return self.heard.run

    @property
    def host(self) -> str:
        """The machine of the editor that has started it."""
        return str(self.job.get("by", {}).get("host", ""))

    @property
    def is_on(self) -> bool:
        """Whether it has not ended, and nobody else sees to it that it begins: an editor does, in an open session."""
        first = self.job["commands"][-1]["run"] == self.run
        return not self.heard.ended and (first or bool(self.heard.since))

    @property
    def culprit(self) -> str:
        """Which node was at work, in a sentence; empty if none was."""
        shown = Shown()
        shown.take_states(self.states)
        return shown.culprit()

    def why_not(self) -> str:
        """Say why it is not to be run again by itself; empty if it is."""
        if self.job.get("again"):
            return "It was run again before, and is not once more by itself"
        if self.asked.stopped:
            return "It had been asked to stop"
        if not self.heard.since:
            return "It had said nothing yet, so nobody knows whether it has had effects"
        if not self.heard.pure:
            return "It has effects, or a loop, so it is not run again by itself"
        if time.time() - self.heard.since > VALID_SECONDS:
            return "It began more than a day ago, so it is not run again by itself"
        return ""


def lost_run(connection: Redis, key: bytes, session: str) -> LostRun | None:
    """Return the newest run of a session whose worker has died; None where nothing signed tells of one that was on.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    try:
        function, job = signed_job(connection, session, key)
        if function != WORK:
            return None
        asked = Asked(job["commands"])
        for command in _commands(connection, key, session):
            asked.take(command)
        lost = _with_frames(connection, key, session, job, asked)
    except (RefusedError, KeyError, TypeError, ValueError):
        return None  # another version may say things that make no sense here
    return lost if lost.is_on else None


def _commands(connection: Redis, key: bytes, session: str) -> list[Command]:
    """Return the commands that were sent to a session."""
    reading = Reading(key, session)
    found: list[Command] = []
    entries: Any = connection.xrange(Keys(session).commands)
    for _, fields in entries:
        try:
            command, _ = reading.command(fields)
            found += command["commands"] if command["c"] == "all" else [command]
        except (RefusedError, KeyError, TypeError, ValueError):
            continue  # its session has not obeyed it, either
    return found


def _with_frames(connection: Redis, key: bytes, session: str, job: dict[str, Any], asked: Asked) -> LostRun:
    hearing, heard = Hearing(key, session), Heard(str(asked.start["run"]))
    states: dict[str, Any] = {}
    values: dict[str, Any] = {}
    buffers: Sequence[bytes] = ()
    for stream in (Keys(session).events, Keys(session).values):
        entries: Any = connection.xrange(stream)
        for _, fields in entries:
            head, own = _frame(hearing, fields)
            kind = head.get("f")
            if "k" in head:
                heard.take(head)
            elif kind == "states" and head["run"] == heard.run:
                states = head["items"]
            elif kind == "values" and head["run"] == heard.run and "large" not in head:
                values, buffers = head, own
    return LostRun(session, job, asked, heard, states, values, buffers)


def _frame(hearing: Hearing, fields: Mapping[bytes, bytes]) -> tuple[dict[str, Any], Sequence[bytes]]:
    try:
        return hearing.frame(fields)
    except (RefusedError, KeyError, TypeError, ValueError):
        return {}, ()
