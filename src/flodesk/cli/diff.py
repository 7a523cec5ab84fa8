"""``flodesk diff``: say in words what is different between two flows, or since the last commit."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from flodesk.cli.unfolded import unfolded
from flodesk.engine.committed import NotCommittedError, committed
from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Difference, diff
from flodesk.flow.diff.words import Group, counts, of_the_picture, sentence, told
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, content, from_bytes

SAME, DIFFERENT, TROUBLE = 0, 1, 2
"""Exit codes, as those of ``diff``."""
_COLOURS = {"+": "green", "-": "red", "~": "yellow", "»": "cyan", "↔": "blue", "·": "dim"}
_GIT = {1, 7, 9}
"""How many words git gives to a program for differences: an unmerged file, a changed one, a renamed one."""


class _Unreadable(Exception):  # noqa: N818 - ends the command, with what is said
    """A flow cannot be had; the text says which, why, and what to do."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", nargs="+", help="the old flow and the new one; one alone is compared with what git has of it"
    )
    parser.add_argument(
        "--rev", default="", metavar="REV", help="the revision to compare one file with (default: HEAD)"
    )
    parser.add_argument(
        "--logic",
        action="store_true",
        help="leave out what no run notices: places, the panel, notes, comments, spacing",
    )
    parser.add_argument("--json", action="store_true", help="print the differences as JSON")
    parser.add_argument(
        "--git",
        action="store_true",
        help="take the words that git gives to an external program, and always exit with 0",
    )
    parser.epilog = "Exit codes: 0 the flows are the same, 1 they are different, 2 one of them cannot be read."


def main(options: argparse.Namespace) -> int:
    """Compare, and tell."""
    try:
        title, (old, new) = _flows(options)
    except _Unreadable as trouble:
        print(f"flodesk diff: {trouble}", file=sys.stderr)
        return SAME if options.git else TROUBLE
    found = diff(old, new, Catalog.installed())
    if options.logic:
        found = tuple(difference for difference in found if not of_the_picture(difference))
    if options.json:
        listed = [{**difference.to_json(), "words": sentence(difference)} for difference in found]
        print(json.dumps({"old": title[0], "new": title[1], "differences": listed}, indent=1, ensure_ascii=False))
    else:
        _tell(title, found)
    return DIFFERENT if found and not options.git else SAME


# ------------------------------------------------------------------ which flows
def _flows(options: argparse.Namespace) -> tuple[tuple[str, str], tuple[Flow, Flow]]:
    files: Sequence[str] = options.file
    if options.git:
        if len(files) not in _GIT:
            raise _Unreadable("--git is for git itself: git config diff.flodesk.command 'flodesk diff --git'")
        if len(files) == 1:
            raise _Unreadable(f"{files[0]} is not merged yet: it has no two versions to compare")
        path, other = files[0], files[7] if len(files) == 9 else files[0]
        return (f"a/{path}", f"b/{other}"), (_file(files[1], path), _file(files[4], other))
    if len(files) > 2:
        raise _Unreadable("name two files, or one to compare it with what git has of it")
    if len(files) == 2:
        if options.rev:
            raise _Unreadable("--rev is for one file; of two, name the versions as files")
        return (files[0], files[1]), (_file(files[0]), _file(files[1]))
    (file,) = files
    new = _file(file)
    revision = options.rev or "HEAD"
    try:
        data = committed(file, revision)
    except NotCommittedError as why:
        raise _Unreadable(str(why)) from why
    return (f"{file} ({revision})", file), (_flow(data, f"{Path(file).name} of {revision}"), new)


def _file(file: str, name: str = "") -> Flow:
    """Read a flow; a file that was made or deleted is nothing to git, and so an empty flow."""
    if file == os.devnull:
        return from_bytes(b"")
    try:
        data = content(file)
    except (OSError, ScriptError) as why:
        raise _Unreadable(f"{getattr(why, 'strerror', None) or why}") from why
    return _flow(data, name or file)


def _flow(data: bytes, name: str) -> Flow:
    if b"\0" in data[:8192]:
        raise _Unreadable(f"{name} is no script: it holds bytes that no text has")
    try:
        return from_bytes(data)
    except ScriptError as why:
        where = f", line {why.line}" if why.line else ""
        raise _Unreadable(f"{name}{where} is no Python script: {why.message}") from why


# ------------------------------------------------------------------ what is told
def _tell(title: tuple[str, str], found: Sequence[Difference]) -> None:
    console = unfolded(highlight=False)
    console.print(Text(f"{title[0]} → {title[1]}: {counts(found)}", "bold"))
    for group in told(found):
        _tell_group(console, group)


def _tell_group(console: Console, group: Group) -> None:
    console.print()
    console.print(Text(group.title, "bold"))
    for line in group.lines:
        console.print(Text.assemble("  ", (line.sign, _COLOURS[line.sign]), " ", line.text))
        for row in line.more:
            style = _COLOURS.get(row[:1], "dim") if row[:1] in "+-" else "dim"
            console.print(Text(f"      {row}", style))
