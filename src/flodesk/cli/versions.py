"""``flodesk versions``: list the versions of a flow's file, print one, restore one to a new file."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from rich.text import Text

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.unfolded import unfolded
from flodesk.engine.versions import Version, Versions, VersionsError

WHY = {
    "opened": "as it was opened",
    "saved": "saved",
    "outside": "changed outside",
    "recovered": "recovered after a crash",
    "before": "before going back",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the flow's file; it may be gone")
    parser.add_argument("what", nargs="?", choices=("list", "show", "restore"), default="list", help="default: list")
    parser.add_argument("version", nargs="?", metavar="VERSION", help="its number in the list (1 is the newest) or id")
    parser.add_argument("new", nargs="?", metavar="NEW", help="restore: the file to write; it must not be there yet")
    parser.add_argument("--json", action="store_true", help="list: as JSON")


def main(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    what: Callable[[Versions, argparse.Namespace], int] = {"list": _list, "show": _show, "restore": _restore}[
        options.what
    ]
    try:
        return what(Versions(), options)
    except VersionsError as error:
        _say(f"{str(error)[0].upper()}{str(error)[1:]}")
        return Exit.MISSING
    except CommandError as refused:
        return refused.exit


def _list(store: Versions, options: argparse.Namespace) -> int:
    versions = store.of(Path(options.file))
    if options.json:
        print(json.dumps([asdict(version) for version in versions], indent=1))
        return Exit.OK
    if not versions:
        print(f"There are no versions of {options.file}: they are kept when a flow is saved in the window.")
        return Exit.OK
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("No", justify="right", no_wrap=True)
    for name in ("When", "Why"):
        table.add_column(name, no_wrap=True)
    table.add_column("Different from the one before", overflow="fold")
    for number, version in enumerate(versions, 1):
        table.add_row(str(number), _when(version), WHY.get(version.why, version.why), Text("\n".join(version.words)))
    unfolded().print(table)
    return Exit.OK


def _show(store: Versions, options: argparse.Namespace) -> int:
    sys.stdout.buffer.write(store.text(_the(store, options)))
    return Exit.OK


def _restore(store: Versions, options: argparse.Namespace) -> int:
    version = _the(store, options)
    if not options.new:
        _say("Name the file to restore it to: flodesk versions FILE restore VERSION NEW")
        return Exit.USAGE
    new, data = Path(options.new), store.text(version)
    try:
        with new.open("xb") as file:
            file.write(data)
    except FileExistsError:
        _say(f"{new} is there already. Name another file; nothing was written.")
        return Exit.USAGE
    except OSError as error:
        with suppress(OSError):
            if new.is_file():
                new.unlink()
        _say(f"{new} could not be written: {error.strerror or error}")
        return Exit.MISSING
    print(f"{new} is {Path(options.file).name} as of {_when(version)}.")
    return Exit.OK


def _the(store: Versions, options: argparse.Namespace) -> Version:
    """Return the version that is meant."""
    versions, name = store.of(Path(options.file)), options.version or ""
    if not name:
        _say(f"Say which: flodesk versions {options.file} {options.what} NUMBER. flodesk versions FILE lists them.")
        raise CommandError(Exit.USAGE)
    if name.isdecimal() and 1 <= int(name) <= len(versions):
        return versions[int(name) - 1]
    found = [version for version in versions if version.id.startswith(name) or version.text.startswith(name)]
    if len(found) == 1:
        return found[0]
    many = f"{len(versions)} versions" if len(versions) != 1 else "one version"
    _say(f"{name} may be several." if found else f"There is no version {name} of {options.file}; there are {many}.")
    raise CommandError(Exit.USAGE if found else Exit.MISSING)


def _when(version: Version) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(version.time))


def _say(sentence: str) -> None:
    print(f"flodesk: {sentence}", file=sys.stderr)
