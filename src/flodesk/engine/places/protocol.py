"""How a part of a flow runs elsewhere: what a place has to do, and what goes there and comes back.

Neighbours in a block that have the same place are one *segment*. For each function of a run that has segments the
engine asks the place for a `Seat`: a namespace of that function, in which the flow's text has been executed, and in
which the objects of nodes with state stay from one call to the next. It sends `Job` after `Job`: which statements,
what their variables hold, which variables it wants to have back. The answer is the values, or the failure of a node as
it is told everywhere; meanwhile come log lines, and the states of the nodes in cells as in `flodesk.engine.table`.

What a place must keep to: a job sees nothing but what it is given, what earlier jobs of its seat left in objects with
state, and the flow's own module there. So the values that come out are those of the place `local`. What can travel is
what `flodesk.engine.codec` encodes.

A place of somebody else is an entry point of the group ``flodesk.places``: its name is what stands in the header
(``[tool.flodesk.places.flow]``, ``node = "name"``), its object is called with the settings in ``[tool.flodesk.name]``
and gives a `Place`. `flodesk.engine.places.bench.Bench` does the other side's work for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from flodesk.engine.events import Failure

Say = Callable[[str, str, str], None]
"""Takes a log line: (node, level, text)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A function of a flow that runs, as a place gets it.

    Attributes
    ----------
    run, function : str
        Who asks: seats of one run share the flow's module where they share a process.
    text, path : str
        The flow's file.
    cells : int
        How many cells the states of its nodes need.
    say : callable
        Takes the log lines of its nodes.
    cache : bool
        Pure calls are looked up in the cache on disk, there as here.
    modules : str
        The folder that the user's own modules beside the flow are imported from; empty: that of the file.
    """

    run: str
    function: str
    text: str
    path: str
    cells: int
    say: Say
    cache: bool = False
    modules: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What stands for a value that stays where it was made, for further jobs of the same place.

    Attributes
    ----------
    name : str
        The variable.
    by : object
        What the place knows the job by that gives it; that may not be done yet. As long as this lives, so does the
        value.
    """

    name: str
    by: Any


@dataclass(frozen=True, slots=True)
class Job:
    """One call of a segment.

    Attributes
    ----------
    function : str
        The function that it stands in: that of the seat, or a subflow of it.
    items : tuple of str
        Ids of the statements, in their order.
    given : mapping
        Value of each variable that they read, or a `Held` of one that is there.
    literals : sequence of (statement, parameter, value)
        Literals that were changed since the last job of this seat; a parameter goes by its keyword or place. A
        statement of a subflow that is called there has its function before it: ``function.statement``.
    wanted : tuple of str
        The variables to have back. One that was not bound is left out of the answer.
    shown : tuple of str
        What somebody looks at in the subflows that it calls (``function.variable``): newest values to have back, too,
        of those that can travel. A place may leave them out.
    free : bool
        Its calls need nothing that an earlier job has left, and leave nothing: it may run in another process than
        those, and again where that process has died.
    counts : tuple of int
        Cells that count, and go on from where the last job of the seat left them. All others are written anew.
    kept : tuple of str
        The variables that further jobs are given: they stay there, each as a `Held`. Only of places that have `keeps`.
    """

    function: str
    items: tuple[str, ...]
    given: Mapping[str, Any]
    literals: Sequence[tuple[str, str | int, Any]] = ()
    wanted: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    free: bool = False
    counts: tuple[int, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How a job ended.

    Attributes
    ----------
    values : mapping
        The variables that were wanted, and of those that are shown what can travel.
    failed, cell : Failure, int
        What a node raised, and which one it was: the first cell of its statement. -1: it was none.
    stopped : bool
        It was interrupted.
    lost : bool
        The seat is gone, with all objects in it.
    skipped : bool
        It did not begin, as a job that gives something to it has failed, or was stopped.
    notes : mapping
        What the cache did for each node that was looked up, in a few words.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    failed: Failure | None = None
    cell: int = -1
    stopped: bool = False
    lost: bool = False
    skipped: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)


class Seat(Protocol):
    """A namespace of one running function elsewhere. One job at a time."""

    @property
    def cells(self) -> memoryview:
        """Newest states of the nodes, as many as were asked for."""

    def start(self, job: Job) -> None:
        """Send a job.

        Raises
        ------
        CodecError
            A value has no form to travel in.
        """

    def answer(self) -> Answer | None:
        """Return the answer if it is there. It does not wait."""

    def reopen(self, opened: Opened) -> None:
        """Go on with a changed text, between two jobs; objects with state stay, by the name of their variable."""

    def interrupt(self, hard: bool) -> None:
        """Ask the job to stop: waits end at once; `hard` raises an exception wherever it is."""

    def end(self) -> None:
        """End what does not stop, whatever it takes. The seat is lost."""

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects with state; gives those that failed, by their id. The seat is free again."""


class Place(Protocol):
    """Where segments run. One for each engine, kept over runs."""

    def seat(self, opened: Opened) -> Seat:
        """Give a function a seat of its own."""

    def extra(self, opened: Opened) -> Seat | None:
        """Give another seat for pure calls that may run side by side, if one is free."""

    def wait(self, seats: Sequence[Seat], seconds: float) -> None:
        """Wait until one of the seats has something to tell, no longer than that."""

    def close(self) -> None:
        """End everything."""


@runtime_checkable
class Keeps(Protocol):
    """A seat of a place that keeps values between jobs, and takes a job whose `Held` values are not there yet.

    Such a place has an attribute ``keeps`` that is true. A job whose values cannot be had any more is answered with
    the failure ``ValuesLostError``: what made them is run again.
    """

    def held(self, name: str) -> Held:
        """Return what stands for a variable that the job that was started last keeps."""


class ValuesLostError(RuntimeError):
    """Values that were kept for further jobs are gone."""


class CannotTravelError(TypeError):
    """A value has no form in which it could go to another process."""


class NoPlaceError(RuntimeError):
    """No server answers where a place is to be; the text says which, and what to do. No node is to blame."""


class WorkerLostError(RuntimeError):
    """The process that a node ran in has died."""


class ElsewhereError(Exception):
    """A node elsewhere raised; the failure is as it was told there."""

    def __init__(self, failed: Failure) -> None:
        super().__init__(failed.message)
        self.__flodesk_failure__ = failed
