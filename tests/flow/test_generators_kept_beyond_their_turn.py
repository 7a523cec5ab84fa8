"""A generator that a loop keeps reads the loop's variable when it is asked: that is named before a run."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

TEXT = """
import flodesk


def flow():
    kept = []
    for i in range(3):
        {line}
    r = [list(g) for g in kept]


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("kept.append(x * i for x in [1])", True),
        ("g = (x * i for x in [1])\n        kept.append(g)", True),
        ("kept.append(x for x in [i])", False),
        ("kept.append([x * i for x in [1]])", False),
        ("kept.extend(x * i for x in [1])", False),
        ("kept.append(sum(x * i for x in [1]))", False),
    ],
)
def test_what_reads_the_variable_later_is_named(line: str, named: bool) -> None:
    problems = check(read(TEXT.format(line=line)), Catalog())
    assert any("beyond its turn" in problem.message for problem in problems) == named
