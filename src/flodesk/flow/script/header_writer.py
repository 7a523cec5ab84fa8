"""The header of a script written back: each line as it was read, but for those that say something else now."""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, TypeAlias

from flodesk.flow.model import Header, View
from flodesk.flow.script import toml
from flodesk.flow.script.header import (
    CLOSING,
    OPENING,
    Misfit,
    header_of,
    parse_header,
    plain,
)
from flodesk.flow.script.unread import KINDS, MODULE, OURS, function_of, put_back

Path: TypeAlias = tuple[str, ...]
Leaf: TypeAlias = tuple[Path, Any]
_DRAWN = ("canvas", "notes", "frames", "wires", "pins", "layout")
_RANK = dict.fromkeys(_DRAWN, 2) | {"panel": 3, "presets": 3, "ids": 4}
_NUMBERS = frozenset({int, float})
_DEPTH = dict.fromkeys(_DRAWN, 5) | {"panel": 5, "presets": 4, "ids": 4}


def header_lines(header: Header, ids: Mapping[str, Sequence[str]], functions: Set[str] = frozenset()) -> list[str]:
    """Write a header: its lines as read, with those changed that say something else now.

    Parameters
    ----------
    ids : mapping
        Per function, the ids of its anonymous statements, where they are not those of the rule.
    functions : set of str
        The functions of the flow: what the settings hold as ids of others stays.

    Raises
    ------
    TypeError
        A setting is of a kind that TOML does not have.
    """
    given = {function: list(names) for function, names in ids.items()}
    for kept, had, known, lines in tuple(_recent):
        if kept is header and had == given and known == functions:
            return [*lines]
    lines = _written(header, given, functions)
    _recent.appendleft((header, given, frozenset(functions), lines))
    return [*lines]


_recent: deque[tuple[Header, dict[str, list[str]], Set[str], list[str]]] = deque(maxlen=4)
"""The newest headers: most edits change none, and the text is asked for by several after each."""


def _written(header: Header, ids: Mapping[str, Sequence[str]], functions: Set[str]) -> list[str]:
    unknown = {f: v for f, v in header.settings.get("ids", {}).items() if function_of(f) not in functions}
    wanted = _wanted(header, {f or MODULE: list(v) for f, v in ids.items()} | unknown)
    if header.lines is None:
        return [OPENING, *map(_comment, _fresh(wanted)), CLOSING]
    said = _said(header.lines)
    if _same(said, wanted) and _in_file(header) == _order(header):
        return [*header.lines]
    old = header.lines[1:-1]
    entries = _entries(old)
    merged = _merge(old, entries, said, wanted)
    if merged.changed and not _says(merged, wanted):
        # Our values stand in a form that cannot be added to (dotted keys below [tool]): take them out, write them anew.
        others = [e for e in entries if not _is_ours(e.path) or e.kind in ("other", "table")]
        merged = _merge(old, [e for e in others if not (e.kind == "table" and _is_ours(e.path))], said, wanted)
    content = [line for _, lines in _ordered(merged.kept, header) for line in lines]
    return [header.lines[0], *content, header.lines[-1]]


@lru_cache(maxsize=8)
def _entries(lines: tuple[str, ...]) -> list[toml.Entry]:
    return toml.entries([plain(line) for line in lines])


@lru_cache(maxsize=8)
def _said(lines: tuple[str, ...]) -> dict[str, Any]:
    """Give what a header says as the writer would say it: what compares equal was only spelled otherwise."""
    return _as_wanted(*parse_header(lines))


def _as_wanted(header: Header, ids: Mapping[str, list[str]]) -> dict[str, Any]:
    return _wanted(header, {function or MODULE: names for function, names in ids.items()})


def _in_file(header: Header) -> dict[Path, int]:
    return _order(parse_header(header.lines)[0]) if header.lines is not None else {}


def _order(header: Header) -> dict[Path, int]:
    """Give the line of each view its number among those of its function: the order of tabs and pages is in it."""
    panel = header.panel.items()
    return {(*OURS, "panel", function or MODULE, name): n for function, views in panel for n, name in enumerate(views)}


def _comment(line: str) -> str:
    return f"# {line}" if line else "#"


