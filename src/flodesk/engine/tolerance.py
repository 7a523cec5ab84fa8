"""What becomes of a loop in which a node raises: ``on_error = "stop" | "reject" | "continue"`` of the flow.

A loop that goes on runs its turns through a function of this module; one that stops does not, and pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from flodesk.engine.calls import Slots
from flodesk.engine.codec import CodecError, digest
from flodesk.engine.control import Control
from flodesk.engine.errors import NodeError, Renew
from flodesk.engine.leaving import Left
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.table import mark_asked, mark_waiting
from flodesk.flow.finite import is_number
from flodesk.flow.header_rules import BACKOFF, MODES
from flodesk.flow.model import Flow

LONGEST_WAIT = 30.0
"""Seconds that a producer is waited for at most, however often it has failed."""
MOST_FAILURES = 5
"""After so many failures in a row a producer's loop stops."""

Run = Callable[[Any, Slots], None]
"""Runs steps over a list of slots."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a flow says about errors: its mode, and the first wait for a producer that has failed, in s."""

    mode: str = "stop"
    backoff: float = BACKOFF

    @classmethod
    def of(cls, flow: Flow) -> Rules:
        """Read them from a flow's header; what is no value there (the checker says so) counts as not set."""
        mode, backoff = flow.header.settings.get("on_error"), flow.header.settings.get("backoff")
        if not is_number(backoff) or backoff < 0:
            backoff = BACKOFF
        return cls(mode if mode in MODES else "stop", float(backoff))


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a loop: the loop's node, and what its producer gave, one value for each target."""

    loop: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A turn that failed.

    Attributes
    ----------
    error : NodeError
        Which node, and what it raised.
    turns : tuple of Turn
        The turn, and those of the loops around it, the outermost first.
    iteration : int
        Which turn of its loop it was, counted from 1 over the run.
    """

    error: NodeError
    turns: tuple[Turn, ...]
    iteration: int

    @property
    def loop(self) -> str:
        """The node of the loop whose turn it was."""
        return self.turns[-1].loop


class Losses(Protocol):
    """Who is told of what failed and was gone on from."""

    def lost(self, lost: Lost) -> None:
        """Note a failed turn.

        Raises
        ------
        NodeError
            It cannot be noted, so the loop has to stop.
        """

    def passed(self) -> None:
        """Note that a turn of an outermost loop is over, with nothing lost or with all of that noted."""

    def restarts(self, node: NodeError, seconds: float, row: int) -> None:
        """Note that a producer has failed, for the `row`-th time in a row, and starts anew after some seconds."""

    def gives_up(self, node: NodeError) -> None:
        """Note that a producer has failed once more, and does not start anew."""


class Tolerance:
    """Lets the loops of one running function go on after a failed turn."""

    def __init__(self, rules: Rules, control: Control, losses: Losses) -> None:
        self.rules = rules
        self._control = control
        self._losses = losses
        self._way: list[tuple[str, list[Any]]] = []

    def turn(self, run: Run, plan: Plan, item: Item, region: LoopRegion, cells: memoryview) -> Run:
        """Return what runs a turn of a loop instead of `run`: nothing of a failed turn goes on to the next."""
        count, loop, way, losses = len(region.targets), plan.node(item), self._way, self._losses
        kept = (*region.targets, *region.carried)

        def one(steps: Any, s: Slots) -> None:
            before = [s[slot] for slot in kept]
            way.append((loop, before[:count]))
            try:
                run(steps, s)
            except NodeError as error:
                if self._control.stopping:
                    raise  # it was stopped, and has turned that into an error of its own
                losses.lost(Lost(error, tuple(Turn(n, tuple(v)) for n, v in way), cells[region.body.turns]))
                for slot, value in zip(region.carried, before[count:], strict=True):
                    s[slot] = value
            except Left:
                if len(way) == 1:
                    losses.passed()
                raise
            finally:
                way.pop()
            if not way:
                losses.passed()

        return one

    def restarts(self, plan: Plan, cell: int) -> Restarts:
        """Return who decides whether a producer is started anew: one in a loop is not, the turn around it is lost."""
        return Restarts(self, plan, cell, not self._way)

    def wait(self, error: NodeError, seconds: float, row: int, cells: memoryview) -> None:
        """Say that a producer starts anew, and wait; whoever wants something ends the wait."""
        self._losses.restarts(error, seconds, row)
        mark_waiting(cells, error.cell, row, seconds)
        with suppress(Renew):  # a parameter of the producer was changed: it starts anew at once
            left = seconds
            while left > 0 and not self._control.pending:
                self._control.sleep(min(left, 0.1))
                left -= 0.1
            self._control.check()  # a stop that came between two of these: it is not asked again
        mark_asked(cells, error.cell)

    def gives_up(self, error: NodeError) -> None:
        """Say that a producer has failed too often in a row."""
        self._losses.gives_up(error)

    def around(self) -> list[tuple[str, list[Any]]]:
        """Return the turns of the loops around the one that is in a turn: what runs beside it is lost with them."""
        return self._way[:-1]

    def stand_in(self, around: list[tuple[str, list[Any]]]) -> None:
        """Be inside of these turns."""
        self._way[:] = around

    def depth(self) -> int:
        """Return how many loops are in a turn, one in the other."""
        return len(self._way)

    @property
    def control(self) -> Control:
        """That of the function."""
        return self._control


@dataclass
class Restarts:
    """How often in a row the producer of a loop has failed.

    In a row means that no new value came in between: none at all, or as many as the time before with the same last
    one. The second is a producer that begins at its first value again and never gets past the one that it fails on.
    """

    tolerance: Tolerance
    plan: Plan
    cell: int
    top: bool
    row: int = 0
    _before: int = 0
    _given: int = -1
    _last: str = field(default="", repr=False)

    def again(self, error: Exception, given: int, slots: Slots, last: Any, cells: memoryview) -> None:
        """Wait before the producer is started anew, or raise what it raised.

        Parameters
        ----------
        given : int
            How many values it has given since the loop began.
        last : object
            The last of them.
        """
        new, self._before = given - self._before, given
        mark = _mark(last) if new else ""
        stuck = new == 0 or (new == self._given and mark != "" and mark == self._last)
        self.row = self.row + 1 if stuck else 1
        self._given, self._last = new, mark
        if not self.top or self.tolerance.control.stopping:
            raise error
        failed = NodeError(self.plan, self.cell, slots, error)
        if self.row >= MOST_FAILURES:
            self.tolerance.gives_up(failed)
            raise error
        seconds = min(LONGEST_WAIT, self.tolerance.rules.backoff * 2 ** (self.row - 1))
        self.tolerance.wait(failed, seconds, self.row, cells)


def _mark(value: Any) -> str:
    """Return a hash of a value; empty if it has none."""
    try:
        return digest(value)
    except CodecError:
        return ""
