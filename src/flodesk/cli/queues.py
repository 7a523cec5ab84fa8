"""``flodesk queues``: the queues between loops that live on a Redis server: list them, look into one, empty one."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from types import ModuleType
from typing import Any

from flodesk.cli.exits import Exit
from flodesk.cli.values import plain, said_of
from flodesk.cli.worker import USUAL
from flodesk.engine.places.queue_settings import usual_address
from flodesk.engine.writable import json_of

ACTIONS = ("list", "peek", "purge")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "flodesk queues [list | peek NAME | purge NAME] [--redis URL]"
    parser.add_argument(
        "words", nargs="*", metavar="WORD",
        help="what to do (list, if nothing is said), and the name of a queue",
    )  # fmt: skip
    parser.add_argument(
        "--redis", metavar="URL", help=f"address of the server (default: $FLODESK_REDIS_URL, else {USUAL})"
    )
    parser.add_argument("--count", type=int, default=10, metavar="N", help="peek: at most so many values (default: 10)")
    parser.add_argument("--dead", action="store_true", help="peek and purge: its dead letters")
    parser.add_argument("--yes", action="store_true", help="purge: do not ask")
    parser.add_argument("--json", action="store_true", help="list and peek: everything, as JSON")


def main(options: argparse.Namespace) -> int:
    """Do what is asked."""
    words = list(options.words)
    action = words.pop(0) if words and words[0] in ACTIONS else ACTIONS[0]
    if len(words) != (action != "list"):
        known = "list, peek NAME or purge NAME"
        print(f"flodesk queues: say what to do and with which queue: {known}", file=sys.stderr)
        return Exit.USAGE
    try:
        from redis.exceptions import RedisError

        from flodesk.engine.places import queue_list
        from flodesk.engine.places.stream import PlaceError, connect
    except ModuleNotFoundError as error:
        print(f"flodesk queues: {error.name} is not installed: pip install 'flodesk[redis]'", file=sys.stderr)
        return Exit.MISSING
    try:
        connection = connect(options.redis or _address())
        if action == "list":
            return _list(queue_list, connection, as_json=options.json)
        if words[0] not in queue_list.names(connection):
            known = ", ".join(queue_list.names(connection)) or "none"
            print(f"flodesk queues: there is no queue “{words[0]}”; there are: {known}", file=sys.stderr)
            return Exit.MISSING
        return (_peek if action == "peek" else _purge)(queue_list, connection, words[0], options)
    except (PlaceError, RedisError) as error:
        print(f"flodesk queues: {error}", file=sys.stderr)
        return Exit.MISSING


def _address() -> str:
    try:
        return usual_address()
    except LookupError:
        return USUAL


def _list(queues: ModuleType, connection: Any, *, as_json: bool) -> int:
    states = [queues.look(connection, name) for name in queues.names(connection)]
    if as_json:
        print(json_of([{**asdict(state), "readers": state.readers, "pending": state.pending} for state in states]))
        return Exit.OK
    if not states:
        print("There are no queues of flows on this server.")
        return Exit.OK
    rows = [("queue", "depth", "of", "in/s", "out/s", "writers", "readers", "pending", "dead letters")]
    for state in states:
        written = "ended" if state.ended else str(state.writers)
        rates = f"{state.rate.put:.1f}", f"{state.rate.read:.1f}"
        counts = str(state.depth), str(state.capacity or "?"), *rates, written
        rows.append((state.name, *counts, str(state.readers), str(state.pending), str(state.dead)))
    _table(rows)
    for state in states:
        if not state.readers and state.depth:
            groups = " and ".join(group.name for group in state.groups) or "no loop yet"
            print(f"{state.name}: nobody reads it now. Read so far by: {groups}")
    return Exit.OK


def _table(rows: Sequence[Sequence[str]]) -> None:
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.rjust(wide[n]) if n else text.ljust(wide[n]) for n, text in enumerate(row))
        print("  ".join(cells).rstrip())


def _peek(queues: ModuleType, connection: Any, name: str, options: argparse.Namespace) -> int:
    found = queues.peek(connection, name, max(1, options.count), dead=options.dead)
    if options.json:
        print(json_of([{**asdict(entry), "value": plain(entry.value)} for entry in found]))
        return Exit.OK
    if not found:
        print(f"{name} has no dead letters." if options.dead else f"{name} is empty.")
    for entry in found:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.at))
        lines = [entry.wrong] if entry.wrong else said_of("value", entry.value)
        print(f"{entry.id}  {at}  {'; '.join(lines)}")
    return Exit.OK


def _purge(queues: ModuleType, connection: Any, name: str, options: argparse.Namespace) -> int:
    state = queues.look(connection, name)
    many = state.dead if options.dead else state.depth
    what = f"{many:,} {'dead letter' if options.dead else 'value'}{'' if many == 1 else 's'}"
    if not options.yes:
        try:
            answer = input(f"Drop {what} of {name}? They do not come back. [y/N] ")
        except EOFError:
            print("\nflodesk queues: nothing was dropped. Without a terminal, say --yes", file=sys.stderr)
            return Exit.USAGE
        if answer.strip().lower() not in ("y", "yes"):
            print("Nothing was dropped.")
            return Exit.OK
    gone = queues.purge(connection, name, dead=options.dead)
    print(f"{gone:,} dropped")
    return Exit.OK
