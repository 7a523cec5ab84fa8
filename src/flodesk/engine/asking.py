"""Questions to an engine: each gets one answer, also where the engine ends before it has answered."""

from __future__ import annotations

import itertools
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Told = Callable[[Mapping[str, Any], Sequence[Any]], None]
"""Takes the head of the answer and its buffers, on the thread that reads the frames; ``"error"`` says why there is
none."""


class Questions:
    """The questions of one client that are not answered yet."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Told] = {}
        self._lock = threading.Lock()

    def ask(self, send: Callable[[dict[str, Any]], object], command: Mapping[str, Any], told: Told) -> int:
        """Send a command that is a question; `told` is called once."""
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = told
        send({**command, "q": number})
        return number

    def answer(self, head: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Hand an answer on; one that nobody waits for is dropped."""
        with self._lock:
            told = self._waiting.pop(int(head["q"]), None)
        if told is not None:
            _tell(told, head, buffers)

    def give_up(self, why: str) -> None:
        """Answer all that wait by saying why nothing comes."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for told in waiting:
            _tell(told, {"error": why}, ())


def _tell(told: Told, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
    try:
        told(head, buffers)
    except Exception:  # noqa: BLE001 - whoever asked is foreign code to the thread that reads
        traceback.print_exc(file=sys.stderr)
