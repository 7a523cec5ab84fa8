"""The newest state of every node, as numbers in memory that two processes may share.

Each step of a plan has four cells of 64 bits: when its last call began and ended (ns of a monotonic clock; an end of
-1 is a failure, -2 says that it is held there), and how far it is (millionths) in the call that began then. Each block
has one cell: how often it was entered. Nothing is sent: the window reads the cells at its own rate, and after a crash
or a kill they still tell which node was running.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flodesk.engine.states import NodeState

CELLS = 4
"""Cells of a step: start, end, progress, and the start that the progress belongs to."""
FAILED = -1
PAUSED = -2
"""An end that says that the loop is held there."""


@dataclass(frozen=True, slots=True)
class Row:
    """Which cells tell about a node: those of its step, and the turns of the block that it stands in.

    Of a `producer` it is the block that it drives: while it is asked it has given as many values as there were turns.
    """

    node: str
    cell: int
    turns: int
    producer: bool = False

    def done(self, turns: int) -> int:
        """Return how often a node that is being called now was done before."""
        return turns if self.producer else max(0, turns - 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of one running function, and the cells from `first` on, `count` of them, that they lie in."""

    function: str
    first: int
    count: int
    rows: tuple[Row, ...]

    def to_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "function": self.function,
            "first": self.first,
            "count": self.count,
            "rows": [[row.node, row.cell, row.turns, row.producer] for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Layout:
        """Make it again."""
        rows = tuple(Row(str(n), int(c), int(t), bool(p)) for n, c, t, p in data["rows"])  # type: ignore[attr-defined]
        return cls(str(data["function"]), int(data["first"]), int(data["count"]), rows)  # type: ignore[call-overload]


class Table:
    """The cells, in shared memory or not, and which part of them belongs to which function.

    Parameters
    ----------
    memory : memoryview
        Zeroed bytes; a multiple of eight.
    """

    def __init__(self, memory: memoryview) -> None:
        self.cells = memory.cast("q")
        self._taken: dict[str, tuple[int, int]] = {}
        self._next = 0
        self._lock = threading.Lock()

    def take(self, function: str, count: int) -> tuple[memoryview, int]:
        """Give a function cleared cells instead of those that it had; returns (cells, index of the first).

        Where the memory is full, they come from elsewhere (index -1): then nobody sees these states.
        """
        with self._lock:
            kept = {f: span for f, span in self._taken.items() if f != function}
            old = self._taken.get(function)
            # the function's old cells are still being read while a plan is swapped: they stay untouched for now
            spans = sorted([*kept.values(), *([old] if old else [])])
            first = self._place(count, spans)
            if first < 0:
                return memoryview(bytearray(8 * count)).cast("q"), -1
            self._taken[function] = (first, count)
            self._next = first + count
            self.cells[first : first + count] = memoryview(bytearray(8 * count)).cast("q")
            return self.cells[first : first + count], first

    def _place(self, count: int, spans: list[tuple[int, int]]) -> int:
        for start in (self._next, 0):
            for first, length in spans:
                if first < start + count and start < first + length:
                    start = first + length
            if start + count <= len(self.cells):
                return start
        return -1

    def clear(self) -> None:
        """Forget whose cells are whose, before a run.

        The next one gets cells further on: those of the last run can still be read, and written by a node of it that
        does not return.
        """
        with self._lock:
            self._taken.clear()

    def release(self) -> None:
        """Let go of the memory, so that a shared segment can be closed."""
        self.cells.release()


def states(
    cells: memoryview, layouts: Iterable[Layout], known: Mapping[str, NodeState], on: bool
) -> dict[str, NodeState]:
    """Read the newest state of each node.

    Parameters
    ----------
    known : mapping
        What was read before: the duration of the last call of a node that is running now.
    on : bool
        A run is on; without one, what has begun and not ended was interrupted.
    """
    found: dict[str, NodeState] = {}
    for layout in layouts:
        if layout.first < 0:
            continue
        copy = array("q", cells[layout.first : layout.first + layout.count].tobytes())
        for row in layout.rows:
            now = _state(copy, row, known.get(row.node), on)
            # two functions that run may call the same subflow
            found[row.node] = _together(found[row.node], now) if row.node in found else now
    return found


def turns_of(cells: memoryview, layouts: Iterable[Layout]) -> dict[str, int]:
    """Return how many turns the outermost loop that each function is in has begun; 0 where there is none."""
    found: dict[str, int] = {}
    for layout in layouts:
        # its subflows have rows here, too; an outer loop stands behind those in it
        own = [row.turns for row in layout.rows if row.producer and row.node.startswith(f"{layout.function}.")]
        turns = [int(cells[layout.first + block]) for block in own] if layout.first >= 0 else []
        found[layout.function] = next((count for count in reversed(turns) if count), 0)
    return found


_GRAVEST = ("idle", "queued", "done", "failed", "running", "paused")


def _state(cells: array[int], row: Row, last: NodeState | None, on: bool) -> NodeState:
    start, end, millionths, of = cells[row.cell : row.cell + CELLS]
    turns = cells[row.turns]
    if start == 0:
        return NodeState("idle")
    if end == FAILED:
        return NodeState("failed", turns)
    if end >= start:
        return NodeState("done", turns, (end - start) * 1e-9)
    seconds = last.seconds if last else 0.0
    if end == PAUSED and on:
        return NodeState("paused", row.done(turns), seconds)
    if on:
        progress = millionths * 1e-6 if of == start else None
        return NodeState("running", row.done(turns), seconds, progress)
    return NodeState("done" if row.producer and turns else "idle", row.done(turns), seconds)


def _together(one: NodeState, other: NodeState) -> NodeState:
    gravest = max(one, other, key=lambda state: _GRAVEST.index(state.state))
    return replace(gravest, count=one.count + other.count)


def running(cells: memoryview, layouts: Iterable[Layout]) -> list[str]:
    """Return the nodes that have begun and not ended, the latest first.

    Of each function that is the innermost one, and what runs side by side with it; none where it is held.
    """
    found: list[tuple[int, str]] = []
    for layout in layouts:
        if layout.first < 0:
            continue
        copy = array("q", cells[layout.first : layout.first + layout.count].tobytes())
        begun = [(copy[r.cell], r.node, r.turns) for r in layout.rows if copy[r.cell] > copy[r.cell + 1] != FAILED]
        if begun:
            _, _, block = max(begun)
            held = {r.node for r in layout.rows if copy[r.cell + 1] == PAUSED}
            found += [(start, node) for start, node, turns in begun if turns == block and node not in held]
    return [node for _, node in sorted(found, reverse=True)]
