"""What a running function has lost and gone on from: counted, told, and with ``reject`` kept as dead letters."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable

from flodesk.engine.errors import NodeError, one_line
from flodesk.engine.events import Failure, NodeFailed, Rejected
from flodesk.engine.inputs import given
from flodesk.engine.letters import Letter, LettersError, keep_inputs, keep_payload
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.report import Report, node_failure
from flodesk.engine.tolerance import MOST_FAILURES, Lost

MOST_A_SECOND = 50
"""So many rejected turns of a function are told one by one each second; the others are counted, and kept as well."""

MOST_CAUSES = 50
"""So many different messages of a function are told in any case."""


class Losses:
    """What one function has lost, while it runs.

    Parameters
    ----------
    keep : callable, optional
        Keeps the letter of a failed turn and returns its number; without it, such turns are only counted.
    passing : callable, optional
        Called after each turn of an outermost loop.
    """

    def __init__(
        self,
        report: Report,
        keep: Callable[[Lost, Failure], int] | None,
        passing: Callable[[], None] | None = None,
    ) -> None:
        self._report = report
        self.passing = passing
        self.keep = keep
        self._turns: Counter[str] = Counter()
        self._restarts: Counter[str] = Counter()
        self._given_up: Counter[str] = Counter()
        self._told: set[tuple[str, str]] = set()
        self._causes: set[tuple[str, str, str]] = set()
        self._second = (0.0, 0)
        self._silent: Counter[str] = Counter()

    def lost(self, lost: Lost) -> None:
        """Note a failed turn.

        Raises
        ------
        NodeError
            Its letter cannot be written: going on would lose it.
        """
        if self.keep is None:
            self._turns[lost.loop] += 1
            self._tell_once(lost.error)
            return
        failure = node_failure(lost.error)
        try:
            letter = self.keep(lost, failure)
        except LettersError as error:
            self._report.say(failure.node, "error", f"The loop stops, because its turn cannot be kept: {error}")
            raise lost.error from error
        self._turns[lost.loop] += 1
        if self._is_news(failure) or self._may_tell():
            count = self._turns[lost.loop]
            self._report.emit(Rejected(self._report.run, failure, lost.iteration, letter, lost.loop, count))
        else:
            self._silent[lost.loop] += 1

    def passed(self) -> None:
        """Note that a turn of an outermost loop is over."""
        if self.passing is not None:
            self.passing()

    def restarts(self, node: NodeError, seconds: float, row: int) -> None:
        """Note that a producer has failed, for the `row`-th time in a row, and starts anew after some seconds."""
        who = self._tell_once(node)
        self._restarts[who] += 1
        what = f"{type(node.error).__name__}: {one_line(node.error)}"
        again = f"it starts anew in {seconds:g} s"
        self._report.say(who, "warning", f"{what} ({row} of {MOST_FAILURES} failures in a row); {again}")

    def gives_up(self, node: NodeError) -> None:
        """Note that a producer has failed once more, and does not start anew."""
        self._given_up[_key(node)] += 1

    def sentences(self, plan: Plan, cells: memoryview, others: Iterable[Losses | None] = ()) -> list[str]:
        """Say what was lost, here and in other threads, in sentences; empty if nothing was. Called once, at the end."""
        for other in others:
            if other is not None:
                self._turns += other._turns
                self._restarts += other._restarts
                self._given_up += other._given_up
                self._silent += other._silent
        for loop, count in self._silent.items():
            words = f"{count:,} more turns were rejected than are told one by one; their dead letters are kept"
            self._report.say(loop, "warning", words)
        plans = (plan, *plan.inner.values())
        regions = {owner.node(item): item for owner in plans for item in owner.items.values()}
        said = []
        for loop, count in self._turns.items():
            turns = max(count, _turns(regions.get(loop), cells))
            verb = ("was" if count == 1 else "were") + " rejected" if self.keep is not None else "failed"
            said.append(f"{count:,} of {turns:,} turn{'' if turns == 1 else 's'} of {loop} {verb}")
        for loop, count in self._restarts.items():
            given_up = self._given_up[loop]
            failed = count + given_up
            anew = "was started anew" if not given_up else f"was started anew {_times(count)}"
            said.append(f"{loop} failed {_times(failed)} and {anew}")
        return said

    def _tell_once(self, error: NodeError) -> str:
        """Tell the first failure of each kind that a node has; returns the node."""
        elsewhere = getattr(error.error, "__flodesk_failure__", None)
        kind = _key(error), elsewhere.type if isinstance(elsewhere, Failure) else type(error.error).__name__
        failure = node_failure(error) if kind not in self._told else None
        if failure is not None:
            self._told.add(kind)
            self._report.emit(NodeFailed(self._report.run, failure, goes_on=True))
        return _key(error)

    def _is_news(self, failure: Failure) -> bool:
        """Return whether a cause is new: it is told, however much else there is; too many of them are noise, too."""
        cause = failure.node, failure.type, failure.message
        if cause in self._causes or len(self._causes) >= MOST_CAUSES:
            return False
        self._causes.add(cause)
        return True

    def _may_tell(self) -> bool:
        now = time.monotonic()
        since, told = self._second
        self._second = (since, told + 1) if now - since < 1.0 else (now, 1)
        return self._second[1] <= MOST_A_SECOND


def letter_of(lost: Lost, failure: Failure, run: str, path: str, flow: str, function: str) -> Letter:
    """Make the dead letter of a failed turn; `flow` is a hash of the flow's text, `function` which of its runs."""
    plan: Plan = lost.error.plan
    item = plan.by_cell.get(lost.error.cell)
    inputs = keep_inputs(given(plan, item, lost.error.slots)) if item is not None else ()
    payload = tuple(keep_payload(turn.loop, turn.values) for turn in lost.turns)
    return Letter(run, path, flow, function, lost.loop, lost.iteration, failure, payload, inputs)


def _key(error: NodeError) -> str:
    plan: Plan = error.plan
    item = plan.by_cell.get(error.cell)
    return plan.node(item) if item is not None else plan.function


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _turns(item: Item | None, cells: memoryview) -> int:
    return int(cells[item.region.body.turns]) if item is not None and isinstance(item.region, LoopRegion) else 0
