"""What the newest state of a node and the newest value of a port are, for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["idle", "queued", "running", "paused", "done", "failed"]


@dataclass(frozen=True, slots=True)
class NodeState:
    """The newest state of a node: how often it ran, how long its last call took in s, how far a running one is.

    `progress` goes from 0 to 1; it is None where the node says nothing.
    """

    state: State
    count: int = 0
    seconds: float = 0.0
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest value of a watched port as the screen needs it; `sequence` moves when it is a new one.

    `value` is what the watcher asked for: a `flodesk.engine.preview.Preview` (brief), or the value itself (full):
    an indicator with arrays decimated for the screen, a number, a text, a truth. `made` is another number for a value
    that its node has made anew: one that is fetched again, for a view that was off the screen, keeps it. It is not
    positive if the node has failed since, or has to run again. `before` are the statements (``function.statement``)
    whose last change it has not seen yet if it hangs on them.
    """

    sequence: int
    value: Any
    made: int = 0
    before: frozenset[str] = frozenset()
