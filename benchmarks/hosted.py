"""What crosses processes: commands to the engine and values from it, stopping, arrays to a ``process`` node.

    python benchmarks/hosted.py [--json] [--quick]

Rows
----
question and answer, host / ping over a pipe
    A question to the engine's process and its answer, beside a byte to a bare process and back.
Play to last value, 7 nodes, ms
    From `start` to the end of the run with the value of the last node here; the flow has run before. Median.
change of a parameter to result, 1 / 200 nodes, ms
    From `set_parameter` of the first node to the end of what runs again (one node, and a chain of 200).
edit to result, 200 nodes, ms
    From handing over the changed text, with another node in its middle, to the end of what runs again.
node to client, ms
    Median age of a value when the client has it, of a node that runs 100 times a second.
stop: waiting / spinning / in C, ms
    From `stop` to `RunFinished`: a loop that waits for its next tick, a node that never returns in Python, and one
    that never returns in C and has to be ended with its process.
stop: usable again, ms
    From there to the start of the next run.
8 MB to a process node and back, ms
    A new array to a node in the place ``process`` that gives it back, without the making; beside the same by a pipe.
    As in ``flodesk run``: values are dropped after their last reader, and their memory is used again.
8 MB in shared memory to a process node and back, ms
    The same with an array that another process node has made: nothing is copied.
8 MB made in a process and read here, added, ms
    What that takes more than making it here.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import statistics
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import workloads
from measuring import Row, Rows, least, show

from flodesk.engine.client import Host
from flodesk.engine.events import Event, RunFinished, RunStarted
from flodesk.engine.headless import run
from flodesk.public import Number

ONE = workloads.flow(["a = inc(1)"])
LONG = workloads.flow(["v0 = inc(1)", *(f"v{n} = inc(v{n - 1})" for n in range(1, 200))])
WAITS = """
import time
import flodesk
from flodesk.nodes import timing


def nap(x, seconds=0.0, spin=False):
    while spin:
        x += 1
    time.sleep(seconds)
    return time.perf_counter()


def flow():
    for tick in timing.every(0.01):
        stamp = nap(tick, seconds=0.0, spin=False)
"""
ARRAYS = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# there = "process"
# more = "process"
# ///
import time
import flodesk
import numpy as np
from flodesk.nodes import show

took = []


def count(n):
    yield from range(n)


def make(k):
    return np.full(1_000_000, float(k))


def clock(a):
    return time.perf_counter()


def back(a):
    return a


def since(a, begin):
    took.append(time.perf_counter() - begin)
    return min(took)


def flow():
    for k in count(TURNS):
        BODY
"""
BACK = ["a = make(k)", "begin = clock(a)", "there = back(a)", "shortest = since(there, begin)"]
INSIDE = ["begin = clock(k)", "there = make(k)", "again = back(there)", "shortest = since(again, begin)"]
PASSED = ["there = make(k)", "begin = clock(there)", "more = back(there)", "shortest = since(more, begin)"]
LOCAL = ["begin = clock(k)", "here = make(k)", "again = back(here)", "shortest = since(again, begin)"]


