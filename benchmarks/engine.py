"""What the engine adds to a script, how fast it stops, and how old a value is when it arrives.

Everything is measured against the plain script, interleaved in one process, the least of many runs of each: so that a
busy neighbour hits both.

    python benchmarks/engine.py [--json] [--quick]

Rows
----
added per node, chain of 100, µs
    Of 100 nodes ``x + 1`` in a row, with timing, states and error attribution on.
added per node, 20 layers of 50, µs
    The same with two inputs a node.
12 NumPy nodes on 1e6 samples / script
    The run of a real chain against the same script; values are dropped after their last reader.
12 NumPy nodes, values kept / script
    The same as in the window, where values are kept so that a change can be computed from there.
added per turn of a loop, µs
    Of a loop with three trivial nodes in it.
added per call of a subflow of two nodes, µs
    Of 100 calls in a row: fresh slots, two trivial nodes and the return, with their states.
a turn of a streaming loop / script
    Blocks of 1000 samples through five NumPy nodes.
change to result, host, ms
    From `set_parameter` to the end of what runs again in the engine's process (one trivial node).
soft stop, ms / hard stop, s
    From `stop` to `RunFinished`: a loop that waits, and a node that sleeps in C code and has to be ended.
usable again after a hard stop, s
    From there to the first event of the next run.
node to client, ms
    Median age of a value when the client has it, of a node that runs 100 times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from flodesk.engine.client import Host
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.events import Event, RunFinished, RunStarted
from flodesk.engine.load import load
from flodesk.engine.loop import Runner

MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TRIVIAL = "import flodesk\n\n\ndef one():\n    return 1\n\n\ndef inc(x):\n    return x + 1\n\n\n"
TRIVIAL += "def add(a, b):\n    return (a + b) & 0xFFFF\n\n\n"


def chain(count: int = 100) -> str:
    lines = ["v0 = one()", *(f"v{n} = inc(v{n - 1})" for n in range(1, count))]
    return TRIVIAL + "def flow():\n    " + "\n    ".join(lines) + MAIN


def layers(depth: int = 20, width: int = 50) -> str:
    lines = [f"v0_{n} = one()" for n in range(width)]
    for row in range(1, depth):
        lines += [f"v{row}_{n} = add(v{row - 1}_{n}, v{row - 1}_{(7 * n + row) % width})" for n in range(width)]
    return TRIVIAL + "def flow():\n    " + "\n    ".join(lines) + MAIN


NUMPY = """
import flodesk
import numpy as np
from scipy import signal

N, RATE = 1_000_000, 48_000.0
SOS = signal.butter(4, 5000, fs=RATE, output="sos")


def times():
    return np.arange(N) / RATE


def sine(t, frequency, height):
    return height * np.sin(2 * np.pi * frequency * t)


def noise(t):
    return np.random.default_rng(7).standard_normal(t.size) * 0.1


def add(a, b):
    return a + b


def gain(a):
    return a * 1.7


def lowpass(a):
    return signal.sosfilt(SOS, a)


def spectrum(a):
    return np.fft.rfft(a)


def magnitude(a):
    return np.abs(a)


def peak(a):
    return int(a.argmax())


def summary(a):
    return float(a.mean()), float(a.std()), float(a.min()), float(a.max())


def flow():
    t = times()
    low = sine(t, 440.0, 1.0)
    high = sine(t, 9000.0, 0.5)
    hiss = noise(t)
    both = add(low, high)
    noisy = add(both, hiss)
    loud = gain(noisy)
    clean = lowpass(loud)
    lines = spectrum(clean)
    heights = magnitude(lines)
    top = peak(heights)
    facts = summary(clean)
"""

TURNS = (
    TRIVIAL
    + """def count():
    yield from range(2000)


def flow():
    for k in count():
        a = inc(k)
        b = inc(a)
        c = add(a, b)
"""
)

CALLS = TRIVIAL + "def two(x):\n    a = inc(x)\n    b = inc(a)\n    return b\n\n\ndef flow():\n    v0 = one()\n"
CALLS += "".join(f"    v{n} = two(v{n - 1})\n" for n in range(1, 101))

STREAM = """
import flodesk
import numpy as np

T = np.arange(1000) / 1000.0


def count():
    yield from range(200)


def sine(k):
    return np.sin(2 * np.pi * 5.0 * (T + k))


def noise(k):
    return np.random.default_rng(k).standard_normal(1000)


def add(a, b):
    return a + b


def window(a):
    return a * np.hanning(1000)


def rms(a):
    return float(np.sqrt(np.mean(a * a)))


def flow():
    for k in count():
        a = sine(k)
        b = noise(k)
        c = add(a, b)
        d = window(c)
        e = rms(d)
"""

ONE = TRIVIAL + "def flow():\n    a = inc(1)" + MAIN

WAITS = """
import time
import flodesk
from flodesk.nodes import timing


def nap(x, seconds=0.0):
    time.sleep(seconds)
    return time.perf_counter()


def flow():
    for tick in timing.every(0.01):
        stamp = nap(tick, seconds=0.0)
"""


def least(functions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return the least time in s of each function, run in turns."""
    for function in functions.values():
        function()
    found = dict.fromkeys(functions, 1e9)
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            found[name] = min(found[name], time.perf_counter() - start)
    return found


