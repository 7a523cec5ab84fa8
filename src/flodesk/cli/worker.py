"""``flodesk worker``: run flows that others put on a Redis queue."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from flodesk.cli import environment
from flodesk.cli.exits import Exit

MOST = 1000
"""Workers that are started at a time."""
USUAL = "redis://127.0.0.1:6379/0"
WHERE = f"$FLODESK_REDIS_URL, the keyring, the server where a run was left last, else {USUAL}"
"""Where commands look for a server that has runs."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    environment.add(parser, usual="flodesk's own")
    parser.add_argument(
        "--redis",
        metavar="URL",
        help=f"address of the server (default: $FLODESK_REDIS_URL, the keyring, else {USUAL})",
    )
    parser.add_argument(
        "--queue",
        action="append",
        metavar="NAME",
        help="queue to listen on; may be given more than once (default: those of whole runs and of single nodes)",
    )
    parser.add_argument("--burst", action="store_true", help="leave when the queue is empty")
    parser.add_argument(
        "--key-file",
        metavar="FILE",
        default="",
        help="where the project's key stands, with which flows are signed (default: $FLODESK_KEY, $FLODESK_KEY_FILE, "
        "the system's keyring, the data folder)",
    )
    parser.add_argument(
        "--allow",
        action="append",
        metavar="MODULE",
        default=[],
        help="let flows import this module, too, beside Python's own, flodesk, NumPy, pandas, SciPy and installed "
        "packs; may be given more than once",
    )
    parser.add_argument(
        "--concurrency",
        type=_count,
        default=1,
        metavar="N",
        help="so many runs side by side, each by a worker of its own; one that dies is started again (default: 1)",
    )
    parser.add_argument(
        "--no-fork",
        action="store_true",
        help="start the process of a run ahead, in place of forking it: how it is where there is no fork (Windows)",
    )
    # for those who start a server and a worker of their own: both end when standard input does
    parser.add_argument("--own", action="store_true", help=argparse.SUPPRESS)
    # for one of several that cannot be forked: it ends when its standard input says so
    parser.add_argument("--member", metavar="NAME", default="", help=argparse.SUPPRESS)
    parser.add_argument("--owned", action="store_true", help=argparse.SUPPRESS)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST}")
    return int(text)


def main(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        from flodesk.engine.places.server.server_address import named_server
        from flodesk.engine.places.server.stream import PlaceError
        from flodesk.engine.places.server.wire import usual_queues
        from flodesk.engine.places.workers.worker import serve
    except ModuleNotFoundError as error:
        print(
            f"flodesk worker: {error.name} is not installed. Install it with: pip install 'flodesk[redis]'",
            file=sys.stderr,
        )
        return Exit.MISSING
    try:
        named = named_server(options.redis)
        url = named.url if named is not None else USUAL
        os.environ.setdefault("FLODESK_REDIS_URL", url)  # queues of its flows live there, too, unless it is said where
        return serve(
            url,
            options.queue or usual_queues(),
            burst=options.burst,
            own=options.own,
            key_file=options.key_file,
            allow=options.allow,
            fork=not options.no_fork,
            concurrency=options.concurrency,
            name=options.member,
            owned=options.owned,
        )
    except (PlaceError, LookupError) as error:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends already, and its exit code says why
        print(f"flodesk worker: {error}", file=sys.stderr)
        return Exit.MISSING
    except KeyboardInterrupt:
        return Exit.STOPPED
