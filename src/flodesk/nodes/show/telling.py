"""What is told over time: a log, and the states that things were in."""

from __future__ import annotations

import itertools
import time
from typing import Annotated, Literal

from flodesk.public import LEVELS, Lines, Range, Timeline, Told, Unit, node

__all__ = ["Log", "States"]

_LOGS = itertools.count(1)


@node(tags=("messages", "events", "history", "print", "console"))
class Log:
    """Keep lines of text with the time when they came, and show them as a log.

    No line is lost between two looks of the screen, however fast they come.

    Parameters
    ----------
    keep : int
        How many lines are kept at least.

    Raises
    ------
    ValueError
        No line is to be kept.

    Examples
    --------
    >>> log = show.Log()
    >>> log("level", 4.9, "V").summary()
    'level 4.9 V'
    """

    def __init__(self, keep: Annotated[int, Range(1)] = 10_000) -> None:
        if keep < 1:
            raise ValueError(f"a log of {keep} lines keeps nothing: set it to 1 or more")
        self.keep = keep
        self._told = Told(0, [])
        self._number = time.time_ns() // 1000 * 1000 + next(_LOGS) % 1000

    def __call__(
        self, *message: object, level: Literal["debug", "info", "warning", "error"] = "info", title: str = ""
    ) -> Lines:
        """Take in a message.

        Parameters
        ----------
        *message : object
            What is told: texts or any values, written one after the other. None and an empty text say nothing.
        level : str
            How much it matters.
        title : str
            Title of the log; empty for the node's name.

        Returns
        -------
        Lines
            The log.

        Raises
        ------
        ValueError
            There is no such level.
        """
        if level not in LEVELS:
            raise ValueError(f"there is no level “{level}”: take one of {', '.join(LEVELS)}")
        text = " ".join(str(part) for part in message if part is not None)
        if text:
            now, place = time.time(), LEVELS.index(level)
            self._told.lines.extend((now, place, line) for line in text.splitlines())
            if len(self._told.lines) > 2 * self.keep + 1000:
                # lines that are on their way stand in the old list
                going = len(self._told.lines) - self.keep
                self._told = Told(self._told.before + going, self._told.lines[going:])
        told = self._told
        return Lines(title, self._number, told.before + len(told.lines), told=told)


@node(title="State timeline", tags=("history", "logic analyser", "digital", "gantt", "phases"))
class States:
    """Show which state things were in over the last seconds: on and off, phases of a test, words of a machine.

    Parameters
    ----------
    seconds : float
        How long a time is shown, in s.

    Raises
    ------
    ValueError
        The time is not above 0.

    Examples
    --------
    >>> phases = show.States(seconds=60.0)
    >>> phases(True, "heating", names="pump, oven").summary()
    'pump: on, oven: heating'
    """

    def __init__(self, seconds: Annotated[float, Unit("s"), Range(0.0)] = 60.0) -> None:
        if not seconds > 0.0:
            raise ValueError(f"a timeline of {seconds:g} s shows nothing: set it above 0 s")
        self.seconds = seconds
        self._lanes: list[list[tuple[float, str]]] = []

    def __call__(self, *states: object, names: str = "", title: str = "") -> Timeline:
        """Take in what state each thing is in now.

        Parameters
        ----------
        *states : object
            One state for each thing: True and False are on and off, others are written out.
        names : str
            Names of the things in order, with commas between.
        title : str
            Title of the timeline; empty for the node's name.

        Returns
        -------
        Timeline
            The states up to now.

        Raises
        ------
        ValueError
            There is no state.
        """
        if not states:
            raise ValueError("there is no state to show: wire at least one to it")
        now = time.monotonic()
        while len(self._lanes) < len(states):
            self._lanes.append([])
        for number, state in enumerate(states):
            lane, word = self._lanes[number], _word(state)
            if not lane or lane[-1][1] != word:
                lane.append((now, word))
                self._lanes[number] = self._trimmed(lane, now)
        given = [name.strip() for name in names.split(",")] if names.strip() else []
        told = tuple(
            (given[n] if n < len(given) else f"{n + 1}" if len(states) > 1 else "", lane, len(lane))
            for n, lane in enumerate(self._lanes[: len(states)])
        )
        return Timeline(title, now, self.seconds, told=told)

    def _trimmed(self, lane: list[tuple[float, str]], now: float) -> list[tuple[float, str]]:
        """Return a lane without what is over: another list, since the old one may be on its way."""
        if len(lane) % 1000:
            return lane
        first = next((n for n, (when, _) in enumerate(lane) if when > now - self.seconds), len(lane))
        return lane[max(first - 1, 0) :]


def _word(state: object) -> str:
    plain = state.item() if hasattr(state, "item") and getattr(state, "ndim", 0) == 0 else state
    if isinstance(plain, bool):
        return "on" if plain else "off"
    return str(plain)[:100]
