"""The commands that steer a run, as every client of an engine has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.asking import Questions
from flodesk.engine.events import Event, LoopFinished, Paused, Resumed, RunFinished, RunStarted
from flodesk.engine.holding import How
from flodesk.engine.preview import Preview
from flodesk.engine.probing import Probing
from flodesk.engine.recalling import Recalling, hold_command
from flodesk.engine.ring import Room
from flodesk.engine.values import decode, preview_from_json


@dataclass(frozen=True, slots=True)
class Frame:
    """What is bound in a function that is held at a node: (name, value in brief) of each variable.

    Attributes
    ----------
    older : frozenset of str
        Variables whose values are of before: of an earlier turn, or an earlier call.
    ahead : frozenset of str
        Statements that this turn, or this call, has not reached yet.
    """

    function: str
    node: str
    variables: tuple[tuple[str, Preview], ...]
    older: frozenset[str] = frozenset()
    ahead: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """The answer to `Steered.inspect`.

    Attributes
    ----------
    frames : tuple of Frame
        The function and the subflows that it is in, the innermost last; where no single variable was asked for.
    value, text : object, str
        One variable: as the screen needs it, and in words in full.
    error : str
        Why there is no answer; empty if there is one.
    """

    frames: tuple[Frame, ...] = ()
    value: Any = None
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a field can be chosen from.

    Attributes
    ----------
    entries : tuple of str
        As Python text.
    error : str
        Why there are none; empty if they could be computed.
    """

    entries: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Renewed:
    """The answer to `Steered.reload`.

    Attributes
    ----------
    taken : tuple of str
        Modules that have other code now.
    failed : mapping
        Why others go on with the code that they had, by module, with the line.
    """

    taken: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to `Steered.expect`.

    Attributes
    ----------
    forms, formless : mapping
        What the run has given, as it is written down, by ``function.variable``; or why it cannot be.
    error : str
        Why there is no answer; empty if there is one.
    """

    forms: Mapping[str, Any] = field(default_factory=dict)
    formless: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


class Steered(Probing, Recalling):
    """A client that can pause, step, set breakpoints and ask. `_steer` brings a command to the engine."""

    def __init__(self) -> None:
        self._questions = Questions()
        self._held: dict[str, Paused] = {}
        self._breaks: dict[str, str] = {}
        self._probes: Mapping[str, Room] = {}
        self._holding = hold_command((), 0)

    def _steer(self, command: dict[str, Any]) -> None:
        raise NotImplementedError

    def pause(self) -> None:
        """Hold every loop as soon as that can be: between two nodes, or in one that waits."""
        self._steer({"c": "pause"})

    def resume(self, function: str = "") -> None:
        """Let a function go on, or all of them, up to the next breakpoint."""
        self._steer({"c": "resume", "function": function})

    def step(self, how: How = "over", function: str = "") -> None:
        """Let a function, or what is held, go on up to the next node of its own.

        With ``into`` up to that of a subflow, with ``iteration`` for one turn of its loop.
        """
        self._steer({"c": "step", "how": how, "function": function})

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back: the next call of its node, and no other, is given True."""
        self._steer({"c": "press", "node": node, "parameter": parameter})

    def set_breaks(self, breaks: Mapping[str, str]) -> None:
        """Hold at these breakpoints and at no others.

        Parameters
        ----------
        breaks : mapping
            Condition (a Python expression over the variables there; empty: always) by place: ``function.node`` (before
            its call) or ``function.variable -> port`` (when that value has been made).
        """
        self._breaks = dict(breaks)
        self._steer({"c": "breaks", "breaks": self._breaks})

    def inspect(self, function: str, told: Callable[[Look], None], variable: str = "") -> None:
        """Ask what is bound where a function is held; `told` gets it on the client's reader thread.

        Parameters
        ----------
        variable : str
            One variable (``name``, or ``function.name`` of one of the functions that it is in) in full.
        """
        command = {"c": "inspect", "function": function, "variable": variable}
        self._questions.ask(self._steer, command, lambda head, buffers: told(_look(head, buffers)))

    def why(self, node: str, told: Callable[[str], None]) -> None:
        """Ask why a node ran, or did not, in the newest run; `told` gets a line on the client's reader thread."""
        command = {"c": "why", "node": node}
        self._questions.ask(self._steer, command, lambda head, _: told(str(head.get("text") or head.get("error"))))

    def expect(self, text: str, path: str, told: Callable[[Written], None]) -> None:
        """Ask what the newest run has given, to be expected of the flow; `told` gets it on the client's reader thread.

        Parameters
        ----------
        text, path : str
            The flow, and where it stands: it has to be that which has run.
        """

        def tell(head: Mapping[str, Any], _: object) -> None:
            told(Written(head.get("forms", {}), head.get("formless", {}), str(head.get("error", ""))))

        self._questions.ask(self._steer, {"c": "expect", "text": text, "path": path}, tell)

    def choices(
        self, text: str, path: str, node: str, parameter: str, values: Mapping[str, str], told: Callable[[Offer], None]
    ) -> None:
        """Ask what a field can be chosen from; `told` gets it on the client's reader thread, however long it takes.

        Parameters
        ----------
        text, path : str
            The flow as it is now, and where it stands.
        node, parameter : str
            ``function.statement``, and the field.
        values : mapping
            The node's other fields as Python text.
        """
        asked = {"text": text, "path": path, "node": node, "parameter": parameter, "values": dict(values)}
        self._questions.ask(self._steer, {"c": "choices", **asked}, lambda head, _: told(_offer(head)))

    def reload(self, told: Callable[[Renewed], None]) -> None:
        """Let the engine load the user's own modules again that have changed; `told` gets what became of them."""
        self._questions.ask(self._steer, {"c": "reload"}, lambda head, _: told(_renewed(head)))

    @property
    def held(self) -> Mapping[str, Paused]:
        """Where each function is that is held, by its name."""
        return dict(self._held)

    def _note(self, event: Event) -> None:
        """Keep what an event says of who is held."""
        if isinstance(event, Paused):
            self._held[event.function] = event
        elif isinstance(event, Resumed):
            self._held.pop(event.function, None)
        elif isinstance(event, LoopFinished):
            self._held.pop(event.loop, None)
        elif isinstance(event, RunStarted | RunFinished):
            self._held.clear()


def _offer(head: Mapping[str, Any]) -> Offer:
    return Offer(tuple(map(str, head.get("entries", ()))), str(head.get("error", "")))


def _renewed(head: Mapping[str, Any]) -> Renewed:
    failed = {
        str(name): f"line {line}: {kind}: {message}" if line else f"{kind}: {message}"
        for name, (message, line, kind) in head.get("failed", {}).items()
    }
    return Renewed(tuple(map(str, head.get("taken", ()))), failed)


def _look(head: Mapping[str, Any], buffers: Sequence[Any]) -> Look:
    if "error" in head:
        return Look(error=str(head["error"]))
    if "frames" in head:
        return Look(tuple(_frame(frame) for frame in head["frames"]))
    return Look(value=decode(head["value"], buffers), text=str(head["text"]))


def _frame(data: Mapping[str, Any]) -> Frame:
    variables = tuple((str(name), preview_from_json(seen)) for name, seen in data["variables"])
    older, ahead = frozenset(data["older"]), frozenset(data["ahead"])
    return Frame(str(data["function"]), str(data["node"]), variables, older, ahead)
