"""The header of a script (PEP 723): found, read, and written back with only those lines changed that have to.

Places are ``[tool.flodesk.canvas.<function>]``, views ``[tool.flodesk.panel.<function>]``, one line each; the module
level goes by ``"<module>"``. A view is ``id = [column, row, width, height]`` where it shows the node of its own name on
the first page, else a table ``id = { at = [...], shows = "node.parameter", page = "More", group = "Pump",
tab = "Level", options = {...} }``; what else stands in that table stays there.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flodesk.flow.finite import is_number
from flodesk.flow.model import Header, View
from flodesk.flow.script import toml
from flodesk.flow.script.errors import ScriptError
from flodesk.flow.script.unread import MODULE, OURS, function_of, taken_out

OPENING = "# /// script"
CLOSING = "# ///"
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_ENDLESS = re.compile(rf"[0-9_]{{{sys.int_info.default_max_str_digits},}}")
"""Digits of a number that Python does not read."""


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header in a text: its lines, the number (from 1) of the first, and whether no statement precedes it."""

    lines: tuple[str, ...]
    line: int
    first: bool


def header_span(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return where a header is among the lines of a text that is being typed: (first line, line after the last).

    Parameters
    ----------
    lines : sequence of str
        Without their ends.
    """
    if OPENING not in lines:
        return None
    start = end = lines.index(OPENING)
    for number in range(start + 1, len(lines)):
        if lines[number] != "#" and not lines[number].startswith("# "):
            break
        if lines[number] == CLOSING:
            end = number
    return (start, end + 1) if end > start else None


def find_header(lines: Sequence[str], statements: Sequence[tuple[int, int]]) -> FoundHeader | None:
    """Find the header among the lines of a text.

    Parameters
    ----------
    statements : sequence of (int, int)
        First and last line (from 1) of each statement: what looks like a header inside of one is something else.

    Raises
    ------
    ScriptError
        There are two, or one with places in it has no end.
    """
    found: FoundHeader | None = None
    number = 0
    while number < len(lines):
        if lines[number].rstrip("\r\n") != OPENING or any(a <= number + 1 <= b for a, b in statements):
            number += 1
            continue
        run = [OPENING]
        for line in lines[number + 1 :]:
            text = line.rstrip("\r\n")
            if text != "#" and not text.startswith("# "):
                break
            run.append(text)
        closing = max((n for n, text in enumerate(run) if text == CLOSING), default=0)
        if not closing:
            if any("[tool.flodesk" in text for text in run):
                raise ScriptError(f"the header that starts here has no end; add a line {CLOSING!r}", number + 1)
            number += 1
            continue
        if found:
            raise ScriptError(f"there is a second header; the first is in line {found.line}. Keep one", number + 1)
        before = any(a <= number for a, _ in statements)
        # An end of line that is not the file's own stays with its line, so that it is written back.
        kept = tuple(line.removesuffix("\n") if line[-2:] != "\r\n" else line for line in lines[number:][: closing + 1])
        found = FoundHeader(kept, number + 1, not before)
        number += closing + 1
    return found


def plain(line: str) -> str:
    """Take the comment sign and the end of line off a line of the header."""
    return line.rstrip("\r\n")[2:]


# ------------------------------------------------------------------ reading
def parse_header(lines: Sequence[str], line: int = 1) -> tuple[Header, dict[str, list[str]]]:
    """Read a header.

    Parameters
    ----------
    lines : sequence of str
        The lines, from ``# /// script`` to ``# ///``.
    line : int
        Number of the first in the file.

    Returns
    -------
    Header, ids
        `ids` maps a function to the ids of its anonymous statements, where the header holds them; they are in the
        settings too, for the reader to take out those that it uses.

    Raises
    ------
    ScriptError
        It is not TOML, or an entry is not of its kind; says the line.
    """
    try:
        header, ids = _as_read(tuple(lines))
    except ScriptError as error:
        raise ScriptError(error.message, line + error.line) from error
    return header, {function: [*names] for function, names in ids.items()}


@lru_cache(maxsize=8)
def _as_read(lines: tuple[str, ...]) -> tuple[Header, dict[str, list[str]]]:
    """Read a header, where an error counts lines from its first as 0; the writer asks for it again at each change."""
    content = [plain(text) for text in lines[1:-1]]
    try:
        data = tomllib.loads("\n".join(content) + "\n")
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        where = int(at[1]) if at else len(content)
        raise ScriptError(f"the header is not TOML: {_AT_LINE.sub('', str(error)).strip()}", where) from error
    except ValueError as error:
        where = next((n for n, text in enumerate(content, 1) if _ENDLESS.search(text)), 0)
        raise ScriptError("the header has a number of thousands of digits; shorten it", where) from error
    except RecursionError as error:
        raise ScriptError("the header is nested too deeply") from error
    try:
        return header_of(data, lines)
    except Misfit as misfit:
        raise ScriptError(f"in the header, {misfit.text}", _line_of(content, misfit.path)) from misfit


class Misfit(Exception):  # noqa: N818 - becomes a ScriptError once its line is known
    """An entry of a header is not of its kind."""

    def __init__(self, path: tuple[str, ...], text: str) -> None:
        super().__init__(text)
        self.path = path
        self.text = f"{toml.path(path)} {text}"


def _line_of(content: list[str], path: tuple[str, ...]) -> int:
    """Line of an entry, counted from the opening line as 0."""
    best = 0
    for entry in toml.entries(content):
        shared = entry.path[: len(path)]
        if entry.kind != "other" and shared == path[: len(shared)]:
            best = entry.start + 1
            if entry.kind == "value":
                break
    return best


def _table(data: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise Misfit(path, f"should be a table, not {toml.short(data)}")
    return data


def _texts(data: Any, path: tuple[str, ...]) -> list[str]:
    if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
        raise Misfit(path, "should be a list of texts")
    return data


def header_of(data: Mapping[str, Any], lines: tuple[str, ...]) -> tuple[Header, dict[str, list[str]]]:
    """Make a header of what is said in TOML, with the ids of anonymous statements by function.

    Raises
    ------
    Misfit
        An entry is not of its kind.
    """
    python = data.get("requires-python", "")
    if not isinstance(python, str):
        raise Misfit(("requires-python",), "should be a text")
    dependencies = _texts(data.get("dependencies", []), ("dependencies",))
    ours = dict(_table(_table(data.get("tool", {}), ("tool",)).get("flodesk", {}), OURS))
    canvas = taken_out(ours, "canvas", _place)
    panel = taken_out(ours, "panel", _view)
    ids = _table(ours.get("ids", {}), (*OURS, "ids"))
    header = Header(
        requires_python=python, dependencies=tuple(dependencies), canvas=canvas, panel=panel, settings=ours, lines=lines
    )
    return header, {function_of(f): _texts(names, (*OURS, "ids", f)) for f, names in ids.items()}


def key_of(function: str) -> str:
    """Name of the table of a function."""
    return function or MODULE


def entry_lines(text: str, paths: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Return the lines of a text, from 1, on which entries below ``[tool.flodesk]`` stand.

    Parameters
    ----------
    paths : sequence of tuple of str
        The entries; one without a line of its own is on that of the nearest table around it.
    """
    lines = text.splitlines()
    span = header_span(lines)
    if span is None:
        return {}
    content = [plain(line) for line in lines[span[0] + 1 : span[1] - 1]]
    try:
        return {path: span[0] + 1 + _line_of(content, (*OURS, *path)) for path in paths}
    except tomllib.TOMLDecodeError:  # it is no header but looks like one
        return {}


def _place(name: str, data: Any) -> tuple[float, float] | None:
    if not isinstance(data, list) or len(data) != 2 or not all(map(is_number, data)):
        return None
    return data[0], data[1]


_OF_A_VIEW = frozenset({"at", "shows", "page", "options"})
_OF_A_GROUP = ("group", "tab")
"""Keys that are ours if they hold a text; other values stood there before we knew them, and stay."""
_SOMEWHERE = (0, 0, 4, 2)
"""Where a view is shown whose line says nothing of its place that could be read."""


def _view(name: str, data: Any) -> View | None:
    """Read the line of a view; None if it is none. A place that is none leaves a view, which is shown somewhere."""
    if isinstance(data, list):
        return View(name, name, *_at(data), odd_at=_odd(data))
    if not isinstance(data, dict):
        return None
    shows, page, options = data.get("shows", name), data.get("page", ""), data.get("options", {})
    if not isinstance(shows, str) or not isinstance(page, str) or not isinstance(options, dict):
        return None
    at = data.get("at")
    group = {key: data[key] for key in _OF_A_GROUP if isinstance(data.get(key), str)}
    more = tuple((key, item) for key, item in data.items() if key not in _OF_A_VIEW and key not in group)
    return View(name, shows, *_at(at), page, tuple(options.items()), more, **group, odd_at=_odd(at))


def _odd(at: Any) -> tuple[Any, ...]:
    """Return what is to be written back as the place of a view, in a tuple; an empty one if it is a place."""
    whole = isinstance(at, list) and len(at) == 4 and all(is_number(n) and n == int(n) for n in at)
    return () if whole else (at,)


def _at(at: Any) -> tuple[int, int, int, int]:
    """Return the place that comes nearest to what a line says."""
    said = at if isinstance(at, list) else []
    near = [int(n) if is_number(n) else usual for n, usual in zip(said, _SOMEWHERE, strict=False)]
    column, row, width, height = (*near, *_SOMEWHERE[len(near) :])
    return column, row, width, height
