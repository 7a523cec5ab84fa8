"""Whole values come as often as the screen can show them, and no more often."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from flodesk.engine.client import Host, InProcess

TEXT = """\
import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.002):
        double = maths.add(tick, tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
PATIENCE = 60.0


@pytest.fixture(params=[InProcess, Host])
def engine(request: pytest.FixtureRequest) -> Iterator[InProcess | Host]:
    made = request.param()
    made.open(TEXT, "flow.py")
    yield made
    made.stop()
    made.close()


def arrivals(engine: InProcess | Host, enough: Callable[[list[float]], bool]) -> list[float]:
    """Return when new values came, in s."""
    found: list[float] = []
    seen = -1
    end = time.monotonic() + PATIENCE
    while not enough(found) and time.monotonic() < end:
        sample = engine.values().get("flow.double")
        if sample is not None and sample.sequence != seen:
            seen = sample.sequence
            found.append(time.monotonic())
        time.sleep(0.0005)
    assert enough(found), found
    return found


def quickest(times: list[float]) -> float:
    """Return the least mean time from a value to the next but four: one that was late makes others come early."""
    return min((times[n + 5] - times[n]) / 5 for n in range(len(times) - 5)) if len(times) > 5 else 9.0


def test_values_come_at_sixty_hertz_where_that_is_asked_for(engine: InProcess | Host) -> None:
    engine.watch({"flow.double"}, set(), 60.0)
    engine.start()
    times = arrivals(engine, lambda found: quickest(found[-50:]) < 0.024)
    assert min(b - a for a, b in pairwise(times)) < 0.030


def test_values_come_no_more_often_than_asked_for(engine: InProcess | Host) -> None:
    engine.watch({"flow.double"}, set(), 5.0)
    engine.start()
    times = arrivals(engine, lambda found: len(found) >= 5)
    assert times[-1] - times[0] >= 2 / 5.0, "at thirty a second it would be 4 / 30, with none of them late"
    engine.watch({"flow.double"}, set(), 60.0)  # the same values, at another rate
    arrivals(engine, lambda found: quickest(found[-50:]) < 0.1)
