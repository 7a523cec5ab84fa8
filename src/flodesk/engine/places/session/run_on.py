"""A run on a server, and what is told of it, as plain values: without the packages that talk to the server."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

State = Literal["waiting", "running", "paused", "silent", "succeeded", "failed", "stopped"]
LEFT = "It goes on on the queue, and can be come back to."


@dataclass(frozen=True, slots=True)
class RunOn:
    """A run on a server.

    Attributes
    ----------
    session, run : str
        The session that has it, and the run.
    path, host : str
        The flow's file, and the machine of the editor that has started it.
    since : float
        When it began, in s since 1970.
    queue, worker : str
        Where it waits or runs; without a worker it waits.
    state : str
        *waiting*, *running*, *paused*, *silent* where its process does not answer, or how it has ended.
    text : str
        Digest of the flow's text (`digest`).
    attended : bool
        Whether an editor follows it.
    ended : float
        When it ended, in s since 1970; 0 where it has not.
    about : bool
        Whether it ended then, or somewhat later: its worker had died, and that is its last sign.
    why, node : str
        Of one that has not succeeded: why, in a line, and the node that failed (``function.node``).
    """

    session: str
    run: str
    path: str = ""
    host: str = ""
    since: float = 0.0
    queue: str = ""
    worker: str = ""
    state: State = "waiting"
    text: str = ""
    attended: bool = True
    ended: float = 0.0
    why: str = ""
    node: str = ""
    about: bool = False

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in ("succeeded", "failed", "stopped")

    @property
    def waits(self) -> bool:
        """Whether no worker has begun it."""
        return self.state == "waiting"

    @property
    def path_here(self) -> str:
        """The flow's file, if it was started on this machine; else empty."""
        return self.path if self.host == here() else ""

    def is_of(self, path: str) -> bool:
        """Return whether it was started from this file, on this machine."""
        return bool(self.path_here) and _same(self.path, path)


def here() -> str:
    """Return the name of this machine."""
    return socket.gethostname()


def digest(text: str) -> str:
    """Return what tells a flow's text from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Account:
    """What was told of a run.

    Attributes
    ----------
    run : str
        Its id.
    text, path : str
        The flow as it was handed over last, and where it stands over there.
    changes : tuple of (node, parameter, text)
        What was set in it since.
    after : int
        Number of the last frame that it covers.
    entry : str
        Where in the stream those that follow stand.
    events : tuple of dict
        As frames have them.
    states : dict
        By node.
    values : dict or None
        The head of a frame of values: the last ones, where nobody had come before the session was over.
    buffers : tuple of bytes
        Those of the values.
    """

    run: str
    text: str
    path: str
    changes: tuple[tuple[str, str, str], ...]
    after: int
    entry: str
    events: tuple[dict[str, Any], ...]
    states: dict[str, Sequence[Any]]
    values: dict[str, Any] | None
    buffers: tuple[bytes, ...]

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return any(event["event"] == "RunFinished" for event in self.events[-1:])


def _same(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()
