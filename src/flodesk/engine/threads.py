"""Threads that run loops: how they start, how their end is caught, and how one is interrupted from outside."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from flodesk.engine.control import Control
from flodesk.engine.errors import StopRun

SOFT_SECONDS = 0.25
"""After this long a loop that was asked to stop gets an exception into whatever it is doing."""
INTERRUPTIONS = 4
"""How many times; a node may catch the first."""


class Joinable(Protocol):
    """A thread, of Python or of Qt."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""


Spawn = Callable[[Callable[[], None], str], Joinable]
"""Starts a thread: (what it does, its name)."""


def spawn_thread(target: Callable[[], None], name: str) -> Joinable:
    """Start a plain Python thread."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


def guarded(control: Control, work: Callable[[], Any]) -> BaseException | None:
    """Do something as the thread of a control; returns what ended it, None if it came to its end."""
    ended: BaseException | None = None
    try:
        try:
            control.ident = threading.get_ident()
            work()
        except BaseException as error:  # noqa: BLE001 - the end of the thread: what is not reported here is lost
            ended = error
        with control.lock:
            control.over = True
    except StopRun as late:
        # the exception that was sent to end a node has come only after it had ended
        control.over = True
        ended = ended or late
    return ended


def interrupt(controls: Callable[[], Iterable[Control]], over: threading.Event) -> None:
    """Put an exception into every loop that has not ended a while after it was asked to."""
    for _ in range(INTERRUPTIONS):
        if over.wait(SOFT_SECONDS):
            return
        for control in controls():
            with control.lock:
                if control.ident and not control.over:
                    raise_in(control.ident)
                    control.wake()  # an event loop that waits sees the exception when it wakes


def raise_in(ident: int) -> None:
    """Put `StopRun` into whatever a thread is doing in Python; but not while it imports.

    A module that is cut off in its middle leaves others half made behind (scipy then says ``name '_ndimage_api' is not
    defined``), in this run and in all that follow in the process. Who waits tries again; and in the end the process
    goes, and its modules with it.
    """
    frame = sys._current_frames().get(ident)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return
        frame = frame.f_back
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(StopRun))
