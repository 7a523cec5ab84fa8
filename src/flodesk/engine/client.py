"""What the window, the command line and a place hold of the engine: commands go in, events, states and values come out.

There is no Qt here. The client's reader thread fills mailboxes; the window reads them at its own rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from flodesk.engine.child import Host
from flodesk.engine.events import Event, Paused
from flodesk.engine.holding import How
from flodesk.engine.inprocess import InProcess
from flodesk.engine.insight import Insight
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.probing import Answer, At, Kept, Rows
from flodesk.engine.recalling import Course, Of, Recalled, Zoomed
from flodesk.engine.ring import Room
from flodesk.engine.states import USUAL_RATE, NodeState, Sample, State
from flodesk.engine.steered import Look, Offer, Renewed, Written
from flodesk.indicators import Lines
from flodesk.indicators.as_text import Text


class Debugger(Protocol):
    """Holds a run and looks at where it stands; `Steered` has these for what brings commands to an engine."""

    def pause(self) -> None:
        """Hold every loop as soon as that can be: between two nodes, or in one that waits."""

    def resume(self, function: str = "") -> None:
        """Let a function go on, or all of them, up to the next breakpoint."""

    def step(self, how: How = "over", function: str = "") -> None:
        """Let a function, or what is held, go on up to the next node; with ``iteration`` up to the next turn."""

    def set_breaks(self, breaks: Mapping[str, str]) -> None:
        """Hold at these places and no others: conditions by ``function.node`` or ``function.variable -> port``."""

    def inspect(self, function: str, told: Callable[[Look], None], variable: str = "") -> None:
        """Ask what is bound where a function is held; `told` gets it on the client's reader thread."""

    def why(self, node: str, told: Callable[[str], None]) -> None:
        """Ask why a node (``function.node``) ran, or did not; `told` gets a line on the client's reader thread."""

    @property
    def held(self) -> Mapping[str, Paused]:
        """Where each function is that is held, by its name."""


