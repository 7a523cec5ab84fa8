"""Differences in words: a sentence each, in groups, and a table of signs that say the kind without colour."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flodesk.flow.diff.difference import WHOLE, Difference, Kind
from flodesk.flow.edit.header import DRAWN
from flodesk.flow.problem import quoted

SIGNS: dict[Kind, str] = {"added": "+", "removed": "-", "renamed": "»", "place": "↔", "text": "·"}
"""What stands before a difference; all others change something that stays: ``~``."""
_SHORT = 60
_MANY = 4
"""From so many on cards that moved, or statements of which only the text differs, are told of in one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A difference as it is told.

    Attributes
    ----------
    sign : str
        ``+``, ``-``, ``~``, ``»`` (renamed), ``↔`` (on the canvas), ``·`` (text alone).
    text : str
        A sentence without its full stop.
    more : tuple of str
        Lines below it: of code, with ``-``, ``+`` or a blank before each.
    differences : tuple of Difference
        What it tells: one, or several of a kind.
    """

    sign: str
    text: str
    more: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The lines under one heading: a function, the file, the canvas, the panel."""

    title: str
    lines: tuple[Line, ...]


def told(differences: Iterable[Difference]) -> tuple[Group, ...]:
    """Tell differences in groups, in the order in which they come."""
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(_group(difference), []).append(difference)
    return tuple(Group(title, tuple(_lines(found))) for title, found in groups.items())


def line(difference: Difference) -> Line:
    """Tell one difference."""
    text, more = _TELL[difference.kind](difference)
    return Line(SIGNS.get(difference.kind, "~"), text, more, (difference,))


def sentence(difference: Difference) -> str:
    """Tell one difference in a line of text."""
    return line(difference).text


def brief(difference: Difference) -> str:
    """Tell one difference in a few words, for a card that is named already; empty where the picture shows it."""
    d = difference
    match d.kind:
        case "added" | "removed":
            return f"{SIGNS[d.kind]} {short(d.new or d.old)}"
        case "renamed":
            return f"was {d.old}"
        case "type":
            return _switched(d) or _change(d, "nothing")
        case "parameter":
            told = f"{d.part} {_change(d, 'default')}"
            return _parameter(d)[0].partition(" ")[2] if d.part in WHOLE else told
        case "wire" if not d.new:
            return f"{_row(d.part)}: no wire from {short(d.old)}"
        case "wire" if not d.old:
            return f"{_row(d.part)}: wire from {short(d.new)}"
        case "wire":
            return f"{_row(d.part)}: {_change(d, 'nothing')}"
        case "home":
            return f"moved into {d.new}" if d.new else f"moved out of {d.old}"
        case "order":
            return f"runs after {d.new}" if d.new else "runs first"
        case "arm":
            return _change(d, "no arm")
        case "code":
            return "code changed"
        case "note":
            return f"note {_change(d, 'none')}"
        case "setting" if not _is_piece(d):
            if d.part.startswith("pins"):
                return f"on its card {_change(d, 'no field')}"
            return f"{'beside its loop' if d.part.startswith('detached') else 'runs in'} {_change(d, 'local')}"
        case _:
            return ""


def _row(part: str) -> str:
    """Name an input as its card does: what goes into ``*values`` without a number."""
    return part.partition("[")[0] if part.endswith("]") and not part.startswith(("args", "arm", "test")) else part


def counts(differences: Iterable[Difference]) -> str:
    """Say how many there are of each sort: ``2 added, 1 removed, 3 changed, 4 moved``.

    What stands at the top of the file has no card: it is told of apart (``1 function added, 2 changed in the file``).
    """
    apart: dict[tuple[str, str], int] = {}
    own = []
    for difference in differences:
        if sort := _at_the_top(difference):
            apart[sort] = apart.get(sort, 0) + 1
        else:
            own.append(difference)
    found = [f"{number} {_SORTS[sign]}" for sign, number in _counted(own).items() if number]
    for (what, how), number in sorted(apart.items()):
        found.append(f"{number} {what}{'s' if what and number > 1 else ''}{' ' if what else ''}{how}")
    return ", ".join(found) or "no differences"


def _at_the_top(d: Difference) -> tuple[str, str] | None:
    """Return what and how, in words, of what is different at the top of the file; None for others."""
    if d.at.function:
        return None
    if d.kind in ("added", "removed"):
        line = d.new or d.old
        if line.startswith(("def ", "async def ")):
            return "function", d.kind
        return "", f"{d.kind} in the file"
    return ("", "changed in the file") if d.kind in ("main", "import") else None


def short_counts(differences: Iterable[Difference]) -> str:
    """Say how many there are of each sort by their signs: ``+2 -1 ~3``."""
    return " ".join(f"{sign}{number}" for sign, number in _counted(differences).items() if number) or "the same"


_SORTS = {"+": "added", "-": "removed", "»": "renamed", "~": "changed", "↔": "moved", "·": "text only"}


