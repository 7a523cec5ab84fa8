"""How fast a flow is on a Redis queue: in an open session, as a new job, and beside a plain job of RQ a node.

    python benchmarks/elsewhere.py [--json] [--quick]

A server and a worker are started for it, and ended with it. All is measured in turns in one run, the least of many; of
what reaches the window the 95th of a hundred.

Rows
----
open session
    From `start` to the end as the editor hears it, in the session that an earlier run has left on the worker.
new job
    The same with a job of RQ that hosts a new session.
a job a node
    What RQ does where each node is a job (its own SimpleWorker, warm, pickled arguments): the peer.
the script
    The plain script in this process.
8 MB there and back
    A fresh array by its hash over the server, and another back; beside a job of RQ that gets one and returns it.
node to pixels
    From the return of a node to the frame that a window has painted with its value (`elsewhere_window.py`).
node to editor
    The same with no window: to the moment at which who looks 60 times a second finds the value.
events to the editor
    Lines of a log from another process, as the engine of the editor takes them; no window shows them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy
import workloads
from measuring import Row, Rows, least, show
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from flodesk.engine.codec import decode, encode
from flodesk.engine.events import Event, LogLine, RunFinished, to_json
from flodesk.engine.places.part.far_values import FarValues
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.pieces import name_of
from flodesk.engine.places.server.stream import QUEUE, connect
from flodesk.engine.places.session.following import Following
from flodesk.engine.places.session.hosted import Hosted
from flodesk.engine.places.session.rq import RqEngine
from flodesk.engine.places.workers.worker import OwnWorker

FRAME = 1.0 / 60.0
PEER = "peer"
ONE = workloads.flow(["v = one()"])
CLOCK = """import time

import flodesk
from flodesk.nodes import timing


def now(tick):
    return time.time()


def flow():
    for tick in timing.every(PERIOD):
        made = now(tick)
"""
SHORT = "chain of 10"
"""Of which `elsewhere_nodes.py` makes a job a node; not measured here."""
FLOWS = {
    "chain of 100": workloads.chain(100),
    "12 NumPy nodes": workloads.SIGNAL + workloads.MAIN,
    SHORT: workloads.chain(10),
}


class Editor:
    """Starts flows and waits for their ends, as a window does."""

    def __init__(self, url: str) -> None:
        self.engine = RqEngine(url)
        self.engine.listener = self._hear
        self._ended = threading.Event()
        self._end: RunFinished | None = None

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self._end = event
            self._ended.set()

    def run(self) -> None:
        """Run the open flow to its end."""
        self._ended.clear()
        self.engine.start()
        assert self._ended.wait(60)
        assert self._end is not None
        assert self._end.reason == "succeeded", self._end

    def leave(self) -> None:
        """Close its session."""
        self.engine.close()


# ------------------------------------------------------------------ a job a node, as RQ is used most
def call_node(flow: str, name: str, before: list[str]) -> Any:
    """Call one node with the results of other jobs: what the peer's worker runs."""
    nodes = {node.name: node for node in _graphs(flow)}
    return nodes[name].call(*(Job.fetch(job, connection=PEER_CONNECTION).return_value() for job in before))


_NODES: dict[str, list[workloads.Node]] = {}
PEER_CONNECTION: Redis | None = None


def _graphs(flow: str) -> list[workloads.Node]:
    if flow not in _NODES:
        _NODES[flow] = workloads.graph(FLOWS[flow])[1]
    return _NODES[flow]


def job_a_node(url: str, flow: str) -> None:
    """Run a flow as one job of RQ a node, each after those that it reads."""
    connection = Redis.from_url(url, socket_timeout=None)
    queue = Queue(PEER, connection=connection)
    jobs: dict[str, Job] = {}
    for node in _graphs(flow):
        reads = [jobs[name] for name in node.reads]
        arguments = (flow, node.name, [job.id for job in reads])
        jobs[node.name] = queue.enqueue("elsewhere.call_node", args=arguments, depends_on=reads or None)
    last = list(jobs.values())[-1]
    assert last.latest_result(timeout=60) is not None
    connection.close()


