"""How fast a queue between loops is that lives on a Redis server, beside a bare client and beside a queue in memory.

    python benchmarks/elsewhere_queues.py [--json] [--quick]

A server of our own, and small messages (whole numbers), from one process that writes to one that reads, unless said
otherwise. What is measured goes from the first turn of the loop that reads to its last. All at least once: put one by
one, each on the server when `put` returns, and acknowledged after its turn. In turns, the best of several.

Rows
----
a queue on Redis, from process to process
    `flodesk run --loop` twice: what a user gets.
the same, both loops in one process
    Two threads that share an interpreter.
a bare client, from process to process
    redis-py as its pages show it: XADD one by one; XREADGROUP of 100, with XACK and XDEL of those before.
ours / the bare client
    In the same run.
CPU a message more than the bare client's
    CPU time of both processes, without that of the server.
a queue in memory
    The same flow without the header's line.
from `put` to the turn that reads it
    The median where the queue is empty.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from measuring import Row, Rows, show
from redis import Redis

from flodesk.engine.headless import run
from flodesk.engine.places.server.broker import LocalServer

HEADER = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.queues]
# jobs = {{ on = "redis", name = "{name}" }}
# ///
"""
FLOW = """import time
import flodesk
from flodesk.nodes import queue, timing

jobs = queue.Queue(size=1000)
TIMES = []
LATE = []


def given(count, pause):
    for _ in range(count):
        if pause:
            time.sleep(pause)
        yield time.perf_counter_ns()


def seen(value):
    now = time.perf_counter_ns()
    TIMES.append(now)
    LATE.append(now - value)
    return value


def told():
    return TIMES[-1] - TIMES[0], sorted(LATE)[len(LATE) // 2]


def acquire():
    for n in given({count}, {pause}):
        sent = jobs.put(n)


def report():
    for value in jobs:
        got = seen(value)
    found = told()


if __name__ == "__main__":
    flodesk.main(acquire, report)
"""
SPAWN = multiprocessing.get_context("spawn")


def flow(name: str, count: int, pause: float = 0.0) -> str:
    header = HEADER.format(name=name) if name else ""
    return header + FLOW.format(count=count, pause=pause)


def one_loop(answers: Any, ready: Any, text: str, loops: list[str]) -> None:
    """Run loops of a flow in this process; gives what `told` has found, and the CPU time that it took."""
    # what a first run imports is no matter of queues
    run(flow("", 10), loops=[])
    ready.wait()
    begun = time.process_time()
    result = run(text, loops=loops, keep_values=True, keep_events=False)
    assert result.reason == "succeeded", result.message
    answers.put((result.values.get("report.found"), time.process_time() - begun))


def writes(answers: Any, ready: Any, url: str, name: str, count: int) -> None:
    with Redis.from_url(url) as client:
        client.ping()
        ready.wait()
        begun = time.process_time()
        for n in range(count):
            client.xadd(name, {"v": n})
        answers.put((None, time.process_time() - begun))


def reads(answers: Any, ready: Any, url: str, name: str, count: int) -> None:
    with Redis.from_url(url) as client:
        client.xgroup_create(name, "g", "0", mkstream=True)
        ready.wait()
        begun, first, got = time.process_time(), 0, 0
        done: list[bytes] = []
        while got < count:
            pipe = client.pipeline(transaction=False)
            if done:
                pipe.xack(name, "g", *done)
                pipe.xdel(name, *done)
            pipe.xreadgroup("g", "c", {name: ">"}, count=100, block=1000)
            found: Any = pipe.execute()[-1]
            entries = (found.values() if isinstance(found, dict) else [pair[1] for pair in found]) if found else []
            entries = [entry for part in entries for entry in (part[0] if part and isinstance(part[0], list) else part)]
            done = [entry[0] for entry in entries]
            for _, fields in entries:
                int(fields[b"v"])
                first = first or time.perf_counter_ns()
                got += 1
        answers.put(((time.perf_counter_ns() - first, 0), time.process_time() - begun))


def side_by_side(*works: tuple[Callable[..., None], tuple[Any, ...]]) -> tuple[tuple[int, int], float]:
    """Do things in a process each, which begin together; returns what the last has found, and the CPU time of all."""
    answers, ready = SPAWN.Queue(), SPAWN.Barrier(len(works))
    processes = [SPAWN.Process(target=work, args=(answers, ready, *given)) for work, given in works]
    for process in processes:
        process.start()
    got = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return next(found for found, _ in got if found), sum(used for _, used in got)


def measure(quick: bool) -> Rows:
    count, rounds = (5_000, 2) if quick else (20_000, 5)
    rates: dict[str, list[float]] = {}
    costs: dict[str, list[float]] = {}
    late = []
    with LocalServer() as server:
        os.environ["FLODESK_REDIS_URL"] = server.url
        for number in range(rounds):
            name = f"bench.{number}"
            text = flow(name, count)
            bare = (server.url, f"bare.{number}", count)
            near = flow("", count)
            both = flow(f"{name}.both", count)
            kinds: dict[str, list[tuple[Callable[..., None], tuple[Any, ...]]]] = {
                "apart": [(one_loop, (text, ["report"])), (one_loop, (text, ["acquire"]))],
                "bare": [(reads, bare), (writes, bare)],
                "together": [(one_loop, (both, []))],
                "memory": [(one_loop, (near, []))],
            }
            for kind, works in kinds.items():
                (took, _), used = side_by_side(*works)
                rates.setdefault(kind, []).append((count - 1) / took * 1e9)
                costs.setdefault(kind, []).append(used / count)
            slow = flow(f"{name}.slow", 200, 0.005)
            (_, median), _ = side_by_side((one_loop, (slow, ["report"])), (one_loop, (slow, ["acquire"])))
            late.append(median / 1e6)
    best = {kind: max(found) for kind, found in rates.items()}
    least = {kind: min(found) for kind, found in costs.items()}
    ratio = statistics.median(a / b for a, b in zip(rates["apart"], rates["bare"], strict=True))
    return {
        "a queue on Redis, from process to process": Row(best["apart"], 8000, "messages/s", "higher"),
        "the same, both loops in one process": Row(best["together"], None, "messages/s", "higher"),
        "a bare client, from process to process": Row(best["bare"], None, "messages/s", "higher"),
        "ours / the bare client": Row(ratio, 1.0, "ratio", "higher"),
        "CPU a message more than the bare client's": Row((least["apart"] - least["bare"]) * 1e6, None, "µs"),
        "a queue in memory": Row(best["memory"], None, "messages/s", "higher"),
        "from `put` to the turn that reads it": Row(min(late), 1.0, "ms"),
    }


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    show(measure(options.quick), as_json=options.json)


if __name__ == "__main__":
    main()
