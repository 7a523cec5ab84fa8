"""``--events``: every event of a run as a line of JSON, to standard output or into a file."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Iterator
from typing import TextIO

from flodesk.cli.exits import Exit
from flodesk.cli.output import say_no_more
from flodesk.cli.reading import CommandError
from flodesk.engine.events import Event, to_json

STANDARD = "jsonl"
"""This word, and no name of a file, means standard output."""


class EventLines:
    """Writes events; a reader that has gone away ends the writing, not the run.

    Attributes
    ----------
    unread : bool
        Whether the reader has gone away: nobody will see what comes.
    """

    def __init__(self, stream: TextIO) -> None:
        self.unread = False
        self._stream: TextIO | None = stream
        self._lock = threading.Lock()

    def take(self, event: Event) -> None:
        """Write one."""
        line = json.dumps(to_json(event)) + "\n"
        with self._lock:
            if self._stream is None:
                return
            try:
                self._stream.write(line)
                self._stream.flush()
            except (OSError, ValueError) as error:
                say_no_more(self._stream)
                self._stream = None
                self.unread = isinstance(error, BrokenPipeError)
                with contextlib.suppress(OSError):  # that may be the same pipe
                    print(f"flodesk: no more events are written: {error}", file=sys.__stderr__, flush=True)


@contextlib.contextmanager
def event_lines(where: str | None) -> Iterator[EventLines | None]:
    """Open what ``--events`` names.

    Raises
    ------
    CommandError
        The file cannot be written; it was said on stderr.
    """
    if where is None:
        yield None
    elif where == STANDARD:
        yield EventLines(sys.stdout)
    else:
        try:
            stream = open(where, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - what goes wrong later is no usage error
        except OSError as error:
            print(f"flodesk run: --events {where} cannot be written: {error.strerror or error}", file=sys.stderr)
            raise CommandError(Exit.USAGE) from error
        with stream:
            yield EventLines(stream)
