"""What the newest state of a node and the newest value of a port are, for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["idle", "queued", "running", "paused", "waiting", "cached", "done", "failed"]
"""``queued``: its turn comes. ``waiting``: a producer that has failed and starts anew. ``cached``: done without a call,
its result came from the cache or is still that of before a change."""


USUAL_RATE = 30.0
"""How often a second a watched value comes at most, where nobody asks for another rate."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """The newest state of a node: how often it ran, how long its last call took in s, how far a running one is.

    `progress` goes from 0 to 1; it is None where the node says nothing. Of one that is `waiting`, `failures` is how
    often in a row it has failed, and `seconds` how long it waits. `behind` is how many turns of a side branch that
    begins with it are on their way; -1 where none begins. `took` is how long the loop of a producer took in s, once it
    is over; 0 of one that was begun more than once, -1 as long as it is on. Of one that runs for each item of
    something `items` of `of` are done; once it is over the others have failed.
    """

    state: State
    count: int = 0
    seconds: float = 0.0
    progress: float | None = None
    failures: int = 0
    behind: int = -1
    took: float = -1.0
    items: int = 0
    of: int = 0


def restart_words(failures: int, seconds: float) -> str:
    """Say that a producer has failed and waits to start anew."""
    times = "once" if failures == 1 else f"{failures} times in a row"
    return f"has failed {times} and starts anew after {seconds:g} s"


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
