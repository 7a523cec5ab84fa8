"""What ends a run before its flow does: a number of iterations, a time as its normal end, a time as a failure."""

from __future__ import annotations

import time

import pytest

from flodesk.engine.events import LoopFinished
from flodesk.engine.headless import run
from flodesk.engine.limits import Counted, Limits, length_of

ENDLESS = """
import itertools
import flodesk
from flodesk.nodes import collect

closed = []


def numbers():
    try:
        yield from itertools.count()
    finally:
        closed.append(True)


def wait(x):
    flodesk.context().sleep(0.001)
    return x


def flow():
    rows = collect.List()
    for number in numbers():
        slow = wait(number)
        rows.add(slow)
    found = rows.result()
    tidy = list(closed)


if __name__ == "__main__":
    flodesk.main(flow)
"""

STUCK = """
import threading
import flodesk


def hang():
    threading.Event().wait(60)


def flow():
    a = hang()


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_limit_of_iterations_ends_loops_as_if_the_producer_had_ended() -> None:
    result = run(ENDLESS, limits=Limits(iterations=7), keep_values=True)
    assert result.reason == "succeeded"
    assert result.values["flow.found"] == list(range(7))
    assert result.values["flow.tidy"] == [True], "the generator was closed before what stands below the loop ran"
    assert [e.iterations for e in result.events if isinstance(e, LoopFinished)] == [7]


def test_only_outermost_loops_are_limited_and_each_for_itself() -> None:
    text = ENDLESS.replace("wait(number)", "len([0 for x in range(10)])")
    text = text.replace(
        "        rows.add(slow)", "        for inner in range(5):\n            rows.add(inner)"
    ).replace("    tidy", "    for more in range(100):\n        last = abs(more)\n    tidy")
    result = run(text, limits=Limits(iterations=3), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.found"] == list(range(5)) * 3
    assert result.values["flow.last"] == 2


def test_a_limit_over_the_length_changes_nothing() -> None:
    text = ENDLESS.replace("numbers():\n        slow", "range(4):\n        slow")
    assert run(text, limits=Limits(iterations=100), keep_values=True).values["flow.found"] == [0, 1, 2, 3]


def test_a_limit_holds_over_a_change_of_the_running_flow(placed) -> None:
    text = ENDLESS.replace("sleep(0.001)", "sleep(0.005)")
    placed.engine.watch({"flow.found", "flow.slow"}, set())
    placed.engine.open(text)
    run = placed.engine.start(limits=Limits(iterations=60))
    placed.until(lambda: placed.value("flow.slow"))
    placed.engine.swap(text.replace("    found = rows.result()", "    found = rows.result()\n    more = len(found)"))
    end = placed.wait()
    assert (end.run, end.reason, end.limited) == (run, "succeeded", False)
    assert placed.value("flow.found") == list(range(60))
    assert [e.iterations for e in placed.events if isinstance(e, LoopFinished)] == [60]


def test_a_time_that_is_given_is_a_normal_end(placed) -> None:
    placed.engine.open(ENDLESS)
    placed.engine.start(limits=Limits(seconds=0.2))
    end = placed.wait()
    assert (end.reason, end.limited, end.message) == ("stopped", True, "")


def test_a_timeout_is_a_failure_with_words(placed) -> None:
    # once before, as what it imports takes of its time, too
    placed.run(ENDLESS.replace("numbers():\n        slow", "range(3):\n        slow"))
    placed.engine.open(ENDLESS)
    placed.finished.clear()
    placed.engine.start(limits=Limits(timeout=0.5))
    end = placed.wait()
    assert (end.reason, end.limited) == ("failed", False)
    assert end.message.startswith("The run did not end within its time limit of 0.5 s: flow.")
    assert end.message.endswith(" was running")


def test_a_run_that_ends_in_time_is_not_touched(placed) -> None:
    placed.engine.open(ENDLESS.replace("numbers():\n        slow", "range(3):\n        slow"))
    placed.engine.start(limits=Limits(timeout=30.0, seconds=30.0))
    assert placed.wait().reason == "succeeded"


def test_a_node_that_does_not_return_is_ended_with_its_process(host) -> None:
    host.run(ENDLESS.replace("numbers():\n        slow", "range(3):\n        slow"))
    host.engine.open(STUCK)
    host.finished.clear()
    begun = time.monotonic()
    host.engine.start(limits=Limits(timeout=0.5))
    end = host.wait()
    assert time.monotonic() - begun < 20  # the node would wait for 60 s
    assert end.reason == "failed"
    assert end.message.startswith("The run did not end within its time limit of 0.5 s: “flow.a” did not return")
    assert host.run(ENDLESS.replace("numbers():\n        slow", "range(3):\n        slow")).reason == "succeeded"


def test_a_producer_says_how_much_is_to_come_if_it_can() -> None:
    class Odd:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

        def __length_hint__(self):
            raise OSError("gone")

    assert length_of(iter([1, 2])) == 2
    assert length_of(Counted(iter(range(9)), 4)) == 4
    assert length_of(Counted(iter([1]), 4)) == 1
    assert length_of(x for x in [1]) == -1
    assert length_of(Odd()) == -1
    assert list(Counted(iter(range(9)), 4)) == [0, 1, 2, 3]
    assert list(Counted(iter(range(2)), 4)) == [0, 1]


@pytest.mark.parametrize("limits", [Limits(), Limits(3, 0.5, 7.0)])
def test_limits_travel_as_json(limits: Limits) -> None:
    assert Limits.from_json(limits.to_json()) == limits
    assert bool(limits) is (limits != Limits())
