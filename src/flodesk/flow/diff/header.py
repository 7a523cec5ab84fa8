"""The headers of two flows compared: places, views, and every other entry; nodes by what they are called now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from flodesk.flow.diff.difference import Difference
from flodesk.flow.diff.pairs import Pairs
from flodesk.flow.edit.header import DRAWN
from flodesk.flow.model import Address, View
from flodesk.flow.switched import LAYOUT

Leaves: TypeAlias = dict[tuple[str, ...], Any]
_NOWHERE = Address("", "")


class _Names:
    """What functions and nodes of the old flow are called in the new one, as the header names them."""

    def __init__(self, modules: Pairs, inner: Sequence[Pairs]) -> None:
        self.functions = {pairs.old.function: pairs.new.function for pairs in inner} | {"": ""}
        self._ids: dict[str, dict[str, str]] = {}
        self._gone: set[Address] = set()
        self._made: set[Address] = set()
        for pairs in (modules, *inner):
            known = dict(pairs.names)
            for item in pairs.old.items:
                now = pairs.new_of(item)
                if now is None:
                    self._gone.add(Address(pairs.old.function, item.statement.id))
                else:
                    known[item.statement.id] = now.statement.id
            self._made |= {Address(pairs.new.function, item.statement.id) for item in pairs.left(False)}
            self._ids[pairs.old.function] = known
        old, new = modules.old.flow, modules.new.flow
        self._lost = set(old.functions) - set(self.functions)
        self._fresh = set(new.functions) - set(self.functions.values())

    def function(self, name: str) -> str:
        return self.functions.get(name, name)

    def old_function(self, name: str) -> str:
        return next((old for old, new in self.functions.items() if new == name), name)

    def id(self, function: str, name: str) -> str:
        return self._ids.get(function, {}).get(name, name)

    def gone(self, function: str, name: str) -> bool:
        return function in self._lost or Address(function, name) in self._gone

    def made(self, function: str, name: str) -> bool:
        return function in self._fresh or Address(function, name) in self._made

    def path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return the path of a setting in the new header: ``places.flow.clean`` follows its node."""
        if len(path) < 3 or path[1] not in self.functions:
            return path
        # of a wire both ends follow their nodes
        ends = (self._end(end, lambda name: self.id(path[1], name)) for end in path[2].split(" -> "))
        return (path[0], self.functions[path[1]], " -> ".join(ends), *path[3:])

    def old_path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return the path that a setting of the new header would have in the old one."""
        if len(path) < 3 or path[1] not in self.functions.values():
            return path
        ends = (self._end(end, lambda name: self.old_id(path[1], name)) for end in path[2].split(" -> "))
        return (path[0], self.old_function(path[1]), " -> ".join(ends), *path[3:])

    def old_id(self, function: str, name: str) -> str:
        """Return what a node of a function of the new flow was called in the old one."""
        ids = self._ids.get(self.old_function(function), {})
        return next((old for old, new in ids.items() if new == name), name)

    @staticmethod
    def _end(end: str, named: Callable[[str], str]) -> str:
        name, dot, port = end.partition(".")
        return f"{named(name)}{dot}{port}"


def header_differences(modules: Pairs, inner: Sequence[Pairs]) -> Iterator[Difference]:
    """Give what the header says otherwise. The place of a node that was added or removed is not told of."""
    names = _Names(modules, inner)
    old, new = modules.old.flow.header, modules.new.flow.header
    yield from _places(names, old.canvas, new.canvas)
    yield from _views(names, old.panel, new.panel)
    yield from _settings(names, old.settings, new.settings)
    if old.requires_python != new.requires_python:
        yield _setting("requires-python", old.requires_python, new.requires_python)
    for package in dict.fromkeys((*old.dependencies, *new.dependencies)):
        texts = [package if package in header.dependencies else "" for header in (old, new)]
        if texts[0] != texts[1]:
            yield _setting("dependencies", *texts)


def _setting(part: str, old: str, new: str) -> Difference:
    return Difference("setting", _NOWHERE, _NOWHERE, part, old, new)


# ------------------------------------------------------------------ places
Places: TypeAlias = Mapping[str, Mapping[str, tuple[float, float]]]


def _places(names: _Names, mine: Places, its: Places) -> Iterator[Difference]:
    seen: set[tuple[str, str]] = set()
    for function, places in mine.items():
        there = its.get(names.function(function), {})
        for name, place in places.items():
            now = names.id(function, name)
            if now not in there and names.gone(function, name):
                continue
            seen.add((names.function(function), now))
            yield from _place(Address(function, name), Address(names.function(function), now), place, there.get(now))
    for function, places in its.items():
        for name, place in places.items():
            if (function, name) not in seen and not names.made(function, name):
                yield from _place(_was(names, function, name), Address(function, name), None, place)


def _was(names: _Names, function: str, name: str) -> Address:
    """Return what a node of the new flow was called in the old one."""
    return Address(names.old_function(function), names.old_id(function, name))


def _place(
    was: Address, now: Address, mine: tuple[float, float] | None, its: tuple[float, float] | None
) -> Iterator[Difference]:
    if mine != its:
        yield Difference("place", was, now, "", _place_text(mine), _place_text(its))


def _place_text(place: tuple[float, float] | None) -> str:
    return f"{place[0]:g}, {place[1]:g}" if place is not None else ""


# ------------------------------------------------------------------ views
def _views(
    names: _Names, mine: Mapping[str, Mapping[str, View]], its: Mapping[str, Mapping[str, View]]
) -> Iterator[Difference]:
    seen: set[tuple[str, str]] = set()
    for function, views in mine.items():
        other = names.function(function)
        for name, view in views.items():
            there = its.get(other, {})
            now = next((n for n in (names.id(function, name), name) if n in there and (other, n) not in seen), None)
            if now is None:
                yield Difference("view", Address(function, name), None, "", view_text(view), "")
                continue
            seen.add((other, now))
            at = Address(function, name), Address(other, now)
            yield from _view(names, at, view, there[now])
    for function, views in its.items():
        for name, view in views.items():
            if (function, name) not in seen:
                yield Difference("view", None, Address(function, name), "", "", view_text(view))


def _view(names: _Names, at: tuple[Address, Address], mine: View, its: View) -> Iterator[Difference]:
    node, dot, port = mine.shows.partition(".")
    shown = f"{names.id(at[0].function, node)}{dot}{port}"
    if shown != its.shows:
        yield Difference("view", *at, "shows", mine.shows, its.shows)
    if view_text(mine) != view_text(its):
        yield Difference("view", *at, "at", view_text(mine), view_text(its))
    for part in ("page", "group", "tab"):
        texts = [getattr(view, part) for view in (mine, its)]
        if texts[0] != texts[1]:
            yield Difference("view", *at, part, *texts)
    options = dict(mine.options), dict(its.options)
    for name in dict.fromkeys((*options[0], *options[1])):
        texts = [_text(option.get(name)) for option in options]
        if texts[0] != texts[1]:
            yield Difference("view", *at, f"options.{name}", *texts)
    more = dict(mine.more), dict(its.more)
    for name in dict.fromkeys((*more[0], *more[1])):
        texts = [_text(part.get(name)) for part in more]
        if texts[0] != texts[1]:
            yield Difference("view", *at, name, *texts)


def view_text(view: View) -> str:
    """Return where a view is: column, row, width, height."""
    return f"{view.column}, {view.row}, {view.width}, {view.height}"


# ------------------------------------------------------------------ all else
def _settings(names: _Names, mine: Mapping[str, Any], its: Mapping[str, Any]) -> Iterator[Difference]:
    before = {names.path(path): (path, value) for path, value in _leaves(mine).items()}
    after = _leaves(its)
    for path in dict.fromkeys((*before, *after)):
        old, (was, value) = path in before, before.get(path, (path, None))
        if _is_piece(path):
            yield from _piece(was if old else names.old_path(path), path, value if old else None, after.get(path))
            continue
        texts = [_text(value) if old else "", _text(after[path]) if path in after else ""]
        if texts[0] == texts[1]:
            continue
        ends = _owner(names, was, path)
        yield Difference("setting", *ends, ".".join(path), *texts)


def _is_piece(path: tuple[str, ...]) -> bool:
    """Say whether a path is that of a note or frame on the canvas, or of the way of a wire."""
    return len(path) == 3 and path[0] in DRAWN


def _piece(before: tuple[str, ...], path: tuple[str, ...], mine: Any, its: Any) -> Iterator[Difference]:
    was, now = Address(before[1], before[2]), Address(path[1], path[2])
    if not isinstance(mine, Mapping) or not isinstance(its, Mapping):
        if mine != its:
            yield Difference("setting", was, now, ".".join(path), _said(mine), _said(its))
        return
    for key in dict.fromkeys((*mine, *its)):
        texts = [_text(piece[key]) if key in piece else "" for piece in (mine, its)]
        if texts[0] != texts[1]:
            yield Difference("setting", was, now, ".".join((*path, key)), *texts)


def _said(piece: Any) -> str:
    """Say in words what a note, a frame or the way of a wire is."""
    if not isinstance(piece, Mapping):
        return "" if piece is None else _text(piece)
    if "by" in piece or "labels" in piece:
        return "labels" if piece.get("labels") else f"by way of {len(piece['by'])} points"
    return str(piece.get("text") or piece.get("title") or piece.get("at") or "empty")


def _owner(names: _Names, was: tuple[str, ...], now: tuple[str, ...]) -> tuple[Address, Address]:
    """Return the node that a setting is of, in both flows."""
    if len(now) == 3 and now[1] in names.functions.values():
        before = Address(was[1], was[2]) if was != now else _was(names, now[1], now[2])
        return before, Address(now[1], now[2])
    return _NOWHERE, _NOWHERE


def _leaves(table: Mapping[str, Any], before: tuple[str, ...] = ()) -> Leaves:
    found: Leaves = {}
    for name, value in table.items():
        if not before and name in ("ids", LAYOUT):  # which is which was found by other means; how a line that is off
            continue  # was laid out is no difference of its own
        path = (*before, name)
        if isinstance(value, Mapping) and value and not _is_piece(path):
            found |= _leaves(value, path)
        else:
            found[path] = value
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return (
        value
        if isinstance(value, str) and value
        else repr(value)
        if not isinstance(value, bool)
        else str(value).lower()
    )
