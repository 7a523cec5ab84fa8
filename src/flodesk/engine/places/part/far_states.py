"""States of nodes that run on another machine, as they travel: what has changed since they were sent last."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

TIME = 10_000_000
"""A bigger number is a time in ns; a smaller one tells progress, in millionths, or is a mark."""


def machine() -> str:
    """Return what tells whether the clocks of two processes are one."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return socket.gethostname()


def changed(before: bytes, after: bytes) -> bytes:
    """Return which cells have changed, and then what they hold now, as numbers of 64 bits."""
    import numpy

    old, new = numpy.frombuffer(before, "<i8"), numpy.frombuffer(after, "<i8")
    places = numpy.flatnonzero(old != new)
    return places.astype("<i8").tobytes() + new[places].tobytes()


def note(packed: bytes, cells: memoryview, base: Mapping[int, int], offset: int) -> None:
    """Take over what has changed.

    Parameters
    ----------
    base : mapping
        What the cells that count held before: elsewhere they began at 0.
    offset : int
        What is to be added to a time, in ns: the clock of another machine has another zero.
    """
    numbers = memoryview(bytes(packed)).cast("q")
    half = len(numbers) // 2
    for place, value in zip(numbers[:half], numbers[half:], strict=True):
        if place in base:
            cells[place] = base[place] + value
        elif 0 <= place < len(cells):
            cells[place] = value + offset if value > TIME else value
