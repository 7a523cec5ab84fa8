"""Which statement of one function is which of the other: by name, by what it says, by whom it feeds.

Names come first: a node goes by its name. What has none (``if_1``, ``code_2``) is known by what it says; numbers shift
when one is added. Of those that are left over on both sides, the ones that call the same with the same wiring were
renamed.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable

from flodesk.flow.diff import keys
from flodesk.flow.diff.keys import Key
from flodesk.flow.diff.pairs import Pairs
from flodesk.flow.diff.side import Item, Side
from flodesk.flow.model import Call, Code, Docstring, Function, Loop, Main, Return, Statement

_MOST_LINES = 2000
"""Code with more lines than these in all is not compared for likeness."""


def match(old: Side, new: Side, outer: Pairs | None = None) -> Pairs:
    """Find which statement of an old function is which of the new one; `outer` are the pairs of the module around."""
    pairs = Pairs(old, new, outer)
    _pass(pairs, keys.itself)
    _pass(pairs, keys.name_and_type)
    _settle(pairs)
    for likeness in (keys.name, keys.place, keys.readers, keys.sources):
        if _pass(pairs, likeness):
            _settle(pairs)
    for kind in (Code, Function):
        _pair_alike(pairs, kind)
    if _pass(pairs, keys.at_home(keys.neighbour)):
        _settle(pairs)
    return pairs


def _settle(pairs: Pairs) -> None:
    """Pair what has no name, and what was renamed, until nothing more is found."""
    again = True
    while again and pairs.left(True) and pairs.left(False):
        again = any(
            [
                _pass(pairs, keys.number_and_content),
                _pass(pairs, keys.at_home(keys.when_on)),
                _pass(pairs, keys.at_home(keys.anonymous_content)),
                _pass(pairs, keys.anonymous_content),
                _vote(pairs),
                _pass(pairs, keys.at_home(keys.bound)),
                _pass(pairs, keys.bound),
                _renames(pairs),
            ]
        )


def _pass(pairs: Pairs, key: Key) -> bool:
    """Pair what has the same key, in the order of the text; return whether anything was."""
    waiting: dict[Hashable, deque[Item]] = defaultdict(deque)
    for item in pairs.left(False):
        if (made := key(pairs, False, item)) is not None:
            waiting[made].append(item)
    found = False
    for item in pairs.left(True) if waiting else ():
        made = key(pairs, True, item)
        if made is not None and waiting.get(made):
            pairs.pair(item, waiting[made].popleft())
            found = True
    return found


def _renames(pairs: Pairs) -> bool:
    """Pair what says the same under another name; in the order of the text, so that each serves those below it."""
    there = {old: {i.statement.id: i for i in pairs.left(old) if not i.anonymous} for old in (True, False)}

    def key(pairs: Pairs, old: bool, item: Item) -> Hashable:
        if item.anonymous or isinstance(item.statement, Docstring | Main | Return):
            return None
        other = there[not old].get(item.statement.id)
        if other is not None and _stays(pairs, item, other):
            return None
        return keys.content(pairs, old, item)

    return any([_pass(pairs, keys.at_home(key)), _pass(pairs, key)])


def _stays(pairs: Pairs, item: Item, other: Item) -> bool:
    """Say whether what has the same name is the same node, though it calls something else now."""
    place = pairs.old.places.get(item.statement.id)
    same_place = place is not None and place == pairs.new.places.get(item.statement.id)
    return same_place or not all(_says(i.statement) for i in (item, other))


def _says(statement: Statement) -> bool:
    return isinstance(statement, Call | Loop) and bool(statement.arguments)


def _vote(pairs: Pairs) -> bool:
    """Pair loops and switches that hold the same statements."""
    votes: Counter[tuple[int, int]] = Counter()
    for item in pairs.old.items:
        now = pairs.new_of(item)
        if now is None or item.parent < 0 or now.parent < 0:
            continue
        before, after = pairs.old.items[item.parent], pairs.new.items[now.parent]
        if _free(pairs, before, after) and type(before.statement) is type(after.statement):
            votes[before.number, after.number] += 1
    found = False
    for (mine, its), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        before, after = pairs.old.items[mine], pairs.new.items[its]
        if _free(pairs, before, after):
            pairs.pair(before, after)
            found = True
    return found


def _free(pairs: Pairs, before: Item, after: Item) -> bool:
    return pairs.new_of(before) is None and pairs.old_of(after) is None


def _pair_alike(pairs: Pairs, kind: type[Code] | type[Function]) -> None:
    """Pair code nodes, or functions, of which half the lines are the same."""
    mine = [item for item in pairs.left(True) if isinstance(item.statement, kind)]
    its = [item for item in pairs.left(False) if isinstance(item.statement, kind)]
    said = {id(item): _lines_of(item.statement) for item in (*mine, *its)} if mine and its else {}
    if sum(lines.total() for lines in said.values()) > _MOST_LINES:
        return
    for item in mine:
        best, most = None, 0.5
        for other in its:
            if not _free(pairs, item, other):
                continue
            a, b = said[id(item)], said[id(other)]
            share = 2 * (a & b).total() / max(1, a.total() + b.total())
            if share > most or (share == most and best is None):
                best, most = other, share
        if best is not None:
            pairs.pair(item, best)


def _lines_of(statement: Statement) -> Counter[str]:
    if isinstance(statement, Function):
        return Counter(keys.lines(statement))
    text = statement.text if isinstance(statement, Code) else ""
    return Counter(line.strip() for line in text.splitlines() if line.strip())
