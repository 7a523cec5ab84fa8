"""What the words of the command line mean: a command, a file to open in the window, or a mistake."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
import textwrap
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from shutil import get_terminal_size

from flodesk import __version__
from flodesk.cli import COMMANDS, GROUPS
from flodesk.cli.output import say_no_more, speak_all
from flodesk.cli.shown import shown


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code."""
    if arguments and arguments[0] in COMMANDS:
        return _quietly(arguments[0], arguments[1:])
    parser = argparse.ArgumentParser(
        prog="flodesk",
        usage="flodesk [FILE]\n       flodesk COMMAND …",
        description="Wire Python together on a canvas. Without a file, the window opens with a live example.",
        epilog=_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="the flow to open in the window (to run it without one: flodesk run FILE)",
    )
    parser.add_argument("--version", action="version", version=f"flodesk {__version__}")
    file = parser.parse_args(arguments).file
    if file is not None and not os.path.lexists(file):
        return _no_file(file)
    return shown(file or "FILE", lambda app: app.run_app(file))


def _table() -> str:
    """Return the commands, a line each, by what they are for."""
    width, left = min(get_terminal_size().columns, 120) - 2, max(map(len, COMMANDS)) + 4
    lines = []
    for title, names in GROUPS.items():
        lines.append(f"{title}:")
        for name in names:
            start = f"  {name}".ljust(left)
            lines += textwrap.wrap(COMMANDS[name], width, initial_indent=start, subsequent_indent=" " * left)
        lines.append("")
    return "\n".join([*lines, "flodesk COMMAND --help tells more of each."])


def _no_file(word: str) -> int:
    """Say that a word is neither a file nor a command; a window that opens empty instead would hide the mistake."""
    if Path(word).suffix in (".py", ".pyw") or len(Path(word).parts) > 1:
        hint = import_module("flodesk.cli.examples").hint(word)
        print(
            f"flodesk: there is no file {word}. Check the name and the folder",
            f". {hint}" * bool(hint),
            sep="",
            file=sys.stderr,
        )
        return 3
    near = get_close_matches(word, COMMANDS, 1)
    known = f"flodesk --help lists the commands. {import_module('flodesk.cli.examples').hint(word)}"
    meant = f" Did you mean: flodesk {near[0]}?" if near else f" {known}".rstrip()
    print(f"flodesk: “{word}” is no command, and there is no file of that name.{meant}", file=sys.stderr)
    return 2


def options_of(name: str, arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments of a command.

    Raises
    ------
    SystemExit
        They are wrong, which was said, or ask for help.
    """
    parser = argparse.ArgumentParser(prog=f"flodesk {name}", description=COMMANDS[name].capitalize() + ".")
    import_module(f"flodesk.cli.{name}").add(parser)
    # the words of these may stand before and behind an option: retry --all FILE
    mixed = name in ("letters", "queues")
    return parser.parse_intermixed_args(arguments) if mixed else parser.parse_args(arguments)


_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EIO)
"""What a write gives where the disk is full to which standard output was sent."""


def _quietly(name: str, arguments: Sequence[str]) -> int:
    """Run a command; a reader that went away (``flodesk nodes | head``) is no error, and Ctrl+C needs no traceback."""
    speak_all()
    code: int = 0
    try:
        options = options_of(name, arguments)
        code = import_module(f"flodesk.cli.{name}").main(options)
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.flush()  # here, where what it cannot take is still said in words
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):
            print("flodesk: interrupted", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        pass
    except OSError as problem:
        if problem.errno not in _NO_ROOM or problem.filename is not None:
            raise
        print(f"flodesk: what is said here could not be written: {problem.strerror}", file=sys.stderr)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        if stream is None or stream.closed:
            continue
        try:
            stream.flush()
        except OSError:
            say_no_more(stream)
    return code
