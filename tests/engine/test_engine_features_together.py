"""Features of flows in combination: in nested loops, in subflows, in asynchronous flows, in worker processes."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from flodesk.engine.events import LoopFinished, NodeFailed, Paused, Rejected
from flodesk.engine.headless import Result, run
from flodesk.engine.letters import Letters
from flodesk.engine.limits import Limits

HEAD = """\
# /// script
# [tool.flodesk]
# version = 1
HEADER# ///
import asyncio
import flodesk
from flodesk.nodes import collect, text, timing
from flodesk.nodes.queue import Latest, Queue

log = []
made = []


def note(name, *values):
    log.append((name, *values))
    return values[0] if values else None


def picky(x, bad=1):
    if x % 3 == bad:
        raise ValueError(f"{x} is bad")
    return x


def dwell(x):
    flodesk.context().sleep(0.002)
    return x


async def soon(x):
    await asyncio.sleep(0)
    return x


async def counts(n, fail_at=-1):
    for k in range(n):
        if k == fail_at:
            raise OSError(f"no {k}")
        await asyncio.sleep(0)
        yield k


def add(a, b):
    return a + b


def upto(n, step=1):
    yield from range(0, n, step)


class Faulty:
    def __init__(self, name):
        self.name = name

    def __call__(self, x):
        return x

    def close(self):
        made.append(self.name)
        raise RuntimeError(f"{self.name} does not close")


def sour(n):
    try:
        yield from range(n)
    finally:
        raise RuntimeError("sour")


"""


def text_of(body: str, *mains: str, header: str = "") -> str:
    lines = "".join(f"# {line}\n" for line in header.splitlines())
    return HEAD.replace("HEADER", lines) + body + TAIL.format(", ".join(mains or ("flow",)))


TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main({})\n'


def calls() -> list[Any]:
    found: list[Any] = sys.modules["flodesk_flow"].__dict__["log"]
    return found


def plain(script: str, *mains: str) -> tuple[dict[str, Any], list[Any]]:
    """Run the functions as Python does, one after the other."""
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(script, "plain", "exec"), space)
    found = {}
    for name in mains or ("flow",):
        result = space[name]()
        found[name] = asyncio.run(result) if inspect.iscoroutine(result) else result
    return found, space["log"]


def same(body: str, header: str = "") -> Result:
    """Assert that a flow gives what its script gives, call by call."""
    script = text_of(body, header=header)
    result = run(script, keep_values=True)
    assert result.reason == "succeeded", result.message
    _, expected = plain(script)
    if "process" not in header:
        assert calls() == expected
    return result


# ------------------------------------------------------------------ errors
INNER = """def part(n, k):
    rows = collect.List()
    for i in range(n):
        x = add(i, k)
        good = picky(x)
        rows.add(good)
    found = rows.result()
    return found


def flow():
    all = collect.List()
    for k in range(3):
        got = part(4, k)
        all.add(got)
        for j in upto(3):
            other = picky(j, bad=2)
            seen = note("seen", other, k)
    found = all.result()
"""


@pytest.mark.parametrize(
    "header",
    [
        "",
        '[tool.flodesk.places.part]\ngood = "process"',
        "[tool.flodesk.detached.part]\ngood = 2\n[tool.flodesk.detached.flow]\nother = 2",
    ],
)
def test_a_turn_inside_a_subflow_and_one_of_an_inner_loop_are_one_letter_each(
    data_of_its_own: Any, header: str
) -> None:
    result = run(text_of(INNER, header=f'on_error = "reject"\n{header}'), keep_values=True)
    assert result.reason == "failed"
    assert result.values["flow.found"] == [[0, 2, 3], [2, 3], [2, 3, 5]]
    rejected = [(e.failure.node, e.loop, e.iteration) for e in result.events if isinstance(e, Rejected)]
    # a turn is counted over the run, whichever turn of the loops around it it is in
    inner = [("part.good", "part.i", n) for n in (2, 5, 8, 11)]
    assert sorted(rejected) == sorted([*inner, *[("flow.other", "flow.j", n) for n in (3, 6, 9)]])
    store = Letters()
    letters = store.find()
    store.close()
    assert len(letters) == 7
    assert {tuple(part.name for part in letter.payload) for letter in letters} == {
        ("flow.k", "part.i"),
        ("flow.k", "flow.j"),
    }


def test_an_asynchronous_producer_that_fails_is_started_anew(data_of_its_own: Any) -> None:
    body = """async def flow():
    async for k in counts(3, fail_at=2):
        a = await soon(k)
        b = note("b", a)