# ------------------------------------------------------------------ what a header should say
def _whole(number: float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _view(view: View) -> Any:
    at = view.odd_at[0] if view.odd_at else [view.column, view.row, view.width, view.height]
    data: dict[str, Any] = {"at": at} if at is not None else {}
    if view.shows != view.id:
        data["shows"] = view.shows
    if view.page:
        data["page"] = view.page
    if view.group:
        data["group"] = view.group
    if view.tab:
        data["tab"] = view.tab
    if view.options:
        data["options"] = dict(view.options)
    data |= view.more
    return at if data.keys() == {"at"} and isinstance(at, list) else data


def _wanted(header: Header, ids: Mapping[str, list[str]]) -> dict[str, Any]:
    """All that a header should say, as TOML would be read."""
    ours: dict[str, Any] = {name: item for name, item in header.settings.items() if name != "ids"}
    canvas = {
        function or MODULE: {name: [_whole(x), _whole(y)] for name, (x, y) in places.items()}
        for function, places in header.canvas.items()
        if places
    }
    panel = {
        function or MODULE: {name: _view(view) for name, view in views.items()}
        for function, views in header.panel.items()
        if views
    }
    for name, table in (("canvas", canvas), ("panel", panel), ("ids", ids)):
        if table and name in KINDS:
            ours[name] = put_back(ours.get(name), table)
        elif table:
            ours[name] = table
    data: dict[str, Any] = {}
    if header.requires_python:
        data["requires-python"] = header.requires_python
    if header.dependencies:
        data["dependencies"] = list(header.dependencies)
    if ours:
        data["tool"] = {"flodesk": ours}
    return data


def _is_ours(path: Path) -> bool:
    return path[:2] == OURS or path in (("requires-python",), ("dependencies",), ("tool",))


def _section(path: Path) -> Path:
    """Give the part of a path that is its table."""
    if path[:2] != OURS:
        return ()
    fixed = _DEPTH.get(path[2])
    return path[: fixed - 1] if fixed and len(path) >= fixed else path[: max(2, len(path) - 1)]


def _leaves(data: Mapping[str, Any], path: Path = ()) -> list[Leaf]:
    """Give what is to be written on one line each."""
    found: list[Leaf] = []
    for name, item in data.items():
        here = (*path, name)
        depth = _DEPTH.get(here[2]) if len(here) > 2 else None
        deep = isinstance(item, Mapping) and item and (depth is None or len(here) < depth)
        found += _leaves(item, here) if deep else [(here, item)]
    return found


def _by_table(leaves: Iterable[Leaf]) -> Iterable[tuple[Path, list[Leaf]]]:
    """Group lines by their table; the values of a table stand before its sub-tables."""

    def order(leaf: Leaf) -> tuple[int, Path]:
        table = _section(leaf[0])
        return (_RANK.get(table[2], 1) if len(table) > 2 else 0), table

    for (_, table), group in groupby(sorted(leaves, key=order), order):
        yield table, list(group)


def _line(table: Path, path: Path, item: Any) -> str:
    return f"{toml.path(path[len(table) :])} = {toml.value(item)}"


def _fresh(wanted: dict[str, Any]) -> list[str]:
    """Write a header that was never read."""
    lines: list[str] = []
    for table, leaves in _by_table(_leaves(wanted)):
        if table:
            lines += ["", f"[{toml.path(table)}]"] if lines else [f"[{toml.path(table)}]"]
        lines += [_line(table, path, item) for path, item in leaves]
    return lines


# ------------------------------------------------------------------ lines as read, with changes
@dataclass(slots=True)
class _Merged:
    """Lines as read, with changes.

    Attributes
    ----------
    same : set of Path
        What is said by a line of its own, as it was read and under its own table: nothing added can clash with that.
    """

    kept: list[tuple[toml.Entry, list[str]]]
    changed: bool
    same: set[Path]


def _says(merged: _Merged, wanted: dict[str, Any]) -> bool:
    """Whether the lines are TOML and say what they should; thousands that are as they were read are not read again."""
    lines = [line for entry, lines in merged.kept if entry.path not in merged.same for line in lines]
    try:
        data = _as_wanted(*header_of(tomllib.loads("\n".join(map(plain, lines))), ()))
    except (tomllib.TOMLDecodeError, Misfit):
        return False
    if any(_at(wanted, path) is None for path in _views(data)):
        return False  # a table of a view that is gone would be a view without a place
    return all(_same(_at(data, path), item) for path, item in _leaves(wanted) if path not in merged.same)


def _views(data: Any) -> Iterable[Path]:
    panel = _at(data, (*OURS, "panel"))
    tables = panel.items() if isinstance(panel, Mapping) else ()
    return [(*OURS, "panel", key, name) for key, lines in tables if isinstance(lines, Mapping) for name in lines]


def _at(data: Any, path: Path) -> Any:
    """Value at a path; None if there is none (TOML has no such value)."""
    for name in path:
        if not isinstance(data, Mapping) or name not in data:
            return None
        data = data[name]
    return data


def _same(old: Any, new: Any) -> bool:
    """Whether a value need not be touched: order and decimal points say nothing."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list | tuple):
        if old == list(new) and _NUMBERS.issuperset(map(type, (*old, *new))):
            return True
        return len(old) == len(new) and all(map(_same, old, new))
    numbers = isinstance(old, int | float) and isinstance(new, int | float)
    if isinstance(old, bool) or isinstance(new, bool) or not (numbers or type(old) is type(new)):
        return old is new
    return bool(old == new) or toml.value(old) == toml.value(new)


def _merge(old: Sequence[str], entries: Sequence[toml.Entry], said: dict[str, Any], wanted: dict[str, Any]) -> _Merged:
    """Keep, change or drop each entry, then add what is new at the end of its table."""
    kept: list[tuple[toml.Entry, list[str]]] = []
    covered: set[Path] = set()
    same: set[Path] = set()
    changed = False
    for entry in entries:
        lines = list(old[entry.start : entry.end])
        if entry.kind in ("other", "table") or not _is_ours(entry.path):
            kept.append((entry, lines))
            if entry.kind == "table" and _at(wanted, entry.path) == {}:
                covered.add(entry.path)  # a table without lines says all that it has to
            continue
        # An array of tables ([[tool.flodesk.x]]) is one value, spread over many lines; so is a view with dotted keys.
        path = entry.path if entry.kind == "value" else entry.path[:3]
        whole = path[: _DEPTH.get(path[2])] if len(path) > 2 else path
        item = _at(wanted, whole)
        if _same(_at(said, whole), item):
            kept.append((entry, lines))
            covered.add(whole)
            if entry.kind == "value" and path[:-1] == entry.table and path == whole and not isinstance(item, Mapping):
                same.add(path)
            continue
        changed = True
        if path == OURS[:1]:
            # All tools on one line: the others stay.
            rest: dict[str, Any] = {name: part for name, part in entry.value.items() if name != OURS[1]}
            item = (rest | (item or {})) or None
        if item is not None and entry.kind == "value" and path == whole:
            kept.append((entry, [_comment(_line(entry.table, path, item))]))
            covered.add(path)
    new = [leaf for leaf in _leaves(wanted) if leaf[0] not in covered]
    new = [leaf for leaf in new if not any(leaf[0][:n] in covered for n in range(1, len(leaf[0])))]
    for table, leaves in _by_table(new):
        _add(kept, table, leaves)
    if changed:
        kept = _without_empty_tables(kept, entries)  # now: a table whose one line was renamed stays where it is
    return _Merged(kept, changed or bool(new), same)


def _ordered(kept: list[tuple[toml.Entry, list[str]]], header: Header) -> list[tuple[toml.Entry, list[str]]]:
    """Put the lines of views into the order of the views, each with the comment above it; all else stays in its place.

    A line that can be moved stands below the head of its table, as `name = ...`.
    """
    order = _order(header)
    spans: dict[Path, list[tuple[int, int]]] = {}
    for n, (entry, _) in enumerate(kept):
        if entry.kind == "value" and entry.path in order and entry.path[:-1] == entry.table:
            spans.setdefault(entry.table, []).append((_with_comment(kept, n), n + 1))
    made = [*kept]
    for found in spans.values():
        wanted = sorted(found, key=lambda span: order[kept[span[1] - 1][0].path])
        if wanted != found:
            gaps = [kept[end:start] for (_, end), (start, _) in pairwise(found)] + [[]]
            parts = [kept[start:end] + gap for (start, end), gap in zip(wanted, gaps, strict=True)]
            made[found[0][0] : found[-1][1]] = [entry for part in parts for entry in part]
    return made


def _with_comment(kept: list[tuple[toml.Entry, list[str]]], n: int) -> int:
    """Return where the comment right above a line begins; what stands below the head of a table is of that."""
    start = n
    while start and kept[start - 1][0].kind == "other" and plain(kept[start - 1][1][0]).strip():
        start -= 1
    return n if start == 0 or kept[start - 1][0].kind == "table" else start


def _without_empty_tables(
    kept: list[tuple[toml.Entry, list[str]]], entries: Sequence[toml.Entry]
) -> list[tuple[toml.Entry, list[str]]]:
    """Drop the tables of ours that lost their last entry, each with the blank line above it."""
    had = {e.table for e in entries if e.kind in ("value", "opaque")}
    has = {e.table for e, _ in kept if e.kind == "value"}
    found: list[tuple[toml.Entry, list[str]]] = []
    for entry, lines in kept:
        if entry.kind == "table" and len(entry.path) > 2 and _is_ours(entry.path) and entry.path in had - has:
            if found and found[-1][0].kind == "other" and not plain(found[-1][1][0]).strip():
                found.pop()
            continue
        found.append((entry, lines))
    return found


def _add(kept: list[tuple[toml.Entry, list[str]]], table: Path, leaves: list[Leaf]) -> None:
    """Put new lines behind the last one of their table, or make the table, near its like."""
    made = [(toml.Entry("value", p, 0, 0, None, table), [_comment(_line(table, p, i))]) for p, i in leaves]
    content = [n for n, (e, _) in enumerate(kept) if e.kind in ("table", "value")]
    last = max((n for n in content if kept[n][0].table == table), default=-1)
    if last >= 0 or not table:
        kept[last + 1 : last + 1] = made
        return
    near = [n for n in content if kept[n][0].table[:3] == table[:3]] if len(table) > 2 else []
    position = near[-1] + 1 if near else len(kept)
    opening = [_comment(f"[{toml.path(table)}]")]
    kept[position:position] = [
        (toml.Entry("table", table, 0, 0, None, table), ["#", *opening] if kept else opening),
        *made,
    ]
