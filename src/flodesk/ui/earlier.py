"""Which of the values that are shown are not of the newest run, or not of the flow as it is: they stay, and say so.

A view tells of each value that it shows, of the picture, of the nodes that have not delivered yet, and now and then
which run is the newest. What is replaced within `GLANCE` is never marked: nothing blinks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from flodesk.engine.client import NodeState
from flodesk.engine.ids import begun, whole
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow
from flodesk.ui.signatures import Signatures

GLANCE = 0.25
"""Seconds that a value of before may stand for itself: a run that is quicker makes nothing blink."""


class Mark(NamedTuple):
    """What is said about a value of before: in a hint beside it, and in a sentence."""

    hint: str
    words: str


_CHANGED = Mark("before change", "As it was before the flow was changed; it has not been made anew yet.")
_AHEAD = Mark("of before", "As it was before; the run is held, and has not come here again.")
_LATE = Mark("of before", "As it was before; it has not been made anew yet.")


class _Made(NamedTuple):
    """The run that a value is of, what the flow was when it was shown, and the number that it was made under."""

    run: str
    signatures: Signatures
    number: int | None
    before: Signatures | None = None
    """What the flow was when the value before it was shown, if that was another one."""


class Earlier:
    """The ages of the values that a view shows, by their names (``function.variable``).

    Attributes
    ----------
    run : str
        The newest run, as far as the view has been told.
    marks : mapping
        The values to be marked.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.run = ""
        self.marks: dict[str, Mark] = {}
        self._clock = clock
        self._signatures = Signatures(tuple)
        self._made: dict[str, _Made] = {}
        self._behind: set[str] = set()
        """Values that hang on what has changed since they were made."""
        self._followed: float | None = None
        """When the flow has changed, unless it was looked at since."""
        self._late: set[str] = set()
        self._idle: set[str] = set()
        """Values whose nodes have not delivered yet, as their states say."""
        self._ahead: frozenset[str] = frozenset()
        self._yet_to_come: frozenset[str] = frozenset()
        """The values that come from there alone."""
        self._hanging: tuple[Signatures, frozenset[str], set[str]] = self._signatures, frozenset(), set()
        self._stale: dict[str, tuple[Mark, float]] = {}
        """What is of before, what is to be said of it, and since when it is so."""
        self._dirty = False
        self._settled = True
        """Whether all that is of before is marked."""

    # -------------------------------------------------------------- told by the view
    def follow(self, graphs: Callable[[], Iterable[Graph]], flow: Flow | None = None) -> None:
        """Take note that the `flow` has changed; `graphs` gives its pictures, asked for when changes come to rest."""
        self._signatures = Signatures(graphs, flow)
        self._followed = self._clock()

    def forget(self) -> None:
        """Forget all values: another flow is shown."""
        for known in (self._made, self._behind, self._late, self._idle, self._stale, self.marks):
            known.clear()

    def show(self, name: str, number: int | None = None, before: frozenset[str] = frozenset()) -> bool:
        """Note that a value of the newest run is shown; returns whether the one before it was marked.

        One with the `number` of the one before it is no newer, it was only fetched again; nor is one without a positive
        number: its node has failed since, or is to run again, and it is marked unless that is over soon. One that hangs
        on a statement of `before` is newer, but made before the change: it stays marked.
        """
        known = self._made.get(name)
        same_run = known is not None and whole(known.run) == whole(self.run)
        if known is not None and same_run and number is not None and (number <= 0 or number == known.number):
            if number <= 0 and name not in self._late:
                self._late.add(name)
                self._dirty = True
            return False
        if known is not None and same_run and before and self._hangs(name, before):
            return self._show_behind(name, known, number)
        was = known.before if known is not None and known.signatures is self._signatures else None
        if known is not None and same_run and known.signatures is not self._signatures:
            was = known.signatures
        self._made[name] = _Made(self.run, self._signatures, number, was)
        self._late.discard(name)
        self._idle.discard(name)
        self._behind.discard(name)
        self._dirty = self._dirty or bool(self._ahead)
        if name in self._yet_to_come:  # a run is held each turn before what gives it, which was the turn before
            self._stale[name] = _AHEAD, self._clock() - GLANCE
            return False
        self._stale.pop(name, None)
        return self.marks.pop(name, None) is not None

    def _hangs(self, name: str, before: frozenset[str]) -> bool:
        if self._followed is not None:
            return True  # pictures are asked for when changes have come to rest
        signatures, statements, _ = self._hanging
        if signatures is not self._signatures or statements != before:
            self._hanging = self._signatures, before, self._signatures.hanging_on(before)
        return name in self._hanging[2]

    def _show_behind(self, name: str, known: _Made, number: int | None) -> bool:
        # one that was on its way when the change was made seemed to be newer
        seemed = known.signatures is self._signatures and known.before is not None
        signatures = known.before if seemed and known.before is not None else known.signatures
        self._made[name] = _Made(self.run, signatures, number)
        self._late.discard(name)
        self._dirty = True
        if signatures is not self._signatures and self._followed is None and name not in self._behind:
            self._followed = self._clock()
        return False

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Take note of the nodes that have not delivered yet: what is shown of them is of before.

        States from elsewhere may be older than the values that came with them: a value that was shown in this very run
        is of it as soon as its node has delivered. One of the run before stays of before until its next is there.
        """
        idle = {statement for statement, state in states.items() if not delivered(state)}
        if not idle and not self._idle:
            return
        for name, statements in self._signatures.makers.items():
            known = [statement for statement in statements if statement in states]
            if name not in self._made or not known:
                continue
            waits = idle.issuperset(known)
            if waits and name not in self._idle:
                self._idle.add(name)
                self._dirty = True
            elif not waits and name in self._idle and self._made[name].run == self.run:
                self._idle.discard(name)
                self._dirty = True

    def hold(self, ahead: frozenset[str]) -> None:
        """Take note of the statements (``function.statement``) that a run which is held has not reached again."""
        if ahead != self._ahead:
            self._ahead, self._dirty = ahead, True

    # -------------------------------------------------------------- asked by the view
    def look_back(self, run: str) -> set[str]:
        """Take note of the newest run, and return whose marks have changed."""
        if self._followed is not None and self._followed <= self._clock() - GLANCE:
            self._compare()
        if run != self.run or self._dirty:
            self._find_stale(run)
        if self._settled:
            return set()
        ripe = self._clock() - GLANCE
        before = self.marks
        self.marks = {name: mark for name, (mark, since) in self._stale.items() if since <= ripe}
        self._settled = len(self.marks) == len(self._stale)
        return {name for name in before.keys() | self.marks.keys() if before.get(name) != self.marks.get(name)}

    def _compare(self) -> None:
        """Find what hangs on changes of the flow; values that nobody gives any more are forgotten."""
        now, self._followed, self._dirty = self._signatures, None, True
        self._made = {name: made for name, made in self._made.items() if name in now.makers}
        behind = {made: now.changed_since(made) for made in {made.signatures for made in self._made.values()} - {now}}
        self._behind = {name for name, made in self._made.items() if name in behind.get(made.signatures, ())}

    def _find_stale(self, run: str) -> None:
        now, self._dirty = self._clock(), False
        if whole(run) != whole(self.run):
            self._late.clear()
            self._idle.clear()
        self.run = run
        makers = self._signatures.makers.items() if self._ahead else ()
        self._yet_to_come = frozenset(name for name, found in makers if self._ahead.issuperset(found))
        stale: dict[str, tuple[Mark, float]] = {}
        for name, made in self._made.items():
            mark, since = None, now
            if whole(made.run) != whole(run):
                mark = _of(made.run)
            elif name in self._behind:
                mark, since = _CHANGED, now - GLANCE  # for so long it has been looked at already
            elif name in self._yet_to_come:
                mark, since = _AHEAD, now - GLANCE
            elif name in self._late or name in self._idle:
                mark = _LATE
            if mark is not None:
                stale[name] = mark, min(since, self._stale.get(name, (mark, now))[1])
        self._stale = stale
        self._settled = False


def _of(run: str) -> Mark:
    made = when(begun(run)) or "an earlier run"
    return Mark("earlier run", f"From {made}; the newest run has not made it.")


def when(seconds: float, now: float | None = None) -> str:
    """Say which run began then (s since 1970), ``the run of 12:31:05``, with its date if that is not today's."""
    if seconds <= 0:
        return ""
    at, today = datetime.fromtimestamp(seconds), datetime.fromtimestamp(time.time() if now is None else now)
    return f"the run of {at:%H:%M:%S}" if at.date() == today.date() else f"the run of {at:%Y-%m-%d %H:%M:%S}"


def delivered(state: NodeState) -> bool:
    """Say whether a node has given a value since its states were cleared; a turn that failed gave none."""
    return state.count > (1 if state.state == "failed" else 0)
