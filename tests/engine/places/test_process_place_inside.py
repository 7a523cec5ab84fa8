"""What runs inside a process place: awaited nodes share one event loop, inner nodes of subflows are seen as at home."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from flodesk.engine.events import LogLine
from flodesk.engine.headless import run

HEAD = """\
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.WHERE]
NODES# ///
import asyncio
import os
import flodesk
from flodesk import Note
from flodesk.nodes import collect


async def fetch(x):
    await asyncio.sleep(0.001)
    return x + 1


async def loop_and_process(x):
    await asyncio.sleep(0)
    return id(asyncio.get_running_loop()), os.getpid()


async def say(x):
    await asyncio.sleep(0)
    flodesk.context().log(f"said {x}")
    return x


async def never(x):
    flodesk.context().log("begun")
    await asyncio.Event().wait()


class Line:
    def __init__(self):
        self.queue = asyncio.Queue()
        self.task = None

    async def __call__(self, x):
        if self.task is None:
            self.task = asyncio.create_task(self.work())
        await self.queue.put(x)
        await self.queue.join()
        return self.sum

    async def work(self):
        self.sum = 0
        while True:
            self.sum += await self.queue.get()
            self.queue.task_done()

    async def close(self):
        self.task.cancel()
        await asyncio.sleep(0)
        flodesk.context().log(f"closed at {self.sum}")


def inc(x, by=1):
    return x + by


def here(x):
    return x, os.getpid()


def board(x) -> Note:
    return Note("board", f"x is {x}")


def inner(x):
    a = inc(x, by=10)
    b = here(a)
    c = object()
    shown = board(a)
    return a
"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(body: str, *nodes: str, where: str = "flow") -> str:
    head = HEAD.replace("WHERE", where).replace("NODES", "".join(f'# {node} = "process"\n' for node in nodes))
    return f"{head}\n\n{body}{TAIL}"


def lines(found: Any) -> list[tuple[str, str]]:
    return [(event.node, event.text) for event in found.events if isinstance(event, LogLine)]


def test_awaited_nodes_there_share_an_event_loop_and_see_the_run() -> None:
    body = """async def flow():
    line = Line()
    seen = collect.List()
    for k in range(4):
        a = await fetch(k)
        b = await fetch(a)
        c = await say(b)
        where = await loop_and_process(c)
        seen.add(where)
        total = await line(c)
    found = seen.result()
"""
    result = run(text_of(body, "b", "c", "line", "where"), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert [result.values[f"flow.{name}"] for name in ("b", "c", "total")] == [5, 5, 2 + 3 + 4 + 5]
    places = set(result.values["flow.found"])
    assert len(places) == 1, "one event loop for all jobs"
    assert os.getpid() not in {pid for _, pid in places}
    assert [text for node, text in lines(result) if node == "flow.c"] == [f"said {k}" for k in range(2, 6)]
    assert "closed at 14" in [text for _, text in lines(result)]


def test_an_awaited_node_at_home_sees_the_run() -> None:
    body = "async def flow():\n    a = await say(1)\n    b = await say(2)\n"
    assert lines(run(text_of(body))) == [("flow.a", "said 1"), ("flow.b", "said 2")]


def test_what_is_awaited_there_is_stopped_at_once(here) -> None:
    body = "async def flow():\n    a = await fetch(1)\n    b = await never(a)\n"
    here.start(text_of(body, "b"))
    here.until(lambda: ("flow.b", "begun") in lines(here))
    start = time.perf_counter()
    assert here.stop().reason == "stopped"
    assert time.perf_counter() - start < 15
    assert "ended" not in here.wait().message, "its process lives on"


CALLS = """def flow():
    for k in range(N):
        got = inner(k)
        last = inc(got)
"""


@pytest.mark.parametrize("where", ["flow", "inner"])
def test_inner_nodes_of_a_subflow_that_runs_there_are_seen(placed, where: str) -> None:
    nodes = ["got"] if where == "flow" else ["a", "b"]
    placed.engine.watch({"inner.a", "inner.b", "inner.c"}, {"inner.shown"})
    placed.start(text_of(CALLS.replace("N", "10_000_000"), *nodes, where=where))
    placed.until(lambda: (placed.value("inner.a") or 0) > 20)
    a, pid = placed.value("inner.b")
    assert a >= 10
    assert pid != getattr(placed.engine, "pid", os.getpid())
    assert placed.until(lambda: "inner.shown" in placed.engine.previews())
    assert placed.engine.states()["inner.a"].count > 10
    assert placed.stop().reason == "stopped"


def test_the_newest_values_inside_are_those_of_the_last_call(placed) -> None:
    placed.engine.watch({"inner.a", "flow.last"}, set())
    placed.run(text_of(CALLS.replace("N", "25"), "got"))
    placed.until(lambda: placed.value("flow.last") == 35)
    placed.until(lambda: placed.value("inner.a") == 34)


def test_a_literal_of_a_subflow_that_runs_there_is_changed_there(placed) -> None:
    placed.engine.watch({"inner.a", "flow.got"}, set())
    placed.start(text_of(CALLS.replace("N", "10_000_000"), "got"))
    placed.until(lambda: (placed.value("flow.got") or 0) > 20)
    placed.engine.set_parameter("inner.a", "by", "-100_000_000")
    placed.until(lambda: placed.value("flow.got") < 0)
    assert placed.stop().reason == "stopped"


METER = """class Meter:
    def __init__(self, offset=0.0):
        self.count = 0
        self.offset = offset

    def __call__(self, value, factor=1.0, unit="V"):
        self.count += 1
        return self.count, value * factor + self.offset, unit, os.getpid()


def flow():
    meter = Meter(offset=5.0)
    for k in timing.every(0.002):
        got = meter(2.0, factor=10.0)


"""


def test_a_live_edit_of_a_call_of_an_object_there_keeps_the_object(placed) -> None:
    """A literal given by name, one given by place, then a new text: each from the next call on."""
    text = text_of("from flodesk.nodes import timing\n\n\n" + METER, "meter", "got")
    placed.engine.watch({"flow.got"}, set())
    placed.start(text)
    told = []

    def shows(number: float, unit: str) -> None:
        now = placed.until(lambda: (v := placed.value("flow.got")) and v[1:3] == (number, unit) and v)
        told.append((now[0], now[3]))

    shows(25.0, "V")
    placed.engine.set_parameter("flow.got", "factor", "100.0")
    shows(205.0, "V")
    placed.engine.set_parameter("flow.got", "value", "3.0")
    shows(305.0, "V")
    placed.engine.swap(text.replace("2.0, factor=10.0", "3.0, factor=100.0, unit='mV'"))
    shows(305.0, "mV")
    counts = [count for count, _ in told]
    assert counts == sorted(set(counts)), "the object went on counting"
    assert len({process for _, process in told}) == 1
    assert os.getpid() not in {process for _, process in told}
    assert placed.stop().reason == "stopped"
    assert not placed.failures


def test_an_indicator_of_a_subflow_there_is_part_of_the_result() -> None:
    result = run(text_of(CALLS.replace("N", "3"), "got"))
    assert [shown.summary() for shown in result.indicators.values()] == ["x is 12"]
    assert list(result.indicators) == ["inner.shown"]
