"""The newest state of every node, as numbers in memory that two processes may share.

Each step of a plan has four cells of 64 bits: when its last call began and ended (ns of a monotonic clock; an end of
-1 is a failure, -2 says that it is held there, -3 that it has failed and starts anew), and how far it is (millionths)
in the call that began then. Each block has one cell: how often it was entered. Nothing is sent: the window reads the
cells at its own rate, and after a crash or a kill they still tell which node was running.

Of a call that runs for each item of something the third cell tells how many items are done, and of how many: when it
has ended, how many have not failed.

The third and fourth cell tell something else where nothing is in progress: of a step that was done without a call -1
and its start; of a producer that starts anew how often it has failed in a row, and for how long it waits (ms). Of the
steps that stand in a loop for a side branch, the third cell is how many turns of the branch are on their way.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flodesk.engine.states import NodeState, State

CELLS = 4
"""Cells of a step: start, end, progress, and the start that the progress belongs to."""
FAILED = -1
PAUSED = -2
"""An end that says that the loop is held there."""
WAITING = -3
"""An end that says that a producer has failed, and starts anew after a while."""
_KEPT = -1
"""A progress that says that the step was done without a call."""


_ITEMS = 1 << 31
"""A progress below its negative counts items: of so many times this number so many as are left over. (What is negative
is no time: who moves the times of another clock leaves it alone.)"""


def items_cell(done: int, total: int) -> int:
    """Return the progress that says how many items of how many are done."""
    return -(min(total, _ITEMS - 1) * _ITEMS + min(done, _ITEMS - 1))


def items_of(progress: int) -> tuple[int, int]:
    """Return how many items of how many a progress tells of; of none (0, 0)."""
    total, done = divmod(-progress, _ITEMS) if progress <= -_ITEMS else (0, 0)
    return done, total


def mark_kept(cells: memoryview, cell: int) -> None:
    """Note that the call that a step has begun last is not made, or was not made again: its result is there."""
    cells[cell + 2], cells[cell + 3] = _KEPT, cells[cell]


def mark_waiting(cells: memoryview, cell: int, failures: int, seconds: float) -> None:
    """Note that a producer has failed so often in a row, and starts anew after some seconds."""
    cells[cell + 2], cells[cell + 3] = failures, round(seconds * 1000)
    cells[cell + 1] = WAITING


def mark_asked(cells: memoryview, cell: int) -> None:
    """Note that a producer that has waited is asked again."""
    cells[cell + 1 : cell + CELLS] = array("q", [0, 0, 0])


@dataclass(frozen=True, slots=True)
class Row:
    """Which cells tell about a node: those of its step, and the turns of the block that it stands in.

    Of a `producer` it is the block that it drives: while it is asked it has given as many values as there were turns.
    `block` counts how often the block was entered that it stands in, and `owner` is the step of the loop or the switch
    whose block that is; -1 where nobody says. `aside` is the step that stands in the loop for the side branch that
    begins with it, and `loop` the step of the loop that a producer drives.
    """

    node: str
    cell: int
    turns: int
    producer: bool = False
    block: int = -1
    owner: int = -1
    aside: int = -1
    loop: int = -1

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
            "rows": [[r.node, r.cell, r.turns, r.producer, r.block, r.owner, r.aside, r.loop] for r in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Layout:
        """Make it again."""
        told: Iterable[Sequence[Any]] = data["rows"]  # type: ignore[assignment]
        rows = tuple(Row(str(n), int(c), int(t), bool(p), *map(int, more)) for n, c, t, p, *more in told)
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
    cells: memoryview,
    layouts: Iterable[Layout],
    known: Mapping[str, NodeState],
    on: bool,
    ended: Collection[str] = (),
) -> dict[str, NodeState]:
    """Read the newest state of each node.

    Parameters
    ----------
    known : mapping
        What was read before: the duration of the last call of a node that is running now.
    on : bool
        A run is on; without one, what has begun and not ended was interrupted.
    ended : collection of str
        The functions that have ended: nothing of them waits for its turn any more.
    """
    found: dict[str, NodeState] = {}
    for layout in layouts:
        if layout.first < 0:
            continue
        copy = array("q", cells[layout.first : layout.first + layout.count].tobytes())
        going = on and layout.function not in ended
        for row in layout.rows:
            now = _state(copy, row, known.get(row.node), on, going)
            if row.loop >= 0 and now.state != "idle" and (took := _took(copy, row, on, layout.rows)) >= 0:
                now = replace(now, took=took)
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


_GRAVEST = ("idle", "queued", "cached", "done", "failed", "waiting", "running", "paused")


def _state(cells: array[int], row: Row, last: NodeState | None, on: bool, going: bool) -> NodeState:
    """Read the state of a node; `going` says that the function goes on that it stands in."""
    start, end, millionths, of = cells[row.cell : row.cell + CELLS]
    turns = cells[row.turns]
    behind = cells[row.aside + 2] if row.aside >= 0 and on else -1
    if start == 0:
        return NodeState("queued" if going and _comes(cells, row) else "idle", behind=behind)
    if end == FAILED or (end == WAITING and not on):
        return NodeState("failed", turns)
    if end == WAITING:
        return NodeState("waiting", turns, of * 1e-3, failures=millionths)
    if end >= start:
        state: State = "cached" if millionths == _KEPT and of == start else "done"
        done, total = items_of(millionths) if of == start else (0, 0)
        return NodeState(state, turns, (end - start) * 1e-9, behind=behind, items=done, of=total)
    seconds = last.seconds if last else 0.0
    if end == PAUSED and on:
        return NodeState("paused", row.done(turns), seconds)
    if on:
        done, total = items_of(millionths) if of == start else (0, 0)
        progress = millionths * 1e-6 if of == start and millionths != _KEPT else None
        progress = done / total if total else progress
        return NodeState("running", row.done(turns), seconds, progress, behind=behind, items=done, of=total)
    return NodeState("done" if row.producer and turns else "idle", row.done(turns), seconds)


def _took(cells: array[int], row: Row, on: bool, rows: Iterable[Row]) -> float:
    """Return how long the loop of a producer took in s; -1 if it is not over."""
    begun, ended = cells[row.loop : row.loop + 2]
    once = row.block >= 0 and row.owner < 0
    if on and not (once and ended >= begun > 0):
        return -1.0
    if not once or begun == 0:
        return 0.0
    # one that was stopped, or has failed, has written no end: the last that is known is when anything began or ended
    last = ended if ended >= begun else max(max(cells[r.cell : r.cell + 2]) for r in rows)
    return max(0, last - begun) * 1e-9


def _comes(cells: array[int], row: Row) -> bool:
    """Say whether the turn of a node that has not run comes: its block is on."""
    if row.block < 0 or cells[row.block] == 0:
        return False
    # a block that was left before the node was reached is over when its loop or switch is
    return row.owner < 0 or cells[row.owner + 1] < cells[row.owner]


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
        begun = [(copy[r.cell], r.node, r.turns) for r in layout.rows if _begun(copy, r)]
        if begun:
            _, _, block = max(begun)
            held = {r.node for r in layout.rows if copy[r.cell + 1] == PAUSED}
            found += [(start, node) for start, node, turns in begun if turns == block and node not in held]
    return [node for _, node in sorted(found, reverse=True)]


def _begun(cells: array[int], row: Row) -> bool:
    return cells[row.cell] > cells[row.cell + 1] not in (FAILED, WAITING)
