"""What a process does when it is asked to end: by Ctrl+C, by whoever stops a service, by a terminal that is closed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

POLITE = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end: Ctrl+C, whoever stops a service, a terminal that is closed."""


@contextmanager
def deaf() -> Iterator[None]:
    """While in it, processes are started that hear of no signal until they `heed` them: their imports take a while."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, POLITE)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heed(do: Callable[[], None], *, always: tuple[int, ...] = ()) -> None:
    """Have `do` called when somebody asks this process to end. A process that it forks ends as others do.

    A handler, not `signal.SIG_IGN`, also where nothing is to be done: programs that a node starts would inherit that.

    Parameters
    ----------
    always : tuple of int
        Signals that are heard also where the one that started this process has ignored them, as ``nohup`` does.
    """
    own = os.getpid()

    def hear(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        leave_terminal()  # whatever the signal: where a terminal is closed the system tells the first process alone
        do()

    for number in POLITE:
        if number in always or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hear)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, POLITE)


_terminals = [number for number in (0, 1, 2) if os.isatty(number)]


def leave_terminal() -> None:
    """Say nothing more to a terminal that is gone: each word would be an error."""
    gone = [number for number in _terminals if not os.isatty(number)]
    if gone:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in gone:
            os.dup2(nothing, number)
        os.close(nothing)