class Listener:
    """Notes when events came."""

    def __init__(self) -> None:
        self.engine = Host(self._take)
        self.ended = threading.Event()
        self.started = threading.Event()
        self.reason = ""

    def _take(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.reason = event.reason
            self.ended.set()
        elif isinstance(event, RunStarted):
            self.started.set()

    def open(self, text: str) -> None:
        """Hand over a flow."""
        self.engine.open(text + ("" if "__main__" in text else workloads.MAIN))

    def start(self) -> None:
        """Start it, and wait until it has begun."""
        self.ended.clear()
        self.started.clear()
        self.engine.start()
        assert self.started.wait(30)

    def whole(self, act: Callable[[], Any], until: Callable[[], Any] = lambda: True) -> float:
        """Return the time in s from an act to the end of the run that it leads to, and what is wanted of it."""
        self.ended.clear()
        start = time.perf_counter()
        act()
        assert self.ended.wait(30)
        while not until():
            time.sleep(0.00005)
        took = time.perf_counter() - start
        assert self.reason == "succeeded", self.reason
        return took


def measure(few: int) -> Rows:
    """Measure every row."""
    client = Listener()
    try:
        client.engine.wait_ready()
        return {**_trips(client, 60 * few), **_ages(client, 2.0 * few), **_stops(client), **_arrays(25 * few)}
    finally:
        client.engine.close()


# ------------------------------------------------------------------ there and back
def _echo(pipe: Connection) -> None:
    while (got := pipe.recv_bytes()) != b"end":
        pipe.send_bytes(got)


class Pipe:
    """A bare process at the other end of a pipe, that sends back what it gets."""

    def __init__(self, target: Callable[[Connection], None] = _echo) -> None:
        context = multiprocessing.get_context("spawn")
        self.end, other = context.Pipe()
        self._process = context.Process(target=target, args=(other,), daemon=True)
        self._process.start()

    def ping(self) -> None:
        """Send a byte and wait for it."""
        self.end.send_bytes(b"x")
        self.end.recv_bytes()

    def close(self) -> None:
        """End the process."""
        self.end.send_bytes(b"end")
        self._process.join(5)
        self.end.close()


def _trips(client: Listener, rounds: int) -> Rows:
    rows: Rows = {}
    client.open(ONE)
    client.whole(client.engine.start)
    pipe, answered = Pipe(), threading.Event()

    def ask() -> None:
        answered.clear()
        client.engine.why("flow.a", lambda line: answered.set())
        assert answered.wait(10)

    found = least({"pipe": pipe.ping, "host": ask}, 10 * rounds)
    pipe.close()
    rows["question and answer, host / ping over a pipe"] = Row(found["host"] / found["pipe"], 6.0, "ratio")
    rows["question and answer, host, µs"] = Row(found["host"] * 1e6, None, "µs")
    numbers = iter(range(1, 10**9))

    def change(node: str) -> float:
        return client.whole(lambda: client.engine.set_parameter(node, "x", str(next(numbers))))

    trips = [change("flow.a") for _ in range(rounds)]
    rows["change of a parameter to result, 1 node, ms"] = Row(statistics.median(trips) * 1e3, 5.0, "ms")
    client.open(LONG)
    client.whole(client.engine.start)
    trips = [change("flow.v0") for _ in range(rounds)]
    rows["change of a parameter to result, 200 nodes, ms"] = Row(statistics.median(trips) * 1e3, 5.0, "ms")
    client.open(LONG)
    client.whole(client.engine.start)
    texts = [LONG, LONG.replace("    v100 = inc(v99)\n", "    extra = inc(v99)\n    v100 = inc(extra)\n")]
    assert texts[0] != texts[1]
    trips = [client.whole(lambda n=n: client.engine.swap(texts[n % 2])) for n in range(1, rounds // 3)]  # type: ignore[misc]
    rows["edit to result, 200 nodes, ms"] = Row(statistics.median(trips) * 1e3, 50.0, "ms")
    client.engine.watch({"flow.chart", "flow.level"}, set())
    client.open(workloads.SEVEN)

    def play() -> float:
        old = client.engine.values().get("flow.chart")
        return client.whole(client.engine.start, lambda: client.engine.values().get("flow.chart") not in (None, old))

    trips = [play() for _ in range(rounds)][3:]
    rows["Play to last value, 7 nodes, ms"] = Row(statistics.median(trips) * 1e3, 5.0, "ms")
    return rows


def _ages(client: Listener, seconds: float) -> Rows:
    """Measure how old a value is when it is here."""
    client.engine.watch({"flow.stamp"}, set())
    client.open(WAITS)
    client.start()
    ages, seen, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        sample = client.engine.values().get("flow.stamp")
        if sample is not None and sample.sequence != seen:
            seen = sample.sequence
            ages.append(time.perf_counter() - sample.value)
        time.sleep(0.0005)
    _stop(client)
    return {"node to client, ms": Row(statistics.median(ages[1:]) * 1e3, 16.0, "ms")}


# ------------------------------------------------------------------ stopping
def _stop(client: Listener) -> float:
    start = time.perf_counter()
    client.engine.stop()
    assert client.ended.wait(10)
    return time.perf_counter() - start


def _stopped(client: Listener, arguments: str) -> tuple[float, float]:
    """Return how long it took to stop a node that is called so, in s, and then to start the next run."""
    text = WAITS.replace("nap(tick, seconds=0.0, spin=False)", f"nap(tick, {arguments})")
    assert text != WAITS or arguments == "seconds=0.0, spin=False"
    client.open(text)
    client.start()
    while not ((state := client.engine.states().get("flow.stamp")) and state.state != "idle"):
        time.sleep(0.0005)
    time.sleep(0.1)  # it is in the middle of its call
    took = _stop(client)
    start = time.perf_counter()
    client.open(WAITS)
    client.start()
    again = time.perf_counter() - start
    _stop(client)
    return took, again


def _stops(client: Listener) -> Rows:
    waiting = min(_stopped(client, "seconds=0.0, spin=False")[0] for _ in range(3))
    spinning, usable = _stopped(client, "seconds=0.0, spin=True")
    in_c, usable_after_kill = _stopped(client, "seconds=60.0, spin=False")
    return {
        "stop: waiting, ms": Row(waiting * 1e3, 50.0, "ms"),
        "stop: spinning, ms": Row(spinning * 1e3, 2000.0, "ms"),
        "stop: in C, ms": Row(in_c * 1e3, 2000.0, "ms"),
        "stop: usable again after spinning, ms": Row(usable * 1e3, 500.0, "ms"),
        "stop: usable again after C, ms": Row(usable_after_kill * 1e3, 500.0, "ms"),
    }


# ------------------------------------------------------------------ arrays
def _echo_arrays(pipe: Connection) -> None:
    while (got := pipe.recv()) is not None:
        pipe.send(got)


def _shortest(body: list[str], turns: int) -> float:
    """Return the shortest turn in s."""
    body = [*body, "shown = show.number(shortest)"]
    text = ARRAYS.replace("TURNS", str(turns)).replace("BODY", "\n        ".join(body)) + workloads.MAIN
    names = {line.split(" = ")[0] for line in body}
    text = re.sub(r'# (\w+) = "process"\n', lambda found: found[0] if found[1] in names else "", text)
    result = run(text)
    assert result.reason == "succeeded", result.message
    shown = result.indicators["flow.shown"]
    assert isinstance(shown, Number)
    return float(shown.value)


def _arrays(turns: int) -> Rows:
    context = multiprocessing.get_context("spawn")
    end, other = context.Pipe()
    process = context.Process(target=_echo_arrays, args=(other,), daemon=True)
    process.start()
    array = np.ones(1_000_000)

    def pickled() -> None:
        end.send(array)
        end.recv()

    pipe = back = passed = inside = local = 1e9
    for _ in range(2):  # in turns
        pipe = min(pipe, least({"pipe": pickled}, turns // 2)["pipe"])
        back = min(back, _shortest(BACK, turns))
        passed = min(passed, _shortest(PASSED, turns))
        inside = min(inside, _shortest(INSIDE, turns))
        local = min(local, _shortest(LOCAL, turns))
    end.send(None)
    process.join(5)
    end.close()
    return {
        "8 MB to a process node and back, ms": Row(back * 1e3, 0.5, "ms"),
        "8 MB in shared memory to a process node and back, ms": Row(passed * 1e3, 0.5, "ms"),
        "8 MB to a process node and back / by a pipe": Row(back / pipe, None, "ratio"),
        "8 MB by a pipe, there and back, ms": Row(pipe * 1e3, None, "ms"),
        "8 MB made in a process and read here, added, ms": Row((inside - local) * 1e3, None, "ms"),
    }


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    show(measure(1 if options.quick else 4), as_json=options.json)


if __name__ == "__main__":
    main()
