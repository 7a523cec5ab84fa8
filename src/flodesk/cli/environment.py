"""The environment that a command runs flows in: that of their project, as in the window, or one that is named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flodesk.engine.environments import CHOSEN
from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.interpreting import module_command

OPTION = "--environment"


def add(parser: argparse.ArgumentParser, usual: str = "the one that was chosen for the project in the window") -> None:
    """Declare the option."""
    parser.add_argument(
        OPTION, metavar="NAME", default="",
        help="run in this environment: a name that File → Environment… shows, the path of an interpreter, or own for "
        f"flodesk's own (default: {usual})",
    )  # fmt: skip


def interpreter(arguments: Sequence[str]) -> str:
    """Return the interpreter that a command is to run in; empty is this one.

    Parameters
    ----------
    arguments : sequence of str
        The command line without its first word: one of `IN_ENVIRONMENTS`, and what is said to it.

    Raises
    ------
    SystemExit
        The environment cannot be used, or the command line is wrong, which was said; or it asks for help.
    """
    said = any(one.startswith("--e") for one in arguments)
    runs = arguments[0] in ("run", "check") or "retry" in arguments
    if not said and not (runs and _any_chosen()):
        return ""
    # read here only where it matters: a run is to start at once
    from flodesk.cli.commands import options_of
    from flodesk.cli.exits import Exit

    options = options_of(arguments[0], arguments[1:])
    words = getattr(options, "file", None) or getattr(options, "words", [])
    files = [word for word in ([words] if isinstance(words, str) else words) if Path(word).is_file()]
    found = {python_of(options.environment, file, arguments[0]) for file in files or ([""] if said else [])}
    if len(found) > 1:
        each = f"name one, {OPTION} NAME, or check them one by one"
        print(f"flodesk {arguments[0]}: these flows run in different environments: {each}", file=sys.stderr)
        raise SystemExit(Exit.USAGE)
    return next(iter(found), "")


def python_of(name: str, file: str, command: str) -> str:
    """Return the interpreter of the environment of that name, or where there is none of the flow in that file.

    Raises
    ------
    SystemExit
        It cannot be used, which was said.
    """
    from flodesk.cli.exits import Exit
    from flodesk.engine.environments.choices import UnusableError, of_flow, of_name

    try:
        return of_name(name) if name else of_flow(Path(file)) if file else ""
    except UnusableError as error:
        todo = "" if name else f" Open {file} in the window and repair it there, or say {OPTION} own."
        print(f"flodesk {command}: {error}{todo}", file=sys.stderr)
        raise SystemExit(Exit.MISSING) from error


def go_on_in(python: str, arguments: Sequence[str]) -> int:
    """Do what the arguments say with another interpreter, and return the exit code."""
    command = [*module_command("flodesk", python), *arguments, OPTION, "own"]
    if os.name == "posix":
        os.execv(command[0], command)
    import subprocess

    with subprocess.Popen(command) as process:  # Windows has no exec that keeps the process
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the console tells the other, too
                continue


def _any_chosen() -> bool:
    try:
        return (data_folder() / CHOSEN).exists()
    except FolderError:
        return False


__all__ = ["add", "go_on_in", "interpreter", "python_of"]
