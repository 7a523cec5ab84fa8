"""``flodesk queues``: queues between loops, workers and jobs on a Redis server, and what can be done about them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.values import plain, said_of
from flodesk.cli.worker import WHERE
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.writable import json_of

ACTIONS = ("list", "peek", "purge", "put-back")
"""About queues between loops."""
JOBS = ("workers", "jobs", "traceback", "retry", "drop", "stop")
"""About workers and jobs."""
_USAGE = """flodesk queues [list | workers | jobs [QUEUE ...]] [--json]
       flodesk queues peek NAME | purge NAME | put-back NAME [ID ...]
       flodesk queues traceback ID ... | stop ID ... | (retry | drop) (ID ... | --all)"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = _USAGE
    parser.add_argument(
        "words", nargs="*", metavar="WORD",
        help="what to do (list, if nothing is said), and the name of a queue, or ids of jobs (or how they begin)",
    )  # fmt: skip
    parser.add_argument("--redis", metavar="URL", help=f"address of the server (default: {WHERE})")
    parser.add_argument("--count", type=int, default=10, metavar="N", help="peek: at most so many values (default: 10)")
    parser.add_argument("--dead", action="store_true", help="peek and purge: its dead letters")
    parser.add_argument("--failed", action="store_true", help="jobs: those that have failed, were stopped or lost")
    parser.add_argument("--all", action="store_true", help="retry and drop: all that have failed, were stopped or lost")
    parser.add_argument("--yes", action="store_true", help="purge and drop --all: do not ask")
    parser.add_argument(
        "--key-file",
        metavar="FILE",
        default="",
        help="about jobs: where the project's key stands (default: as for flodesk worker)",
    )
    parser.add_argument("--json", action="store_true", help="list, workers, jobs and peek: everything, as JSON")


def main(options: argparse.Namespace) -> int:
    """Do what is asked."""
    words = list(options.words)
    action = words.pop(0) if words and words[0] in (*ACTIONS, *JOBS) else ACTIONS[0]
    if wrong := _wrong(action, words, options):
        print(f"flodesk queues: {wrong}", file=sys.stderr)
        return Exit.USAGE
    try:
        from redis.exceptions import RedisError

        from flodesk.cli import server_jobs
        from flodesk.cli.afar import address, hint_at_server
        from flodesk.engine.places.queues import queue_list
        from flodesk.engine.places.server.stream import PlaceError, connect
        from flodesk.engine.places.workers.jobs_told import key_here
    except ModuleNotFoundError as error:
        print(f"flodesk queues: {error.name} is not installed: pip install 'flodesk[redis]'", file=sys.stderr)
        return Exit.MISSING
    try:
        url = address(options.redis, "queues")
        connection = connect(url)
        if action in JOBS:
            return server_jobs.do(action, words, connection, options)
        if action == "list":
            return _list(queue_list, server_jobs, connection, options)
        if words[0] not in queue_list.names(connection):
            known = ", ".join(queue_list.names(connection)) or "none"
            print(f"flodesk queues: there is no queue “{words[0]}”; there are: {known}", file=sys.stderr)
            return Exit.MISSING
        if action == "put-back":
            back = queue_list.put_back(connection, words[0], words[1:] or None)
            print(f"{back:,} put back into {words[0]}")
            return Exit.OK
        if action == "peek":
            return _peek(queue_list, connection, words[0], options, key_here())
        return _purge(queue_list, connection, words[0], options)
    except CommandError as refused:
        return refused.exit
    except (PlaceError, RedisError) as error:
        print(f"flodesk queues: {error}", file=sys.stderr)
        hint_at_server("queues", url)
        return Exit.MISSING


def _wrong(action: str, words: Sequence[str], options: argparse.Namespace) -> str:
    """Say what is wrong with the words of the command line; empty if nothing is."""
    if action in ("list", "workers"):
        near = get_close_matches(words[0], (*ACTIONS, *JOBS), 1) if words else []
        meant = f"Did you mean: flodesk queues {near[0]}?" if near else f"Known: {', '.join((*ACTIONS, *JOBS))}"
        return f"“{words[0]}” is nothing that can be done. {meant}" if words else ""
    if action in ("peek", "purge") and len(words) != 1:
        return f"say with which queue: flodesk queues {action} NAME"
    if action == "put-back" and not words:
        return "say into which queue: flodesk queues put-back NAME"
    if action in ("retry", "drop"):
        if bool(words) == options.all:
            return f"say which: flodesk queues {action} ID, or --all"
    elif action in ("traceback", "stop") and not words:
        return f"say which: flodesk queues {action} ID"
    return ""


def _list(queues: ModuleType, jobs: ModuleType, connection: Any, options: argparse.Namespace) -> int:
    states = [queues.look(connection, name) for name in queues.names(connection)]
    server = jobs.look(connection, options)
    if options.json:
        between = [{**asdict(state), "readers": state.readers, "pending": state.pending} for state in states]
        workers = [{**asdict(worker), "alive": worker.alive} for worker in server.workers]
        job_queues, job_states = ([asdict(state) for state in some] for some in (server.queues, server.jobs))
        print(json_of({"queues": between, "job_queues": job_queues, "workers": workers, "jobs": job_states}))
        return Exit.OK
    if not states:
        print("There are no queues between loops on this server.")
    else:
        rows = [("queue", "depth", "of", "in/s", "out/s", "writers", "readers", "pending", "dead letters")]
        for state in states:
            written = "ended" if state.ended else str(state.writers)
            rates = f"{state.rate.put:.1f}", f"{state.rate.read:.1f}"
            counts = str(state.depth), str(state.capacity or "?"), *rates, written
            rows.append((state.name, *counts, str(state.readers), str(state.pending), str(state.dead)))
        jobs.table(rows)
    for state in states:
        if not state.readers and state.depth:
            groups = " and ".join(group.name for group in state.groups) or "no loop yet"
            print(f"{line(state.name)}: nobody reads it now. Read so far by: {line(groups)}")
    print()
    jobs.overview(server)
    return Exit.OK


def _peek(queues: ModuleType, connection: Any, name: str, options: argparse.Namespace, key: bytes) -> int:
    found = queues.peek(connection, name, max(1, options.count), dead=options.dead, key=key)
    if options.json:
        print(json_of([{**asdict(entry), "value": plain(entry.value)} for entry in found]))
        return Exit.OK
    if not found:
        print(f"{name} has no dead letters." if options.dead else f"{name} is empty.")
    for entry in found:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.at))
        lines = [entry.wrong] if entry.wrong else said_of("value", entry.value)
        lines = lines if entry.signed else ["not signed", *lines]
        print(f"{entry.id}  {at}  {line('; '.join(lines), 2000)}")
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
