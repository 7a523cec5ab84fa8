"""What nodes on a Redis queue cost a run at home: as one job, and as a job each, beside plain jobs of RQ.

    python benchmarks/elsewhere_nodes.py [--json] [--quick]

A server and a worker are started for it, and ended with it. All is measured in turns in one run, the least of many.

Rows
----
one job
    A run at home whose nodes are one job on a worker that has hosted them before.
a job a node
    The same with ``jobs = "node"``: each node a job of RQ in a process of its own, after those that it reads.
the peer
    What RQ does where each node is a job (its own SimpleWorker, warm, no process of their own, pickled arguments).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from contextlib import ExitStack

import elsewhere
import workloads
from measuring import Row, Rows, least, show

from flodesk.engine.places.known import Places
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import NODES
from flodesk.engine.places.workers.worker import OwnWorker
from flodesk.engine.run import Run
from flodesk.engine.table import Table


def on_queue(text: str, jobs: str) -> str:
    """Return a flow with all its nodes on the queue."""
    nodes = [f'# {node.name} = "rq"' for node in workloads.graph(text)[1]]
    head = ["# /// script", "# [tool.flodesk]", "# version = 1", "# [tool.flodesk.places.flow]", *nodes]
    return "\n".join([*head, "# [tool.flodesk.rq]", f'# jobs = "{jobs}"', "# ///", text])


def runs(text: str, places: Places) -> Callable[[], None]:
    """Return what runs a flow at home, to its end."""

    def run() -> None:
        table = Table(memoryview(bytearray(1 << 18)))
        one = Run("run", text, "", emit=lambda event: None, table=table, places=places)
        one.start()
        assert one.join(60)
        assert one.report.reason == "succeeded", one.report.message

    return run


def measure(*, quick: bool) -> Rows:
    """Measure all."""
    rounds = 2 if quick else 5
    rows: Rows = {}
    with ExitStack() as stack:
        url = os.environ["FLODESK_REDIS_URL"] = stack.enter_context(LocalServer()).url
        stack.enter_context(OwnWorker(url, NODES))
        stack.enter_context(elsewhere.peer(url))
        together, apart = Places(), Places()
        stack.callback(apart.close)
        stack.callback(together.close)
        chain = workloads.chain(100)
        found = least({"all": runs(on_queue(chain, "part"), together), "home": runs(chain, together)}, 10 * rounds)
        rows["chain of 100 as one job, added, ms"] = Row((found["all"] - found["home"]) * 1e3, None, "ms")
        together.close()
        nodes = runs(on_queue(elsewhere.FLOWS[elsewhere.SHORT], "node"), apart)
        found = least({"node": nodes, "peer": lambda: elsewhere.job_a_node(url, elsewhere.SHORT)}, rounds)
        rows["a job a node, each, ms"] = Row(found["node"] / 10 * 1e3, None, "ms")
        rows["a job a node / the peer's"] = Row(found["node"] / found["peer"], None, "ratio")
    return rows


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    show(measure(quick=options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
