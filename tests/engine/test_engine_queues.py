"""Queues between functions that run side by side: the engine knows who writes and who reads, and ends the streams."""

from __future__ import annotations

import sys
import threading
import time
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.events import LogLine
from flodesk.engine.headless import Result, run
from flodesk.engine.load import load
from flodesk.engine.shared import uses
from flodesk.engine.threads import SOFT_SECONDS
from flodesk.public import Shared

HEAD = """
import flodesk
from flodesk.nodes import collect, maths, queue, timing

gate = __import__("threading").Event()


def hold(value):
    assert gate.wait(60)
    return value


def open_gate(value=None):
    gate.set()
    return value


def boom(value, at):
    if value == at:
        raise RuntimeError(f"no {value}")
    return value

"""


def flow(text: str, *mains: str) -> str:
    return f'{HEAD}{text}\n\nif __name__ == "__main__":\n    flodesk.main({", ".join(mains)})\n'


def ran(text: str, *mains: str, **options: Any) -> Result:
    return run(flow(text, *mains), keep_values=True, **options)


def ints(values: Any) -> list[int]:
    return [int(value) for value in values]


WRITE = """
def acquire():
    for n in timing.count(NUMBER):
        sent = jobs.put(n)
"""
READ = """
def report():
    rows = collect.List()
    for value in jobs:
        rows.add(value)
    readings = rows.result()
"""


# ------------------------------------------------------------------ how streams end
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_every_value_arrives_and_the_run_ends(size):
    result = ran(f"jobs = queue.Queue(size={size})\n" + WRITE.replace("NUMBER", "50") + READ, "acquire", "report")
    assert result.reason == "succeeded", result.message
    assert result.values["report.readings"] == list(range(50))
    assert result.summary()[0] == "jobs: 50 put in, 50 read"


def test_the_order_of_the_functions_does_not_matter():
    result = ran("jobs = queue.Queue(size=1)\n" + WRITE.replace("NUMBER", "9") + READ, "report", "acquire")
    assert result.values["report.readings"] == list(range(9))


def test_the_end_travels_through_chains():
    text = (
        "first = queue.Queue(size=2)\nsecond = queue.Queue(size=1)\njobs = queue.Queue(size=3)\n"
        + """
def acquire():
    for n in timing.count(30):
        sent = first.put(n)


def double():
    for a in first:
        b = maths.multiply(a, 2)
        sent = second.put(b)


def more():
    for c in second:
        d = maths.add(c, 1)
        sent = jobs.put(d)
"""
        + READ
    )
    result = ran(text, "report", "more", "double", "acquire")
    assert result.reason == "succeeded", result.message
    assert ints(result.values["report.readings"]) == [2 * n + 1 for n in range(30)]


def test_a_queue_ends_with_the_last_of_its_writers():
    text = (
        "jobs = queue.Queue(size=2)\n"
        + WRITE.replace("NUMBER", "3")
        + READ
        + """
def late():
    for n in timing.count(4):
        held = hold(n)
        sent = jobs.put(held)


def opens():
    for value in first:
        x = open_gate(value)


first = queue.Queue()


def early():
    one = 1
    sent = first.put(one)
"""
    )
    result = ran(text, "acquire", "late", "opens", "early", "report")
    assert result.reason == "succeeded", result.message
    assert sorted(result.values["report.readings"]) == sorted([*range(3), *range(4)])


def test_a_writer_that_fails_ends_the_stream_and_no_other_function():
    text = (
        "jobs = queue.Queue(size=2)\n"
        + READ
        + """
def acquire():
    for n in timing.count(10):
        good = boom(n, 6)
        sent = jobs.put(good)
"""
    )
    result = ran(text, "acquire", "report")
    assert result.reason == "failed"
    assert [event.failure.node for event in result.failures] == ["acquire.good"]
    assert result.values["report.readings"] == list(range(6))


def test_a_reader_that_fails_does_not_hold_its_writer():
    text = (
        "jobs = queue.Queue(size=2)\n"
        + """
def acquire():
    rows = collect.List()
    for n in timing.count(20):
        sent = jobs.put(n)
        rows.add(sent)
    all_sent = rows.result()


def report():
    for value in jobs:
        good = boom(value, 4)
"""
    )
    result = ran(text, "acquire", "report")
    assert result.reason == "failed"
    assert [event.failure.node for event in result.failures] == ["report.good"]
    assert len(result.values["acquire.all_sent"]) == 20
    assert result.values["acquire.all_sent"][:5] == [True] * 5
    assert not result.values["acquire.all_sent"][-1]
    lines = [event.text for event in result.events if isinstance(event, LogLine)]
    assert "jobs: 20 put in, 5 read, 15 never read" in lines
    assert sum("Nobody reads the queue jobs any more" in line for line in lines) == 1