def serve_peer(url: str) -> None:
    """Work on the peer's queue in this process, with everything imported."""
    global PEER_CONNECTION
    PEER_CONNECTION = Redis.from_url(url)
    for flow in FLOWS:
        _graphs(flow)
    worker = SimpleWorker([Queue(PEER, connection=PEER_CONNECTION)], connection=PEER_CONNECTION)
    worker.work(logging_level="ERROR")


@contextmanager
def peer(url: str) -> Iterator[None]:
    """Have the peer's worker run."""
    command = [sys.executable, str(Path(__file__).resolve()), "--peer"]
    path = os.pathsep.join([str(Path(__file__).resolve().parent), *sys.path])
    process = subprocess.Popen(command, env={**os.environ, "FLODESK_REDIS_URL": url, "PYTHONPATH": path})
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


# ------------------------------------------------------------------ what is measured
def opened(editor: Editor, text: str, shown: set[str] | None = None) -> Callable[[], None]:
    """Return what runs a flow in the session that is open."""

    def run() -> None:
        editor.engine.open(text)
        editor.engine.watch(shown or set(), set())
        editor.run()

    return run


def new_job(url: str, text: str) -> float:
    """Return the time in s of a run that begins with a job."""
    time.sleep(0.5)  # the worker has a process ready again
    editor = Editor(url)
    editor.engine.open(text)
    start = time.perf_counter()
    editor.run()
    spent = time.perf_counter() - start
    editor.leave()
    return spent


def node_to_editor(editor: Editor, period: float, values: int) -> float:
    """Return how old in ms values are that the engine of an editor has, of which 95 in 100 are newer."""
    editor.engine.open(CLOCK.replace("PERIOD", str(period)) + workloads.MAIN)
    editor.engine.watch({"flow.made"}, set())
    editor.engine.start()
    ages: list[float] = []
    seen, end = 0, time.monotonic() + 20.0
    while len(ages) < values and time.monotonic() < end:
        time.sleep(FRAME)
        sample = editor.engine.values().get("flow.made")
        if sample is not None and sample.sequence != seen:
            seen = sample.sequence
            ages.append(time.time() - sample.value)
    editor.engine.stop()
    while editor.engine.running:
        time.sleep(0.01)
    return sorted(ages)[int(0.95 * len(ages))] * 1e3 if ages else float("nan")


def node_to_pixels(url: str, shown: dict[int, int]) -> list[float]:
    """Return for each rate how old in ms values are that a window has painted, of which 95 in 100 are newer."""
    given = [str(number) for pair in shown.items() for number in pair]
    command = [sys.executable, str(Path(__file__).with_name("elsewhere_window.py")), *given]
    known = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "FLODESK_REDIS_URL": url, "FLODESK_TRUST": "all"}
    told = subprocess.run(command, env=known, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(line) for line in told.splitlines()[-len(shown) :]]


def flood(url: str, events: int) -> None:
    """Send events as a session on a worker does: a process of its own."""
    connection = Redis.from_url(url)
    job = {"id": "flood", "idle": 0.0, "patience": 30.0, "megabytes": 64.0}
    session = Hosted(connection, job, Guard(), ["none"])
    line = to_json(LogLine("flood", "flow.node", "info", "a line of the log as nodes write it", 0.0))
    for _ in range(events):
        session._take({"f": "event", **line}, [])
    while not session._frames.empty():
        session._speak()


def echo(array: Any) -> Any:
    """Give back what it is given: what the peer's worker runs."""
    return array


def array_through_peer(url: str) -> Callable[[], None]:
    """Return what sends an array of 8 MB as a job's argument, pickled, and gets it back as its result."""
    connection = Redis.from_url(url, socket_timeout=None)
    queue = Queue(PEER, connection=connection)

    def run() -> None:
        job = queue.enqueue("elsewhere.echo", args=(numpy.random.default_rng().random(1_000_000),))
        assert job.latest_result(timeout=60).return_value.nbytes == 8_000_000

    return run


def array_by_hash(url: str) -> Callable[[], None]:
    """Return what does the same with our values: there by its hash, read, written, and back."""
    here, there = (FarValues(Redis.from_url(url), "benchmark") for _ in range(2))

    def run() -> None:
        for sender, reader in ((here, there), (there, here)):
            head, parts = encode(numpy.random.default_rng().random(1_000_000))
            names = {name_of(part): part for part in parts}
            sender.put(names)
            got = [reader.get(name, memoryview(part).nbytes) for name, part in names.items()]
            assert decode(head, got).nbytes == 8_000_000

    return run


