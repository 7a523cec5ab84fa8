"""A session on a worker, as editors find it: the list of runs has it, and who comes later is told what was so far."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis

from flodesk.engine.history.records import STATE_OF
from flodesk.engine.open_flow import OpenFlow
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, FAILED_SECONDS, Keys
from flodesk.engine.places.session.account import KEPT_SECONDS, SoFar, write_account
from flodesk.engine.places.session.audience import Audience, Command
from flodesk.engine.places.session.here import Here
from flodesk.engine.places.session.run_on import RunOn, State, digest
from flodesk.engine.places.session.runs_there import ENTRY_SECONDS, RENEW_SECONDS, write_entry
from flodesk.engine.places.workers.job_lines import say_begun, say_ended

_STATES: dict[str, State] = {"succeeded": "succeeded", "failed": "failed", "stopped": "stopped"}


class Attended:
    """Keeps what is told of the newest run, and who hears it.

    Parameters
    ----------
    job : mapping
        Of the session, as `flodesk.engine.places.session.job.work` has it.
    queue : str
        Where it waited.
    key : bytes
        Signs what is told.
    opened : OpenFlow
        The flow of the session.
    """

    def __init__(self, job: Mapping[str, Any], queue: str, key: bytes, opened: OpenFlow) -> None:
        self._session = str(job["id"])
        self._keys = Keys(self._session)
        self._worker, self._queue = str(job.get("worker", "")), queue
        by = job.get("by", {})
        self._host = str(by.get("host", ""))
        self._says = bool(job.get("says"))
        self.first = str(by.get("who", ""))
        """Who has started it."""
        self.audience = Audience(self.first)
        self._here = Here(self._session, [self.first] if by.get("here") else [])
        self._key = key
        self._opened = opened
        self._so_far = SoFar()
        self._run, self._since = "", 0.0
        self._ended: State | None = None
        self._ended_at = 0.0
        self._why = self._node = ""
        self._written: tuple[Any, ...] = ()
        self._at = 0.0
        self._asked: list[tuple[str, int]] = []
        self._text: tuple[str, str] = ("", "")
        self.values: tuple[dict[str, Any], list[Any]] | None = None
        """The last values that were sent, where they are to be kept."""

    # -------------------------------------------------------------- what passes
    def hear(self, command: Command, who: str) -> list[Command]:
        """Return what the session is to do, where an editor says something."""
        return self.audience.hear(command, who)

    def look(self, connection: Redis) -> None:
        """Look, if it is time, who of those who follow it is still there.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        if (gone := self._here.gone(connection, self.audience.names)) is not None:
            self.audience.miss(gone)

    def tell(self, head: dict[str, Any], number: int) -> dict[str, Any]:
        """Return a frame as the editors get it, and keep what counts of it; an event has this number."""
        kind = head["f"]
        if kind == "answer":
            return self.audience.answered(head)
        if kind == "letter":
            return {**head, "who": self.audience.first}
        if kind == "event":
            self._so_far.take(head, number)
            if head["event"] == "RunStarted":
                if "+" not in head["run"]:
                    self._run, self._since = str(head["run"]), float(head["time"])
                    if self._says:
                        say_begun(self._run, self._opened.path)
                self._ended, self._ended_at, self._why, self._node = None, 0.0, "", ""
            elif head["event"] == "NodeFailed" and not head["goes_on"]:
                failure = head["failure"]
                self._why, self._node = line(f"{failure['type']}: {failure['message']}"), str(failure["node"])
            elif head["event"] == "RunFinished" and head["run"] == self._run:
                self._ended = _STATES.get(STATE_OF[head["reason"]], "failed")
                if self._says:
                    say_ended(self._run, self._opened.path, head["reason"], float(head["seconds"]))
                self._ended_at = time.time()
                if self._ended != "failed":
                    self._why = self._node = ""
                self._why = self._why or line(head["message"])
        return head

    def numbered(self) -> dict[int, Mapping[str, Any]]:
        """Return the events that still say something, by their numbers."""
        return self._so_far.numbered()

    def ask(self, token: str, after: int) -> None:
        """Note that somebody wants to be told what was so far, up to the frame of this number."""
        if token.isalnum():
            self._asked.append((self._keys.account(token), after))

    # -------------------------------------------------------------- what is written on the server
    @property
    def _state(self) -> State:
        return self._ended or ("paused" if self._so_far.held else "running")

    def write(self, pipe: Any, states: Mapping[str, Sequence[Any]]) -> None:
        """Write the entry if it is time, and the accounts that were asked for."""
        while self._asked:
            name, after = self._asked.pop()
            write_account(pipe, self._key, name, self._account(after, states), [], KEPT_SECONDS)
        now = time.monotonic()
        if not self._run:
            return
        if self._text[0] is not self._opened.text:
            self._text = self._opened.text, digest(self._opened.text)
        seen = self._run, self._state, self._text[1], self._opened.path, len(self.audience) > 0
        if seen != self._written or now - self._at > RENEW_SECONDS:
            self._written, self._at = seen, now
            self._write_entry(pipe, self._kept if self._ended else ENTRY_SECONDS)

    def write_end(self, pipe: Any, after: int, states: Mapping[str, Sequence[Any]]) -> None:
        """Write what is told of the newest run when the session is over."""
        if self._run:
            self._ended = self._ended or "stopped"
            head = self._account(after, states)
            head["values"], buffers = self.values or (None, [])
            write_account(pipe, self._key, self._keys.end, head, buffers, self._kept)
            self._write_entry(pipe, self._kept)

    @property
    def failed(self) -> bool:
        """Whether the newest run has failed."""
        return self._ended == "failed"

    @property
    def _kept(self) -> float:
        """For how long in s it is told how a run has ended."""
        return FAILED_SECONDS if self.failed else EXPIRE_SECONDS

    def _write_entry(self, pipe: Any, seconds: float) -> None:
        run, state, text, path, attended = self._run, self._state, self._text[1], self._opened.path, bool(self.audience)
        entry = RunOn(
            self._session, run, path, self._host, self._since, self._queue, self._worker, state, text, attended,
            self._ended_at, self._why, self._node,
        )  # fmt: skip
        write_entry(pipe, self._key, entry, seconds)

    def _account(self, after: int, states: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        return {
            "run": self._run,
            "text": self._opened.text,
            "path": self._opened.path,
            "changes": [[node, parameter, text] for (node, parameter), text in list(self._opened.overrides.items())],
            "after": after,
            "events": self._so_far.events(),
            "states": dict(states),
        }