def test_a_reader_that_fails_before_its_loop_does_not_hold_its_writer():
    text = (
        "jobs = queue.Queue(size=2)\n"
        + WRITE.replace("NUMBER", "20")
        + """
def report():
    bad = boom(1, 1)
    for value in jobs:
        more = maths.add(value, bad)
"""
    )
    assert [e.failure.node for e in ran(text, "acquire", "report").failures] == ["report.bad"]


def test_a_queue_that_nobody_reads_holds_nobody():
    result = ran("jobs = queue.Queue(size=2)\n" + WRITE.replace("NUMBER", "20"), "acquire")
    assert result.reason == "succeeded"
    assert "jobs: 20 put in, 0 read, 20 never read" in result.summary()


def test_a_queue_that_nobody_writes_to_ends_its_reader():
    result = ran("jobs = queue.Queue(size=2)\n" + READ, "report")
    assert (result.reason, result.values["report.readings"]) == ("succeeded", [])


# ------------------------------------------------------------------ readers and policies
def test_each_reader_gets_every_value_from_the_first_on():
    text = "jobs = queue.Queue(size=2)\n" + WRITE.replace("NUMBER", "40") + READ + READ.replace("report", "again")
    result = ran(text, "acquire", "report", "again")
    assert result.values["report.readings"] == result.values["again.readings"] == list(range(40))


def test_readers_compete_on_purpose():
    text = "jobs = queue.Queue(size=2, readers='compete')\n" + WRITE.replace("NUMBER", "40")
    text += READ + READ.replace("report", "again")
    result = ran(text, "acquire", "report", "again")
    assert sorted(result.values["report.readings"] + result.values["again.readings"]) == list(range(40))


@pytest.mark.parametrize(("full", "left"), [("drop_oldest", [0, 8, 9, 10, 11]), ("newest", [0, 9, 10, 11])])
def test_what_a_full_queue_drops_is_counted_and_said(full, left):
    """The reader takes the first value and waits until all are put in."""
    text = (
        f"jobs = queue.Queue(size=4, full={full!r})\ntaken = __import__('threading').Event()\n"
        + """
def wait_taken(n):
    assert n == 0 or taken.wait(20)
    return n


def take(value):
    taken.set()
    return hold(value)


def acquire():
    for n in timing.count(12):
        m = wait_taken(n)
        sent = jobs.put(m)
    done = open_gate()


def report():
    rows = collect.List()
    for value in jobs:
        got = take(value)
        rows.add(got)
    readings = rows.result()
"""
    )
    if full == "newest":
        left = [0, 9, 10, 11]  # 1-4 go for 5, 5-8 for 9
    result = ran(text, "acquire", "report")
    assert result.reason == "succeeded", result.message
    assert result.values["report.readings"] == left
    dropped = 12 - len(left)
    lines = [event for event in result.events if isinstance(event, LogLine)]
    assert [line.text for line in lines if "dropped" in line.text and not line.node] == [
        f"jobs: 12 put in, {len(left)} read, {dropped} dropped"
    ]
    assert [line.node for line in lines if line.text.startswith("The queue jobs is full")] == ["acquire.sent"]


def test_a_full_queue_fails_its_writer_if_that_is_its_policy():
    text = (
        "jobs = queue.Queue(size=3, full='fail')\n"
        + WRITE.replace("NUMBER", "9")
        + """
def report():
    for value in jobs:
        held = hold(value)
"""
    )
    events: list[Any] = []

    def listen(event: Any) -> None:
        events.append(event)
        if type(event).__name__ == "NodeFailed":
            sys.modules["flodesk_flow"].__dict__["gate"].set()

    result = ran(text, "acquire", "report", on_event=listen)
    assert result.reason == "failed"
    assert "The queue jobs is full: 3 values wait in it".lower() in result.message.lower()
    assert result.message.startswith("acquire.sent failed: QueueFullError")


def test_the_latest_value_of_a_loop():
    text = (
        "level = queue.Latest(7)\njobs = queue.Queue(size=1)\n"
        + """
def acquire():
    for n in timing.count(5):
        level.put(n)
        sent = jobs.put(n)


def report():
    before = level.get()
    for value in jobs:
        now = level.get()
        ahead = ahead_of(now, value)
"""
    )
    text += "\n\ndef ahead_of(a, b):\n    assert a >= b\n    return a\n"
    result = ran(text, "report", "acquire")
    assert result.reason == "succeeded", result.message
    assert result.values["report.ahead"] == 4


