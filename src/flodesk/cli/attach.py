"""``flodesk attach``: follow a run that is on at a Redis queue, as ``flodesk run`` follows its own; or list them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict

from flodesk.cli.elsewhere import follow
from flodesk.cli.eventlines import event_lines
from flodesk.cli.exits import Exit
from flodesk.cli.outcome import exit_of, indicators_of, print_result, spoken
from flodesk.cli.progress import shown
from flodesk.cli.reading import CommandError
from flodesk.cli.unfolded import unfolded
from flodesk.cli.worker import WHERE
from flodesk.engine.events import Event, LogLine
from flodesk.engine.glance import Progress
from flodesk.engine.heeding import heed
from flodesk.engine.writable import json_of
from flodesk.flow.script import read


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "run", nargs="?", default="", metavar="RUN|FILE",
        help="a run by the beginning of its id, or the one of this file (default: the only one that there is)",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="list the runs of the server instead")
    parser.add_argument(
        "--redis",
        metavar="URL",
        help=f"address of the server (default: {WHERE})",
    )
    parser.add_argument("--json", action="store_true", help="print the result, or the list, as JSON")
    parser.add_argument(
        "--events", metavar="jsonl|FILE", help="write each event as a line of JSON: to standard output, or into a file"
    )


def main(options: argparse.Namespace) -> int:
    """List runs, or follow one until it ends. Who ends this, or a pipe that nobody reads any more, leaves it on."""
    try:
        from flodesk.cli import afar, coming_in
        from flodesk.engine.places.session.rq import PlaceError, RqEngine
    except ModuleNotFoundError as error:
        print(f"flodesk attach: {error.name} is not installed: pip install 'flodesk[redis]'", file=sys.stderr)
        return Exit.MISSING
    goes_on = "the run goes on"
    try:
        url = afar.address(options.redis, "attach", options.run)
        with afar.said("attach", url):
            if options.list:
                runs = afar.runs_at(url)
                if options.json:
                    print(json_of([asdict(run) for run in runs]))
                elif runs:
                    afar.tell(runs, unfolded())
                else:
                    print("There are no runs on this server.")
                    afar.hint_at_window("attach", url)
                return Exit.OK
            run = afar.the_run(url, options.run, "attach")
            goes_on = f"{goes_on}; flodesk stop {run.run} stops it"
            shows: list[str] = []
            asked: list[bool] = []

            def obey() -> None:
                if not asked:  # it ends by itself then, in a few seconds at most
                    asked.append(True)
                    raise KeyboardInterrupt

            heed(obey)  # a terminal that is closed, too, and whoever ends it: they leave the run, as Ctrl+C does
            with ExitStack() as stack:
                lines = stack.enter_context(event_lines(options.events))
                stack.enter_context(spoken(options))
                bars = stack.enter_context(shown())

                def take(event: Event) -> None:
                    if isinstance(event, LogLine):
                        bars.say(f"{event.level}: {f'{event.node}: ' if event.node else ''}{event.text}")
                    if lines is not None:
                        lines.take(event)

                engine = RqEngine(url)
                course = coming_in.Course(bars.say)
                bars.say(coming_in.opening(run))

                def begin() -> list[str]:
                    account = engine.attach(run)
                    indicators = indicators_of(read(account.text), account.path) if account.text else []
                    engine.watch(set(indicators), set())
                    shows.extend(indicators)
                    return indicators

                def look(ways: Sequence[Progress]) -> None:
                    bars.look(ways)
                    values = engine.values()
                    course.look({name: values[name].value for name in shows if name in values}, time.monotonic())

                def leave() -> None:
                    try:
                        engine.leave()
                    except PlaceError:
                        engine.forsake()  # it goes on all the same, and its worker sees that nobody is here
                        raise

                def unread() -> bool:
                    return bars.unread or (lines is not None and lines.unread)

                result = follow(engine, begin, take, None, look, leave=leave, unread=unread)
    except CommandError as refused:
        return refused.exit
    except KeyboardInterrupt:  # before it was followed, or while it was let go of
        print(f"flodesk attach: {'interrupted' if options.list else goes_on}", file=sys.stderr)
        return Exit.STOPPED
    if result.interrupted:
        print(f"flodesk attach: {goes_on}", file=sys.stderr)
        return Exit.OK if unread() else Exit.STOPPED
    with suppress(BrokenPipeError):  # who does not read it has the exit code
        print(coming_in.ending(run, result), file=sys.stderr)
        print_result(result, argparse.Namespace(file=run.path or run.run, why=False, **vars(options)), "")
    return exit_of(result)
