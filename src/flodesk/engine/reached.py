"""Whether the node that a part of a flow leads to was reached: code on the way may leave before that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flodesk.engine.plan import LoopRegion, Plan


class Until:
    """A producer that has nothing more to give when the node is reached for which its plan is run."""

    def __init__(self, producer: Iterator[Any], plan: Plan, cells: memoryview) -> None:
        self.producer = producer
        self._plan = plan
        self._cells = cells

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if is_reached(self._plan, self._plan.until, self._cells):
            raise StopIteration
        return next(self.producer)


def is_reached(plan: Plan, statement: str, cells: memoryview) -> bool:
    """Say whether a statement has begun to run."""
    item = plan.items[statement]
    cell = item.region.cell if isinstance(item.region, LoopRegion) else item.cell
    return bool(cells[cell] or cells[plan.notes.get(statement, cell)])
