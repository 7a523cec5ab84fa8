"""What the engine adds to a script, how fast it answers and stops, what the history costs, and the same of its peers.

    python benchmarks/engine.py [--peers] [--json] [--quick] [--only WORD ...]

Everything that has a script beside it is measured with it in turns, in one process, and told as a ratio to it or as
what was added. ``--peers`` measures other programs, too, in an environment that is made for them (`peers.py`).
``OMP_NUM_THREADS`` is 1 unless it is set: else NumPy's own threads are measured.

Rows
----
added per node: chain of 100 / 20 layers of 50, µs
    Of nodes that do next to nothing, with timing, states and error attribution on.
12 NumPy nodes: dropped / script, dropped / script with del, kept / script
    Values are dropped after their last reader, as in ``flodesk run``; or kept to the end, as in the window, where a
    change is computed from there. A script keeps its variables, one with ``del`` keeps none that it does not need.
12 NumPy nodes: side by side / script, sources in two workers / script
    The same of functions that say that they are pure: threads on both cores, in a first run. And with the three
    sources in the place ``process``.
turn of two filters, small, Python: side by side / in order
    A loop with two calls that do not need one another, said to be pure or not: filters of 3 ms, sums of 10 µs, and
    plain Python, which threads cannot speed up.
bundle of 100 trivial nodes, added to a first run, µs
    What it costs to have a thread ready for nodes that nobody has seen yet.
loop of 3 trivial nodes, turns/s / added per turn, µs / script
    All of a turn: producer, three nodes, counting.
added per node in a loop / in the arm of an if, µs
    Of 20 nodes; the region itself is in it. ``if with one node`` is that of the smallest.
added per call of a subflow of two nodes, µs
    Fresh slots, two nodes and the return.
loop of 5 nodes × 1000 samples / script, live turn of 1000 samples / script
    Plain NumPy functions; and nodes of ours with a filter and a chart.
finding what a change leaves alone, per node, µs
    Of a flow of 1000 nodes whose last one has changed. Play runs everything again, as the script does.
8 MB to a process node and back, ms
    What comes on top of the node's own work. ``hosted.py`` has this and what else crosses processes.
one run of 20 nodes into history, ms
    Of the run's own time (`history.py`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import history
import hosted
import peers
import workloads
from measuring import Row, Rows, least, show

from flodesk.engine.again import again
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control
from flodesk.engine.load import load
from flodesk.engine.loop import Runner
from flodesk.engine.places.known import Places


def engine_of(
    text: str, *, keep: bool = False, fresh: bool = False, anew: bool = False, places: Places | None = None
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Return the plain function of a flow, and what runs it in the engine, steps alone.

    With `fresh` the engine gives its values back after each run, as a script does when its function returns; else they
    are overwritten by the next run. With `anew` each run is a first one: nobody knows yet how long the nodes take.
    """
    loaded = load(text + ("" if "__main__" in text else workloads.MAIN), "")
    plan = compile_plan(loaded, "flow")
    cells = memoryview(bytearray(8 * plan.cells)).cast("q")
    away = places.elsewhere("bench", lambda *line: None) if places is not None else None
    runner = Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=keep, away=away)
    empty = list(plan.slots)

    def run() -> None:
        one = runner
        if anew:
            one = Runner(plan, Control(), cells, lambda *line: None, lambda other: cells, keep=keep)
        one.run()
        if anew:
            assert not list(one.close())
        if fresh:
            plan.slots[:] = empty

    return loaded.namespace["flow"], run


def pair(text: str, rounds: int) -> tuple[float, float]:
    """Return the least time in s of the plain script and of the engine."""
    script, engine = engine_of(text)
    found = least({"script": script, "engine": engine}, rounds)
    return found["script"], found["engine"]


def trivial(few: int) -> Rows:
    """Measure what a node costs that does nothing."""
    rows: Rows = {}
    script, engine = pair(workloads.chain(), 500 * few)
    rows["added per node: chain of 100, µs"] = Row((engine - script) / 100 * 1e6, 0.30, "µs")
    script, engine = pair(workloads.layers(), 80 * few)
    rows["added per node: 20 layers of 50, µs"] = Row((engine - script) / 1000 * 1e6, 0.35, "µs")
    return rows


def signal(few: int) -> Rows:
    """Measure twelve nodes that do something."""
    places = Places()
    try:
        script, dropped = engine_of(workloads.SIGNAL, fresh=True)
        table = "# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n"
        table += "".join(f'# {name} = "process"\n' for name in ("low", "high", "hiss")) + "# ///\n"
        runs = {
            "script": script,
            "dropped": dropped,
            "kept": engine_of(workloads.SIGNAL, keep=True, fresh=True)[1],
            "del": engine_of(workloads.with_del(workloads.SIGNAL))[0],
            "apart": engine_of(table + workloads.SIGNAL, fresh=True, places=places)[1],
            "threads": engine_of(workloads.marked(workloads.SIGNAL), fresh=True, anew=True)[1],
        }
        found = least(runs, 8 * few)
    finally:
        places.close()
    return {
        "12 NumPy nodes: dropped / script": Row(found["dropped"] / found["script"], 1.02, "ratio"),
        "12 NumPy nodes: dropped / script with del": Row(found["dropped"] / found["del"], 1.05, "ratio"),
        "12 NumPy nodes: kept / script": Row(found["kept"] / found["script"], 1.05, "ratio"),
        "12 NumPy nodes: side by side / script": Row(found["threads"] / found["script"], 0.75, "ratio"),
        "12 NumPy nodes: sources in two workers / script": Row(found["apart"] / found["script"], None, "ratio"),
    }