class Prober(Protocol):
    """Looks closely at values, and at their past; `Probing` has these for what brings commands to an engine."""

    def examine(self, name: str, told: Callable[[Insight], None]) -> None:
        """Look closely at the newest value of a port (``function.variable``); `told` gets it on the reader thread."""

    def weigh(self, names: Sequence[str], told: Callable[[Mapping[str, int]], None]) -> None:
        """Ask how many bytes the newest values of ports take; `told` gets those that are cheaply known."""

    def rows(
        self,
        name: str,
        start: int,
        count: int,
        sort: tuple[int, bool] | None,
        find: str,
        told: Callable[[Rows], None],
        of: Of | None = None,
    ) -> None:
        """Ask for rows of the table that a port has; see `flodesk.engine.probing`."""

    def give(self, name: str, path: str, told: Callable[[int, str], None], of: Of | None = None) -> None:
        """Write all of what a port has to a file; `told` gets how many rows, and why it was not written."""

    def text(self, name: str, how: Mapping[str, Any], told: Callable[[Text, str], None], of: Of | None = None) -> None:
        """Ask for cells of the table that a port has, or all of its value, as text; see `flodesk.engine.probing`."""

    def set_probes(self, rooms: Mapping[str, Room]) -> None:
        """Keep the last values of these ports, and of no others, each in its room."""

    def look(self, seen: Mapping[str, tuple[int, int]], told: Callable[[Answer], None], at: At | None = None) -> None:
        """Ask what the probes hold, now or at a moment."""

    def pin(self, mark: str, at: At | None, told: Callable[[], None], *, pinned: bool = True) -> None:
        """Keep what all probes hold at a moment under a mark, ``A`` or ``B``; or let it go."""

    def compare(self, name: str, told: Callable[[tuple[Kept | None, ...]], None]) -> None:
        """Ask for the values of a port at A and at B, and the second minus the first."""

    def text_of(self, name: str, number: int, told: Callable[[str], None]) -> None:
        """Ask for all of one value that a probe holds, in words."""

    def save_probe(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Write what a probe holds to a file; `told` gets how many values, or why there is none."""


class Recaller(Protocol):
    """Holds the past of what the panel shows, and gives parts of it; `Recalling` has these for what brings commands."""

    def hold(self, names: Sequence[str], most: int) -> None:
        """Hold the past of these ports, and of no others: in all at most so many bytes."""

    def course(self, told: Callable[[Course], None], loop: str = "") -> None:
        """Ask which turns are held, and of one loop when each of them was."""

    def recall(self, names: Sequence[str], at: At, seen: Mapping[str, int], told: Callable[[Recalled], None]) -> None:
        """Ask for the values that ports had at a moment, but for those that are known by their numbers."""

    def still(self, mark: str, name: str, of: Of, *, on: bool = True) -> None:
        """Hold on to a value for as long as the view `mark` stands still."""

    def zoom(
        self, name: str, of: Of, left: float, right: float, told: Callable[[Zoomed], None], *, whole: bool = False
    ) -> None:
        """Ask for the part of curves between two places of their axis."""

    def lines(self, name: str, of: Of, start: int, count: int, told: Callable[[Lines | None], None]) -> None:
        """Ask for lines of a log from the one on before which there were `start`."""


class Engine(Debugger, Prober, Recaller, Protocol):
    """What both placements offer: `Host` (its own process; the default) and `InProcess` (tests, debugging).

    `listener` is called for each event, on the client's reader thread; the window hands it on by a queued call.
    """

    @property
    def listener(self) -> Callable[[Event], None]:
        """Called for each event."""

    @listener.setter
    def listener(self, listener: Callable[[Event], None]) -> None: ...

    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow, as text; `path` is where its relative files are, and what tracebacks name.

        `again` says that it is the one that was open: the values of its runs stay for parts to be run on.
        """

    def start(
        self,
        *,
        place: str = "local",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        run: str = "",
        held: bool = False,
        letters: Sequence[int] = (),
    ) -> str:
        """Start a run of the open flow and return its id; `run` names it, else it gets a new one.

        A run that is on is stopped first. With a `part` this of it is run alone, here, on values of the runs before
        where it needs them. `held` pauses it before its first node. With `letters` these dead letters are put back:
        the producers give what is kept in them, and what has no letters does not run.
        """

    def stop(self) -> None:
        """Ask the run to stop. Returns at once; what does not return by itself is ended with its process within 2 s."""

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow, from the next call on. `node` is ``function.statement``.

        A flow without loops whose run has ended is gone on with: what hangs on the parameter runs again.
        """

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back: the next call of its node that begins, and no other, is given True.

        `Released` tells when that call has ended. In a flow without loops the value is set, and stays.
        """

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow from the next turn, keeping state by id; where that cannot be, start anew.

        `path` is where the file is from now on, if it was saved elsewhere.
        """

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

    def expect(self, text: str, path: str, told: Callable[[Written], None]) -> None:
        """Ask what the newest run has given, to be expected of that flow; `told` gets it on the reader thread."""

    def reload(self, told: Callable[[Renewed], None]) -> None:
        """Load the user's own modules beside the flow again that have changed; a run that is on takes the new code.

        One that cannot be imported goes on with the code that it had. `told` gets what became of them, on the client's
        reader thread.
        """

    def restart(self) -> None:
        """Stop what runs and start the engine anew, with the flow, what is watched and the breakpoints as they are."""

    def use(self, python: str) -> None:
        """Run flows in another interpreter: that of the flow's environment, or with an empty text its own.

        A process that runs nothing is replaced at once; else it is the next one (`restart`).
        """

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values (``function.variable``) are on the screen; the others cost nothing.

        `rate` is how often a second the screen can show new whole values: they are not made more often, and less often
        where they cost too much.
        """

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched: whole where that is wanted, else in brief."""

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest samples in brief of what is watched so, whether or not it is watched whole, too."""

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node by ``function.node`` (statement ids)."""

    @property
    def running(self) -> bool:
        """True from `start` to `RunFinished`."""

    def close(self) -> None:
        """Stop, end the process and join the threads. Final."""


__all__ = [
    "Debugger",
    "Engine",
    "Host",
    "How",
    "InProcess",
    "Limits",
    "Look",
    "NodeState",
    "Offer",
    "Paused",
    "Prober",
    "Recaller",
    "Renewed",
    "Sample",
    "State",
]