# ------------------------------------------------------------------ stop, many, anew
STOPPED = """
def dwell(value):
    flodesk.context().sleep(1000)
    return value


jobs = queue.Queue(size=2)


def acquire():
    for n in timing.count(50):
        {before}
        sent = jobs.put(n)


def report():
    for value in jobs:
        {after}
"""


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [("x = n", "held = dwell(value)", "acquire.sent"), ("held = dwell(n)", "x = value", "report.value")],
    ids=["writer", "reader"],
)
def test_stop_ends_whoever_waits_at_once(placed, before, after, waits):
    quickest = SOFT_SECONDS
    for _ in range(3):  # on a busy machine one may take long, but with an exception none takes less
        placed.start(flow(STOPPED.format(before=before, after=after), "acquire", "report"))
        placed.until(lambda: waits in placed.engine.states() and placed.engine.states()[waits].state == "running")
        began = time.monotonic()
        assert placed.stop().reason == "stopped"
        quickest = min(quickest, time.monotonic() - began)
    assert quickest < SOFT_SECONDS, "no exception had to be sent into the threads"


def test_very_many_values():
    text = (
        "jobs = queue.Queue(size=100)\n"
        + WRITE.replace("NUMBER", "100_000")
        + """
def report():
    total = 0
    for value in jobs:
        longer = maths.add(total, value)
        total = longer
"""
    )
    result = ran(text, "acquire", "report")
    assert result.reason == "succeeded"
    assert result.values["report.total"] == sum(range(100_000))


def test_a_new_run_starts_with_an_empty_queue():
    module = ModuleType("queue_beside")
    exec("from flodesk.nodes.queue import Queue\njobs = Queue(size=3)", module.__dict__)
    sys.modules["queue_beside"] = module
    try:
        text = "import queue_beside\nfrom queue_beside import jobs\n" + WRITE.replace("NUMBER", "20")
        assert ran(text, "acquire").reason == "succeeded"
        assert module.__dict__["jobs"].put_in == 20
        text += READ
        result = ran(text, "report", "acquire")
        assert result.values["report.readings"] == list(range(20))
    finally:
        del sys.modules["queue_beside"]


# ------------------------------------------------------------------ who is at the ends
ENDS = """
import flodesk
from flodesk.nodes import queue

a = queue.Queue()
b = queue.Queue()
c = queue.Queue()
d = queue.Queue()
e = queue.Latest(0)
unused = queue.Queue()


def fill(target, n):
    target.put(n)


def drain(source):
    return [value for value in source]


class Worker:
    def __call__(self, x):
        c.put(x)
        return x


def both(x):
    a.put(x)
    return fill(b, x)


def one():
    x = both(1)
    work = Worker()
    y = work(x)
    e.put(y)


def two():
    for v in a:
        w = drain(b)
    alias = c
    for v2 in alias:
        p = 1
    a_name = e.get()
    q = list(d)


def three(c=None):
    jobs = []
    for j in jobs:
        k = 1
    z = fill(target=d, n=3)
"""


def test_both_ends_are_found_in_the_text():
    loaded = load(ENDS + '\nif __name__ == "__main__":\n    flodesk.main(one, two, three)\n', "")
    found = {use.name: (use.writers, use.readers) for use in uses(loaded)}
    assert found == {
        "a": ({"one"}, {"two"}),
        "b": ({"one"}, {"two"}),
        "c": ({"one"}, {"two"}),
        "d": ({"three"}, {"two"}),
        "e": ({"one"}, {"two"}),
    }


def test_a_flow_without_queues_is_not_searched():
    assert uses(load(flow("def one():\n    x = maths.add(1, 2)\n", "one"), "")) == []


def test_a_queue_of_another_file(tmp_path):
    (tmp_path / "between.py").write_text(
        "from flodesk.nodes.queue import Queue\n\njobs = Queue(size=2)\n\n\ndef send(x):\n    jobs.put(x)\n"
        "    return x\n"
    )
    text = (
        "import between\n"
        + """
def acquire():
    for n in timing.count(5):
        sent = between.send(n)


def report():
    rows = collect.List()
    for value in between.jobs:
        rows.add(value)
    readings = rows.result()
"""
    )
    path = tmp_path / "flow.py"
    path.write_text(flow(text, "acquire", "report"))
    result = run(path.read_text(), str(path), keep_values=True)
    sys.modules.pop("between", None)
    assert result.reason == "succeeded", result.message
    assert result.values["report.readings"] == list(range(5))


