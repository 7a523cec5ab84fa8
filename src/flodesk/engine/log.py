"""Log lines of a run, never more of them than somebody could read."""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Callable
from typing import TextIO

from flodesk.engine.events import LogLine

LINES_A_SECOND = 200
BURST = 400
LONGEST = 2000
"""Characters of a line that are kept."""


class Log:
    """Makes `LogLine` events; of a flood it lets some pass and counts the others.

    Parameters
    ----------
    emit : callable
        Takes each line.
    turn : callable
        Returns in which turn of the outermost loop a node is.
    """

    def __init__(self, emit: Callable[[LogLine], None], turn: Callable[[str], int] = lambda node: 0) -> None:
        self._emit = emit
        self._turn = turn
        self._lock = threading.Lock()
        self._left = float(BURST)
        self._last = time.monotonic()
        self._dropped = 0
        self._dropped_node = ""
        self.run = ""

    def say(self, node: str, level: str, text: str) -> None:
        """Write a line."""
        with self._lock:
            now = time.monotonic()
            self._left = min(float(BURST), self._left + (now - self._last) * LINES_A_SECOND)
            self._last = now
            if self._left < 1.0:
                self._dropped += 1
                self._dropped_node = node
                return
            # after a flood one more line is needed to say how many are missing; wait until a few would pass
            if self._dropped and self._left >= 20.0:
                self._report()
            self._left -= 1.0
            turn = self._turn(node) if node else 0
            self._emit(LogLine(self.run, node, level, _cut(text), time.time(), turn))

    def flush(self) -> None:
        """Say how many lines are missing, if any are; at the end of a run."""
        with self._lock:
            if self._dropped:
                self._report()

    def _report(self) -> None:
        text = f"… {self._dropped} lines dropped: more than {LINES_A_SECOND} a second are not shown"
        self._emit(LogLine(self.run, self._dropped_node, "warning", text, time.time()))
        self._dropped = 0


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


class Voice(io.TextIOBase):
    """Stands for ``sys.stdout`` or ``sys.stderr`` while a run is on: what nodes print becomes log lines.

    Parameters
    ----------
    node : callable
        Returns the node that the calling thread is in: empty if in none.
    say : callable
        Takes (node, level, text) for each line.
    otherwise : text stream
        Takes what other threads print. Whether anybody still reads it (a terminal that was closed, a pipe, a full disk)
        is no matter of the run.
    """

    def __init__(
        self, level: str, node: Callable[[], str], say: Callable[[str, str, str], None], otherwise: TextIO | None
    ) -> None:
        super().__init__()
        self._otherwise = otherwise
        self._level = level
        self._node = node
        self._say = say
        self._begun: dict[int, tuple[str, str]] = {}
        """By thread: the node that has begun a line, and what there is of it."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of a terminal."""
        return "utf-8"

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Take some text; whole lines are passed on."""
        me = threading.get_ident()
        node = self._node()
        if not node:
            if self._otherwise is not None:
                with contextlib.suppress(OSError):
                    self._otherwise.write(text)
            return len(text)
        writer, begun = self._begun.pop(me, (node, ""))
        if writer != node:
            self._say(writer, self._level, begun)
            begun = ""
        whole = begun + text
        if "\n" not in whole and len(whole) <= LONGEST:
            self._begun[me] = node, whole
            return len(text)
        *lines, rest = whole.split("\n")
        if len(rest) > LONGEST:
            lines, rest = [*lines, rest], ""
        if rest:
            self._begun[me] = node, rest
        for line in lines:
            self._say(node, self._level, line)
        return len(text)

    def flush(self) -> None:
        """Pass on a line of this thread that has no end yet."""
        if self._otherwise is not None:
            with contextlib.suppress(OSError):
                self._otherwise.flush()
        self._tell(threading.get_ident())

    def end(self) -> None:
        """Pass on the lines of all threads that have no end yet: none comes any more."""
        for thread in list(self._begun):
            self._tell(thread)

    def _tell(self, thread: int) -> None:
        node, rest = self._begun.pop(thread, ("", ""))
        if rest:
            self._say(node, self._level, rest)