"""
    result = run(text_of(body, header='on_error = "reject"\nbackoff = 0.0'))
    assert result.reason == "failed"
    assert "OSError: no 2" in result.message or "failed" in result.message
    assert calls()[:4] == [("b", 0), ("b", 1), ("b", 0), ("b", 1)], "from its first value on"
    assert len(calls()) == 10


def test_a_turn_of_an_asynchronous_loop_is_kept(data_of_its_own: Any) -> None:
    body = """async def flow():
    async for k in counts(4):
        a = await soon(k)
        b = picky(a)
        c = note("c", b)
"""
    result = run(text_of(body, header='on_error = "reject"'))
    assert [e.iteration for e in result.events if isinstance(e, Rejected)] == [2]
    assert calls() == [("c", 0), ("c", 2), ("c", 3)]


def test_every_object_is_closed_though_each_fails_to() -> None:
    body = """def flow():
    one = Faulty("one")
    two = Faulty("two")
    for k in range(3):
        a = one(k)
        b = two(a)
"""
    result = run(text_of(body))
    assert result.reason == "failed"
    failed = {e.failure.node: e.failure.message for e in result.events if isinstance(e, NodeFailed)}
    assert failed == {"flow.one": "one does not close", "flow.two": "two does not close"}
    assert sys.modules["flodesk_flow"].__dict__["made"] == ["two", "one"]


@pytest.mark.parametrize("limit", [0, 2])
def test_a_generator_that_raises_at_its_end_fails_its_node(limit: int) -> None:
    body = "def flow():\n    for k in sour(4):\n        a = note('a', k)\n"
    result = run(text_of(body), limits=Limits(iterations=limit))
    assert calls() == [("a", k) for k in range(limit or 4)]
    if not limit:
        assert result.reason == "failed"
        assert "sour" in result.message


# ------------------------------------------------------------------ templates, feedback, branches
def test_templates_are_filled_in_inside_a_subflow() -> None:
    body = """def part(x):
    line = text.template("x is {{ value }}", value=x)
    return line


def flow():
    for k in range(3):
        got = part(k)
        said = note("said", got)
"""
    same(body)
    assert calls() == [("said", f"x is {k}") for k in range(3)]


def test_feedback_and_an_inner_loop_that_does_not_run_at_all() -> None:
    body = """def flow():
    total = 0
    last = -1
    for k in range(4):
        for i in upto(k % 2):
            longer = add(total, 10)
            total = longer
        last = total
        seen = note("seen", total, last, k)
"""
    same(body)
    assert calls() == [("seen", 0, 0, 0), ("seen", 10, 10, 1), ("seen", 10, 10, 2), ("seen", 20, 20, 3)]


def test_a_collector_in_an_arm_and_a_merge_of_merges() -> None:
    body = """def flow():
    rows = collect.List()
    for k in range(8):
        if k % 2:
            one = note("one", k)
            if k > 4:
                a = add(one, 100)
                rows.add(a)
                x = a
            else:
                b = add(one, 200)
                x = b
            y = x
        else:
            c = note("c", k)
            y = c
        z = note("z", y)
    found = rows.result()
    last = note("last", found)
"""
    same(body)
    assert calls()[-1] == ("last", [105, 107])


def test_a_chain_of_elif_with_feedback() -> None:
    body = """def flow():
    state = 0
    for k in range(9):
        if state == 0:
            up = add(state, 1)
            nxt = up
        elif state == 1:
            more = add(state, 2)
            nxt = more
        elif state == 3:
            back = add(state, -2)
            nxt = back
        else:
            nxt = note("never", k)
        state = nxt
        seen = note("state", state)
"""
    same(body)
    assert [value for _, value in calls()] == [1, 3, 1, 3, 1, 3, 1, 3, 1]


def test_the_same_in_an_asynchronous_flow_with_nodes_in_a_process() -> None:
    body = """async def part(n, k):
    total = 0
    async for i in counts(n):
        x = await soon(i)
        y = add(x, k)
        longer = add(total, y)
        total = longer
    return total