# ------------------------------------------------------------------ changes while it runs
def test_queues_are_kept_when_the_flow_changes(here):
    text = flow(
        "jobs = queue.Queue(size=5)\n"
        + """
def acquire():
    for n in timing.every(0.005):
        sent = jobs.put(n)


def report():
    rows = collect.List()
    for value in jobs:
        more = maths.add(value, 0)
        rows.add(more)
""",
        "acquire",
        "report",
    )
    here.engine.watch({"report.more"}, set())
    here.start(text)
    here.until(lambda: here.value("report.more"))
    changed = text.replace(
        "more = maths.add(value, 0)", "half = maths.add(value, 0.5)\n        more = maths.add(half, 1000)"
    )
    here.engine.swap(changed)
    assert here.until(lambda: (here.value("report.more") or 0) > 1000)
    assert not [line for line in here.lines() if "anew" in line.text]
    resized = changed.replace("size=5", "size=6")
    here.engine.swap(resized)
    here.until(lambda: any("jobs was changed" in line.text for line in here.lines()))
    here.until(lambda: any("starts anew" in line.text for line in here.lines()))
    assert here.stop().reason == "stopped"


# ------------------------------------------------------------------ engine against script
SCRIPT = """
import flodesk
import random
from flodesk.nodes import queue

jobs = queue.Queue(size={size})
seen = []


def source(n):
    yield from range(n)


def mix(x, k=1):
    return (x * 31 + k) % 1009


def keep(x):
    seen.append(x)
    return len(seen)


def acquire():
    total = 0
    for n in source({number}):
        a = mix(n, {k})
        odd = mix(a, n) % 2 == 1
        if odd:
            {arm}
        else:
            b = mix(a)
        longer = mix(total, {k})
        total = longer
        {last}


def report():
    total = 5
    for value in jobs:
        c = mix(value, total)
        kept = keep(c)
        total = c


if __name__ == "__main__":
    flodesk.main(acquire, report)
"""


def by_threads(text: str) -> list[int]:
    """Run the script's functions in plain threads."""
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)

    def write() -> None:
        try:
            space["acquire"]()
        finally:
            space["jobs"].close()

    threads = [threading.Thread(target=write), threading.Thread(target=space["report"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    seen: list[int] = space["seen"]
    return seen


def compare(size: int, number: int, k: int, arm: str, last: str) -> None:
    text = SCRIPT.format(size=size, number=number, k=k, arm=arm, last=last)
    result = run(text, keep_values=True)
    assert result.reason == "succeeded", result.message
    assert sys.modules["flodesk_flow"].__dict__["seen"] == by_threads(text)


CASES = {
    "size": st.integers(1, 5),
    "number": st.integers(0, 40),
    "k": st.integers(0, 50),
    "arm": st.sampled_from(["sent = jobs.put(a)", "jobs.put(longer_of(a))", "b = mix(a, 3)"]),
    "last": st.sampled_from(["jobs.put(total)", "also = jobs.put(a)", "d = mix(total)"]),
}


def _case(arm: str, **case: Any) -> None:
    compare(arm=arm.replace("longer_of(a)", "a"), **case)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**CASES)
def test_the_engine_gives_what_the_script_gives_in_threads(**case):
    _case(**case)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**CASES)
def test_the_engine_gives_what_the_script_gives_in_threads_many(**case):
    _case(**case)


def test_a_class_of_ones_own_between_loops():
    """Whoever derives from `Shared` is told who reads, and when all writers have ended."""
    assert issubclass(Shared, object)
    text = """
class Board(flodesk.public.Shared):
    told = []

    def begin(self, name):
        self.told.append(("begin", name))

    def expect(self, readers):
        self.told.append(("expect", sorted(readers)))

    def close(self):
        self.told.append("close")

    def put(self, x):
        self.told.append(x)
        return x

    def get(self):
        return len(self.told)


board = Board()


def one():
    x = board.put(5)


def two():
    y = board.get()
"""
    result = ran(text.replace("flodesk.public.Shared", "__import__('flodesk.public').public.Shared"), "one", "two")
    assert result.reason == "succeeded", result.message
    told = sys.modules["flodesk_flow"].__dict__["Board"].told
    assert told[:2] == [("begin", "board"), ("expect", ["two"])]
    assert set(map(str, told[2:])) == {"5", "close"}


def test_waiting_costs_no_time(monkeypatch):
    """Nobody looks again and again: a queue that waits sleeps."""
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it polls"))
    result = ran("jobs = queue.Queue(size=1)\n" + WRITE.replace("NUMBER", "20") + READ, "acquire", "report")
    assert result.reason == "succeeded"
