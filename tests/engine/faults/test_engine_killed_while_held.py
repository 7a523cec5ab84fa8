"""An engine process that is killed while the run is held: no node is blamed, and it is said where the run was held."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from flodesk.engine.events import Paused, RunFinished
from flodesk.engine.lifeline import OUT_OF_MEMORY, how_it_ended, who_killed

FLOW = """
import flodesk
from flodesk.nodes import maths


def inner(x):
    y = maths.scale(x, factor=2.0)
    return y


def flow():
    first = maths.add(1.0, 2.0)
    part = inner(first)
    later = maths.scale(part, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.mark.parametrize("place", ["flow.later", "inner.y"])
def test_nobody_is_blamed_where_a_run_is_held(host: Any, place: str) -> None:
    host.engine.set_breaks({place: ""})
    host.engine.open(FLOW)
    host.engine.start()
    host.until(lambda: any(isinstance(e, Paused) for e in host.events))
    host.until(lambda: host.engine.states()[place].state == "paused")
    os.kill(host.engine.pid, signal.SIGKILL)
    host.until(lambda: any(isinstance(e, RunFinished) for e in host.events))
    end = next(e for e in host.events if isinstance(e, RunFinished))
    assert end.reason == "crashed"
    assert end.message == (
        f"The engine process was killed (SIGKILL; {OUT_OF_MEMORY}) while the run was held before “{place}”:"
        " no node was running. It was started anew"
    )
    states = {node: state.state for node, state in host.engine.states().items()}
    assert states[place] == "idle"
    assert "failed" not in states.values()
    assert states["flow.first"] == "done"


def test_who_kills() -> None:
    assert how_it_ended(-signal.SIGSEGV) == "crashed (SIGSEGV)"
    assert who_killed(-signal.SIGSEGV) == ""
    assert how_it_ended(-signal.SIGTERM) == "was killed (SIGTERM)"
    assert who_killed(-signal.SIGTERM) == ""
    assert who_killed(-signal.SIGKILL) == OUT_OF_MEMORY
