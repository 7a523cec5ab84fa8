"""What nodes print while they run: lines of the log, each with the node that wrote it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from flodesk.engine.log import Voice
from flodesk.engine.stepping import calling


class Prints:
    """Takes the place of the process's streams while a run is on.

    Parameters
    ----------
    say : callable
        Takes (node, level, text) of each line.
    running : callable
        Whether there is a run that a line could be of.
    """

    def __init__(self, say: Callable[[str, str, str], None], running: Callable[[], bool]) -> None:
        self._say = say
        self._running = running
        self._streams: tuple[Any, Any] | None = None
        self._voices: dict[tuple[Any, Any], tuple[Voice, Voice]] = {}
        """Kept by the streams that they stand for: a thread that is printing right now may hold no reference."""
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Hear what is written from now on."""
        with self._lock:
            if self._streams is None:
                out, err = self._streams = sys.stdout, sys.stderr
                if self._streams not in self._voices:
                    voices = Voice("info", self._node, self._say, out), Voice("warning", self._node, self._say, err)
                    self._voices[self._streams] = voices
                sys.stdout, sys.stderr = self._voices[self._streams]

    def end_lines(self) -> None:
        """Pass on the lines that have no end yet: none comes any more."""
        for voice in (sys.stdout, sys.stderr):
            if isinstance(voice, Voice):
                voice.end()

    def leave(self) -> None:
        """Give the streams back, unless somebody else has taken them since."""
        with self._lock:
            if self._streams is not None:
                if isinstance(sys.stdout, Voice):
                    sys.stdout = self._streams[0]
                if isinstance(sys.stderr, Voice):
                    sys.stderr = self._streams[1]
                self._streams = None

    def _node(self) -> str:
        return calling() if self._running() else ""