async def flow():
    rows = collect.List()
    for k in range(4):
        got = await part(k, k)
        if got > 4:
            a = await soon(got)
            z = a
        else:
            z = got
        rows.add(z)
    found = rows.result()
    return found
"""
    header = '[tool.flodesk.places.part]\nx = "process"\ny = "process"'
    expected = plain(text_of(body))[0]["flow"]
    assert run(text_of(body), keep_values=True).values["flow.found"] == expected
    result = run(text_of(body, header=header), keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.found"] == expected == [0, 1, 5, 12]


# ------------------------------------------------------------------ limits
def test_limits_of_iterations_with_several_functions_and_with_async() -> None:
    body = """def one():
    for k in range(100):
        for j in range(3):
            a = note("a", k, j)


async def two():
    async for k in counts(100):
        b = note("b", k)


def three():
    for k in upto(2):
        c = note("c", k)
"""
    result = run(text_of(body, "one", "two", "three"), limits=Limits(iterations=5))
    assert result.reason == "succeeded", result.message
    assert [c for c in calls() if c[0] == "a"] == [("a", k, j) for k in range(5) for j in range(3)]
    assert [c for c in calls() if c[0] == "b"] == [("b", k) for k in range(5)]
    assert [c for c in calls() if c[0] == "c"] == [("c", k) for k in range(2)]


def test_a_limit_of_time_ends_all_functions() -> None:
    body = """def one():
    for k in timing.every(0.001):
        a = note("a", k)


async def two():
    async for k in counts(10**9):
        b = await soon(k)


def three():
    for k in queue:
        c = note("c", k)


queue = Queue()


def four():
    for k in timing.every(0.001):
        d = queue.put(k)
"""
    start = time.monotonic()
    result = run(text_of(body, "one", "two", "three", "four"), limits=Limits(seconds=0.3))
    assert (result.reason, result.limited) == ("stopped", True)
    assert time.monotonic() - start < 10


# ------------------------------------------------------------------ queues
QUEUE = """queue = Queue(size=SIZE)


def write():
    for k in range(200):
        a = queue.put(k)


def read():
    for x in queue:
        y = note("read", x)


def second():
    for x in queue:
        y = picky(x, bad=2)
        z = note("second", y)


def third():
    for x in queue:
        y = note("third", x)
"""


def test_of_three_readers_one_fails_and_the_others_get_every_value() -> None:
    result = run(text_of(QUEUE.replace("SIZE", "3"), "write", "read", "second", "third"))
    assert result.reason == "failed"
    reasons = {e.loop: e.reason for e in result.events if isinstance(e, LoopFinished)}
    assert reasons == {"write": "succeeded", "read": "succeeded", "second": "failed", "third": "succeeded"}
    for name in ("read", "third"):
        assert [c[1] for c in calls() if c[0] == name] == list(range(200))
    assert [c[1] for c in calls() if c[0] == "second"] == [0, 1]


def paused(here: Any) -> list[Paused]:
    return [event for event in here.events if isinstance(event, Paused)]


HELD = """queue = Queue(size=2)
gate = __import__("threading").Event()


def write():
    for k in range(100):
        a = queue.put(k)


def read():
    for x in queue:
        y = wait(x)
        z = note("read", y)


def wait(x):
    while not gate.is_set():
        flodesk.context().sleep(0.005)
    return x
"""


def test_a_pause_and_a_stop_while_a_put_waits(here) -> None:
    here.start(text_of(HELD, "write", "read"))  # one value is read, two are in the queue: the fourth waits
    here.until(lambda: here.engine.states().get("write.k") and here.engine.states()["write.k"].count == 4)
    here.engine.pause()
    here.until(lambda: {event.function for event in paused(here)} == {"write", "read"})
    assert here.engine.held["write"].node == "write.a"
    here.engine.resume()
    sys.modules["flodesk_flow"].__dict__["gate"].set()
    assert here.wait().reason == "succeeded"
    assert [x for _, x in calls()] == list(range(100)), "a pause loses nothing"


def test_a_stop_while_a_put_waits_and_is_held(here) -> None:
    here.start(text_of(HELD, "write", "read"))  # one value is read, two are in the queue: the fourth waits
    here.until(lambda: here.engine.states().get("write.k") and here.engine.states()["write.k"].count == 4)
    here.engine.pause()
    here.until(lambda: {event.function for event in paused(here)} == {"write", "read"})
    assert here.stop().reason == "stopped"


def test_a_latest_value_is_read_before_the_first_is_put(here) -> None:
    body = """level = Latest(-5.0)


