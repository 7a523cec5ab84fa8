"""A call that runs once for each item of an argument, or of several: one after the other, or at once where that pays.

Results stand in the order of the items, and the error that is told is that of the first item that failed, as in the
script. Only calls that say they are pure run side by side, in the threads that help the loop (`side_by_side.Hands`),
some items at a time; whether that pays is measured, as it is for neighbours (`course`).
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from time import perf_counter_ns
from typing import Any

from flodesk.engine.calls import Fetch, Given, Slots, call_for_item, fetch
from flodesk.engine.control import Control
from flodesk.engine.course import CHEAP_NS, GAIN, NAPS
from flodesk.engine.errors import ItemNote, StopRun
from flodesk.engine.plan import Item
from flodesk.engine.side_by_side import Hands
from flodesk.engine.stepping import advance_items
from flodesk.flow.model import Call
from flodesk.items import Collected, ItemError, Share, abreast, check_lengths, lost_words
from flodesk.public import context, enter_context

CHUNK = 32
"""So many items are taken at a time where they may run side by side."""
HANDED_NS = 20_000
"""What takes less is not worth handing to another thread."""
LOOK_NS = 20_000_000
"""How often it is told how far it is."""

OfItem = Callable[[Slots, Any], Any]


class Mapped:
    """A mapped call. Called with the slots of the function, like any step of a plan.

    Parameters
    ----------
    sources : sequence of callable
        Give the values that are mapped over, from the slots.
    names : sequence of str
        What the script calls these.
    one : callable
        Makes the call for one item; with several sources for a tuple of one of each.
    on_error : str
        ``fail``, ``skip`` or ``collect``.
    apart : bool
        The calls may run side by side.
    """

    def __init__(
        self, sources: Sequence[Fetch], names: Sequence[str], one: OfItem, on_error: str, *, apart: bool
    ) -> None:
        self.sources = sources
        self.names = names
        self.one = one
        self.on_error = on_error
        self.apart = apart

    def __call__(self, s: Slots) -> Any:
        """Run it, one item after the other."""
        return _Pass(self, s).run()

    def beside(self, hands: Hands, control: Control) -> Fetch:
        """Return the step that lets these threads help."""
        gain = Gain()
        return lambda s: _Pass(self, s, hands, control, gain).run()


def mapped(
    statement: Call, target: Any, givens: Sequence[Given], owner: Given | None, path: str, *, apart: bool
) -> Mapped:
    """Return what makes the calls of a statement that is mapped over one of its arguments.

    Parameters
    ----------
    target : object
        What is called; not looked at where there is an owner.
    owner : Given, optional
        The object that is called, or, with a path, of which a method is.
    apart : bool
        The calls may run side by side.
    """
    found = statement.mapped
    assert found is not None
    assert found.each is not None
    places = [next(n for n, a in enumerate(statement.arguments) if a is over) for over in statement.mapped_over]
    one = call_for_item(target, owner, path, givens, places)
    sources = [fetch(givens[place]._replace(keyword="")) for place in places]
    names = [over.value.text for over in statement.mapped_over]
    return Mapped(sources, names, one, found.each.on_error, apart=apart)


def side_by_side(item: Item) -> Mapped | None:
    """Return the mapped call of an item, if its calls may run side by side."""
    made = item.steps[0][0] if item.mapped else None
    return made if isinstance(made, Mapped) and made.apart else None


class _Pass:
    """One call of a mapped call."""

    def __init__(
        self,
        mapped: Mapped,
        s: Slots,
        hands: Hands | None = None,
        control: Control | None = None,
        gain: Gain | None = None,
    ) -> None:
        self._one, self._on_error, self._s = mapped.one, mapped.on_error, s
        self._hands, self._control, self._gain = hands, control, gain
        given: list[Any] = [source(s) for source in mapped.sources]
        share = given[0] if isinstance(given[0], Share) else None
        self._share = share is not None
        self._before = 0
        if share is not None:  # all of them are of the same items
            self._before, self._all = share.first, share.total
            given = [each.items for each in given]
        sizes = [len(each) for each in given if hasattr(each, "__len__")]
        self._total = min(sizes, default=0)
        if share is None:
            self._all = self._total
        if len(given) > 1 and (mapped.apart or mapped.on_error != "fail"):
            check_lengths(given, mapped.names)
        self._given = given[0] if len(given) == 1 else abreast(given, mapped.names)
        self._results: list[Any] = []
        self._errors: list[ItemError] = []
        self._next_look = perf_counter_ns() + LOOK_NS
        self._here = context()

    @property
    def _done(self) -> int:
        return len(self._results) + len(self._errors)

    def run(self) -> Any:
        """Make the calls.

        Raises
        ------
        Exception
            What the first item that failed has raised, with its number, unless such items are skipped or collected.
        """
        items = iter(self._given)
        if self._gain is not None and self._total > 1:
            while chunk := list(islice(items, self._gain.size)):
                self._chunk(chunk, self._gain)
        else:
            self._in_order(items)
        advance_items(self._done - len(self._errors), self._total or self._done)
        if self._share:  # who has sent it puts the shares together, and tells of them
            return Collected(self._results, self._errors)
        if self._errors:
            self._here.log(lost_words(self._errors, self._done), "warning")
        return Collected(self._results, self._errors) if self._on_error == "collect" else self._results

    def _chunk(self, chunk: list[Any], gain: Gain) -> None:
        clock = perf_counter_ns
        begun, count = clock(), len(chunk)
        if chunk and gain.known and not gain.nap and not gain.alone:
            self._in_order(iter([chunk.pop(0)]))  # one in any case: the processor may be away for the whole time
            while chunk and clock() - begun < CHEAP_NS:
                self._in_order(iter([chunk.pop(0)]))
            gain.alone = (clock() - begun) / (count - len(chunk))
            begun, count = clock(), len(chunk)
        if count > 1 and gain.pays(count):
            helped = self._side_by_side(chunk, delayed=not gain.known)
            gain.side_by_side(count, clock() - begun, helped)
        elif chunk:
            self._in_order(iter(chunk))
            gain.one_after_the_other(count, clock() - begun)

    def _in_order(self, items: Iterator[Any]) -> None:
        one, s, check, clock, keep = self._one, self._s, self._here.check, perf_counter_ns, self._results.append
        for item in items:
            check()
            try:
                keep(one(s, item))
            except Exception as error:  # noqa: BLE001 - the border of a node's call
                self._failed(error)
            if (now := clock()) >= self._next_look:
                self._look(now)

    def _side_by_side(self, chunk: list[Any], *, delayed: bool) -> bool:
        """Make some calls with the help of other threads; return whether one of these did anything."""
        assert self._hands is not None
        assert self._control is not None
        round = Round(self._one, self._s, chunk, self._control, ends=self._on_error == "fail", delayed=delayed)
        try:
            self._hands.call(round, self._hands.count)
            for number in range(len(chunk)):
                self._here.check()
                round.bring(number)
                error = round.failed.get(number)
                if error is None:
                    self._results.append(round.results[number])
                else:
                    self._failed(error)
                if (now := perf_counter_ns()) >= self._next_look:
                    self._look(now)
        except BaseException:
            round.over = True
            if round.at_work:
                self._hands.end()  # what runs behind the place where it ended
            raise
        round.over = True
        return round.helped

    def _failed(self, error: BaseException) -> None:
        number = self._before + self._done + 1
        if self._on_error == "fail" or not isinstance(error, Exception):
            if isinstance(error, Exception):
                error.add_note(ItemNote(number, self._all))
            raise error
        self._errors.append(ItemError.of(number, error))

    def _look(self, now: int) -> None:
        self._next_look = now + LOOK_NS
        if self._total:
            advance_items(self._done, self._total)


@dataclass
class Gain:
    """Whether items run side by side next time: what one took alone, in ns, is compared with what some took together.

    The first time nobody knows: then threads come to help after a while.

    Attributes
    ----------
    alone : float
        What one item took alone; 0 if that is to be looked at.
    nap : int
        For how many chunks the ordinary way is taken where side by side gained nothing, as with a function that keeps
        Python to itself.
    """

    known: bool = False
    alone: float = 0.0
    nap: int = 0
    _poor: int = 0
    _naps: int = NAPS[0]

    def pays(self, count: int) -> bool:
        """Say whether so many items are to run side by side."""
        if self.nap or not self.known:
            return not self.nap
        return self.alone >= HANDED_NS and self.alone * count >= CHEAP_NS

    @property
    def size(self) -> int:
        """How many items to take at a time: of cheap ones so many that looking after them costs nothing."""
        return CHUNK if self.alone >= HANDED_NS or not self.alone else int(CHEAP_NS / self.alone) + CHUNK

    def one_after_the_other(self, count: int, wall: int) -> None:
        """Learn from items that were made alone."""
        self.alone = wall / count
        self.nap = max(0, self.nap - 1)

    def side_by_side(self, count: int, wall: int, helped: bool) -> None:
        """Learn from items that were made side by side; `helped` says whether another thread made one."""
        if not self.known:
            self.known = True
            self.alone = 0.0 if helped else wall / count
        elif wall <= GAIN * self.alone * count:
            self._poor, self._naps = 0, NAPS[0]
        else:
            self.alone = 0.0  # items may differ
            self._poor += 1
            if self._poor > 1:
                self._poor, self.nap = 0, self._naps
                self._naps = min(2 * self._naps, NAPS[1])


class Round:
    """Some items of which the loop's thread and its hands each take the next that nobody has taken.

    No lock is held: taking one out of a dictionary is what one thread alone can do, as in `side_by_side`.
    """

    def __init__(self, one: OfItem, s: Slots, items: list[Any], control: Control, *, ends: bool, delayed: bool) -> None:
        self.results: dict[int, Any] = {}
        self.failed: dict[int, BaseException] = {}
        self.over = False
        self.awake = not delayed
        self.helped = False
        self.at_work: set[int] = set()
        """What hands have taken and not done."""
        self._one, self._s, self._items, self._control, self._ends = one, s, items, control, ends
        self._open = dict.fromkeys(range(len(items)))
        self._told: SimpleQueue[None] = SimpleQueue()
        self._waiting = False
        self._context = contextvars.copy_context()

    def help(self, own: Any) -> None:
        """Take items as long as there are some."""
        here = self._context.copy()
        here.run(enter_context, own)
        while not (self.over or (self._ends and self.failed)) and (number := self._take()) >= 0:
            self.helped = True
            self.at_work.add(number)
            try:
                here.run(self._call, number)
            finally:
                self.at_work.discard(number)
            if self._waiting:
                self._told.put(None)

    def bring(self, number: int) -> None:
        """See to it that an item is done; wait for it, or do others, where a hand has taken it."""
        if number in self._open and self._took(number):
            self._call(number)
        if number in self.results or number in self.failed:
            return

        def wake() -> None:
            self._told.put(None)

        self._control.wakes.append(wake)
        try:
            while True:
                self._waiting = True  # before a look at the result: who is done after that look sees it
                if number in self.results or number in self.failed:
                    return
                if self._control.stopping:
                    raise StopRun
                other = self._take()
                if other < 0:
                    self._told.get()
                else:
                    self._call(other)
        finally:
            self._waiting = False
            self._control.wakes.remove(wake)

    def _take(self) -> int:
        for number in list(self._open):
            if self._took(number):
                return number
        return -1

    def _took(self, number: int) -> bool:
        return self._open.pop(number, self) is None

    def _call(self, number: int) -> None:
        try:
            self.results[number] = self._one(self._s, self._items[number])
        except BaseException as error:  # noqa: BLE001 - it is raised where the loop comes to this item
            self.failed[number] = error


__all__ = ["Mapped", "mapped", "side_by_side"]
