"""How fast a flow is on a Dask cluster: its nodes as one task of ours, beside Dask's own futures a node.

    python benchmarks/elsewhere_dask.py [--json] [--quick]

A cluster of our own with two workers is started for it, and ended with it; both sides use it. All is measured in turns
in one run, the least of many.

Rows
----
ours
    A run of the flow from its start to its end, all its nodes in the place `dask`: as many tasks as paid the last time.
ours, first run
    The same as the first run of its text: branches are tasks of their own, whose values stay on the cluster.
futures a node
    The same nodes by ``client.submit``, each with the futures of those that it reads, and the last result fetched.
the script
    The plain script in this process.
8 MB there and back
    A node that gives its array of 1e6 numbers back, halved, in a loop: what a turn takes. `the same array` is one that
    the cluster has already.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import workloads
from distributed import Client
from measuring import Row, Rows, least, show

from flodesk.engine.load import MODULE_NAME
from flodesk.engine.places.dask.dask_client import Holds
from flodesk.engine.places.dask.dask_place import DaskPlace
from flodesk.engine.places.known import Places
from flodesk.engine.run import Run
from flodesk.engine.table import Table

FLOWS = {"chain of 100": workloads.chain(100), "12 NumPy nodes": workloads.SIGNAL + workloads.MAIN}
TURNS = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# b = "dask"
# ///
import time

import flodesk
import numpy

TIMES = []


def turns(n):
    data = numpy.random.default_rng(1).standard_normal(1_000_000)
    for k in range(n):
        TIMES.append(time.perf_counter())
        yield data + k if NEW else data
    TIMES.append(time.perf_counter())


def half(x):
    return x * 0.5


def flow():
    for x in turns(COUNT):
        b = half(x)
"""


def placed(text: str, nodes: list[workloads.Node]) -> str:
    """Return a flow whose nodes all run on the cluster."""
    table = "".join(f'# {node.name} = "dask"\n' for node in nodes)
    return f"# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n{table}# ///\n{text}"


def run(text: str, places: Places, place: str) -> None:
    """Run a flow to its end."""
    table = Table(memoryview(bytearray(1 << 20)))
    this = Run("run", text, "", emit=lambda event: None, table=table, places=places, place=place)
    this.start()
    this.join(600)
    assert this.report.reason == "succeeded", this.report.message


def first(text: str, places: Places) -> None:
    """Run a flow of which nobody knows what side by side gains."""
    for _, place in places._made.values():
        if isinstance(place, DaskPlace):
            place.learned.clear()
    run(text, places, "local")


def futures(client: Any, nodes: list[workloads.Node]) -> None:
    """Run a flow as one future a node."""
    made: dict[str, Any] = {}
    for node in nodes:
        made[node.name] = client.submit(node.call, *(made[name] for name in node.reads), pure=False)
    made[nodes[-1].name].result()


def there_and_back(places: Places, new: bool, count: int) -> float:
    """Return the least time in s of a turn with 8 MB."""
    run(TURNS.replace("NEW", str(new)).replace("COUNT", str(count)) + workloads.MAIN, places, "local")
    times: list[float] = sys.modules[MODULE_NAME].TIMES
    return min(b - a for a, b in itertools.pairwise(times))


def measure(quick: bool) -> Rows:
    """Measure everything."""
    places, rounds, rows = Places(), 5 if quick else 30, Rows()
    os.environ.pop("FLODESK_DASK_ADDRESS", None)
    held = Holds.of("", 0)
    try:
        run(FLOWS["chain of 100"], places, "dask")
        assert held.now is not None
        found = held.now.found
        with Client(found.address, security=found.security, set_as_default=False, direct_to_workers=True) as client:
            for name, text in FLOWS.items():
                nodes = workloads.graph(text)[1]
                space: dict[str, Any] = {"__name__": "plain"}
                exec(compile(text, "plain", "exec"), space)
                whole = placed(text, nodes)
                timed: dict[str, Callable[[], Any]] = {
                    "ours": partial(run, whole, places, "local"),
                    "ours, first run": partial(first, whole, places),
                    "futures a node": partial(futures, client, nodes),
                    "the script": space["flow"],
                }
                took = least(timed, rounds)
                for who, seconds in took.items():
                    rows[f"{name}, {who}"] = Row(seconds * 1e3, unit="ms")
                rows[f"{name}, futures a node / ours"] = Row(
                    took["futures a node"] / took["ours"], 1.0, "×", better="higher"
                )
        for words, new in (("another array each time", True), ("the same array", False)):
            rows[f"8 MB there and back, {words}"] = Row(there_and_back(places, new, 4 * rounds) * 1e3, unit="ms")
        return rows
    finally:
        places.close()
        held.let_go()


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description="Measure flows on a Dask cluster.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a sixth of the repetitions")
    options = parser.parse_args()
    show(measure(options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
