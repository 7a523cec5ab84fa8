"""What holds a child process to the one that started it, and how its end is told."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

from flodesk.engine.history.process import alive, began

_PR_SET_PDEATHSIG = 1
_SYSTEM: str = sys.platform
_FROM_OUTSIDE = ("SIGKILL", "SIGTERM")
"""Signals that somebody else sends: a process that goes wrong does not end by these."""
OUT_OF_MEMORY = "most often that is the system that has run out of memory"
FOLLOW_SECONDS = 0.5
"""How often to look for the other process, where the kernel does not tell of its end."""


def die_with(parent: int) -> None:
    """Have the kernel end this process with its parent, where it can: a node that hangs sees no end of a pipe."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def follow(parent: int) -> None:
    """End this process with the one that watches it: by the kernel, or elsewhere soon after by a thread that looks."""
    die_with(parent)
    if _SYSTEM == "linux":
        return
    since = "" if os.name == "posix" else began(parent)

    def look() -> None:
        while os.getppid() == parent if os.name == "posix" else alive(parent, since):
            time.sleep(FOLLOW_SECONDS)
        os._exit(1)

    threading.Thread(target=look, name="flodesk lifeline", daemon=True).start()


def how_it_ended(code: int) -> str:
    """Say in words what an exit code means."""
    if code >= 0:
        return f"ended (exit code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        return f"crashed (signal {-code})"
    return f"was killed ({name})" if name in _FROM_OUTSIDE else f"crashed ({name})"


def end_of(code: int) -> str:
    """Say in words what an exit code means, and what most often ends a process like that."""
    ended, likely = how_it_ended(code), who_killed(code)
    return f"{ended.removesuffix(')')}; {likely})" if likely else ended


def who_killed(code: int) -> str:
    """Say what most often ends a process like that; empty if it was not killed."""
    killed = os.name == "posix" and code == -signal.SIGKILL
    return OUT_OF_MEMORY if killed else ""
