"""``flodesk worker --concurrency N``: workers under one process, which come again when they die and end together."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.workers import job_deeds, job_list
from flodesk.engine.places.workers.job_list import JobState

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SECONDS = 60.0
KEY = os.environ["FLODESK_KEY"].encode()
WITHOUT_QT = Path(__file__).parents[2] / "headless" / "without_qt"
"""On Python's path it makes PySide6 a package that is not there."""
FLOW = """
import flodesk
import os
import time


@flodesk.node(pure=False)
def work(seconds: float) -> float:
    out = os.open(COUNTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(out, f"NAME {os.getpid()} {os.getppid()}\\n".encode())
    os.close(out)
    time.sleep(seconds)
    return seconds


def flow():
    made = work(SECONDS)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def client(server: LocalServer) -> Iterator[Redis]:
    made = connect(server.url)
    made.flushdb()
    yield made
    made.close()


def put(client: Redis, id: str, counts: Path, seconds: float = 0.0, queue: str = "flodesk") -> None:
    """Put a flow on a queue that nobody follows, and that counts how often it was begun."""
    text = FLOW.replace("COUNTS", repr(str(counts))).replace("NAME", id).replace("SECONDS", repr(seconds))
    opened = {"c": "open", "text": text, "path": f"/lab/{id}.py", "files": {}}
    JobQueue(client, queue, KEY, Wire(idle=0.0)).put(id, [opened, {"c": "start", "run": id}], f"flow {id}")


def names(counts: Path) -> list[str]:
    """Return which flows were begun, as often as they were."""
    return [line.split()[0] for line in counts.read_text().splitlines()] if counts.exists() else []


def jobs(client: Redis, *states: str) -> list[JobState]:
    return [job for job in job_list.look(client, 10_000).jobs if job.state in states]


@pytest.mark.parametrize(
    "how", [pytest.param([], id="forked"), pytest.param(["--no-fork"], id="started", marks=pytest.mark.long)]
)
def test_they_work_side_by_side_come_again_when_they_die_and_end_together(
    how: list[str], server: LocalServer, client: Redis, start_worker: Callable[..., Any], tmp_path: Path,
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    counts, said = tmp_path / "counts", tmp_path / "said"
    group = start_worker(server.url, "--queue", "flodesk", "--concurrency", "2", *how, heard=True, said=said)
    found = job_list.look(client).workers
    assert len(found) == 2, "all listen when it greets"
    put(client, "one", counts, 1000.0)
    put(client, "two", counts, 1000.0)
    wait_for(lambda: len(names(counts)) == 2, "both at the same time")
    victim = next(worker for worker in job_list.look(client).workers if worker.job == "one")
    os.kill(victim.pid, signal.SIGKILL)
    wait_for(lambda: jobs(client, "failed"), "it to be told")
    assert [(job.id, job.why) for job in jobs(client, "failed")] == [("one", "its worker has died")]
    wait_for(lambda: len([w for w in job_list.look(client).workers if w.alive]) == 2, "another one")
    assert "was killed (SIGKILL): another one is started in 1 s" in said.read_text()
    new = job_deeds.retry(client, jobs(client, "failed")[0])
    wait_for(lambda: len(names(counts)) == 3, "it to run again")
    assert {job.id for job in jobs(client, "running")} == {"two", new}
    group.send_signal(signal.SIGTERM)
    assert group.wait(SECONDS) == 0
    # one that had to be ended has not signed off: its last beat runs out
    wait_for(lambda: not any(w.alive for w in job_list.look(client).workers), "the end of all")


def test_a_second_signal_ends_all_at_once(
    server: LocalServer, client: Redis, start_worker: Callable[..., Any], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    counts = tmp_path / "counts"
    group = start_worker(server.url, "--queue", "flodesk", "--concurrency", "2", heard=True)
    for id in ("one", "two"):
        put(client, id, counts, 1000.0)
    wait_for(lambda: len(names(counts)) == 2, "both")
    group.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # two signals of one kind at the same time are one
    group.send_signal(signal.SIGINT)
    assert group.wait(SECONDS) == 130
    pids = [int(word) for line in counts.read_text().splitlines() for word in line.split()[1:]]
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "the end of all")


def test_in_a_burst_they_leave_when_all_is_done_and_all_are_idle_also_without_qt(
    server: LocalServer, client: Redis, tmp_path: Path
) -> None:
    counts = tmp_path / "counts"
    for number in range(6):
        put(client, f"job{number}", counts)
    command = [sys.executable, "-m", "flodesk", "worker", "--redis", server.url, "--queue", "flodesk"]
    paths = os.pathsep.join([str(WITHOUT_QT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "FLODESK_DATA": str(tmp_path), "PYTHONPATH": paths}
    subprocess.run([*command, "--concurrency", "2", "--burst"], check=True, timeout=SECONDS, env=environment)
    assert sorted(names(counts)) == [f"job{number}" for number in range(6)]
    assert len({line.split()[2] for line in counts.read_text().splitlines()}) == 2, "both had some"


def test_a_number_that_is_none_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    ended = subprocess.run([sys.executable, "-m", "flodesk", "worker", "--concurrency", "0"], capture_output=True)
    assert ended.returncode == 2
    assert b"'0' is no number from 1 to 1000" in ended.stderr


# ------------------------------------------------------------------ kills at random
def kill_one(client: Redis, draws: random.Random) -> str:
    """Kill a worker, or the process of a run; returns the job that was on."""
    workers = [worker for worker in job_list.look(client).workers if worker.alive]
    if not workers:
        return ""
    worker = draws.choice(workers)
    victim = worker.pid
    if draws.random() < 0.5:
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
        with contextlib.suppress(OSError):
            victim = int(draws.choice(children.read_text().split() or [str(victim)]))
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    return worker.job


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("count", "side", "most", "seconds"),
    [(60, 3, 4, 200.0), pytest.param(1000, 4, 100, 3000.0, marks=pytest.mark.long)],
)
def test_of_many_jobs_none_is_lost_whatever_is_killed(
    count: int, side: int, most: int, seconds: float, server: LocalServer, client: Redis,
    start_worker: Callable[..., Any], tmp_path: Path,
) -> None:  # fmt: skip
    """Each is done, and was begun at most once more than something was killed that was at it.

    What has failed is run again by the test, as a hand would by ``flodesk queues retry``: jobs that have effects, as
    these, are listed as failed when their worker dies, and nobody runs them again unasked.
    """
    draws, counts = random.Random(count), tmp_path / "counts"
    for number in range(count):
        put(client, f"job{number}", counts, 0.02)
    origin = {f"job{number}": f"job{number}" for number in range(count)}
    start_worker(server.url, "--queue", "flodesk", "--concurrency", str(side), heard=True)
    begun, next_kill, kills, failures = time.monotonic(), 0.0, 0, Counter[str]()
    while True:
        state = job_list.look(client, 10_000)
        assert time.monotonic() - begun < seconds, f"{[job for job in state.jobs if job.state != 'finished']}"
        for job in (job for job in state.jobs if job.state == "failed"):
            name = origin[job.id]
            failures[name] += 1
            origin[job_deeds.retry(client, job)] = name
        if all(job.state == "finished" for job in state.jobs):
            break  # and none of them was put on the queue again just now
        left = sum(job.state == "waiting" for job in state.jobs)
        if count < 1000 and left <= side and kills < most:  # they are quicker than the kills
            for number in range(count, count + 10):
                put(client, f"job{number}", counts, 0.02)
                origin[f"job{number}"] = f"job{number}"
            count += 10
        if time.monotonic() > next_kill and left > side and kills < most:
            kill_one(client, draws)
            kills += 1
            next_kill = time.monotonic() + draws.uniform(0.2, 0.4 if most < 10 else 4.0)
        time.sleep(0.05)
    told = Counter(names(counts))
    assert set(told) == {f"job{number}" for number in range(count)}, "none is lost"
    assert kills == most or count == 1000
    assert all(told[name] <= 1 + failures[name] for name in told), "none was done twice that nothing was killed of"
    assert sum(failures.values()) <= kills * 2
