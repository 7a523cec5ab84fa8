"""Plays back the turns that are held, as fast as they went, or faster or slower."""

from __future__ import annotations

from bisect import bisect_right
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from flodesk.engine.probing import At
from flodesk.engine.recalling import Course

_FRAME_MS = 33


class Playable(Protocol):
    """What is at one turn of several that are held."""

    at: At | None
    course: Course

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last turn that are held."""

    @property
    def turn(self) -> int:
        """The turn that is shown."""

    @property
    def seconds(self) -> float | None:
        """When that was, in s since the run began; None where it is not known."""

    def go_to(self, turn: int) -> None:
        """Show a turn."""


class Player(QObject):
    """Goes from turn to turn when they are due.

    Signals
    -------
    changed : it plays, or has stopped

    Attributes
    ----------
    speed : float
        How much faster than it went it is played back.
    """

    changed = Signal()

    def __init__(self, moments: Playable, parent: QObject) -> None:
        super().__init__(parent)
        self._moments = moments
        self.speed = 1.0
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._clock = QElapsedTimer()
        self._from = 0.0
        """Seconds of the run at which the clock began; below 0 while that is not known yet."""
        self._frames.timeout.connect(self._play_on)

    @property
    def on(self) -> bool:
        """Whether the past is played back."""
        return self._frames.isActive()

    def play(self) -> None:
        """Play on from the turn that is shown; from the first one where that is the last."""
        moments = self._moments
        first, last = moments.span
        if last <= first:
            return
        if moments.at is None or moments.turn >= last:
            moments.go_to(first)
        self._from = moments.seconds if moments.seconds is not None else -1.0
        self._clock.start()
        self._frames.start()
        self.changed.emit()

    def pause(self) -> None:
        """Stay at the turn that is shown."""
        if self.on:
            self._frames.stop()
            self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """Play faster or slower from here on."""
        self.speed = speed
        if self.on:
            self.play()

    def _play_on(self) -> None:
        """Go to the turn that is due; at the end of what is held, stay there."""
        turns, times = self._moments.course.turns, self._moments.course.seconds
        if turns is None or not len(turns):
            return  # they are on their way
        if self._from < 0.0:
            self._from = self._moments.seconds or float(times[0])
            self._clock.start()
        due = self._from + self.speed * self._clock.elapsed() / 1000.0
        self._moments.go_to(int(turns[max(bisect_right(times, due) - 1, 0)]))
        if due >= float(times[-1]):
            self.pause()


__all__ = ["Player"]