def side(few: int) -> Rows:
    """Measure what side by side gains in loops, and what it costs where nothing is gained."""
    rows: Rows = {}
    turns = {"filters": workloads.FILTERS, "small": workloads.SMALL, "Python": workloads.SPINNING}
    for name, text in turns.items():
        runs = {"marked": engine_of(workloads.marked(text))[1], "plain": engine_of(text)[1]}
        found = least(runs, 8 * few)
        goal = 0.75 if name == "filters" else 1.05
        rows[f"turn of two {name}: side by side / in order"] = Row(found["marked"] / found["plain"], goal, "ratio")
    runs = {
        "marked": engine_of(workloads.marked(workloads.HUNDRED), anew=True)[1],
        "plain": engine_of(workloads.HUNDRED, anew=True)[1],
    }
    found = least(runs, 300 * few)
    rows["bundle of 100 trivial nodes, added to a first run, µs"] = Row(
        (found["marked"] - found["plain"]) * 1e6, 300, "µs"
    )
    return rows


def regions(few: int) -> Rows:
    """Measure loops, switches and subflows."""
    rows: Rows = {}
    turns = workloads.TURNS
    script, engine = pair(workloads.THREE, 60 * few)
    rows["loop of 3 trivial nodes, turns/s"] = Row(turns / engine, 300_000, "1/s", "higher")
    rows["loop of 3 trivial nodes, the script, turns/s"] = Row(turns / script, None, "1/s", "higher")
    rows["loop of 3 trivial nodes, added per turn, µs"] = Row((engine - script) / turns * 1e6, 2.0, "µs")
    script, engine = pair(workloads.IN_LOOP, 60 * few)
    nodes = turns // 10 * (workloads.IN_REGION + 1)  # the producer is one
    rows["added per node in a loop, µs"] = Row((engine - script) / nodes * 1e6, 0.2, "µs")
    nodes = workloads.IN_REGION
    script, engine = pair(workloads.switches(10, nodes), 300 * few)
    rows["added per node in the arm of an if, µs"] = Row((engine - script) / (10 * nodes) * 1e6, 0.2, "µs")
    script, engine = pair(workloads.switches(100, 1), 300 * few)
    rows["added per if with one node, µs"] = Row((engine - script) / 100 * 1e6, None, "µs")
    script, engine = pair(workloads.subflows(), 100 * few)
    rows["added per call of a subflow of two nodes, µs"] = Row((engine - script) / 100 * 1e6, 3.0, "µs")
    return rows


def streams(few: int) -> Rows:
    """Measure turns with blocks of samples."""
    script, engine = pair(workloads.STREAM, 25 * few)
    live, engine_live = pair(workloads.LIVE, 25 * few)
    return {
        "loop of 5 nodes × 1000 samples / script": Row(engine / script, 1.10, "ratio"),
        "live turn of 1000 samples / script": Row(engine_live / live, 1.10, "ratio"),
    }


def changes(few: int) -> Rows:
    """Measure what looking for the nodes costs that a change concerns."""
    plan = compile_plan(load(workloads.layers(), ""), "flow")
    items = plan.root.items
    found = least({"look": lambda: again(plan, {items[-1].id})}, 200 * few)
    return {"finding what a change leaves alone, per node, µs": Row(found["look"] / len(items) * 1e6, 0.2, "µs")}


def past(few: int) -> Rows:
    """Measure what the history costs."""
    cost = history.measure(runs=150 * few)
    return {"one run of 20 nodes into history, ms": Row(cost["own"], history.AIM_MS, "ms")}


PARTS: dict[str, Callable[[int], Rows]] = {
    "trivial": trivial,
    "signal": signal,
    "side": side,
    "regions": regions,
    "streams": streams,
    "changes": changes,
    "history": past,
    "hosted": hosted.measure,
}


def main() -> int:
    """Measure, print a table and, with ``--json``, one object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="fewer runs: ends within 45 s (without --peers)")
    parser.add_argument("--peers", action="store_true", help="measure other programs, too")
    parser.add_argument("--only", nargs="+", choices=[*PARTS], default=[*PARTS], help="only these parts")
    options = parser.parse_args()
    few = 1 if options.quick else 4
    rows: Rows = {}
    for part in options.only:
        rows |= PARTS[part](few)
    if options.peers:
        rows |= peers.rows(quick=options.quick)
    show(rows, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
