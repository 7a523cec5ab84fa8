"""A glance at a run of this process: the state of each node, and how far each function is."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flodesk.engine.loop import Runner
from flodesk.engine.plan import LoopRegion
from flodesk.engine.states import NodeState, restart_words
from flodesk.engine.table import WAITING, Layout, Table, items_of, running, states, turns_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running function is.

    Attributes
    ----------
    function : str
        Which.
    node : str
        Which node is at work (``function.node``); empty where none is.
    iterations : int
        Turns of its outermost loops.
    fraction : float or None
        How far it is, from 0 to 1, where its producer has a length or tells its progress.
    waits : str
        What it waits for where no node is at work: a producer that has failed and starts anew. Empty if for nothing.
    items : (int, int)
        How many items of how many are done by the node that is at work, if it runs for each item of something.
    """

    function: str
    node: str = ""
    iterations: int = 0
    fraction: float | None = None
    waits: str = ""
    items: tuple[int, int] = (0, 0)

    @property
    def at_work(self) -> str:
        """The node that is at work, with how many items of how many it has done."""
        done, total = self.items
        return f"{self.node} ({done:,} of {total:,})" if total else self.node


class Glass:
    """Looks at the table that a run writes its states to.

    Attributes
    ----------
    on : bool
        A run is on.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.on = True
        self._layouts: dict[str, Layout] = {}
        self._known: dict[str, NodeState] = {}

    def laid_out(self, layout: Layout) -> None:
        """Take note of which cells are whose."""
        self._layouts[layout.function] = layout

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node."""
        self._known = states(self.table.cells, list(self._layouts.values()), self._known, self.on)
        return self._known

    def at_work(self, functions: Collection[str] | None = None) -> list[str]:
        """Return the nodes that have begun and not ended, the latest first; of these functions, if they are given."""
        layouts = list(self._layouts.values())
        return running(self.table.cells, [la for la in layouts if functions is None or la.function in functions])

    def turns(self) -> dict[str, int]:
        """Return how many turns the outermost loop that each function is in has begun."""
        return turns_of(self.table.cells, list(self._layouts.values()))

    def progress(self, runners: Mapping[str, Runner]) -> list[Progress]:
        """Say how far each function is."""
        at_work = self.at_work()
        return [_progress(function, runner, at_work) for function, runner in list(runners.items())]


def _progress(function: str, runner: Runner, at_work: Sequence[str]) -> Progress:
    plan, cells = runner.plan, runner.cells
    node = next((name for name in at_work if name.partition(".")[0] == function), "")
    loops = [
        (item.id, item.region)
        for item in plan.items.values()
        if isinstance(item.region, LoopRegion) and item.block is plan.root
    ]
    turns = 0
    fraction: float | None = None
    waits = ""
    for id, region in loops:
        waiting = cells[region.cell + 1] == WAITING
        if waiting:
            failures, milliseconds = cells[region.cell + 2], cells[region.cell + 3]
            waits = f"{function}.{id} {restart_words(failures, milliseconds * 1e-3)}"
        done = cells[region.body.turns]
        turns += done
        if done:  # the last one that has begun is the one that is on
            length, told = runner.lengths.get(id, -1), cells[region.cell + 2]
            fraction = done / length if length > 0 else told * 1e-6 if told and not waiting else None
    item = plan.items.get(node.partition(".")[2])
    told = item is not None and cells[item.cell + 3] == cells[item.cell]
    items = items_of(cells[item.cell + 2]) if item is not None and told else (0, 0)
    return Progress(function, node, turns, None if fraction is None else min(1.0, fraction), waits, items)


class Pace:
    """How fast something counts, over the last few seconds."""

    def __init__(self, window: float = 5.0) -> None:
        self._window = window
        self._seen: list[tuple[float, int]] = []

    def look(self, count: int, now: float | None = None) -> float:
        """Take the count as it is now; returns how much it grows in a second."""
        now = time.monotonic() if now is None else now
        self._seen.append((now, count))
        while len(self._seen) > 2 and now - self._seen[0][0] > self._window:
            del self._seen[0]
        (begun, first), (last, newest) = self._seen[0], self._seen[-1]
        return (newest - first) / (last - begun) if last > begun else 0.0


def duration(seconds: float) -> str:
    """Say how long something takes or took: ``7 µs``, ``12 ms``, ``3.4 s``, ``2 min 5 s``, ``3 h 12 min``."""
    if seconds < 0.0009995:
        return f"{seconds * 1e6:.3g} µs"
    if seconds < 0.9995:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 59.95:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
