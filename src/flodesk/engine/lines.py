"""What the threads of a run print, line by line: two nodes side by side never share a line."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

LONGEST = 8192
"""Characters of a line without an end that are kept back: as many as Python itself keeps."""


class WholeLines:
    """Stands for ``sys.stdout`` or ``sys.stderr``: what one thread writes is passed on when its line is whole.

    As with a terminal, ``flush`` passes on what there is. All else is the stream's own.

    Parameters
    ----------
    stream : text stream
        Takes the lines.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun: dict[int, str] = {}
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        """Return what the stream has."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Take some text, and pass on what ends a line."""
        me = threading.get_ident()
        whole = self._begun.pop(me, "") + text
        end = len(whole) if len(whole) > LONGEST else max(whole.rfind("\n"), whole.rfind("\r")) + 1
        if end < len(whole):
            self._begun[me] = whole[end:]
        if end:
            with self._lock:
                self._stream.write(whole[:end])
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on the line of this thread that has no end yet."""
        self._pass_on(threading.get_ident())
        self._stream.flush()

    def end(self) -> None:
        """Pass on the lines of all threads that have no end yet."""
        for thread in list(self._begun):
            self._pass_on(thread)

    def _pass_on(self, thread: int) -> None:
        rest = self._begun.pop(thread, "")
        if rest:
            with self._lock:
                self._stream.write(rest)


@contextmanager
def whole_lines() -> Iterator[None]:
    """While in it, what several threads print does not mix within a line."""
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    made = {name: WholeLines(stream) for name, stream in before.items() if stream is not None}
    for name, lines in made.items():
        setattr(sys, name, cast(TextIO, lines))
    try:
        yield
    finally:
        for name, lines in made.items():
            with suppress(OSError, ValueError):  # a node has closed the stream, or there is no room: nobody reads on
                lines.end()
            if getattr(sys, name) is lines:  # else somebody has taken its place since
                setattr(sys, name, before[name])
