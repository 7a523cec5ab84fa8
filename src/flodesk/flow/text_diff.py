"""How two texts differ, line by line: for a view of it, and to bring two changes of one text together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

MOST = 4_000_000
"""Pairs of lines up to which the best match is looked for; beyond them (seconds) all between is one hunk."""
_TRIED = 30
"""Lines that one text may have more than the other in a difference for the best place of the fewer to be looked for."""
_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines ``before[start:end]`` stand in the other text as ``after[new_start:new_end]``; either may be none."""

    start: int
    end: int
    new_start: int
    new_end: int


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without their ends; what follows the last line feed is one, too, however empty."""
    return text.split("\n")


def hunks(before: Sequence[str], after: Sequence[str]) -> list[Hunk]:
    """Return where two lists of lines differ, in their order."""
    top = 0
    shorter = min(len(before), len(after))
    while top < shorter and before[top] == after[top]:
        top += 1
    below = 0
    while below < shorter - top and before[-1 - below] == after[-1 - below]:
        below += 1
    old, new = before[top : len(before) - below], after[top : len(after) - below]
    if not old and not new:
        return []
    if not old or not new or len(old) * len(new) > MOST:
        return [Hunk(top, top + len(old), top, top + len(new))]
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [Hunk(top + a, top + b, top + c, top + d) for tag, a, b, c, d in codes if tag != "equal"]


def line_in(found: Sequence[Hunk], line: int) -> int | None:
    """Return where a line of the text before stands now; None if it was changed or taken out. Lines count from 0."""
    shift = 0
    for hunk in found:
        if line < hunk.start:
            break
        if line < hunk.end:
            # lines that were changed one for one are still those lines
            return (
                line - hunk.start + hunk.new_start if hunk.end - hunk.start == hunk.new_end - hunk.new_start else None
            )
        shift = hunk.new_end - hunk.end
    return line + shift


def turned(found: Sequence[Hunk]) -> list[Hunk]:
    """Return the way back: the same hunks, with before and after exchanged."""
    return [Hunk(h.new_start, h.new_end, h.start, h.end) for h in found]


# ------------------------------------------------------------------ two changes of one text
@dataclass(frozen=True, slots=True)
class Merged:
    """What of another's changes goes into one's own text.

    Attributes
    ----------
    changes : tuple of (start, end, lines)
        Lines of one's own text to replace, and by what; from the last to the first, so that each finds its place.
    clashes : tuple of int
        Lines of one's own text, from 0, that both changed: one's own stay.
    """

    changes: tuple[tuple[int, int, tuple[str, ...]], ...]
    clashes: tuple[int, ...]


def merge(base: Sequence[str], own: Sequence[str], other: Sequence[str]) -> Merged:
    """Bring what `other` changed of `base` into `own`, which changed it too."""
    mine = hunks(base, own)
    changes: list[tuple[int, int, tuple[str, ...]]] = []
    clashes: list[int] = []
    for hunk in hunks(base, other):
        lines = tuple(other[hunk.new_start : hunk.new_end])
        if any(
            (m.start, m.end) == (hunk.start, hunk.end) and own[m.new_start : m.new_end] == list(lines) for m in mine
        ):
            continue  # both did the same
        touching = [m for m in mine if _touch(m, hunk)]
        if touching:
            clashes.append(touching[0].new_start)
            continue
        between = hunk.start == hunk.end
        above = [m for m in mine if m.end <= hunk.start and not (between and m.start == hunk.start)]
        shift = sum(m.new_end - m.new_start - (m.end - m.start) for m in above)
        changes.append((hunk.start + shift, hunk.end + shift, lines))
    return Merged(tuple(reversed(changes)), tuple(clashes))


def _touch(one: Hunk, other: Hunk) -> bool:
    """Whether both replace a line; what is inserted between two lines stands in nobody's way."""
    if one.start == one.end and other.start == other.end:
        return False
    if one.start == one.end:
        return other.start < one.start < other.end
    if other.start == other.end:
        return one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


# ------------------------------------------------------------------ for a view
@dataclass(frozen=True, slots=True)
class Row:
    """One row of two texts side by side: numbers of lines from 0, None where one text has no line there.

    A row that is ``skipped`` stands for `count` lines from there that both texts have.
    """

    kind: Literal["same", "changed", "removed", "added", "skipped"]
    left: int | None
    right: int | None
    count: int = 1


def rows(before: Sequence[str], after: Sequence[str], around: int = 3) -> list[Row]:
    """Return two texts side by side; of what both have only `around` lines next to a difference."""
    found: list[Row] = []
    left = right = 0
    differences = hunks(before, after)
    for number, hunk in enumerate(differences):
        found += _same(left, right, hunk.start - left, around if number else 0, around)
        found += _side_by_side(hunk, before, after)
        left, right = hunk.end, hunk.new_end
    found += _same(left, right, len(before) - left, around if differences else 0, 0)
    return found


def _side_by_side(hunk: Hunk, before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Give the rows of one difference; the fewer lines stand beside those that they are most like."""
    old, new = range(hunk.start, hunk.end), range(hunk.new_start, hunk.new_end)
    fewer, more = sorted((old, new), key=len)
    spare = len(more) - len(fewer)
    first = 0
    if fewer and 0 < spare <= _TRIED:
        lines, others = (before, after) if fewer is old else (after, before)

        def alike(shift: int) -> float:
            pairs = ((lines[line], others[more[n + shift]]) for n, line in enumerate(fewer))
            return sum(difflib.SequenceMatcher(None, one.strip(), other.strip()).ratio() for one, other in pairs)

        first = max(range(spare + 1), key=alike)
    for n, line in enumerate(more):
        inside = first <= n < first + len(fewer)
        other = fewer[n - first] if inside else None
        left, right = (other, line) if fewer is old else (line, other)
        yield Row("changed" if inside else "added" if left is None else "removed", left, right)


def _same(left: int, right: int, count: int, first: int, last: int) -> Iterator[Row]:
    hidden = count - first - last
    if hidden < 2:  # a row that says that one line is left out takes as much room as the line
        first, hidden, last = count, 0, 0
    for step in range(first):
        yield Row("same", left + step, right + step)
    if hidden:
        yield Row("skipped", left + first, right + first, hidden)
    for step in range(count - last, count):
        yield Row("same", left + step, right + step)


def changed_parts(before: str, after: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return which parts of two lines differ, word by word, as (start, end) in each."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # marking every other letter of quite another line helps nobody
        return ([(0, len(before))] if before else []), ([(0, len(after))] if after else [])
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        if b > a:
            left.append((len("".join(old[:a])), len("".join(old[:b]))))
        if d > c:
            right.append((len("".join(new[:c])), len("".join(new[:d]))))
    return left, right
