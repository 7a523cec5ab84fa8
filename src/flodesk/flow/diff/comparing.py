"""Two flows compared: first the module, then each function that both have, then the header."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff.difference import Difference
from flodesk.flow.diff.header import header_differences
from flodesk.flow.diff.matching import match
from flodesk.flow.diff.pairs import Pairs
from flodesk.flow.diff.side import Item, Side
from flodesk.flow.diff.statements import changes, line_of
from flodesk.flow.model import Address, Docstring, Flow, Function, Import, Loop, Switch
from flodesk.flow.names import arm_label
from flodesk.flow.script import write


@dataclass(frozen=True, slots=True)
class Became:
    """What one function's statements and variables are called in the new flow.

    Attributes
    ----------
    function : str
        Its name in the old flow.
    ids, names : mapping of old to new
    """

    function: str
    ids: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two flows compared: the differences, and what became of each function, by its name in the new flow."""

    differences: tuple[Difference, ...]
    became: Mapping[str, Became]


def diff(old: Flow, new: Flow, catalog: Catalog | None = None) -> tuple[Difference, ...]:
    """Find what is otherwise in a new flow than in an old one.

    Parameters
    ----------
    catalog : Catalog, optional
        The node types that are known: arguments that are passed by position go by the names of their parameters then.

    Returns
    -------
    tuple of Difference
        In the order of the new flow's text, the header's last; none if and only if both are the same to the letter.
        Seen from the other side the differences are the same, mirrored.
    """
    return compare(old, new, catalog).differences


def compare(old: Flow, new: Flow, catalog: Catalog | None = None) -> Comparison:
    """Find the differences as `diff` does, and what became of each statement."""
    if old is new:
        return Comparison((), {})
    texts = write(old), write(new)
    if texts[0] == texts[1] and old.encoding == new.encoding:
        return Comparison((), {})
    known = catalog if catalog is not None else Catalog({})
    # Of several ways to pair what is left over one is chosen: always from the same side, so that both see the same.
    turned = (texts[0], old.encoding) > (texts[1], new.encoding)
    first, second = (new, old) if turned else (old, new)
    modules = match(Side(first, "", known.with_flow(first)), Side(second, "", known.with_flow(second)))
    inner = list(_functions(modules))
    found = [d for pairs in (modules, *inner) for d in function_differences(pairs)]
    found += _imports(first, second)
    found += header_differences(modules, inner)
    if not found:
        found.append(Difference("text", Address("", ""), Address("", ""), "layout"))
    if turned:
        found = [difference.mirrored() for difference in found]
    scopes = (modules, *inner)
    became = dict(_became(pairs, turned) for pairs in scopes)
    return Comparison(tuple(sorted(found, key=_Order(scopes, turned))), became)


def _became(pairs: Pairs, turned: bool) -> tuple[str, Became]:
    ids = {}
    for item in pairs.old.items:
        now = pairs.new_of(item)
        if now is not None:
            ids[item.statement.id] = now.statement.id
    if turned:
        ids, names = ({new: old for old, new in mapping.items()} for mapping in (ids, pairs.names))
        return pairs.old.function, Became(pairs.new.function, ids, names)
    return pairs.new.function, Became(pairs.old.function, ids, dict(pairs.names))


def _functions(modules: Pairs) -> Iterator[Pairs]:
    for item in modules.new.items:
        before = modules.old_of(item)
        if before is None or not isinstance(item.statement, Function) or not isinstance(before.statement, Function):
            continue
        mine, its = modules.old, modules.new
        yield match(
            Side(mine.flow, before.statement.name, mine.catalog),
            Side(its.flow, item.statement.name, its.catalog),
            modules,
        )


# ------------------------------------------------------------------ one function
def function_differences(pairs: Pairs) -> Iterator[Difference]:
    """Give the differences of one function's statements."""
    was, now = pairs.old.function, pairs.new.function
    for item in pairs.left(True):
        if not isinstance(item.statement, Import):
            yield Difference("removed", Address(was, item.statement.id), None, "", line_of(item.statement), "")
    for item in pairs.left(False):
        if not isinstance(item.statement, Import):
            yield Difference("added", None, Address(now, item.statement.id), "", "", line_of(item.statement))
    told: set[tuple[str, str]] = set()
    for after in pairs.new.items:
        before = pairs.old_of(after)
        if before is None:
            continue
        at = Address(was, before.statement.id), Address(now, after.statement.id)
        for kind, part, old, new in changes(pairs, before, after):
            if kind == "renamed" and (old, new) in told:  # one variable, bound in several arms
                continue
            told.add((old, new))
            yield Difference(kind, *at, part, old, new)
        if pairs.home(before) != (after.parent, after.arm):
            yield Difference("home", *at, "", _home(pairs.old, before), _home(pairs.new, after))
    yield from _order(pairs)


