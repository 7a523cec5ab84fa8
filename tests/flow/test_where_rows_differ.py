"""Where two rows differ, and what an edit that changes one place need not look at."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from flodesk.flow.apart import alike, apart
from flodesk.flow.edit.tree import names_stay, settled
from flodesk.flow.model import Block, Statement
from flodesk.flow.script import read

LINES = (
    "a = maths.add(1.0, 2.0)", "b = maths.add(1.0, 2.0)", "a = maths.scale(b)", "show.number(a)", "b = a", "a = 1.0",
    "c, d = 1, 2", "for a in timing.every(0.1):\n        b = maths.scale(a)", "for t in b:\n        c = maths.scale(t)",
    "if a:\n        c = maths.scale(b)\n    else:\n        c = maths.scale(a)", "call_1 = maths.scale(a)",
    "if_1 = maths.scale(b)", "e = maths.add(1.0, 2.0)", "f = maths.add(e, 2.0)",
)  # fmt: skip


@given(st.lists(st.integers(0, 2), max_size=12), st.lists(st.integers(0, 2), max_size=12))
def test_what_is_not_apart_is_alike(one: list[int], other: list[int]) -> None:
    here, there = apart(one, other)
    assert one[: here.start] == other[: there.start]
    assert one[here.stop :] == other[there.stop :]
    assert here.start == there.start <= min(here.stop, there.stop)
    left = one[here], other[there]
    if all(left):
        assert left[0][0] != left[1][0], "they begin alike no further"
        assert left[0][-1] != left[1][-1]
    assert alike(one, other) == here.start


def test_where_the_names_stay_nothing_has_another_id() -> None:
    draw, stay = random.Random(7), 0
    for _ in range(400):
        text = "\n".join(f"    {draw.choice(LINES)}" for _ in range(draw.randrange(1, 9)))
        body = read(f"def flow(x, call_2):\n{text}\n").functions["flow"].body
        statements: list[Statement] = list(body.statements)
        at = draw.randrange(len(statements))
        if draw.random() < 0.5:
            del statements[at]
        else:
            line = read(f"def flow():\n    {draw.choice(LINES)}\n").functions["flow"].body.statements[0]
            statements.insert(at, line)
        after = Block(statements=tuple(statements))
        if names_stay(body, after):
            stay += 1
            assert settled(after, "x, call_2") is after, text
    assert stay > 40, "a call that alone binds its name is nothing rare"
