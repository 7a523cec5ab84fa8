"""The runs of a Redis server, as ``flodesk attach`` and ``flodesk stop`` find them."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from getpass import getpass
from pathlib import Path

from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.unfolded import unfolded
from flodesk.cli.worker import USUAL
from flodesk.engine.places.server.broker import how_to_start
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.local_queue import local_place
from flodesk.engine.places.server.server_address import VARIABLE, named_server
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.engine.places.session.left_there import Left, all_left, left_of, lefts_of_name
from flodesk.engine.places.session.run_on import RunOn, here
from flodesk.engine.places.session.runs_there import chosen, runs_on
from flodesk.engine.places.workers import job_deeds


def address(named: str | None, command: str, word: str = "") -> str:
    """Return the address of the server: the one that is named, else where a run was left last, else the usual one.

    Parameters
    ----------
    word : str
        The run or the file that is meant.

    Raises
    ------
    CommandError
        The keyring is there, and cannot be read: it may name another server than those that are tried without it. Or a
        run was left at a server that wants a password, and there is no terminal to ask for it; or the word may mean
        files whose runs were left at several servers. It was said on standard error.
    """
    try:
        found = named_server(named)
    except LookupError as error:
        print(f"flodesk {command}: {error}; or name the server: --redis URL", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error
    if found is not None:
        return found.url
    left = _left(word, command)
    if left is None:
        return USUAL
    print(f"flodesk {command}: at {left.server}, where a run was left", file=sys.stderr)
    if not left.asks:
        return left.server
    if not sys.stdin.isatty():
        print(f"flodesk {command}: it wants its password: name it with ${VARIABLE}", file=sys.stderr)
        raise CommandError(Exit.MISSING)
    return left.url(getpass(f"Password of {left.server}: "))


def _left(word: str, command: str) -> Left | None:
    """Return where the run was left that a word means; without one, where any was left last.

    Raises
    ------
    CommandError
        It is the bare name of several files, whose runs were left at several servers.
    """
    if not word:
        return left_of("", ended=True)
    by_id = (left for left in all_left(ended=True) if len(word) >= 4 and left.run.startswith(word))
    if (left := left_of(word, ended=True) or next(by_id, None)) is not None:
        return left
    if word != Path(word).name or Path(word).exists():
        return None
    named = lefts_of_name(word)
    if len({left.server for left in named}) > 1:
        print(f"flodesk {command}: that may be any of these; name one by its path:", file=sys.stderr)
        for left in named:
            print(f"  {left.path}, left at {left.server}", file=sys.stderr)
        raise CommandError(Exit.USAGE)
    return named[0] if named else None  # of several on one server its list says which are there


@contextlib.contextmanager
def said(command: str, url: str = "") -> Iterator[None]:
    """Say what is wrong with the server (at `url`) or the run, and refuse.

    Raises
    ------
    CommandError
        Something was.
    """
    try:
        yield
    except (PlaceError, RedisError) as error:
        print(f"flodesk {command}: {error}", file=sys.stderr)
        hint_at_server(command, url)
        raise CommandError(Exit.MISSING) from error


def hint_at_server(command: str, url: str) -> None:
    """Say where there is a server, or how to get one, to whoever named none and found none."""
    hint_at_window(command, url)
    if url == USUAL and not local_place():
        servers = ", ".join(dict.fromkeys(left.server for left in all_left()))
        were = f" (runs were left at {servers})" if servers else ""
        print(
            f"flodesk {command}: no server was named, so the usual place was looked at. Name yours{were} with --redis "
            f"URL or in ${VARIABLE}; start one there with {how_to_start()}; or let the window have one: “Local "
            "queue” in its run bar",
            file=sys.stderr,
        )


def hint_at_window(command: str, url: str) -> None:
    """Say that a window has a local queue, to whoever named no server: he may mean that one."""
    if url == USUAL and (place := local_place()):
        print(
            f"flodesk {command}: a window has a local queue at {place}. If you mean that: “Copy its address” is in the "
            f"menu of “Local queue” in its run bar; set ${VARIABLE} to it",
            file=sys.stderr,
        )


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
        tell(meant, unfolded(stderr=True))
        raise CommandError(Exit.USAGE)
    if not word:
        print(f"flodesk {command}: there are no runs on this server", file=sys.stderr)
    else:
        what = f"of {word}" if Path(word).exists() else f"“{word}”"
        known = "see them all with flodesk attach --list" if runs else "there is none at all"
        print(f"flodesk {command}: there is no run {what} on this server: {known}", file=sys.stderr)
    hint_at_window(command, url)
    raise CommandError(Exit.MISSING)


def end_process(url: str, run: RunOn) -> int:
    """End the process of a run that does not answer, say so, and return the exit code."""
    try:
        with connect(url) as connection:
            how = job_deeds.stop(connection, job_deeds.find(connection, run.session))
    except job_deeds.DeedError as error:
        print(f"flodesk stop: {run.run} does not answer, and {error}", file=sys.stderr)
        return Exit.FAILED
    print(f"{run.run} {'did not answer, so its process was ended' if how == 'ended' else 'was stopped'}.")
    return Exit.OK


def tell(runs: Sequence[RunOn], console: Console) -> None:
    """Write a table of runs; where there is no terminal each is one line, with all that is said of it."""
    folds = console.is_terminal
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Run", "State", "Since", "Worker"):
        table.add_column(title, no_wrap=True)
    table.add_column("Flow", overflow="fold")
    if not folds:
        table.add_column("Why", no_wrap=True)
    for run in runs:
        host = "" if run.host in ("", here()) else f"{run.host}: "
        state = run.state if run.attended or run.over or run.waits else f"{run.state}, left"
        flow = f"{host}{run.path or 'without a file'}"
        worker = run.worker[:16] if folds else run.worker
        cells = [run.run, state, when(run.since), worker or "-", flow]
        if not folds:
            cells.append(_why(run))
        table.add_row(*map(Text, cells))
    console.print(table)
    for run in runs if folds else ():
        if run.why:
            console.print(Text(f"{run.run}: {_why(run)}"))


def _why(run: RunOn) -> str:
    return f"{f'{run.node}: ' if run.node else ''}{run.why}" if run.why else ""


def when(since: float) -> str:
    """Return a time of day, with the date if that is not today."""
    at = time.localtime(since)
    today = time.strftime("%Y-%m-%d", at) == time.strftime("%Y-%m-%d")
    return time.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M", at)
