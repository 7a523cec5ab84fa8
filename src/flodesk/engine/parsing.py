"""Python text read by several threads at once.

Up to Python 3.12 `ast.parse` counts the depth of its result in one place for all threads. Two that parse at the same
time (a changed flow is read while a slider is turned, a traceback is printed while a flow is loaded) may then see a
``SystemError: AST constructor recursion depth mismatch`` for a text that is fine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 20
"""Nodes and libraries parse, too (printing a traceback does), and they do not ask for the lock."""

_LOCK = threading.RLock()


def patiently(work: Callable[[], T]) -> T:
    """Do what parses some text, one thread after the other, and again where another thread got in the way."""
    with _LOCK:
        for _ in range(TRIES):
            try:
                return work()
            except SystemError as error:
                if "recursion depth" not in str(error):
                    raise
        return work()
