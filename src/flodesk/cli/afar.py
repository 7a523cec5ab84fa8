"""The runs of a Redis server, as ``flodesk attach`` and ``flodesk stop`` find them."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.worker import USUAL
from flodesk.engine.places.queues.queue_settings import usual_address
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.engine.places.session.run_on import RunOn, here
from flodesk.engine.places.session.runs_there import chosen, runs_on


def address(named: str | None) -> str:
    """Return the address of the server: the one that is named, else the usual one."""
    try:
        return named or usual_address()
    except LookupError:
        return USUAL


@contextlib.contextmanager
def said(command: str) -> Iterator[None]:
    """Say what is wrong with the server or the run, and refuse.

    Raises
    ------
    CommandError
        Something was.
    """
    try:
        yield
    except (PlaceError, RedisError) as error:
        print(f"flodesk {command}: {error}", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error


def runs_at(url: str) -> list[RunOn]:
    """Return the runs of a server, the newest first."""
    connection = connect(url)
    try:
        return runs_on(connection, find_or_make_key().secret)
    finally:
        connection.close()


def the_run(url: str, word: str, command: str) -> RunOn:
    """Return the run that a word means.

    Raises
    ------
    CommandError
        There is none, or more than one; it was said on standard error.
    """
    runs = runs_at(url)
    meant = chosen(runs, word)
    if len(meant) == 1:
        return meant[0]
    if meant:
        print(f"flodesk {command}: that may be any of these; name one by its id:", file=sys.stderr)
        tell(meant, Console(stderr=True))
        raise CommandError(Exit.USAGE)
    what = f"of {word}" if Path(word).exists() else f"“{word}”" if word else ""
    known = "see them all with flodesk attach --list" if runs else "there is none at all"
    print(f"flodesk {command}: there is no run {what} on this server: {known}".replace("  ", " "), file=sys.stderr)
    raise CommandError(Exit.MISSING)


def tell(runs: Sequence[RunOn], console: Console) -> None:
    """Write a table of runs."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Run", "State", "Since", "Worker"):
        table.add_column(title, no_wrap=True)
    table.add_column("Flow", overflow="fold")
    for run in runs:
        host = "" if run.host in ("", here()) else f"{run.host}: "
        state = run.state if run.attended or run.over or run.waits else f"{run.state}, left"
        flow = f"{host}{run.path or 'without a file'}"
        table.add_row(*(Text(text) for text in (run.run, state, when(run.since), run.worker[:16] or "-", flow)))
    console.print(table)


def when(since: float) -> str:
    """Return a time of day, with the date if that is not today."""
    at = time.localtime(since)
    today = time.strftime("%Y-%m-%d", at) == time.strftime("%Y-%m-%d")
    return time.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M", at)