def array_that_is_known(url: str) -> Callable[[], None]:
    """Return what sends an array once more that the other end has."""
    here, there = (FarValues(Redis.from_url(url), "benchmark") for _ in range(2))
    head, parts = encode(numpy.random.default_rng().random(1_000_000))

    def run() -> None:
        names = {name_of(part): part for part in parts}
        here.put(names)
        got = [there.get(name, memoryview(part).nbytes) for name, part in names.items()]
        assert decode(head, got).nbytes == 8_000_000

    return run


def events_a_second(url: str, events: int) -> float:
    """Return how many events of a worker a second reach the engine of an editor."""
    heard: list[float] = []
    over = threading.Event()

    def take(head: dict[str, Any], buffers: list[bytes]) -> None:
        heard.append(time.perf_counter())
        if len(heard) == events:
            over.set()

    key = find_or_make_key().secret
    following = Following(
        connect(url), "flood", who="me", key=key, take=take, quiet=lambda quiet: None, lost=lambda error, seconds: True
    )
    following.begin()
    process = get_context("spawn").Process(target=flood, args=(url, events))
    process.start()
    over.wait(30)
    following.leave()
    following.join(5)
    process.join(5)
    return len(heard) / (heard[-1] - heard[0])


def measure(*, quick: bool) -> Rows:
    """Measure all."""
    rounds = 2 if quick else 5  # the jobs of the peer take most of it
    shown = {5: 30, 1000: 100} if quick else {5: 100, 1000: 250}
    rows: Rows = {}
    with ExitStack() as stack:
        url = stack.enter_context(LocalServer()).url
        stack.enter_context(OwnWorker(url, QUEUE))
        stack.enter_context(peer(url))
        new = min(new_job(url, FLOWS["chain of 100"]) for _ in range(rounds + 2))
        editor = Editor(url)
        stack.callback(editor.leave)
        one = least({"one": opened(editor, ONE)}, 20 * rounds)["one"]
        for flow, text in FLOWS.items():
            if flow == SHORT:
                continue
            script = workloads.graph(text)[0]
            found = least(
                {"session": opened(editor, text), "jobs": partial(job_a_node, url, flow), "script": script},
                rounds if quick else 2 * rounds,
                burst=0.1,
            )
            if flow == "chain of 100":
                rows["chain of 100, open session, ms"] = Row(found["session"] * 1e3, 5.0, "ms")
                rows["chain of 100, new job, ms"] = Row(new * 1e3, 40.0, "ms")
            else:
                rows[f"{flow}, open session / the script"] = Row(found["session"] / found["script"], 1.15, "ratio")
                rows[f"{flow}, a job a node / the script"] = Row(found["jobs"] / found["script"], None, "ratio")
            rows[f"{flow}, a job a node / open session"] = Row(found["jobs"] / found["session"], None, "ratio")
        rows["one node, open session, ms"] = Row(one * 1e3, 3.0, "ms")
        arrays = {"ours": array_by_hash(url), "known": array_that_is_known(url), "peer": array_through_peer(url)}
        found = least(arrays, rounds)
        rows["8 MB there and back, ms"] = Row(found["ours"] * 1e3, None, "ms")
        rows["8 MB that the worker has, there, ms"] = Row(found["known"] * 1e3, None, "ms")
        rows["8 MB there and back, a job of RQ / ours"] = Row(found["peer"] / found["ours"], None, "ratio")
        for rate, values in shown.items():
            age = node_to_editor(editor, 1.0 / rate, values)
            rows[f"node to editor, {rate} values a second, p95 ms"] = Row(age, None, "ms")
        rows["events to the editor"] = Row(events_a_second(url, 20_000 if quick else 100_000), None, "1/s", "higher")
        editor.leave()  # the window has the worker now
        for rate, age in zip(shown, node_to_pixels(url, shown), strict=True):
            rows[f"node to pixels, {rate} values a second, p95 ms"] = Row(age, 50.0, "ms")
    return rows


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        # its jobs name functions of `elsewhere`, and find what they know there: not in `__main__`
        importlib.import_module("elsewhere").serve_peer(os.environ["FLODESK_REDIS_URL"])
    else:
        show(measure(quick=options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
