"""What the history holds, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flodesk.engine.events import Changed, Paused, Reason, Resumed, RunFinished
from flodesk.engine.states import NodeState

RunState = Literal["queued", "running", "paused", "succeeded", "failed", "stopped", "interrupted"]
STATES: tuple[RunState, ...] = ("queued", "running", "paused", "succeeded", "failed", "stopped", "interrupted")
OPEN: tuple[RunState, ...] = ("queued", "running", "paused")

STATE_OF: dict[Reason, RunState] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "stopped": "stopped",
    "killed": "stopped",  # somebody wanted it to stop, and so it did, in the end
    "crashed": "failed",
    "left": "interrupted",  # somebody who follows it again may tell its end
}


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a run before it begins.

    Attributes
    ----------
    text, path : str
        The flow, and where it stands.
    parameters : dict
        What was set beside the text: text of each value by ``function.node.parameter``.
    place : str
        Where it runs.
    part : str
        What of the flow is run, in words (``to flow.summary``); empty for all of it.
    states : callable
        Gives the newest state of each node.
    """

    text: str
    path: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    place: str = "local"
    part: str = ""
    states: Callable[[], Mapping[str, NodeState]] = dict


@dataclass(frozen=True, slots=True)
class Begun:
    """A run was asked for."""

    run: str
    about: About
    time: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A run has ended, with the last states of its nodes."""

    event: RunFinished
    states: Mapping[str, NodeState]
    time: float


@dataclass(frozen=True, slots=True)
class Noted:
    """Something was done to a run while it was on."""

    event: Paused | Resumed | Changed
    time: float


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run of the history. Times are in s; `start` and `end` count from 1970, UTC."""

    id: str
    path: str
    name: str
    flow: str
    parameters: dict[str, str]
    environment: dict[str, Any]
    host: str
    user: str
    pid: int
    place: str
    state: RunState
    start: float
    end: float | None
    seconds: float | None
    message: str
    iterations: int
    error: dict[str, Any] | None

    @property
    def open(self) -> bool:
        """True for a run that has not ended."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """What a node did in a run: how often it was called, how long all its calls took, and the last one, in s.

    Where it was called more than once, `seconds` is an estimate from the durations that were seen.
    """

    node: str
    state: str
    count: int
    seconds: float
    last: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a run's log; where numbers are missing, lines were left out."""

    number: int
    time: float
    node: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to a run while it was on.

    Attributes
    ----------
    kind : str
        ``paused`` (`node` is where, `text` why), ``resumed``, or ``changed``: from then on its text is that of `flow`.
    """

    number: int
    time: float
    kind: str
    node: str = ""
    text: str = ""
    flow: str | None = None

    def words(self) -> str:
        """Say in a sentence what was done."""
        if self.kind == "changed":
            return "went on with a changed text"
        if self.kind == "resumed":
            return f"{self.node} went on" if self.node else "went on"
        why = f" ({self.text})" if self.text not in ("", "paused") else ""
        return f"paused at {self.node}{why}" if self.node else f"paused{why}"
