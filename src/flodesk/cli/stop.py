"""``flodesk stop``: stop a run that is on at a Redis queue, whoever has started it."""

from __future__ import annotations

import argparse
import sys
import threading

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.worker import WHERE
from flodesk.engine.events import Event, Reason, RunFinished

SECONDS = 15.0
"""How long it is waited for the end."""
HOW: dict[Reason, str] = {
    "succeeded": "had come to its end",
    "failed": "failed",
    "stopped": "was stopped",
    "killed": "was ended",
    "crashed": "crashed",
    "left": "goes on",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "run", metavar="RUN|FILE", help="a run by the beginning of its id (flodesk attach --list), or that of this file"
    )
    parser.add_argument(
        "--redis",
        metavar="URL",
        help=f"address of the server (default: {WHERE})",
    )


def main(options: argparse.Namespace) -> int:
    """Stop it, and wait for its end."""
    try:
        from flodesk.cli import afar
        from flodesk.engine.places.session.rq import PlaceError, RqEngine
    except ModuleNotFoundError as error:
        print(f"flodesk stop: {error.name} is not installed: pip install 'flodesk[redis]'", file=sys.stderr)
        return Exit.MISSING
    over = threading.Event()
    ends: list[RunFinished] = []

    def take(event: Event) -> None:
        if isinstance(event, RunFinished):
            ends.append(event)
            over.set()

    try:
        url = afar.address(options.redis, "stop", options.run)
        with afar.said("stop", url):
            run = afar.the_run(url, options.run, "stop")
            if run.over:
                print(f"{run.run} is over: it {'was stopped' if run.state == 'stopped' else run.state}.")
                return Exit.OK
            if run.state == "silent":
                return afar.end_process(url, run)
            engine = RqEngine(url)
            engine.listener = take
            try:
                engine.attach(run)
                engine.stop()
                over.wait(SECONDS)
            except PlaceError:  # its process hangs: it tells nothing of itself
                return afar.end_process(url, run)
            finally:
                engine.close()
    except CommandError as refused:
        return refused.exit
    if not ends:
        print(f"flodesk stop: {run.run} has not said that it has ended", file=sys.stderr)
        return Exit.FAILED
    print(f"{run.run} {HOW[ends[-1].reason]}.{f' {ends[-1].message}' if ends[-1].message else ''}")
    return Exit.OK