def _counted(differences: Iterable[Difference]) -> dict[str, int]:
    found = dict.fromkeys(_SORTS, 0)
    for difference in differences:
        found[SIGNS.get(difference.kind, "~")] += 1
    return found


# ------------------------------------------------------------------ groups
def _group(difference: Difference) -> str:
    if difference.kind == "place" or (difference.kind == "setting" and of_the_picture(difference)):
        return "On the canvas"
    if difference.kind == "view":
        return "On the panel"
    if difference.kind == "text":
        return "Only the text differs"
    return f"In {difference.at.function}" if difference.at.function else "In the file"


def _lines(differences: list[Difference]) -> list[Line]:
    found: list[Line] = []
    rows: dict[tuple[Kind, str, str], list[Difference]] = {}
    for difference in differences:
        kind = difference.kind
        sort = "" if kind == "text" else "placed" if not difference.old else "moved" if difference.new else "unplaced"
        if kind in ("place", "text"):
            rows.setdefault((kind, difference.at.function, sort or difference.part), []).append(difference)
        else:
            found.append(line(difference))
    for (kind, function, sort), several in rows.items():
        if len(several) < _MANY:
            found += map(line, several)
            continue
        names = _listed([d.at.id for d in several])
        where = f" of {function}" if function else ""
        what = {
            "moved": f"{len(several)} cards{where} moved: {names}",
            "placed": f"{len(several)} cards{where} got a place: {names}",
            "unplaced": f"{len(several)} cards{where} lost their place: {names}",
            "comment": f"the comments at {len(several)} statements{where}: {names}",
            "layout": f"the spacing or quotes of {len(several)} statements{where}: {names}",
        }[sort]
        found.append(Line(SIGNS.get(kind, "~"), what, (), tuple(several)))
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


# ------------------------------------------------------------------ a sentence for each kind
Told = tuple[str, tuple[str, ...]]


