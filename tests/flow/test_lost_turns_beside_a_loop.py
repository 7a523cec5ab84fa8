"""Feedback keeps what it got in a turn that is lost beside its loop: the checker says so."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

TEXT = """
# /// script
# [tool.flodesk]
# on_error = "{mode}"
#
# [tool.flodesk.detached.flow]
# c = 2
# ///
import flodesk


def up(n):
    yield from range(n)


def add(a, b=1):
    return a + b


def flow():
    t = 0
    for i in up(6):
        s = add(t, b=i)
        {carry}
        p = print(s)
        c = abs(i)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("mode", "carry", "warned"),
    [("reject", "t = s", True), ("continue", "t = s", True), ("stop", "t = s", False), ("reject", "u = abs(s)", False)],
)
def test_a_loop_with_feedback_is_named(mode: str, carry: str, warned: bool) -> None:
    problems = check(read(TEXT.format(mode=mode, carry=carry).lstrip()), Catalog())
    told = [p for p in problems if "loses beside its loop" in p.message]
    assert bool(told) == warned, problems
    assert [p.severity for p in told] == ["warning"] * len(told)
