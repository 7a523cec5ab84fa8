"""Dead letters that are put back: a run whose producers give what was kept in them, and nothing else.

A turn of an inner loop is put back within the turn around it: that is begun with the value that it had, its other inner
loops are empty, and this one gives the one value. What passes is dropped from the store, what fails stays in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.calls import Fetch, Slots
from flodesk.engine.codec import CodecError
from flodesk.engine.errors import PlanError
from flodesk.engine.events import Failure
from flodesk.engine.letters import Letter, Letters, LettersError
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.shared import Use
from flodesk.engine.tolerance import Lost

Say = Callable[[str, str, str], None]


@dataclass
class Queue:
    """The letters of one function: those that wait, and the one whose turn is on."""

    waiting: deque[Letter]
    now: Letter | None = None
    values: list[tuple[Any, ...]] = field(default_factory=list)
    """What the producers gave in its turn, the outermost first."""
    fed: int = 0
    """Of how many of them the loops have got theirs."""
    failed: bool = False
    kept_out: int = 0
    """How many letters could not be put back."""
    depth: Callable[[], int] = int
    """Returns how many loops are in a turn, one in the other."""


class Feed:
    """The letters that a run puts back.

    Parameters
    ----------
    letters : iterable of Letter
        They may be without the bytes of their values: these are read when they are needed.
    """

    def __init__(self, letters: Iterable[Letter], store: Letters, say: Say) -> None:
        self._store = store
        self._say = say
        self._queues: dict[str, Queue] = {}
        for letter in letters:
            self._queues.setdefault(letter.function, Queue(deque())).waiting.append(letter)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    # -------------------------------------------------------------- before the run
    def choose(self, plans: Iterable[str], uses: Iterable[Use]) -> list[str]:
        """Return which functions run: those that letters are put back into, and who reads what they put into queues.

        Raises
        ------
        PlanError
            A function that letters are for is gone.
        """
        known = list(plans)
        for function, queue in self._queues.items():
            if function not in known and queue.waiting:
                raise PlanError("", _gone(queue.waiting[0], f"the flow runs no function {function!r} any more"))
        chosen, shared = set(self._queues), list(uses)
        while True:
            readers = {reader for use in shared if use.writers & chosen for reader in use.readers}
            if readers <= chosen:
                return [function for function in known if function in chosen]
            chosen |= readers

    def into(self, plan: Plan, uses: Iterable[Use]) -> None:
        """Let the producers of a function give what its letters hold.

        Raises
        ------
        PlanError
            A loop that a letter is for is gone, or it is in a function that is called in several places.
        """
        queue = self._queues.get(plan.function)
        if queue is None:
            return
        loops = {owner.node(item): item for owner in (plan, *plan.inner.values()) for item in owner.items.values()}
        loops = {node: item for node, item in loops.items() if isinstance(item.region, LoopRegion)}
        for letter in queue.waiting:
            for kept in letter.payload:
                if kept.name not in loops:
                    raise PlanError("", _gone(letter, f"there is no loop {kept.name} any more"))
                if _callers(plan, kept.name) > 1:
                    words = f"{kept.name.rpartition('.')[0]} is called in several places, so its turn cannot be told"
                    raise PlanError("", _gone(letter, words))
        fed = any(plan.function in use.readers for use in uses if use.writers & self._queues.keys())
        for node, item in loops.items():
            assert isinstance(item.region, LoopRegion)
            item.region.source = self._source(queue, node, item, item.region.source, goes_on=fed)

    # -------------------------------------------------------------- in the run
    def follow(self, function: str, depth: Callable[[], int]) -> None:
        """Hear how deep in its loops a function is."""
        if function in self._queues:
            self._queues[function].depth = depth

    def _source(self, queue: Queue, node: str, item: Item, source: Fetch, *, goes_on: bool) -> Fetch:
        """Make what a loop asks for its producer instead of `source`."""
        assert isinstance(item.region, LoopRegion)
        targets = len(item.region.targets)

        def give(s: Slots) -> Iterator[Any]:
            if queue.now is None:
                return self._outermost(queue, node, targets, source, s, goes_on=goes_on)
            depth = queue.depth()
            if depth >= len(queue.values):
                return iter(source(s))  # the whole turn around it is done again
            if queue.now.payload[depth].name != node or queue.fed > depth:
                return iter(())
            queue.fed += 1
            return iter([_as_given(queue.values[depth], targets)])

        return give

    def _outermost(
        self, queue: Queue, node: str, targets: int, source: Fetch, s: Slots, *, goes_on: bool
    ) -> Iterator[Any]:
        for letter in [letter for letter in queue.waiting if letter.payload[0].name == node]:
            queue.waiting.remove(letter)
            try:
                whole = self._store.get(letter.id)
                values = [kept.value() for kept in whole.payload] if whole is not None else []
            except (CodecError, LettersError) as error:
                self._keep_out(queue, node, letter, str(error))
                continue
            if not values:
                continue  # it was dropped meanwhile
            if len(values[0]) != targets:
                was = f"it holds {len(values[0])} values, and the loop takes {targets} now"
                self._keep_out(queue, node, letter, was)
                continue
            queue.now, queue.values, queue.fed, queue.failed = letter, values, 1, False
            yield _as_given(values[0], targets)
        if goes_on:
            yield from source(s)

    def lost(self, function: str, lost: Lost, failure: Failure, run: str) -> int:
        """Note that a turn has failed; returns the number of the letter that it is the turn of, 0 if of none.

        Raises
        ------
        LettersError
            It cannot be written.
        """
        queue = self._queues.get(function)
        if queue is None or queue.now is None or len(lost.turns) > len(queue.values):
            return 0
        if not queue.failed:
            queue.failed = True
            self._store.failed_again(queue.now.id, run, failure)
        return queue.now.id

    def passed(self, function: str) -> None:
        """Note that a turn of an outermost loop is over: a letter that has not failed is dropped."""
        queue = self._queues.get(function)
        if queue is None or queue.now is None:
            return
        letter, queue.now = queue.now, None
        if queue.failed:
            return
        if queue.fed < len(letter.payload):
            inner = letter.payload[-1].name
            self._keep_out(queue, inner, letter, f"its turn did not come to {inner}")
            return
        try:
            self._store.drop([letter.id])
        except LettersError as error:
            self._say("", "error", f"Letter {letter.id} has passed, and could not be dropped: {error}")

    def sentences(self, function: str) -> list[str]:
        """Say at the end of a function which of its letters could not be put back."""
        out = self._queues[function].kept_out if function in self._queues else 0
        return [f"{out:,} letter{' was' if out == 1 else 's were'} not put back"] if out else []

    def _keep_out(self, queue: Queue, node: str, letter: Letter, why: str) -> None:
        queue.kept_out += 1
        self._say(node, "error", f"Letter {letter.id} was not put back: {why}")


def _as_given(values: tuple[Any, ...], targets: int) -> Any:
    return values[0] if targets == 1 else values


def _callers(plan: Plan, loop: str) -> int:
    """Return in how many places the function that a loop stands in is called."""
    function = loop.rpartition(".")[0]
    items = [item for owner in (plan, *plan.inner.values()) for item in owner.items.values()]
    return sum(item.inner is not None and item.inner.plan.function == function for item in items)


def _gone(letter: Letter, why: str) -> str:
    hint = "show it, and drop it if it is of no use"
    return f"letter {letter.id} cannot be put back: {why} (flodesk letters show {letter.id}): {hint}"
