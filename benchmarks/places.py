"""What it costs to run a node in a worker process, and what side by side gains.

Everything is measured against the same script run plainly, in turns in one process, the least of many of each.

    python benchmarks/places.py [--json] [--quick]

Rows
----
a number to a worker and back, ms
    A trivial node in the place `process`, in a loop: what each turn costs more than plainly.
8 MB to a worker and back, ms
    A node that gives its array of 1e6 numbers back, halved: what each turn costs more than plainly. The array is
    copied into shared memory once, and its result once.
8 MB from a worker to a worker and back, ms
    The same for the second of two such nodes that are not neighbours: its array is in shared memory already.
8 MB seen by a worker, ms
    A node that looks at an array that lies there already, and gives a number: in place.
12 NumPy nodes in two branches, `process` / script
    Two branches of filters over 1e6 numbers, each in a worker.
the same in threads / script
    The two branches in two threads: what a pool of threads in the engine would give.
stop of a node that never returns, s
    From `stop` to the end of the run, the worker ended with it.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from measuring import Row, Rows, show

from flodesk.engine.load import MODULE_NAME
from flodesk.engine.places.known import Places
from flodesk.engine.run import Run
from flodesk.engine.table import Table

MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TOP = """
import flodesk
import time
import numpy
from scipy import signal

SOS = signal.butter(4, 0.1, output="sos")
TIMES = []


def turns(n):
    data = numpy.random.default_rng(1).standard_normal(SIZE)
    for _ in range(n):
        TIMES.append(time.perf_counter())
        yield data
    TIMES.append(time.perf_counter())


def half(x):
    return x * 0.5


def pick(x):
    return 1.0


def look(x):
    return float(x[7])


def copy(x):
    return x


def lowpass(x):
    return signal.sosfilt(SOS, x)


def wave(x):
    return numpy.sin(x)


def size(x):
    return numpy.abs(x)


def total(x):
    return float(x.sum())


def add(a, b):
    return a + b


def forever(x):
    print("on")
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""
TWO = """\
        a1 = lowpass(x)
        a2 = wave(a1)
        a3 = half(a2)
        a4 = size(a3)
        a5 = total(a4)
        b1 = lowpass(x)
        b2 = wave(b1)
        b3 = half(b2)
        b4 = size(b3)
        b5 = total(b4)
        c = add(a5, b5)
"""


def flow(body: str, turns: int, placed: tuple[str, ...] = (), size: int = 1_000_000) -> str:
    table = "".join(f'# {node} = "process"\n' for node in placed)
    head = f"# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n{table}"
    head += "# [tool.flodesk.process]\n# cpus = 2\n# ///\n"
    return f"{head}SIZE = {size}{TOP}\n\ndef flow():\n    for x in turns({turns}):\n{body}{MAIN}"


def by_engine(text: str, places: Places) -> list[float]:
    """Run a flow; returns how long each of its turns took."""
    failures: list[Any] = []
    run = Run("run", text, "", emit=failures.append, table=Table(memoryview(bytearray(1 << 16))), places=places)
    run.start()
    run.join(600)
    assert run.report.reason == "succeeded", run.report.message
    return spans(sys.modules[MODULE_NAME].TIMES)


def plainly(text: str) -> list[float]:
    """Run the script; returns how long each of its turns took."""
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return spans(space["TIMES"])


def spans(times: list[float]) -> list[float]:
    return [b - a for a, b in itertools.pairwise(times)][2:]


def least(pairs: int, *runs: Callable[[], list[float]]) -> list[float]:
    """Return the least turn of each, run in turns."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(pairs):
        for kept, run in zip(found, runs, strict=True):
            kept += run()
    return [min(kept) for kept in found]


def added(body: str, placed: tuple[str, ...], places: Places, quick: bool, size: int = 1_000_000) -> float:
    """Return what a turn costs more in ms."""
    turns = 60 if quick else 300
    away, here = flow(body, turns, placed, size), flow(body, turns, (), size)
    there, plain = least(2 if quick else 4, lambda: by_engine(away, places), lambda: plainly(here))
    return (there - plain) * 1e3


def branches(places: Places, quick: bool) -> tuple[float, float]:
    """Return the ratio of two branches in workers to the script, and that of two threads."""
    turns = 6 if quick else 14
    names = tuple(f"{branch}{n}" for branch in "ab" for n in range(1, 6))
    away, here = flow(TWO, turns, names), flow(TWO, turns)
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(here, "plain", "exec"), space)
    data = next(space["turns"](1))

    def branch() -> None:
        space["total"](space["size"](space["half"](space["wave"](space["lowpass"](data)))))

    def threads() -> list[float]:
        found = []
        for _ in range(turns):
            start = time.perf_counter()
            other = threading.Thread(target=branch)
            other.start()
            branch()
            other.join()
            found.append(time.perf_counter() - start)
        return found

    there, plain, threaded = least(3, lambda: by_engine(away, places), lambda: plainly(here), threads)
    return there / plain, threaded / plain


class Heard(io.StringIO):
    """Takes what nodes print, and tells that there was some."""

    def __init__(self) -> None:
        super().__init__()
        self.some = threading.Event()

    def write(self, text: str) -> int:
        """Take it."""
        self.some.set()
        return super().write(text)


def stop(places: Places) -> float:
    """Return how long it takes until a run with a node that never returns has ended."""
    text = flow("        b = forever(1)\n", 1, ("b",))
    table = Table(memoryview(bytearray(1 << 16)))
    run = Run("run", text, "", emit=lambda event: None, table=table, places=places)
    heard = Heard()
    with redirect_stdout(heard):
        run.start()
        assert heard.some.wait(60)
    start = time.perf_counter()
    run.stop()
    assert run.join(10)
    return time.perf_counter() - start


def measure(quick: bool) -> Rows:
    places = Places()
    try:
        pair = "        a = half(x)\n        n = pick(a)\n        b = half(a)\n"
        apart = added(pair, ("a", "b"), places, quick) - added(pair, ("a",), places, quick)
        there = "        a = half(x)\n        n = pick(a)\n        b = look(a)\n"
        seen = added(there, ("a", "b"), places, quick) - added(there, ("a",), places, quick)
        process, threads = branches(places, quick)
        number = added("        b = half(3.0)\n", ("b",), places, quick, 10)
        array = added("        b = half(x)\n", ("b",), places, quick)
        return {
            "a number to a worker and back, ms": Row(number, unit="ms"),
            "8 MB to a worker and back, ms": Row(array, unit="ms"),
            "8 MB from a worker to a worker and back, ms": Row(apart, unit="ms"),
            "8 MB seen by a worker, ms": Row(seen, unit="ms"),
            "12 NumPy nodes in two branches, `process` / script": Row(process, unit="ratio"),
            "the same in threads / script": Row(threads, unit="ratio"),
            "stop of a node that never returns, s": Row(statistics.median(stop(places) for _ in range(3)), unit="s"),
        }
    finally:
        places.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what nodes in worker processes cost, and gain.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    options = parser.parse_args()
    show(measure(options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
