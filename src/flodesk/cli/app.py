"""``flodesk app``: show the control panel of a flow alone, for operators."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from flodesk.cli.exits import Exit
from flodesk.cli.shown import shown


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", help="the flow")
    parser.add_argument("--full-screen", action="store_true", help="take the whole screen")
    parser.add_argument("--start", action="store_true", help="run the flow at once")
    parser.add_argument("--touch", action="store_true", help="targets of at least 44 pixels, for fingers")
    parser.add_argument(
        "--password-file",
        metavar="PATH",
        help="the first line of this file is the password that editing asks for, instead of the flow's own",
    )
    parser.add_argument("--no-edit", action="store_true", help="do not offer to edit the flow at all")
    parser.epilog = (
        "What the file says of its app ([tool.flodesk.app], or File, App… in the window) holds, too. Exit codes: 0 all "
        "went well; 1 the last run failed; 2 no display, or the flow has errors; 3 the file or a package is missing; "
        "4 the file is no flow."
    )


def main(options: argparse.Namespace) -> int:
    """Open the window, and return the exit code once it was closed."""
    if not os.path.lexists(options.file):
        print(f"flodesk app: there is no file {options.file}. Check the name and the folder", file=sys.stderr)
        return Exit.MISSING
    password = None
    if options.password_file is not None:
        try:
            password = Path(options.password_file).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            print(f"flodesk app: --password-file {options.password_file} cannot be read: {why}", file=sys.stderr)
            return Exit.MISSING
        if not password:
            print(
                f"flodesk app: --password-file {options.password_file} has nothing in its first line. "
                "Write the password there",
                file=sys.stderr,
            )
            return Exit.USAGE
    return shown(
        options.file,
        lambda app: app.run_operator(
            options.file,
            full_screen=options.full_screen,
            touch=options.touch,
            start=options.start,
            password=password,
            editing=not options.no_edit,
        ),
    )
