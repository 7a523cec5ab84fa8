"""Lines of the canvas and the panel that cannot be understood: kept in the settings to the letter, and told one by one.

What is understood is taken out of the settings into `Header.canvas` and `Header.panel`; what is left there under the
same names is what a hand has got wrong, or what a newer flodesk means by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flodesk.flow.model import Header

MODULE = "<module>"
OURS = ("tool", "flodesk")
KINDS = ("canvas", "panel")


def function_of(key: str) -> str:
    """Name of the function that a table is of; the module is "" in a flow and `MODULE` in the header."""
    return "" if key == MODULE else key


def taken_out(settings: dict[str, Any], kind: str, read: Callable[[str, Any], Any | None]) -> dict[str, dict[str, Any]]:
    """Take what can be read out of the settings, by function and name; what cannot (None) stays in them."""
    data = settings.get(kind, {})
    if not isinstance(data, dict):
        return {}
    found: dict[str, dict[str, Any]] = {}
    left: dict[str, Any] = {}
    for key, table in data.items():
        if not isinstance(table, dict) or (key == "" and MODULE in data):  # of two tables of the module one counts
            left[key] = table
            continue
        lines = {name: read(name, item) for name, item in table.items()}
        good = {name: line for name, line in lines.items() if line is not None}
        odd = {name: table[name] for name, line in lines.items() if line is None}
        if good or not odd:
            found[function_of(key)] = good
        if odd:
            left[key] = odd
    settings.pop(kind, None)
    if left:
        settings[kind] = left
    return found


def put_back(kept: Any, table: Mapping[str, Any]) -> Any:
    """Return what a table says with what was left of it; where both have a line the one that is understood stands."""
    if not isinstance(kept, Mapping):
        return table
    merged = dict(kept)
    for key, lines in table.items():
        odd = kept.get(key)
        merged[key] = {**odd, **lines} if isinstance(odd, Mapping) else lines
    return merged


def unread(header: Header) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the path below ``[tool.flodesk]`` of each line that is not understood, and what it says."""
    for kind in KINDS:
        if kind not in header.settings:
            continue
        tables = header.settings[kind]
        for key, lines in tables.items() if isinstance(tables, Mapping) else ():
            for name, item in lines.items() if isinstance(lines, Mapping) else ():
                if key:
                    yield (kind, key, name), item
            if not isinstance(lines, Mapping) or not key:
                yield (kind, key), lines
        if not isinstance(tables, Mapping):
            yield (kind,), tables


def without(header: Header, path: tuple[str, ...]) -> Header:
    """Return the header without one of the lines that are not understood."""
    return replace(header, settings=_without(header.settings, path))


def _without(table: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    head, *rest = path
    below = _without(table[head], tuple(rest)) if rest else {}
    return {name: below if name == head else item for name, item in table.items() if name != head or below}


def settled(header: Header) -> Header:
    """Return the header without those lines in whose place something that is understood stands now."""
    for path, _ in list(unread(header)):
        tables = getattr(header, path[0])
        if len(path) == 1:
            there = any(tables.values())
        elif not path[1]:
            there = False  # the module's views stand in another table
        else:
            lines = tables.get(function_of(path[1]), {})
            there = bool(lines) if len(path) == 2 else path[2] in lines
        if there:
            header = without(header, path)
    return header
