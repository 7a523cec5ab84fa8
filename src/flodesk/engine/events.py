"""What happens in a run, told in order and never dropped.

State, timing and newest values are no events: they are sampled.

Every event names its run. Nodes are named ``function.node`` as everywhere outside `flow`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from flodesk.engine.writable import writable_in

Reason = Literal["succeeded", "failed", "stopped", "killed", "crashed", "left"]
"""How a loop or run ended. ``killed``: it did not stop, so its process was ended. ``crashed``: its process died.
``left``: it goes on elsewhere, and is not followed from here any more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong in a node, ready to be shown.

    Attributes
    ----------
    node : str
        ``function.node``; empty if it was none (the file's own imports failed).
    type, message : str
        The exception's class name and text.
    file, line : str, int
        The user's own line: in the flow's file or in the module of the node that is not ours, the innermost such.
    code : str
        The text of that line.
    inputs : tuple of (name, summary)
        What the call was given: type, shape, range.
    traceback : str
        Without the engine's frames.
    way : tuple of str
        The nodes that called the subflow that the node stands in, the outermost first.
    giver : str
        Of an input that has no value: the node that gives it.
    lack : str
        Which one it is (``its input “signal”``), where that node has to run first: it never has, as far as the engine
        knows, or not since the engine was started.
    """

    node: str
    type: str
    message: str
    file: str = ""
    line: int = 0
    code: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    traceback: str = ""
    way: tuple[str, ...] = ()
    giver: str = ""
    lack: str = ""

    @property
    def refused(self) -> bool:
        """True if nothing has run: a part of the flow was asked for that lacks a value."""
        return self.type == "MissingInputError"

    @property
    def unreached(self) -> bool:
        """True if no node is to blame: where it was to run no server answers."""
        return self.type == "NoPlaceError" and not self.node


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins. `place` is ``local`` or ``rq``."""

    run: str
    time: float
    place: str = "local"


@dataclass(frozen=True, slots=True)
class LoopStarted:
    """A function of the flow begins."""

    run: str
    loop: str


@dataclass(frozen=True, slots=True)
class NodeFailed:
    """A node raised.

    Its loop stops; or `goes_on` (``on_error = "continue"``, or a producer that is started anew): then only the first
    time is told.
    """

    run: str
    failure: Failure
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A node raised, and its loop goes on with the next turn: this one was kept as a dead letter.

    Of very many in a second some are not told; `count` tells how many there were.

    Attributes
    ----------
    iteration : int
        Which turn of its loop it was, counted from 1.
    letter : int
        Number of the dead letter.
    loop : str
        The loop, ``function.node``.
    count : int
        How many turns of the loop have been rejected by now.
    host : str
        The machine of the worker that keeps the letter; empty where it is kept here.
    """

    run: str
    failure: Failure
    iteration: int
    letter: int
    loop: str = ""
    count: int = 1
    host: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A node, or something that it calls, has said something.

    Attributes
    ----------
    iteration : int
        In which turn of the outermost loop around it, from 1; 0 outside of loops, and where no node has said it.
    """

    run: str
    node: str
    level: str
    text: str
    time: float = 0.0
    iteration: int = 0


@dataclass(frozen=True, slots=True)
class Paused:
    """A function of the flow is held, and nothing of it runs until `Resumed`.

    Attributes
    ----------
    function : str
        The one that was handed to ``flodesk.main``.
    node : str
        Where it is held: before this node, or, if `wire` is given, after it. It may stand in a subflow.
    iteration : int
        Turn of the outermost loop, from 1; 0 outside of loops.
    why : str
        ``paused``, ``step``, or what is said of a breakpoint.
    wire : str
        ``function.variable -> port`` of the wire whose breakpoint it is.
    depth : int
        How many functions deep it is: 2 or more in a subflow.
    """

    run: str
    function: str
    node: str
    iteration: int
    why: str
    wire: str = ""
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Resumed:
    """A function that was held goes on."""

    run: str
    function: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The flow was changed while it ran: from the next turn on this is its text."""

    run: str
    text: str


@dataclass(frozen=True, slots=True)
class Turned:
    """Another editor that follows the run has set a parameter of it; without a node: `text` is the whole flow now."""

    run: str
    node: str
    parameter: str
    text: str


@dataclass(frozen=True, slots=True)
class Released:
    """A press of a button is over: one call of its node has read it, or none will.

    Attributes
    ----------
    parameter : str
        What was pressed.
    stays : bool
        The flow has no loop in which it would be read once: True was set as any other value, and stays.
    """

    run: str
    node: str
    parameter: str
    stays: bool = False


@dataclass(frozen=True, slots=True)
class LoopFinished:
    """A function of the flow has ended after so many iterations of its outermost loops."""

    run: str
    loop: str
    reason: Reason
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class RunFinished:
    """All loops have ended; `reason` is the worst of theirs.

    `message` says what and where in a sentence, if it did not succeed. `limited`: it was stopped because the time that
    it was given was over, which is no failure. `lost`: of each queue that nobody has got all of, its name, what went
    through it in words, and how many values were lost.
    """

    run: str
    reason: Reason
    message: str = ""
    seconds: float = 0.0
    limited: bool = False
    lost: tuple[tuple[str, str, int], ...] = ()


Event: TypeAlias = (
    RunStarted
    | LoopStarted
    | NodeFailed
    | Rejected
    | LogLine
    | Paused
    | Resumed
    | Changed
    | Turned
    | Released
    | LoopFinished
    | RunFinished
)

_TYPES = {t.__name__: t for t in get_args(Event)}


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as plain JSON values, its class under ``"event"``; its texts can be written anywhere."""
    plain: dict[str, Any] = writable_in({"event": type(event).__name__, **dataclasses.asdict(event)})
    return plain


def from_json(data: dict[str, Any]) -> Event:
    """Make the event again.

    Raises
    ------
    KeyError, TypeError
        The data is no event.
    """
    data = dict(data)
    kind = _TYPES[data.pop("event")]
    if kind in (NodeFailed, Rejected):
        data["failure"] = failure_from_json(data["failure"])
    if kind is RunFinished:
        data["lost"] = tuple((name, said, count) for name, said, count in data.get("lost", ()))
    event: Event = kind(**data)
    return event


def failure_from_json(data: Mapping[str, Any]) -> Failure:
    """Make a failure of its fields as JSON has them.

    Raises
    ------
    KeyError, TypeError
        The data is none.
    """
    inputs = tuple((name, summary) for name, summary in data["inputs"])
    return Failure(**{**data, "inputs": inputs, "way": tuple(data.get("way", ()))})
