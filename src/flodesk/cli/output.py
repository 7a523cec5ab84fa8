"""Where a command says what came out, though a node has closed standard output, or nobody reads it any more."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


def speak_all() -> None:
    """Let standard output take every text: what it has no sign for is spelled out, as on standard error.

    Half a character, as in the name of a file that is not UTF-8, would end the run that prints it.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def say_no_more(stream: TextIO) -> None:
    """Let all else that is written there go nowhere, and what its buffer has: Python flushes that once more at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def output() -> tuple[int, int] | None:
    """Return which file standard output is; None if it is closed, or none of the system's."""
    try:
        found = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def still(before: tuple[int, int] | None) -> None:
    """Say all that follows on standard error, if standard output is no more what it was `before` the flow ran.

    It may even be another file by now: a number that was closed is the next one's.
    """
    if sys.stdout.closed or (before is not None and output() != before):
        print("flodesk: a node has closed standard output; what came out is said here", file=sys.stderr)
        sys.stdout = sys.stderr
