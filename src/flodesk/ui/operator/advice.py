"""What an operator can do about a node that failed, from what it raised."""

from __future__ import annotations

import re

from flodesk.engine.events import Failure, RunFinished
from flodesk.flow.installing import missing_hint

_AGAIN = "Press Start to try again. If it fails again, tell whoever looks after this flow what stands here."
_ADVICE = (
    (
        r"Visa|Timeout|Connection|BrokenPipe|SerialException",
        "Look whether the instrument is switched on and connected, then press Start.",
    ),
    (
        r"FileNotFound|Permission|IsADirectory|NotADirectory|FileExists",
        "Look whether the file or folder is there, and whether it may be written, then press Start.",
    ),
    (r"MemoryError", "Close other programs, then press Start. If it fails again, tell whoever looks after this flow."),
)
"""By the name of what was raised."""
_FULL = ("No space left", "Disk quota", "not enough space")
_MODULE = re.compile(r"No module named '([\w.]+)'")


def advice(failure: Failure) -> str:
    """Return what to do next."""
    missing = _MODULE.search(failure.message)
    if failure.type in ("ModuleNotFoundError", "ImportError") and missing:
        package = missing[1].partition(".")[0]
        return f"A package is missing on this computer. {missing_hint(package)}. Then start the app anew."
    if any(words in failure.message for words in _FULL):
        return "The disk is full: make room on it, then press Start."
    return next((words for names, words in _ADVICE if re.search(names, failure.type)), _AGAIN)


def after_force(event: RunFinished) -> str:
    """Return what to do after a run that ended by force or by a crash: nothing had the time to tidy up."""
    if event.reason in ("killed", "crashed"):
        return "Look whether all instruments are in a safe state before you start again."
    return _AGAIN


__all__ = ["advice", "after_force"]
