"""The events that a session has sent: how many its stream keeps, and what is sent again to who has missed some."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

KEPT_EVENTS = 2000
"""So many are kept for who has missed some, and for a server that loses what it had."""
KEPT_BYTES = 8 << 20
"""So much of them the stream keeps, where that is more: lines that come in a rush wait there for who reads slowly."""

Entry = tuple[int, dict[Any, Any]]
"""The number of an event, and its fields."""


class SentEvents:
    """Keeps the last events, and the sizes of those that are in the stream."""

    def __init__(self) -> None:
        self._last: deque[Entry] = deque(maxlen=KEPT_EVENTS)
        self._batches: deque[tuple[int, int]] = deque()
        """(events, bytes) of what was sent at a time."""
        self._count = self._bytes = 0

    def note(self, entries: list[Entry]) -> None:
        """Note what was sent, for the first time or again."""
        if not entries:
            return
        newest = self._last[-1][0] if self._last else 0
        for entry in entries:
            if entry[0] > newest:
                newest = entry[0]
                self._last.append(entry)
        size = sum(len(part) for _, fields in entries for part in fields.values())
        self._batches.append((len(entries), size))
        self._count += len(entries)
        self._bytes += size
        while self._bytes > KEPT_BYTES and len(self._batches) > 1:
            count, size = self._batches.popleft()
            self._count -= count
            self._bytes -= size

    @property
    def room(self) -> int:
        """How many entries the stream is to keep."""
        return max(KEPT_EVENTS, self._count)

    def taken_back(self) -> list[Entry]:
        """Return all that can be sent again, which counts as not sent from now on."""
        entries = list(self._last)
        self._last.clear()
        return entries

    def after(self, number: int) -> list[Entry]:
        """Return those after this one that can be sent again."""
        return [entry for entry in self._last if entry[0] > number]


def skipped(after: int, kept: list[Entry], told: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what stands for the events after this one that cannot be sent again: that they are left out, and which.

    Parameters
    ----------
    kept : list
        What can be sent.
    told : mapping
        The events by their numbers that still say something.
    """
    last = kept[0][0] - 1 if kept else after
    if last <= after:
        return []
    known = {number: head for number, head in told.items() if after < number <= last}
    # its number is that of the last one, so that nobody goes back
    word = {"f": "skipped", "k": last, "lost": last - after - len(known)}
    return [word, *({**head, "k": number} for number, head in sorted(known.items()))]
