"""Parts of a flow whose values are changed in place: each node finds the state that it has in the whole."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.part import Part

FLOW = """
import flodesk
from flodesk.nodes import maths


def made(n=3):
    return [1.0, n]


def push(values, k=2.0):
    values.append(k)
    return len(values)


def total(values, k=0.0):
    return sum(values) + k


def flow():
    data = made(n=3)
    first = total(data, k=0.5)
    count = push(data, k=2.0)
    data.append(10.0)
    last = total(data, k=0.25)
    other = maths.add(last, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("which", "node", "value"),
    [
        ("to", "first", 4.5),
        ("to", "count", 3),
        ("to", "last", 16.25),
        ("node", "first", 4.5),
        ("node", "count", 3),
        ("node", "last", 16.25),
        ("from", "count", 3),
        ("from", "call_1", None),
    ],
)
def test_a_part_finds_the_state_of_the_whole(placed: Any, which: Any, node: str, value: float | None) -> None:
    shown = {"flow.first", "flow.count", "flow.last", "flow.data"}
    placed.engine.watch(shown, set())
    placed.run(FLOW)
    for _ in range(2):
        placed.finished.clear()
        placed.engine.start(part=Part(which, f"flow.{node}"))
        ended = placed.wait()
        assert ended.reason == "succeeded", ended.message
        if value is not None:
            assert placed.value(f"flow.{node}") == value
        if which == "from":
            assert placed.value("flow.last") == 16.25
    # what the part has left is not taken for what the whole has left
    placed.finished.clear()
    placed.engine.start(part=Part("node", "flow.last"))
    assert placed.wait().reason == "succeeded"
    assert placed.value("flow.last") == 16.25
