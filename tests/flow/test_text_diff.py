"""How two texts differ, and two changes of one text together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flodesk.flow.text_diff import Hunk, changed_parts, hunks, line_in, merge, rows, turned

LINES = st.lists(st.sampled_from("abcde"), max_size=12)


def patched(before: list[str], after: list[str], found: list[Hunk]) -> list[str]:
    made = list(before)
    for hunk in reversed(found):
        made[hunk.start : hunk.end] = after[hunk.new_start : hunk.new_end]
    return made


def test_hunks_name_what_differs() -> None:
    assert hunks(list("abcd"), list("abcd")) == []
    assert hunks(list("abcd"), list("axcd")) == [Hunk(1, 2, 1, 2)]
    assert hunks(list("abcd"), list("abxycd")) == [Hunk(2, 2, 2, 4)]
    assert hunks(list("abcd"), list("ad")) == [Hunk(1, 3, 1, 1)]


@given(LINES, LINES)
def test_hunks_lead_from_one_text_to_the_other_and_back(before: list[str], after: list[str]) -> None:
    found = hunks(before, after)
    assert patched(before, after, found) == after
    assert patched(after, before, turned(found)) == before
    for line, text in enumerate(before):
        there = line_in(found, line)
        changed = any(h.start <= line < h.end for h in found)
        assert changed or (there is not None and after[there] == text)


@given(LINES, LINES, LINES)
def test_a_merge_keeps_all_of_ones_own_and_takes_what_is_in_nobodys_way(
    base: list[str], own: list[str], other: list[str]
) -> None:
    merged = merge(base, own, other)
    made = list(own)
    for start, end, lines in merged.changes:
        made[start:end] = lines
    mine = [line for h in hunks(base, own) for line in own[h.new_start : h.new_end]]
    left = list(made)
    for line in mine:
        left.remove(line)
    if own == base:
        assert made == other
        assert merged.clashes == ()
    if other in (base, own):
        assert made == own
        assert merged.clashes == ()


def test_changes_apart_come_together_and_in_one_line_ones_own_stays() -> None:
    base = list("abcdef")
    merged = merge(base, list("aXcdef"), list("abcdYf"))
    assert merged.changes == ((4, 5, ("Y",)),)
    assert merged.clashes == ()
    merged = merge(base, ["a", "X", "Z", "c", "d", "e", "f"], list("aQcdYf"))
    assert merged.changes == ((5, 6, ("Y",)),)
    assert merged.clashes == (1,)


def test_rows_stand_side_by_side_and_leave_out_what_both_have() -> None:
    before = [str(n) for n in range(20)]
    after = [*before[:10], "ten", "more", *before[11:]]
    found = rows(before, after, around=2)
    assert [(r.kind, r.left, r.right, r.count) for r in found] == [
        ("skipped", 0, 0, 8),
        ("same", 8, 8, 1),
        ("same", 9, 9, 1),
        ("changed", 10, 10, 1),
        ("added", None, 11, 1),
        ("same", 11, 12, 1),
        ("same", 12, 13, 1),
        ("skipped", 13, 14, 7),
    ]


@given(LINES, LINES, st.integers(0, 3))
def test_rows_hold_every_line_once(before: list[str], after: list[str], around: int) -> None:
    left: list[int] = []
    right: list[int] = []
    for row in rows(before, after, around):
        count = row.count if row.kind == "skipped" else 1
        left += range(row.left, row.left + count) if row.left is not None else ()
        right += range(row.right, row.right + count) if row.right is not None else ()
        if row.kind in ("same", "skipped"):
            assert row.left is not None
            assert row.right is not None
            assert before[row.left : row.left + count] == after[row.right : row.right + count]
    assert left == list(range(len(before)))
    assert right == list(range(len(after)))


def test_the_words_that_differ() -> None:
    assert changed_parts("scale(cutoff, factor=2.0)", "scale(cutoff, factor=7.5)") == (
        [(21, 22), (23, 24)],
        [(21, 22), (23, 24)],
    )
    assert changed_parts("abc", "x = y + z") == ([(0, 3)], [(0, 9)])
    assert changed_parts("", "x") == ([], [(0, 1)])