def pair(text: str, rounds: int, *, keep: bool = False, fresh: bool = False) -> tuple[float, float]:
    """Return the least time in s of the plain script and of the engine.

    With `fresh` the engine gives its values back after each run, as a script does when its function returns; else they
    are overwritten by the next run.
    """
    loaded = load(text + ("" if "__main__" in text else MAIN), "")
    plan = compile_plan(loaded, "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    runner = Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=keep)
    empty = list(plan.slots)

    def run() -> None:
        runner.run()
        if fresh:
            plan.slots[:] = empty

    found = least({"script": loaded.namespace["flow"], "engine": run}, rounds)
    return found["script"], found["engine"]


class Listener:
    """Notes when events came."""

    def __init__(self) -> None:
        self.engine = Host(self._take)
        self.ended = threading.Event()
        self.started = threading.Event()

    def _take(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.ended.set()
        elif isinstance(event, RunStarted):
            self.started.set()

    def start(self, text: str) -> None:
        """Start a flow, and wait until it has begun."""
        self.ended.clear()
        self.started.clear()
        self.engine.open(text + ("" if "__main__" in text else MAIN))
        self.engine.start()
        assert self.started.wait(30)

    def until(self, true: Callable[[], Any]) -> Any:
        """Wait until something holds."""
        while not (found := true()):
            time.sleep(0.0005)
        return found


def hosted(quick: bool) -> dict[str, float]:
    """Measure what concerns the engine in its own process."""
    client = Listener()
    client.engine.wait_ready()
    rows: dict[str, float] = {}
    client.start(ONE)
    assert client.ended.wait(30)
    trips = []
    for number in range(50 if quick else 300):
        client.ended.clear()
        start = time.perf_counter()
        client.engine.set_parameter("flow.a", "x", str(number))
        assert client.ended.wait(10)
        trips.append(time.perf_counter() - start)
    rows["change to result, host, ms"] = statistics.median(trips) * 1e3
    client.engine.watch({"flow.stamp"}, set())
    client.start(WAITS)
    ages, seen, end = [], 0, time.monotonic() + (3 if quick else 10)
    while time.monotonic() < end:
        sample = client.engine.values().get("flow.stamp")
        if sample is not None and sample.sequence != seen:
            seen = sample.sequence
            ages.append(time.perf_counter() - sample.value)
        time.sleep(0.0005)
    rows["node to client, ms"] = statistics.median(ages) * 1e3
    client.ended.clear()
    client.engine.stop()
    assert client.ended.wait(10)
    rows["soft stop, ms"] = min(stop(client, WAITS, "0.0") for _ in range(3)) * 1e3
    rows["hard stop, s"] = stop(client, WAITS, "60.0")
    start = time.perf_counter()
    client.start(WAITS)
    rows["usable again after a hard stop, s"] = time.perf_counter() - start
    client.engine.close()
    return rows


def stop(client: Listener, text: str, seconds: str) -> float:
    client.start(
        text.replace("seconds=0.0)\n\n", f"seconds={seconds})\n\n").replace(
            "tick, seconds=0.0", f"tick, seconds={seconds}"
        )
    )
    client.until(lambda: (s := client.engine.states().get("flow.stamp")) and s.state != "idle")
    time.sleep(0.1)
    start = time.perf_counter()
    client.engine.stop()
    assert client.ended.wait(10)
    return time.perf_counter() - start


def measure(quick: bool) -> dict[str, dict[str, Any]]:
    """Measure every row; a goal of None is told for its own sake."""
    few = 1 if quick else 4
    rows: dict[str, tuple[float, float | None, str]] = {}
    script, engine = pair(chain(), 400 * few)
    rows["added per node, chain of 100, µs"] = ((engine - script) / 100 * 1e6, 0.30, "µs")
    script, engine = pair(layers(), 60 * few)
    rows["added per node, 20 layers of 50, µs"] = ((engine - script) / 1000 * 1e6, 0.35, "µs")
    script, engine = pair(NUMPY, 6 * few, fresh=True)
    rows["12 NumPy nodes on 1e6 samples / script"] = (engine / script, 1.05, "ratio")
    script, engine = pair(NUMPY, 6 * few, keep=True, fresh=True)
    rows["12 NumPy nodes, values kept / script"] = (engine / script, 1.05, "ratio")
    script, engine = pair(TURNS, 60 * few)
    rows["added per turn of a loop, µs"] = ((engine - script) / 2000 * 1e6, 2.0, "µs")
    script, engine = pair(CALLS, 60 * few)
    rows["added per call of a subflow of two nodes, µs"] = ((engine - script) / 100 * 1e6, 3.0, "µs")
    script, engine = pair(STREAM, 20 * few)
    rows["a turn of a streaming loop / script"] = (engine / script, 1.10, "ratio")
    goals = {
        "change to result, host, ms": (5.0, "ms"),
        "soft stop, ms": (50.0, "ms"),
        "hard stop, s": (2.0, "s"),
        "usable again after a hard stop, s": (0.5, "s"),
        "node to client, ms": (16.0, "ms"),
    }
    for name, value in hosted(quick).items():
        rows[name] = (value, *goals[name])
    return {n: {"value": round(v, 4), "goal": g, "unit": u, "better": "lower"} for n, (v, g, u) in rows.items()}


def main() -> int:
    """Measure, print a table and, with ``--json``, one object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="fewer runs: ends within 45 s")
    options = parser.parse_args()
    rows = measure(options.quick)
    for name, row in rows.items():
        goal = "" if row["goal"] is None else f"goal ≤ {row['goal']:g}"
        print(f"{name:45} {row['value']:>10.3f} {row['unit']:6} {goal}")
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
