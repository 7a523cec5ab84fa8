"""Whether it pays to run calls side by side: what they took before says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

CHEAP_NS = 1_000_000
"""A bundle that takes no longer runs in the ordinary way: threads gain nothing there."""
HANDING_NS = 60_000
"""What it costs to let a hand do a step."""
GAIN = 0.92
"""Side by side has to come to this part of the time one after the other, or it is left."""
NAPS = (16, 1024)
"""For how many calls the ordinary way is taken where side by side gained nothing: at first, and at most."""
AGAIN = 200
"""After so many calls side by side one runs in the ordinary way, to know what that takes by now."""


@dataclass
class Course:
    """Whether a bundle runs side by side next time; from how long it took, in ns, it learns whether that pays."""

    before: Sequence[tuple[int, ...]]
    hands: int
    apart: bool = True
    known: bool = False
    nap: int = 0
    _serial: int = 0
    _poor: int = 0
    _calls: int = 0
    _naps: int = field(default=NAPS[0])

    def one_after_the_other(self, spans: Sequence[int]) -> None:
        """Learn from a call in the ordinary way: how long each step took."""
        total = sum(spans)
        self.known = True
        self.apart = False
        if total < CHEAP_NS:
            return
        self._serial, self._poor, self._calls = total, 0, 0
        if self._estimate(spans) < GAIN * total:
            self.apart = True
        else:
            self._rest()

    def side_by_side(self, spans: Sequence[int], wall: int, helped: bool) -> None:
        """Learn from a call side by side: how long each step took, and the whole; whether a hand did something."""
        if not self.known:
            self.known = True
            if helped:
                self.apart = False  # how long it takes one after the other has to be seen yet
            else:
                self.one_after_the_other(spans)
            return
        self._calls += 1
        if sum(spans) < CHEAP_NS or self._calls >= AGAIN:
            self.apart = False
        elif wall <= GAIN * self._serial:
            self._poor, self._naps = 0, NAPS[0]
        elif (poor := self._poor + 1) < 2:
            self._poor = poor
        else:
            self._rest()

    def _rest(self) -> None:
        self.apart, self.nap = False, self._naps
        self._naps = min(2 * self._naps, NAPS[1])

    def _estimate(self, spans: Sequence[int]) -> int:
        """Return how long it would take side by side."""
        free = [0] * (self.hands + 1)
        ends: list[int] = []
        for span, needs in zip(spans, self.before, strict=True):
            ready = max((ends[n] for n in needs), default=0)
            who = min(range(len(free)), key=lambda n: (max(free[n], ready), n))
            free[who] = max(free[who], ready) + span + (HANDING_NS if who else 0)
            ends.append(free[who])
        return max(ends)
