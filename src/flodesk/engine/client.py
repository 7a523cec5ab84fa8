"""What the window, the command line and a place hold of the engine: commands go in, events, states and values come out.

There is no Qt here. The client's reader thread fills mailboxes; the window reads them at its own rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from flodesk.engine.events import Event

State = Literal["idle", "queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class NodeState:
    """The newest state of a node: how often it ran, how long its last call took in s, how far a running one is (0 to 1)."""

    state: State
    count: int = 0
    seconds: float = 0.0
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest value of a watched port as the screen needs it; `sequence` moves when it is a new one.

    `value` is what the watcher asked for: a `flodesk.engine.preview.Preview` (brief), or the value itself (full):
    an indicator with arrays decimated for the screen, a number, a text, a truth.
    """

    sequence: int
    value: Any


class Engine(Protocol):
    """What both placements offer: `Host` (its own process; the default) and `InProcess` (tests, debugging).

    `listener` is called for each event, on the client's reader thread; the window hands it on by a queued call.
    """

    listener: Callable[[Event], None]

    def open(self, text: str, path: str = "") -> None:
        """Hand over a flow, as text; `path` is where its relative files are, and what tracebacks name."""

    def start(self, *, place: str = "local") -> str:
        """Start a run of the open flow and return its id. A run that is on is stopped first."""

    def stop(self) -> None:
        """Ask the run to stop. Returns at once; what does not return by itself is ended with its process within 2 s."""

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow, from the next call on. `node` is ``function.statement``."""

    def swap(self, text: str) -> None:
        """Go on with a changed flow from the next turn, keeping state by id; where that is impossible, restart the run."""

    def watch(self, full: set[str], brief: set[str]) -> None:
        """Say which values (``function.variable``) are on the screen; the others cost nothing."""

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched."""

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node by ``function.node`` (statement ids)."""

    @property
    def running(self) -> bool:
        """True between `RunStarted` and `RunFinished`."""

    def close(self) -> None:
        """Stop, end the process and join the threads. Final."""
