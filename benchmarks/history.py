"""What the history costs a run: python3 benchmarks/history.py [--json] [--quick].

Two numbers for one run of 20 nodes: what the threads of the run spend on it (announcing it, handing over its events, a
last look at the states of its nodes), and what it takes in all, with the recorder's own thread, from the first of many
runs to the last one being in the file.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import measuring

from flodesk.engine.events import LoopFinished, LoopStarted, RunFinished, RunStarted
from flodesk.engine.glance import Glass
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.history.settings import History
from flodesk.engine.ids import new_run
from flodesk.engine.table import CELLS, Layout, Row, Table

NODES = 20
RUNS = 1000
AIM_MS = 0.2
TEXT = "import flodesk\n" + "\n".join(f"# a line of a flow of usual length, number {n}" for n in range(60))


def glass() -> Glass:
    """Return the states of a run of so many nodes that has ended."""
    count = NODES * CELLS + 1
    made = Glass(Table(memoryview(bytearray(8 * count * 2))))
    cells, first = made.table.take("flow", count)
    cells[count - 1] = 1
    for n in range(NODES):
        cells[n * CELLS : n * CELLS + 2] = memoryview(bytes(16)).cast("q")
        cells[n * CELLS], cells[n * CELLS + 1] = 1000, 5000
    rows = tuple(Row(f"flow.node{n}", n * CELLS, count - 1) for n in range(NODES))
    made.laid_out(Layout("flow", first, count, rows))
    made.on = False
    return made


def one(recorder: Recorder, states: Glass) -> float:
    """Tell one run; returns how long that took, in s."""
    begun = time.perf_counter()
    run = new_run()
    recorder.begin(run, About(TEXT, "/somewhere/flow.py", states=states.states))
    recorder.take(RunStarted(run, 0.0))
    recorder.take(LoopStarted(run, "flow"))
    recorder.take(LoopFinished(run, "flow", "succeeded", 0))
    recorder.take(RunFinished(run, "succeeded", "", 0.001))
    return time.perf_counter() - begun


def measure(runs: int = RUNS) -> dict[str, float]:
    """Return what a run costs in ms: of its own time, the same while others are written, and in all; and its bytes."""
    states = glass()
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(folder=Path(folder), settings=History(keep_runs=0, keep_days=0))
        one(recorder, states)
        recorder.flush()  # the database's packages are imported
        alone = []
        for _ in range(30):
            alone.append(one(recorder, states))
            recorder.flush()
        begun = time.perf_counter()
        crowded = [one(recorder, states) for _ in range(runs)]
        recorder.flush(120)
        whole = (time.perf_counter() - begun) / runs
        recorder.close()
        size = (Path(folder) / "history.db").stat().st_size / (runs + 31)
    return {
        "own": statistics.median(alone) * 1000,
        "crowded": statistics.median(crowded) * 1000,
        "whole": whole * 1000,
        "bytes": size,
    }


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    cost = measure(RUNS // 5 if options.quick else RUNS)
    rows = {
        f"one run of {NODES} nodes into history, ms": measuring.Row(cost["own"], AIM_MS, "ms"),
        "the same while others are written, ms": measuring.Row(cost["crowded"], None, "ms"),
        "the same in all, to the file, ms": measuring.Row(cost["whole"], None, "ms"),
        "the same in the file, bytes": measuring.Row(cost["bytes"], None, "bytes"),
    }
    measuring.show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
