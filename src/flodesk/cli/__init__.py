"""The command line: ``flodesk [FILE]``, and commands (``run``, ``runs``, ``check`` …) without a window and without Qt.

Each command is a module of this package with ``add(parser)`` and ``main(options) -> int``; it is imported when it is
called for, so that a headless run loads no window and ``import flodesk`` next to nothing.

Exit codes: 0 all went well; 1 the run failed; 2 the command line is wrong or the checker found errors; 3 something is
missing (a file, a package, a cached value, a server); 4 the file is no flow; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from flodesk import __version__

COMMANDS = {
    "run": "run a flow without a window",
    "check": "say what is wrong with a flow, without running it",
    "nodes": "list the node types",
    "runs": "list the runs of the past, show one, drop old ones",
    "letters": "look at dead letters, put them back, or drop them",
    "worker": "run flows that others put on a Redis queue",
}


def entry() -> None:
    """Run the command line and leave with its exit code: the console script ``flodesk``."""
    raise SystemExit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code."""
    if arguments and arguments[0] in COMMANDS:
        return _quietly(arguments[0], arguments[1:])
    parser = argparse.ArgumentParser(
        prog="flodesk",
        description="Wire Python together on a canvas. Without a file, the window opens with a live example.",
        epilog="commands: " + "; ".join(f"flodesk {name}: {what}" for name, what in COMMANDS.items()),
    )
    parser.add_argument(
        "file", nargs="?", help="the flow to open in the window (to run it without one: flodesk run FILE)"
    )
    parser.add_argument("--version", action="version", version=f"flodesk {__version__}")
    file = parser.parse_args(arguments).file
    if file is not None and not os.path.lexists(file):
        return _no_file(file)
    return _show_window(file)


def _no_file(word: str) -> int:
    """Say that a word is neither a file nor a command; a window that opens empty instead would hide the mistake."""
    if Path(word).suffix in (".py", ".pyw") or len(Path(word).parts) > 1:
        print(f"flodesk: there is no file {word}. Check the name and the folder", file=sys.stderr)
        return 3
    near = get_close_matches(word, COMMANDS, 1)
    meant = f" Did you mean: flodesk {near[0]}?" if near else f" Commands: {', '.join(COMMANDS)}."
    print(f"flodesk: “{word}” is no command, and there is no file of that name.{meant}", file=sys.stderr)
    return 2


def run_script(functions: Sequence[Callable[..., Any]]) -> int:
    """Run the flow of the file that hands over these functions: ``python FILE``, with the options of ``run``."""
    if not functions:
        print("flodesk.main() was given no function: pass it the flow, as in flodesk.main(flow)", file=sys.stderr)
        return 2
    return main(["run", functions[0].__code__.co_filename, *sys.argv[1:]])


def _show_window(file: str | None) -> int:
    """Open the window. Qt ends the process with no word of use if there is no display, so that is asked first."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        what = file or "FILE"
        print(
            f"flodesk: there is no display to show a window on. Run the flow without one: flodesk run {what}",
            file=sys.stderr,
        )
        return 2
    try:
        app = import_module("flodesk.app")
    except ImportError as error:
        print(
            f"flodesk: the window needs Qt, and it does not load: {error}\n"
            "Install it with: pip install --force-reinstall PySide6-Essentials. On Debian and Ubuntu its system\n"
            "libraries are libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3 libgssapi-krb5-2\n"
            "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0",
            file=sys.stderr,
        )
        return 3
    return int(app.run_app(file))


def _quietly(name: str, arguments: Sequence[str]) -> int:
    """Run a command; a reader that went away (``flodesk nodes | head``) is no error, and Ctrl+C needs no traceback."""
    try:
        command = import_module(f"flodesk.cli.{name}")
        parser = argparse.ArgumentParser(prog=f"flodesk {name}", description=COMMANDS[name].capitalize() + ".")
        command.add(parser)
        code: int = command.main(parser.parse_args(arguments))
    except KeyboardInterrupt:
        print("flodesk: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Python flushes stdout once more at exit and would complain again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
