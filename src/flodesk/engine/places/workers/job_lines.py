"""What a worker says of its jobs where it was started: a line when one begins, and one when it has ended."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from pathlib import PurePath

from flodesk.engine.glance import duration
from flodesk.engine.places.server.foreign_text import line

_HOW = {
    "succeeded": "succeeded", "failed": "failed", "stopped": "was stopped", "killed": "was ended", "crashed": "crashed",
}  # fmt: skip


def say(words: str) -> None:
    """Write a line to standard error: not where nobody reads it any more, as no run may wait for that."""
    with contextlib.suppress(OSError, ValueError):
        if sys.platform == "win32" or select.select([], [2], [], 0.0)[1]:
            os.write(2, f"flodesk worker: {words}\n".encode(errors="backslashreplace"))


def say_begun(run: str, path: str) -> None:
    """Say that a run has begun."""
    say(f"run {run} of {_named(path)} begins")


def say_ended(run: str, path: str, reason: str, seconds: float) -> None:
    """Say how and after how long a run has ended."""
    say(f"run {run} of {_named(path)} {_HOW.get(reason, reason)} after {duration(seconds)}")


def _named(path: str) -> str:
    return line(PurePath(path).name, 120) or "a flow without a file"
