"""The same flows in other programs, beside the script and the engine, in turns in one process.

    python benchmarks/peers.py [--json] [--quick]

The other programs are installed into an environment of their own, ``benchmarks/.venv-peers``, which also sees what is
installed for the Python that runs this. Where it cannot be made, the rows say so. Each program gets the graph in its
own form before the clock starts, and is asked for the values that nobody reads.

Rows
----
chain of 100 / 20 layers of 50, added per node, µs
    Beyond the plain script, of nodes that do next to nothing.
12 NumPy nodes / script
    On a million samples. dask may use all cores; the others, and the script, use one.
Flojoy Studio
    Figures of Flojoy Studio's own backend, which needs a server and a browser and is not run here: constants.
"""

from __future__ import annotations

import argparse
import json
import os
import site
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import workloads
from measuring import Row, Rows, least, show

HERE = Path(__file__).resolve().parent
FOLDER = HERE / ".venv-peers"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PACKAGES = ("ryvencore", "sf-hamilton", "dask", "distributed", "pyqtgraph")
PEERS = ("engine", "ryvencore", "Hamilton", "pyqtgraph.flowchart", "dask, threads", "dask, distributed")
FLOWS = ("chain of 100", "20 layers of 50", "12 NumPy nodes")

FLOJOY_STUDIO: Rows = {
    "Flojoy Studio, a constant: chain of 100, added per node, µs": Row(243, None, "µs"),
    "Flojoy Studio, a constant: 20 layers of 50, added per node, µs": Row(169, None, "µs"),
    "Flojoy Studio, a constant: Play to last value, 7 nodes, ms": Row(118, None, "ms"),
}
"""The best that was seen of it elsewhere: not measured in this run, and on another machine."""


