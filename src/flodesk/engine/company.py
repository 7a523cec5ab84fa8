"""The functions that run along with a part of a flow: what comes through a queue is kept nowhere, so they fill it.

Of them only what leads to their ``put`` runs, and no longer than the part that it is for.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence

from flodesk.engine.control import Control
from flodesk.engine.errors import Ended, StopRun
from flodesk.engine.loop import Runner
from flodesk.engine.plan import LoopRegion
from flodesk.engine.report import was_interrupted
from flodesk.engine.shared import Use
from flodesk.engine.threads import interrupt
from flodesk.flow.model import Code

LOOK_SECONDS = 0.002
"""How often to look whether a first value is there."""


class Company:
    """The functions that run along with a part.

    Parameters
    ----------
    target : str
        The function of the part itself: when it has ended, the others have done what they are for.
    uses : list of Use
        Who is at which end, of what runs.
    first : mapping
        What does not wait for a first value itself (the latest value of a loop): the part begins when one of these
        statements, by function, has put it in, for each entry.
    """

    def __init__(self, target: str, uses: list[Use], first: Sequence[Mapping[str, Collection[str]]]) -> None:
        self.target = target
        self.uses = uses
        self.over = threading.Event()
        self._first = first
        self._gone: set[str] = set()
        self._enough = False

    def wait(self, runner: Runner, runners: Mapping[str, Runner]) -> None:
        """Wait, in the function of the part, until what it reads without a wait is there."""
        if runner.plan.function != self.target:
            return
        for entry in self._first:
            while not any(self._has_put(runners[f], ids) for f, ids in entry.items()):
                runner.control.sleep(LOOK_SECONDS)

    def _has_put(self, runner: Runner, ids: Collection[str]) -> bool:
        cells = [runner.plan.items[id].cell for id in ids if id in runner.plan.items]
        return runner.plan.function in self._gone or any(0 < runner.cells[c] <= runner.cells[c + 1] for c in cells)

    def ended(self, function: str, how: BaseException | None, others: Iterable[Control]) -> BaseException | None:
        """Note the end of a function; returns how it is to be told."""
        self._gone.add(function)
        if function == self.target:
            self._enough = True
            controls = list(others)
            for control in controls:
                control.stop()
            waiting = (lambda: controls, self.over)
            threading.Thread(target=interrupt, args=waiting, name=f"flodesk company of {function}", daemon=True).start()
        elif self._enough and not isinstance(how, Ended) and (isinstance(how, StopRun) or was_interrupted(how)):
            return None
        return how


def unreached(runner: Runner, statement: str) -> str:
    """Say why the node of a part has not run, though nothing failed; empty if it has."""
    item = runner.plan.items[statement]
    turns = runner.cells[item.region.body.turns] if isinstance(item.region, LoopRegion) else 0
    if turns or (not isinstance(item.region, LoopRegion) and runner.cells[item.cell]):
        return ""
    left = [
        other for other in runner.plan.items.values() if isinstance(other.statement, Code) and other.statement.leaves
    ]
    if ways := [runner.plan.node(other) for other in left if runner.cells[other.cell]]:
        return f"it did not run: {' and '.join(ways)} left before it was reached"
    around = item
    while around.block.owner is not None:
        around = around.block.owner
        if isinstance(around.region, LoopRegion) and not runner.cells[around.region.body.turns]:
            return f"it did not run: {runner.plan.node(around)} gave no value"
    if isinstance(item.region, LoopRegion):
        return "it gave no value"
    return "it did not run: the branch that it stands in was not taken" if item.block.owner is not None else ""