def short(text: str) -> str:
    """Put a text on one line of bearable length."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"


def _name(difference: Difference) -> str:
    return quoted(_id(difference))


def _id(difference: Difference) -> str:
    return {"__doc__": "description", "__main__": "the last lines"}.get(difference.at.id, difference.at.id)


def _change(difference: Difference, nothing: str) -> str:
    old, new = (short(text) if text else nothing for text in (difference.old, difference.new))
    return f"{old} → {new}"


def _added(d: Difference) -> Told:
    return f"{_name(d)} was added: {short(d.new)}", ()


def _removed(d: Difference) -> Told:
    return f"{_name(d)} was removed: {short(d.old)}", ()


def _renamed(d: Difference) -> Told:
    if not d.old or not d.new:
        return (
            f"{_name(d)}: its result is named {quoted(d.new)} now"
            if d.new
            else f"{_name(d)}: its result, {quoted(d.old)}, has no name now",
            (),
        )
    return f"{quoted(d.old)} was renamed to {quoted(d.new)}", ()


def _type(d: Difference) -> Told:
    if switched := _switched(d):
        return f"{_name(d)} {switched}", ()
    return f"{_name(d)} is of another type: {_change(d, 'nothing')}", ()


def _switched(d: Difference) -> str:
    """Say that a node was switched off, bypassed or switched on, where that is all (see `flow.switched`)."""
    for words, line, other in (("is", d.new, d.old), ("is no longer", d.old, d.new)):
        marks = (("  # off: ", "switched off"), ("  # off too: ", "switched off, too"), ("  # bypass: ", "bypassed"))
        for mark, how in marks:
            before, found, kept = line.partition(mark)
            if found and other.partition("  # ")[0].endswith(kept.partition("  # ")[0]) and "  # off: " not in before:
                return f"{words} {how}"
    return ""


def _parameter(d: Difference) -> Told:
    if d.part == "await":
        return f"{_name(d)} is awaited now" if d.new else f"{_name(d)} is not awaited any more", ()
    if d.part == "map":
        return f"{_name(d)} runs {f'for each item of {short(d.new)}' if d.new else 'once'} now", ()
    return f"{_name(d)}: {d.part} {_change(d, 'default')}", ()


def _wire(d: Difference) -> Told:
    if not d.old:
        return f"{_name(d)}: {d.part} is wired to {short(d.new)}", ()
    if not d.new:
        return f"{_name(d)}: {d.part} is not wired to {short(d.old)} any more", ()
    return f"{_name(d)}: {d.part} was rewired, {_change(d, 'nothing')}", ()


def _home(d: Difference) -> Told:
    old, new = (
        quoted(text) if text else f"the start of {quoted(d.at.function or 'the file')}" for text in (d.old, d.new)
    )
    if not d.new:
        return f"{_name(d)} moved out of {old}", ()
    return f"{_name(d)} moved into {new}" + (f", out of {old}" if d.old else ""), ()


def _order(d: Difference) -> Told:
    old, new = (f"after {quoted(text)}" if text else "first" for text in (d.old, d.new))
    return f"{_name(d)} runs {new}, before: {old}", ()


def _arm(d: Difference) -> Told:
    if not d.old:
        return f"{_name(d)} got an arm: {short(d.new)}", ()
    if not d.new:
        return f"{_name(d)} lost an arm: {short(d.old)}", ()
    return f"{_name(d)}: {_change(d, '')}", ()


def _code(d: Difference) -> Told:
    rows = difflib.unified_diff(d.old.splitlines(), d.new.splitlines(), lineterm="", n=1)
    changed = [row for row in rows if not row.startswith(("---", "+++"))]
    parts = [row if not row.startswith("@@") else "" for row in changed]
    return f"{_name(d)}: the code changed", tuple(parts[1:] if parts and not parts[0] else parts)


def _note(d: Difference) -> Told:
    return f"{_name(d)}: the note {_change(d, 'none')}", ()


def _docstring(d: Difference) -> Told:
    what = f"the description of {quoted(d.at.function)}" if d.at.function else "the description"
    return what[0] + what[1:] + " changed", _code(d)[1]


def _import(d: Difference) -> Told:
    if not d.old:
        return f"{quoted(d.part)} is imported: {d.new}", ()
    if not d.new:
        return f"{quoted(d.part)} is not imported any more: {d.old}", ()
    return f"{quoted(d.part)} is imported from elsewhere: {_change(d, '')}", ()


def _signature(d: Difference) -> Told:
    return f"the head of {_name(d)}: {_change(d, '')}", ()


def _main(d: Difference) -> Told:
    return f"what is run: {_change(d, 'nothing')}", ()


def _place(d: Difference) -> Told:
    if not d.old:
        return f"{_name(d)} got a place: {d.new}", ()
    if not d.new:
        return f"{_name(d)} lost its place: {d.old}", ()
    return f"{_name(d)} moved: {_change(d, '')}", ()


def _view(d: Difference) -> Told:
    if d.was is None:
        return f"{_name(d)} is shown, at {d.new}", ()
    if d.now is None:
        return f"{_name(d)} is not shown any more, before at {d.old}", ()
    if d.part == "at":
        return f"{_name(d)} has another place or size (column, row, width, height): {_change(d, '')}", ()
    return f"{_name(d)}: {d.part} {_change(d, 'nothing')}", ()


def _piece(d: Difference) -> Told:
    """Tell of a note or a frame."""
    table, _, _, *key = d.part.split(".", 3)
    what = f"the {table.removesuffix('s')} {_name(d)}"
    if table == "wires":
        return f"{what} is drawn otherwise: {_change(d, 'a curve')}", ()
    if key == ["at"]:
        return f"{what} has another place or size: {_change(d, '')}", ()
    if key == ["text"]:
        return f"{what}: the text changed", _code(d)[1]
    if key:
        return f"{what}: {key[0]} {_change(d, 'none')}", ()
    return f"{what} was {'removed' if not d.new else 'added'}: {short(d.new or d.old)}", ()


def of_the_picture(difference: Difference) -> bool:
    """Say whether no run could notice a difference: places, the panel, notes, frames, comments and spacing."""
    if difference.kind in ("place", "view", "text"):
        return True
    return difference.kind == "setting" and difference.part.partition(".")[0] in (*DRAWN, "pins")


def _is_piece(d: Difference) -> bool:
    """Say whether a difference is of a note, a frame, or the way of a wire."""
    return d.kind == "setting" and bool(d.at.id) and d.part.partition(".")[0] in DRAWN


def _setting(d: Difference) -> Told:
    if _is_piece(d):
        return _piece(d)
    table, _, _ = d.part.partition(".")
    if d.at.id and table == "places":
        return f"{_name(d)} runs in: {_change(d, 'local')}", ()
    if d.at.id and table == "pins":
        return f"{_name(d)} always shows on its card: {_change(d, 'no field')}", ()
    if d.at.id and table == "detached":
        if not d.new:
            return f"{_name(d)} runs in its loop again", ()
        return f"{_name(d)} runs beside its loop, turns behind at most: {_change(d, 'in the loop')}", ()
    if d.part == "dependencies":
        return f"{quoted(d.new or d.old)} is {'now' if d.new else 'no longer'} among the packages that it needs", ()
    return f"the setting {d.part}: {_change(d, 'none')}", ()


def _text(d: Difference) -> Told:
    where = f"at {_name(d)}" if d.at.id else "of the file"
    if d.part == "comment":
        return f"the comment {where}: {_change(d, 'none')}", ()
    return f"the spacing, quotes or line ends {where}", ()


_TELL: dict[Kind, Callable[[Difference], Told]] = {
    "added": _added,
    "removed": _removed,
    "renamed": _renamed,
    "type": _type,
    "parameter": _parameter,
    "wire": _wire,
    "home": _home,
    "order": _order,
    "arm": _arm,
    "code": _code,
    "note": _note,
    "docstring": _docstring,
    "import": _import,
    "signature": _signature,
    "main": _main,
    "place": _place,
    "view": _view,
    "setting": _setting,
    "text": _text,
}