# ------------------------------------------------------------------ the environment
def environment() -> str:
    """Make the environment unless it is there; returns what is wrong with it."""
    done = FOLDER / "done"
    wanted = " ".join((sys.version, *PACKAGES))
    if done.exists() and done.read_text() == wanted:
        return ""
    try:
        venv.create(FOLDER, clear=True, with_pip=True)
        found = next(FOLDER.rglob("site-packages"))
        (found / "of-the-caller.pth").write_text("\n".join([*site.getsitepackages(), ""]))
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        return f"no environment for peers: {error}"
    if made.returncode:
        lines = [line for line in made.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
        return f"no environment for peers: {lines[-1]}"
    done.write_text(wanted)
    return ""


def rows(*, quick: bool) -> Rows:
    """Measure all peers, each flow in a process of its own."""
    wrong = environment()
    found: Rows = {}
    for flow in FLOWS:
        command = [str(PYTHON), __file__, "--inside", flow, *(["--quick"] if quick else [])]
        paths = [str(HERE.parent / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
        settings = {"QT_QPA_PLATFORM": "offscreen", "HAMILTON_TELEMETRY_ENABLED": "false"}
        settings |= {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        values: dict[str, Any] = {}
        if not wrong:
            told = subprocess.run(command, capture_output=True, text=True, check=False, env=settings, timeout=900)
            lines = [line for line in told.stdout.splitlines() if line.startswith("{")]
            values = json.loads(lines[-1]) if lines else dict.fromkeys(PEERS, told.stderr.strip()[-200:] or "no answer")
        for peer in PEERS:
            name = f"{peer}: {flow}, added per node, µs" if flow != "12 NumPy nodes" else f"{peer}: {flow} / script"
            value, unit = values.get(peer, wrong), "µs" if flow != "12 NumPy nodes" else "ratio"
            found[name] = Row(None, None, unit, note=value) if isinstance(value, str) else Row(value, None, unit)
    return found | FLOJOY_STUDIO


# ------------------------------------------------------------------ inside of it
Nodes = list[workloads.Node]
Run = Callable[[], Any]


def ends(nodes: Nodes) -> list[str]:
    """Return the nodes that nobody reads."""
    read = {name for node in nodes for name in node.reads}
    return [node.name for node in nodes if node.name not in read]


def engine(text: str, nodes: Nodes) -> Run:
    """Return what runs it in the engine."""
    from engine import engine_of

    return engine_of(text, fresh=True)[1]


def ryvencore(nodes: Nodes) -> Run:
    """Return what runs it in ryvencore: a first node, which the sources hang on, is updated."""
    import ryvencore as rc

    class First(rc.Node):  # type: ignore[misc]
        init_outputs = [rc.NodeOutputType()]

        def update_event(self, inp: int = -1) -> None:
            self.set_output_val(0, rc.Data(0))

    kinds: dict[str, type] = {}
    for node in nodes:
        kinds[node.name] = _ryven_node(rc, node)
    session = rc.Session()
    session.register_node_types([First, *kinds.values()])
    flow = session.create_flow("bench")
    flow.set_algorithm_mode("data opt")
    first = flow.create_node(First)
    made = {node.name: flow.create_node(kinds[node.name]) for node in nodes}
    for node in nodes:
        for n, name in enumerate(node.reads):
            flow.connect_nodes(made[name].outputs[0], made[node.name].inputs[n], silent=True)
        if not node.reads:
            flow.connect_nodes(first.outputs[0], made[node.name].inputs[0], silent=True)
    last = [made[name] for name in ends(nodes)]

    def run() -> Any:
        first.update()
        return [node.outputs[0].val.payload for node in last]

    return run


def _ryven_node(rc: Any, node: workloads.Node) -> type:
    call, count = node.call, len(node.reads)

    class Made(rc.Node):  # type: ignore[misc]
        init_inputs = [rc.NodeInputType() for _ in range(max(1, count))]
        init_outputs = [rc.NodeOutputType()]

        def update_event(self, inp: int = -1) -> None:
            values = [self.input(n) for n in range(count)]
            if None not in values:
                self.set_output_val(0, rc.Data(call(*[value.payload for value in values])))

    Made.__name__ = node.name
    return Made


def hamilton(nodes: Nodes) -> Run:
    """Return what runs it in Hamilton: a module with a function for each node."""
    from hamilton import driver
    from hamilton.ad_hoc_utils import module_from_source

    lines = ["calls = {}"]
    for node in nodes:
        takes = ", ".join(f"{name}: object" for name in dict.fromkeys(node.reads))
        lines += [f"def {node.name}({takes}) -> object:", f"    return calls['{node.name}']({', '.join(node.reads)})"]
    module = module_from_source("\n".join(lines))
    module.calls.update({node.name: node.call for node in nodes})
    made = driver.Builder().with_modules(module).build()
    wanted = ends(nodes)
    return lambda: made.execute(wanted)


def flowchart(nodes: Nodes) -> Run:
    """Return what runs it in pyqtgraph's flowchart."""
    import pyqtgraph as pg
    from pyqtgraph.flowchart import Flowchart
    from pyqtgraph.flowchart import Node as ChartNode

    pg.mkQApp()
    chart = Flowchart(terminals={"out": {"io": "out"}})
    chart.blockSignals(True)
    made = {}
    for node in nodes:
        call, names = node.call, [f"in{n}" for n in range(len(node.reads))]

        class Made(ChartNode):  # type: ignore[misc]
            def process(
                self, display: bool = False, *, call: Any = call, names: list[str] = names, **values: Any
            ) -> dict[str, Any]:
                return {"out": call(*[values[name] for name in names])}

        terminals = {name: {"io": "in"} for name in names} | {"out": {"io": "out"}}
        made[node.name] = Made(node.name, terminals=terminals)
        chart.addNode(made[node.name], node.name)
    for node in made.values():
        node.sigOutputChanged.disconnect()
        node.blockSignals(True)
        node.update = lambda *_, **__: None  # a chart that is built runs at every new wire
    for node in nodes:
        for n, name in enumerate(node.reads):
            chart.connectTerminals(made[name].terminals["out"], made[node.name].terminals[f"in{n}"])
    chart.connectTerminals(made[ends(nodes)[0]].terminals["out"], chart["out"])
    process: Run = chart.process
    return process


def threads(nodes: Nodes) -> Run:
    """Return what runs it in dask's threads."""
    import dask.threaded

    tasks = {node.name: (node.call, *node.reads) for node in nodes}
    wanted = ends(nodes)
    return lambda: dask.threaded.get(tasks, wanted)


def distributed(nodes: Nodes) -> Generator[Run, None, None]:
    """Give what runs it in dask.distributed: two workers that are there."""
    from distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        cluster = LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=folder, silence_logs=50
        )
        client = Client(cluster)
        calls = [0]

        def run() -> Any:
            calls[0] += 1  # a name that was computed before is not computed again
            end = f"-{calls[0]}"
            tasks = {node.name + end: (node.call, *[name + end for name in node.reads]) for node in nodes}
            return client.get(tasks, [name + end for name in ends(nodes)])

        try:
            yield run
        finally:
            client.close()
            cluster.close()


def inside(flow: str, *, quick: bool) -> dict[str, Any]:
    """Measure one flow in all peers; of one that fails it gives the reason."""
    made: dict[str, Callable[[], str]] = {"chain of 100": workloads.chain, "20 layers of 50": workloads.layers}
    text = made[flow]() if flow in made else workloads.SIGNAL
    script, nodes = workloads.graph(text)
    runs: dict[str, Run] = {"script": script}
    values: dict[str, Any] = {}
    builders: dict[str, Callable[[Nodes], Run]] = {
        "engine": lambda nodes: engine(text, nodes),
        "ryvencore": ryvencore,
        "Hamilton": hamilton,
        "pyqtgraph.flowchart": flowchart,
        "dask, threads": threads,
    }
    for name, build in builders.items():
        try:
            runs[name] = build(nodes)
            runs[name]()
        except Exception as error:  # noqa: BLE001 - foreign programs: the row says so
            runs.pop(name, None)
            values[name] = f"{type(error).__name__}: {error}"
    seconds = 6.0 if quick else 40.0
    found = least(runs, 1000, seconds=seconds, burst=0.01)
    generator = distributed(nodes)
    try:
        found |= {"dask, distributed": least({"run": next(generator)}, 20, seconds=seconds / 4)["run"]}
    except Exception as error:  # noqa: BLE001 - see above
        values["dask, distributed"] = f"{type(error).__name__}: {error}"
    finally:
        generator.close()
    base = found.pop("script")
    for name, took in found.items():
        values[name] = took / base if flow == "12 NumPy nodes" else (took - base) / len(nodes) * 1e6
    return values


def main() -> None:
    """Measure, print the table; inside of the environment: one object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--inside", choices=FLOWS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(inside(options.inside, quick=options.quick)))
    else:
        show(rows(quick=options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
