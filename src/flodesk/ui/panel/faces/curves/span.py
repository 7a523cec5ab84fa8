"""Ranges of axes that change seldom: redrawing an axis costs more than the curve on it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from flodesk.ui.panel.figures import tidy_step

GROW = 0.2
"""Share of the span that is added beyond data which left the range."""
SHRINK_AFTER = 2.0
"""Seconds that the data must fill too little of the range before it shrinks."""
FILL = 0.6
"""Share of the range below which the data fill too little of it."""
FLAT = 1e-12
"""Share of their size by which numbers must differ for an axis to show it."""
SMALLEST = 1e-200
STEPS = 9
"""How many steps of a moving axis there are in its data, at least: of 999 samples still ten, each of a hundred."""
LEAD = 0.5
"""How much of a step an axis may be ahead of its data."""
TOGETHER = 3
"""How many axes move early in one frame of so many seconds."""
FRAME = 0.01


@dataclass(slots=True)
class Span:
    """The range of a value axis: grows at once, shrinks late, keeps still in between."""

    low: float = 0.0
    high: float = 0.0
    _loose_since: float | None = None
    _low: float = math.inf
    _high: float = -math.inf
    _guessed: bool = False
    """Whether all data until now were alike, so that nothing was known of their extent."""

    def follow(self, low: float, high: float, now: float) -> bool:
        """Take in the extremes of a new frame at the time `now` in s; return True if the range has changed."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return False
        if self.high <= self.low or (self._guessed and not _flat(low, high)):
            self._fit(low, high)
            return True
        if low < self.low or high > self.high:
            room = GROW * max(high - low, self.high - self.low)
            self.low, self.high = _outward(
                low - room if low < self.low else self.low, high + room if high > self.high else self.high
            )
            self._rest()
            return True
        if high - low >= FILL * (self.high - self.low):
            self._rest()
            return False
        if self._loose_since is None:
            self._loose_since = now
        self._low, self._high = min(self._low, low), max(self._high, high)
        if now - self._loose_since < SHRINK_AFTER:
            return False
        before = (self.low, self.high)
        self._fit(self._low, self._high)
        return (self.low, self.high) != before

    def forget(self) -> None:
        """Fit anew at the next frame."""
        self.low = self.high = 0.0

    def _fit(self, low: float, high: float) -> None:
        size = max(abs(low), abs(high))
        self._guessed = _flat(low, high)
        room = 0.08 * (high - low) if not self._guessed else 0.1 * size if size > SMALLEST else 1.0
        self.low, self.high = _outward(low - room, high + room)
        self._rest()

    def _rest(self) -> None:
        self._loose_since = None
        self._low, self._high = math.inf, -math.inf


@dataclass(slots=True)
class Scroll:
    """The range of the axis along which data run: fits tight, and follows a stream in steps of 1, 2 or 5."""

    low: float = 0.0
    high: float = 0.0
    _data: tuple[float, float] = (0.0, 0.0)

    def follow(self, low: float, high: float, *, early: bool = False) -> bool:
        """Take in the extremes of a new frame; return True if the range has changed.

        `early` says that there is time in this frame for a step that will be due in one of the next.
        """
        if not (math.isfinite(low) and math.isfinite(high)) or (low, high) == self._data:
            return False
        first = self._data == (0.0, 0.0) and self.high <= self.low
        grown, moved = not first and high > self._data[1], low > self._data[0]
        self._data = (low, high)
        extent = high - low
        if extent <= FLAT * max(abs(low), abs(high), SMALLEST):
            wanted = (low - 0.5, high + 0.5)
        elif grown:  # a stream: it shows whole steps, so that it moves once in a few frames
            wanted = self._stepped(low, high, early, moved)
        else:
            wanted = (low, high)
        changed = wanted != (self.low, self.high)
        self.low, self.high = wanted
        return changed

    def _stepped(self, low: float, high: float, early: bool, moved: bool) -> tuple[float, float]:
        """Return the range of a stream: its right end on a step, its width the same while that of the data is."""
        step = tidy_step((high - low) / STEPS)
        right = math.ceil(high / step - 1e-6) * step
        ahead = math.ceil((high + LEAD * step) / step - 1e-6) * step
        if early or math.isclose(self.high, ahead, rel_tol=1e-12, abs_tol=1e-9 * step):
            right = ahead
        if not moved:
            return low, right
        # room for a step, and for one that was taken early, so that no sample is cut off at the left
        finer = step / 4
        return right - math.ceil((high - low + (1 + LEAD) * step) / finer - 1e-6) * finer, right


class Turns:
    """Lets the axes of many plots move one after the other: each takes as long as ten curves of a thousand points.

    Axes that step at the same time do so in different frames then, and still stand alike in the end.
    """

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=TOGETHER)

    def spare(self, now: float) -> bool:
        """Whether an axis may move before it has to, at the time `now` in s."""
        return len(self._last) < TOGETHER or now - self._last[0] > FRAME

    def moved(self, now: float) -> None:
        """Note that an axis has moved."""
        self._last.append(now)


turns = Turns()
"""Of all plots of the window."""


def _flat(low: float, high: float) -> bool:
    size = max(abs(low), abs(high))
    return size <= SMALLEST or high - low <= FLAT * size


def _outward(low: float, high: float) -> tuple[float, float]:
    step = tidy_step((high - low) / 20)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
