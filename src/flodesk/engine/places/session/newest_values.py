"""Newest values on their way to who follows a run: of each port the newest, and none that nothing newer has replaced.

A batch has only what is new since the one before. So one that waits still, or was sent and may be lost with its
stream, is put together with the next: a value that never changes again comes, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

KEPT_VALUES = 4
"""So many entries of newest values and states their stream keeps at least: more are no news."""
MOST_ENTRIES = 100
MOST_BYTES = 4 << 20
"""So much of them it keeps for who reads slowly: on a busy machine a reader may be behind by a second or two."""

LEFT_OUT_SECONDS = 1.0
"""How often it is tried to send those for which the server has had no room."""
STATES, VALUES = 0, -1
"""What stands with their entries where an event has its number."""

Frame = tuple[dict[str, Any], list[Any]]


class NewestValues:
    """One frame that waits to be sent, and those whose entries the stream has.

    Attributes
    ----------
    waiting : Frame or None
        What is to be sent: its head, and its buffers.
    """

    def __init__(self) -> None:
        self.waiting: Frame | None = None
        self._sent: deque[tuple[int, Frame | None]] = deque()
        """Of each entry its size, and the frame of values that is in it, if there is one."""
        self._bytes = 0

    def put(self, head: dict[str, Any], buffers: Sequence[Any]) -> Frame:
        """Take a batch; returns all that is to be sent with it. What its buffers hold now is what is sent."""
        frame = head, [bytes(part) for part in buffers]
        self.waiting = frame if self.waiting is None else merged(self.waiting, frame)
        return self.waiting

    def room(self, more: int) -> int:
        """Return how many entries the stream is to keep, with so many that are added to it."""
        return max(KEPT_VALUES, len(self._sent) + more)

    def went(self, entries: Sequence[tuple[int, dict[Any, Any]]]) -> None:
        """Note which entries are on the server; those of events are no concern of this."""
        for number, fields in entries:
            if number > 0:
                continue
            size = sum(len(part) for part in fields.values())
            self._sent.append((size, self.waiting if number == VALUES else None))
            self._bytes += size
            if number == VALUES:
                self.waiting = None
        while len(self._sent) > KEPT_VALUES and (self._bytes > MOST_BYTES or len(self._sent) > MOST_ENTRIES):
            self._bytes -= self._sent.popleft()[0]

    def lost(self) -> None:
        """Let what was sent wait again: its stream is gone, and nobody may have read it."""
        while self._sent:
            _, frame = self._sent.pop()
            if frame is not None:
                self.waiting = frame if self.waiting is None else merged(frame, self.waiting)
        self._bytes = 0


def merged(old: Frame, new: Frame) -> Frame:
    """Return both frames of newest values as one: each value that is in both as the newer has it."""
    if old[0]["run"] != new[0]["run"]:
        return new
    found: dict[str, tuple[Any, list[tuple[Any, Any]]]] = {}
    for head, buffers in (old, new):
        beside, at = head.get("large", {}), 0
        for item in head["items"]:
            own = [(buffers[place], beside.get(str(place))) for place in range(at, at + item["own"])]
            at += item["own"]
            if item["name"] not in found or found[item["name"]][0]["seq"] <= item["seq"]:
                found[item["name"]] = item, own
    parts = [part for _, own in found.values() for part in own]
    head = {**old[0], **new[0], "items": [item for item, _ in found.values()]}
    if "large" in head:  # the buffers that lie beside the stream have other places now
        head["large"] = {str(place): name for place, (_, name) in enumerate(parts) if name is not None}
    return head, [part for part, _ in parts]
