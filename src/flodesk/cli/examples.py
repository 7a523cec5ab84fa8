"""``flodesk examples``: list the flows that come with flodesk, or find one of them."""

from __future__ import annotations

import argparse
import sys
import textwrap
from difflib import get_close_matches
from pathlib import Path
from shutil import get_terminal_size

from flodesk.cli.exits import Exit
from flodesk.resource import resource
from flodesk.ui.examples import example, gallery, is_apart


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="copy this one to where it can be run and changed, and print the path: flodesk run PATH, flodesk PATH",
    )


def main(options: argparse.Namespace) -> int:
    """Print the list, or the path of a copy."""
    if options.name is None:
        return _list()
    if options.name not in _names():
        near = nearest(options.name)
        meant = f" Did you mean: flodesk examples {near}?" if near else " flodesk examples lists them."
        print(f"flodesk examples: there is no example “{options.name}”.{meant}", file=sys.stderr)
        return Exit.MISSING
    copy = example(options.name)
    if is_apart(copy):
        print(
            f"flodesk examples: {copy.parent.parent} has what was changed of an earlier copy, which stays as it is; "
            "this is a new one:",
            file=sys.stderr,
        )
    print(copy)
    return Exit.OK


def _list() -> int:
    listed = gallery()
    left = max(len(one.name) for one in listed) + 2
    width = max(get_terminal_size().columns, left + 40)
    for field in dict.fromkeys(one.tags[0] for one in listed):
        print(f"{field[0].upper()}{field[1:]}")
        for one in listed:
            if one.tags[0] == field:
                start = f"  {one.name}".ljust(left + 2)
                print(textwrap.fill(one.sentence, width, initial_indent=start, subsequent_indent=" " * len(start)))
        print()
    print("flodesk examples NAME prints the path of a copy: flodesk run PATH runs it, flodesk PATH opens it.")
    return Exit.OK


def _names() -> list[str]:
    return [path.stem for path in resource("examples").glob("*.py")]


def nearest(word: str) -> str:
    """Return the name of the example that a word means, or nearly does; empty if it means none."""
    names, meant = _names(), Path(word).stem.lower().replace("-", "_").replace(" ", "_")
    within = [name for name in names if len(meant) > 2 and meant in name]
    return next(iter(get_close_matches(meant, names, 1) or within), "")


def hint(word: str) -> str:
    """Return a sentence for who wrote a word where a file is meant, and there is none: the example of that name.

    Nothing is copied: a slip of the keyboard is no wish for a copy.
    """
    near = nearest(word)
    if not near:
        return "flodesk examples lists the flows that come with flodesk." if Path(word).stem == word else ""
    which = "An example is called" if near == Path(word).stem else "The example of the nearest name is"
    return f"{which} {near}: flodesk examples {near} copies it, and prints the path"


__all__ = ["hint", "nearest"]