def write():
    for k in timing.every(0.002):
        a = dwell(k)
        b = level.put(a)


def read():
    for go in timing.every(0.001):
        now = level.get()
        said = note("now", now)
"""

    def said() -> list[Any]:
        loaded = sys.modules.get("flodesk_flow")
        return list(loaded.__dict__.get("log", ())) if loaded is not None else []

    here.start(text_of(body, "read", "write"))
    here.until(lambda: any(call[1] != -5.0 for call in said()))
    assert here.stop().reason == "stopped"
    assert not here.failures


# ------------------------------------------------------------------ while it runs
TWICE = """def part(x):
    y = add(x, 1)
    z = add(y, 1)
    return z


def flow():
    for k in range(4):
        a = part(k)
        b = part(a)
        c = note("c", b)
"""


def test_a_breakpoint_inside_a_subflow_holds_in_each_of_its_calls(here) -> None:
    here.engine.set_breaks({"part.z": "x % 2 == 0"})
    here.start(text_of(TWICE))
    seen = []
    for number in range(1, 5):
        here.until(lambda number=number: len(paused(here)) == number)
        looks: list[Any] = []
        here.engine.inspect("flow", looks.append)
        here.until(lambda looks=looks: looks)
        held = here.engine.held["flow"]
        outer, inner = looks[0].frames
        seen.append((held.node, held.iteration, outer.node, [name for name, _ in inner.variables]))
        here.engine.resume()
    assert here.wait().reason == "succeeded"
    assert [(node, turn) for node, turn, _, _ in seen] == [("part.z", n) for n in (1, 1, 3, 3)]
    assert [outer for _, _, outer, _ in seen] == ["flow.a", "flow.b"] * 2
    assert seen[0][3] == ["x", "y"]


NESTED = """def flow():
    total = 0
    for k in timing.every(0.002):
        for i in upto(4, step=STEP):
            a = add(i, PLUS)
            b = dwell(a)
            longer = add(total, 1)
            total = longer
        last = add(b, 0)
"""


def nested(step: int = 1, plus: int = 0) -> str:
    return text_of(NESTED.replace("STEP", str(step)).replace("PLUS", str(plus)))


def test_a_parameter_of_an_inner_producer_changes_while_it_runs(here) -> None:
    here.engine.watch({"flow.last", "flow.total"}, set())
    here.start(nested())
    here.until(lambda: here.value("flow.last") == 3)
    before = here.value("flow.total")
    here.engine.set_parameter("flow.i", "step", "2")
    here.until(lambda: here.value("flow.last") == 2)
    here.until(lambda: here.value("flow.total") > before)
    assert here.stop().reason == "stopped"


@pytest.mark.parametrize("while_paused", [False, True])
def test_a_changed_text_is_taken_over_by_loops_that_are_nested(here, while_paused: bool) -> None:
    here.engine.watch({"flow.last", "flow.total"}, set())
    here.start(nested())
    before = here.until(lambda: here.value("flow.total"))
    if while_paused:
        here.engine.pause()
        here.until(lambda: paused(here))
        before = here.value("flow.total")
    here.engine.swap(nested(plus=1000))
    if while_paused:
        assert here.engine.held, "a change does not let it go"
        here.engine.resume()
    here.until(lambda: (here.value("flow.last") or 0) >= 1003)
    assert here.value("flow.total") >= before, "what is carried stays"
    assert here.stop().reason == "stopped"
    assert not here.failures


def test_no_thread_stays() -> None:
    before = set(threading.enumerate())  # a cluster or a server that other tests of this process share has its own

    def ours() -> list[threading.Thread]:
        return [each for each in threading.enumerate() if each.name.startswith("flodesk") and each not in before]

    run(text_of(TWICE))
    wait_until(lambda: not ours())


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()
