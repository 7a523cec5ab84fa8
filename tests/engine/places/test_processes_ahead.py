"""A worker has the process for the next job ready: it is that which runs it, and what happens to it harms nothing."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rq import Queue
from rq.exceptions import StopRequested

from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.workers.forked_ahead import Spare, SpareWorker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
WHO = """
import os

import flodesk


def who() -> int:
    return os.getpid()


def flow():
    pid = who()


if __name__ == "__main__":
    flodesk.main(flow)
"""


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_process_that_is_ready_runs_the_job_and_another_waits_for_the_next(
    server, start_worker, editors, wait_for: Callable[..., None]
) -> None:
    worker = start_worker(server.url, "--queue", "ahead", heard=True)

    def run_once() -> tuple[set[int], int]:
        """Return the processes that were there before a run, and the one that it ran in."""
        editor = editors(server.url, queue="ahead")
        editor.engine.watch({"flow.pid"}, set())
        wait_for(lambda: children_of(worker.pid), "a process ahead")
        before = {*children_of(worker.pid)}
        assert editor.run(WHO).reason == "succeeded"
        editor.engine.close()
        return before, editor.value("flow.pid")

    def runs_in_one_of_before() -> bool:
        before, ran = run_once()
        return ran in before

    wait_for(runs_in_one_of_before, "a run in a process that was ready")
    wait_for(lambda: children_of(worker.pid), "the next")
    for child in children_of(worker.pid):
        os.kill(child, signal.SIGKILL)
    assert run_once()[1] not in {0}
    wait_for(runs_in_one_of_before, "a run in a process that was ready, again")
    wait_for(lambda: len(children_of(worker.pid)) == 1, "the last")
    (last,) = children_of(worker.pid)
    worker.terminate()
    worker.wait(60)
    wait_for(lambda: not is_alive(last), "its end with its worker")


def test_a_process_that_is_ready_ends_with_a_worker_that_is_killed(server, start_worker, wait_for) -> None:
    worker = start_worker(server.url, "--queue", "killed", heard=True)
    wait_for(lambda: children_of(worker.pid), "the process that is ready")
    (ready,) = children_of(worker.pid)
    worker.kill()
    worker.wait(60)
    wait_for(lambda: not is_alive(ready), "its end")


def test_a_process_is_asked_for_once_and_does_what_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "done"
    spare = Spare()
    assert spare.give(b"x") == 0
    spare.make(lambda: None, lambda order: file.write_bytes(order) and None)
    first = spare.pid
    spare.make(lambda: None, lambda order: None)
    assert spare.pid == first
    assert spare.give(b"order") == first
    os.waitpid(first, 0)
    assert file.read_bytes() == b"order"
    assert spare.give(b"x") == 0
    spare.make(lambda: None, lambda order: file.unlink())
    last = spare.pid
    spare.end()
    assert not is_alive(last)
    assert file.exists()


def test_a_signal_that_comes_during_the_fork_is_obeyed_after_it(server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised while Python forks is lost: the worker would wait for the next job, and for good."""
    connection = connect(server.url)
    worker = SpareWorker([Queue("forking", connection=connection)], connection=connection)
    forked: list[bool] = []

    def make(*what: object) -> None:
        worker.request_stop(signal.SIGTERM, None)
        forked.append(True)

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(worker._spare, "make", make)
    with pytest.raises(StopRequested):
        worker.dequeue_job_and_maintain_ttl(1)
    assert forked
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])
    connection.close()
