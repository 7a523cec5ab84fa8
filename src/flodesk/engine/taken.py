"""Which changes of literals a running flow has taken: a value may be of a call that came before."""

from __future__ import annotations

import sys

from flodesk.engine.loop import Runner
from flodesk.engine.plan import Item

_NOT_YET = sys.maxsize


class Taken:
    """Tells of each value which changes it may not have seen. Costs nothing where nothing was changed."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, int]] = {}
        """When a statement was changed, and the entries of its block then: the call of the next one has seen it."""
        self._effect: dict[str, tuple[int, int]] = {}
        """When it was changed, and from when on what comes after it is made with that."""

    def forget(self) -> None:
        """Forget all: another run has begun."""
        self._first.clear()
        self._effect.clear()

    def before(self, runner: Runner, ended: int) -> list[str]:
        """Return the changed statements (``function.statement``) that a value made at `ended` (ns) came before."""
        since = runner.control.since
        if not since:
            return []
        function = runner.plan.function
        return [f"{function}.{id}" for id, at in list(since.items()) if ended < self._taken(runner, id, at)]

    def _taken(self, runner: Runner, id: str, at: int) -> int:
        """Return when a change that came at `at` (ns) took effect; 0 where nobody can tell."""
        item = runner.plan.items.get(id)
        if item is None or (item.region is not None and item.kind != "switch") or not runner.runs_here(item):
            return 0
        item = _whole(item)
        name = f"{runner.plan.function}.{id}"
        if (known := self._effect.get(name)) is not None and known[0] == at:
            return known[1]
        begun, ended, turns = runner.cells[item.cell], runner.cells[item.cell + 1], runner.cells[item.block.turns]
        if (first := self._first.get(name)) is None or first[0] != at:
            first = self._first[name] = at, turns - 1 if ended < begun and begun > at else turns
        effect = _NOT_YET
        if ended >= begun > at:
            effect = begun
        elif ended > at and turns >= first[1] + 2:
            effect = ended  # it is at its next call already: the one before saw the change
        if effect != _NOT_YET:
            self._effect[name] = at, effect
        return effect


def _whole(item: Item) -> Item:
    """Return the outermost switch around an item: an arm that is not taken has seen the change all the same."""
    owner = item.block.owner
    while owner is not None and owner.kind == "switch":
        item, owner = owner, owner.block.owner
    return item
