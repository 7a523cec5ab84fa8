"""``flodesk convert``: a recording in another format."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from flodesk.cli.exits import Exit
from flodesk.nodes._recording.converting import convert, loses


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("source", help="the recording: *.arrows, *.csv, *.tdms, *.h5, *.sqlite or *.parquet")
    parser.add_argument("target", help="the new file; its ending says the format")
    parser.add_argument("--replace", action="store_true", help="replace a file of that name")
    parser.add_argument(
        "--remove", action="store_true", help="remove the recording once the new file was compared (never for CSV)"
    )
    parser.add_argument("--tell", action="store_true", help=argparse.SUPPRESS)


def main(options: argparse.Namespace) -> int:
    """Convert, and tell how far it is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, it leaves no half of a file
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=options.tell or not console.is_terminal) as progress:
        task = progress.add_task(Path(options.source).name, total=1.0)

        def told(fraction: float) -> None:
            progress.update(task, completed=fraction)
            if options.tell:
                print(f"{fraction:.3f}", flush=True)

        try:
            done = convert(options.source, options.target, replace=options.replace, remove=options.remove, told=told)
        except (FileNotFoundError, ModuleNotFoundError) as error:
            print(f"flodesk convert: {error}", file=sys.stderr)
            return Exit.MISSING
        except (OSError, ValueError) as error:
            print(f"flodesk convert: {error}", file=sys.stderr)
            return Exit.FAILED
    if done.ending:
        print(f"flodesk convert: {options.source}: {done.ending}; it is kept", file=sys.stderr)
    elif options.remove and loses(done.path):
        print(f"flodesk convert: {options.source} is kept: CSV holds times of whole milliseconds only", file=sys.stderr)
    if done.remark:
        print(f"flodesk convert: {done.remark}", file=sys.stderr)
    if not options.tell:
        print(f"{done.path}: {done.turns:,} turns")
    return Exit.OK
