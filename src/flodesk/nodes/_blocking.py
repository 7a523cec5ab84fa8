"""Calls that wait for others, servers and programs: in a thread of their own, so that Stop need not wait with them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from flodesk.public import context

T = TypeVar("T")

_LEAVE_SECONDS = 0.5
"""How long a call that was told to end may take before it is left to itself: a look-up of a name cannot be told."""


def waited_for(work: Callable[[], T], cancel: Callable[[], None], name: str) -> T:
    """Do something that waits for others, and return what it gives.

    Parameters
    ----------
    work : callable
        What to do, in a thread of its own, which has no context of the run.
    cancel : callable
        Makes it end at once, whatever it waits for; called from the other thread when the run is stopped.
    name : str
        Name of the thread.

    Raises
    ------
    BaseException
        What the work raised, or what ended the run.
    """
    run, news = context(), threading.Event()
    given: list[T] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            given.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that asked
            failed.append(error)
        news.set()

    thread = threading.Thread(target=do, name=name, daemon=True)
    with run.waits(news.set):
        thread.start()
        try:
            while not given and not failed:
                news.wait()
                news.clear()
                if not given and not failed:
                    run.check()
        except BaseException:
            with contextlib.suppress(OSError):
                cancel()
            thread.join(_LEAVE_SECONDS)
            raise
    thread.join()
    if failed:
        raise failed[0]
    return given[0]
