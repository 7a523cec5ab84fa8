"""What is shown of a node that ran elsewhere is its last value, also where its state came long before its value."""

from __future__ import annotations

import pytest

FLOW = """\
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# early = "process"
# late = "process"
# ///
import time
import flodesk
from flodesk.nodes import maths, timing


def scaled(x):
    v = maths.scale(x, factor=10.0)
    return v


def slowly(x):
    time.sleep(0.25)
    return x


def flow():
    for turn in timing.count(3):
        early = scaled(turn)
        late = slowly(early)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("placed", ["here", "host"])
def test_the_last_value_of_each_neighbour_is_shown_in_the_end(placed: str, request: pytest.FixtureRequest) -> None:
    watcher = request.getfixturevalue(placed)
    watcher.engine.watch({"flow.early", "flow.late", "scaled.v"}, set())
    assert watcher.run(FLOW).reason == "succeeded"
    assert {name: watcher.value(name) for name in ("flow.early", "flow.late", "scaled.v")} == {
        "flow.early": 20.0,
        "flow.late": 20.0,
        "scaled.v": 20.0,
    }
