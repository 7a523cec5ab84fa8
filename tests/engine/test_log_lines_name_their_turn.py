"""A line of the log says in which turn of the outermost loop it was said, also from within a subflow."""

from __future__ import annotations

import pytest

from flodesk.engine.events import LogLine, from_json, to_json
from flodesk.engine.headless import run

FLOW = """
import flodesk
from flodesk.nodes import timing
from flodesk.public import context


def said(word):
    context().log(word)
    return word


def sub(n):
    deep = said(f"deep {n}")
    return deep


def flow():
    before = said("before")
    for n in timing.count(3):
        told = said(f"turn {n}")
        for m in timing.count(2):
            inner = said(f"inner {m}")
        got = sub(n)
    after = said("after")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("place", ["local", "process"])
def test_each_line_has_its_turn(place: str) -> None:
    header = '# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n# told = "process"\n# ///\n'
    result = run((header if place == "process" else "") + FLOW)
    assert result.reason == "succeeded", result.message
    lines = [event for event in result.events if isinstance(event, LogLine) and event.node]
    turns = {text: [line.iteration for line in lines if line.text == text] for text in {line.text for line in lines}}
    assert turns == {
        "before": [0],
        **{f"turn {n}": [n + 1] for n in range(3)},
        **{f"inner {m}": [1, 2, 3] for m in range(2)},
        **{f"deep {n}": [n + 1] for n in range(3)},
        "after": [0],
    }
    assert [from_json(to_json(line)) for line in lines] == lines