def _home(side: Side, item: Item) -> str:
    """Name the loop or arm that a statement stands in; an empty text for the function itself."""
    if item.parent < 0:
        return ""
    owner = side.items[item.parent].statement
    if isinstance(owner, Switch):
        return f"{arm_label(owner, item.arm)} ({owner.id})"
    return f"for {', '.join(owner.targets)}" if isinstance(owner, Loop) else ""


def _order(pairs: Pairs) -> Iterator[Difference]:
    """Tell which statements stand behind others than before, though in the same loop or arm: as few as explain it."""
    rows: dict[tuple[int, int], list[Item]] = {}
    for after in pairs.new.items:
        before = pairs.old_of(after)
        if before is None or isinstance(after.statement, Import | Docstring):
            continue
        if pairs.home(before) == (after.parent, after.arm):
            rows.setdefault((after.parent, after.arm), []).append(before)
    for row in rows.values():
        kept = _longest_rising([item.number for item in row])
        if len(kept) == len(row):
            continue
        there = sorted(row, key=lambda item: item.number)
        index = {item.number: place for place, item in enumerate(there)}
        for place, moved in enumerate(row):
            if moved.number in kept:
                continue
            above = there[index[moved.number] - 1] if index[moved.number] else None
            yield Difference(
                "order",
                Address(pairs.old.function, moved.statement.id),
                Address(pairs.new.function, _now(pairs, moved)),
                "",
                above.statement.id if above is not None else "",
                _now(pairs, row[place - 1]) if place else "",
            )


def _now(pairs: Pairs, item: Item) -> str:
    after = pairs.new_of(item)
    assert after is not None
    return after.statement.id


def _longest_rising(numbers: list[int]) -> set[int]:
    """Return the longest part of a row in which the numbers rise."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            at.append(place)
        else:
            ends[length] = number
            at[length] = place
    found: set[int] = set()
    place = at[-1] if at else -1
    while place >= 0:
        found.add(numbers[place])
        place = before[place]
    return found


def _imports(old: Flow, new: Flow) -> Iterator[Difference]:
    """Compare what the imports give: which name stands for what."""
    mine, its = old.imports, new.imports
    for name in dict.fromkeys((*mine, *its)):
        if mine.get(name) != its.get(name):
            yield Difference("import", Address("", ""), Address("", ""), name, mine.get(name, ""), its.get(name, ""))


# ------------------------------------------------------------------ the order in which they are told
class _Order:
    """Sorts by the function, then by the place in the new flow's text; what is gone by what stood above it."""

    def __init__(self, scopes: tuple[Pairs, ...], turned: bool) -> None:
        self._functions: dict[str, int] = {"": len(scopes) + 1}
        self._numbers: dict[Address, float] = {}
        self._gone: dict[Address, float] = {}
        for rank, pairs in enumerate(scopes[1:]):
            self._functions[(pairs.old if turned else pairs.new).function] = rank
        for pairs in scopes:
            before, after = (pairs.new, pairs.old) if turned else (pairs.old, pairs.new)
            partner = pairs.old_of if turned else pairs.new_of
            for item in after.items:
                self._numbers.setdefault(Address(after.function, item.statement.id), item.number)
            above = -1.0
            for item in before.items:
                now = partner(item)
                above = above + 1e-4 if now is None else now.number
                if now is None:
                    self._gone.setdefault(Address(before.function, item.statement.id), above)

    def __call__(self, difference: Difference) -> tuple[int, int, float, int]:
        at = difference.at
        rank = _RANKS.get(difference.kind, 0)
        if difference.now is not None:
            function = self._functions.get(at.function, len(self._functions) + 1)
            return rank, function, self._numbers.get(at, 1e9), 1
        return rank, len(self._functions), self._gone.get(at, 1e9), 0


_RANKS = {"import": 1, "main": 1, "setting": 2, "place": 3, "view": 4, "text": 5}

__all__ = ["Became", "Comparison", "compare", "diff"]
