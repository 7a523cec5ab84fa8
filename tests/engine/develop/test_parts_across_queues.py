"""Parts of flows whose values come through queues: who fills those runs along, as far and as long as it has to."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.events import LogLine, LoopFinished, NodeFailed
from flodesk.engine.headless import Result, run
from flodesk.engine.part import Part

FLOW = """
import flodesk
from flodesk.nodes import queue, timing

jobs = queue.Queue(size=2)
rows = queue.Queue(size=2)
level = queue.Latest(start=-1.0)


def twice(x):
    return x * 2.0


def say(name, value):
    print(name, flush=True)
    return value


def first():
    for i in timing.count(COUNT):
        a = twice(i)
        aside = say("aside", a)
        sent = jobs.put(a)


def second():
    for job in jobs:
        b = twice(job)
        passed = rows.put(b)
        told = level.put(b)


def third():
    count = say("count", 0.0)
    for row in rows:
        c = twice(row)
        count = twice(c)
        if c > 0.0:
            d = say("d", c)
    total = say("total", c)


def fourth():
    now = level.get()
    e = twice(now)


def fifth():
    got = list(jobs)
    f = len(got)


def alone():
    g = say("g", 1.0)


if __name__ == "__main__":
    flodesk.main(first, second, third, fourth, fifth, alone)
"""


def ran(which: Any, node: str, count: int = 3, text: str = FLOW) -> Result:
    return run(text.replace("COUNT", str(count)), part=Part(which, node), keep_values=True)


def loops_of(result: Result) -> dict[str, str]:
    return {event.loop: event.reason for event in result.events if isinstance(event, LoopFinished)}


def said(result: Result) -> list[str]:
    return [event.text for event in result.events if isinstance(event, LogLine)]


ENDLESS = 10**9


@pytest.mark.parametrize(
    ("node", "value", "functions"),
    [
        ("first.a", 0.0, {"first"}),
        ("second.job", 0.0, {"first", "second"}),
        ("second.b", 0.0, {"first", "second"}),
        ("third.c", 0.0, {"first", "second", "third"}),
        ("alone.g", 1.0, {"alone"}),
    ],
)
def test_to_here_runs_what_fills_the_queues(node: str, value: float, functions: set[str]) -> None:
    result = ran("to", node, ENDLESS)
    assert (result.reason, result.message) == ("succeeded", "")
    assert result.values[node] == value
    assert loops_of(result) == dict.fromkeys(functions, "succeeded")
    assert "first.aside" not in result.values
    assert [line for line in said(result) if "queue" in line or "jobs" in line] == []


def test_a_latest_value_is_waited_for() -> None:
    result = ran("to", "fourth.e", ENDLESS)
    assert (result.reason, result.message) == ("succeeded", "")
    assert result.values["fourth.now"] >= 0.0  # not what it starts with, whichever is the latest
    assert result.values["fourth.e"] == 2.0 * result.values["fourth.now"]
    assert loops_of(result) == dict.fromkeys(["first", "second", "fourth"], "succeeded")


@pytest.mark.parametrize(("node", "value"), [("fifth.f", 3), ("third.total", 16.0)])
def test_what_needs_all_of_a_queue_gets_all_of_it(node: str, value: float) -> None:
    result = ran("to", node)
    assert (result.reason, result.message) == ("succeeded", "")
    assert result.values[node] == value


def test_a_loop_over_a_queue_alone_gives_a_value() -> None:
    result = ran("node", "third.row", ENDLESS)
    assert (result.reason, result.values["third.row"]) == ("succeeded", 0.0)


def test_from_a_loop_over_a_queue_it_takes_all() -> None:
    result = ran("from", "second.job", 5)
    assert (result.reason, result.values["second.b"]) == ("succeeded", 16.0)


def test_a_writer_that_fails_is_named() -> None:
    text = FLOW.replace("return x * 2.0", "raise OSError('no value')", 1)
    result = ran("to", "third.c", ENDLESS, text)
    assert result.reason == "failed"
    assert [e.failure.node for e in result.events if isinstance(e, NodeFailed)] == ["first.a"]
    assert any(line.startswith("it did not run: third.row gave no value") for line in said(result))


def test_a_node_that_a_part_does_not_reach_says_so() -> None:
    result = ran("to", "third.d", ENDLESS)
    assert result.reason == "succeeded"
    assert "it did not run: the branch that it stands in was not taken" in said(result)


def test_a_writer_that_does_not_return_is_ended_when_it_is_not_needed_any_more() -> None:
    spin = "    if x > 0:\n        while True:\n            pass\n    return x * 2.0"
    text = FLOW.replace("    return x * 2.0", spin, 1)
    result = ran("to", "third.c", ENDLESS, text)
    assert (result.reason, result.message, result.values["third.c"]) == ("succeeded", "", 0.0)


def test_in_both_placements(placed: Any) -> None:
    placed.engine.watch({"third.c"}, set())
    placed.engine.open(FLOW.replace("COUNT", str(ENDLESS)))
    placed.engine.start(part=Part("to", "third.c"))
    ended = placed.wait()
    assert (ended.reason, ended.message) == ("succeeded", "")
    placed.until(lambda: placed.value("third.c") == 0.0)
    states = placed.engine.states()
    assert states["third.c"].state == "done"
    assert {"first.sent", "second.passed"} <= states.keys()
    assert not {"first.aside", "fourth.e", "alone.g"} & states.keys()


def test_a_node_of_a_subflow_says_what_can_be_asked_for() -> None:
    text = FLOW.replace("        a = twice(i)", "        a = inner(i)")
    text = text.replace("def first():", "def inner(x):\n    y = twice(x)\n    return y\n\n\ndef first():")
    result = ran("to", "inner.y", text=text)
    assert result.reason == "failed"
    assert "only a whole call of that can be run alone: ask for first.a" in result.message
