"""A process that gets no processor is not ended for being slow; one that does not return is, as soon as ever."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine import patience
from flodesk.engine.patience import Patience
from flodesk.engine.remains import queueing_times

SLOW = """
import time
import flodesk
from flodesk.nodes import timing


def slow(x: int) -> int:
    time.sleep(3.0 if x == 3 else 0.0)
    return x


def flow():
    for tick in timing.every(0.01):
        seen = abs(tick)
        done = slow(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only Linux tells of it")
def test_what_a_process_waits_for_a_processor_is_seen() -> None:
    core = min(os.sched_getaffinity(0))
    line = f"import os; os.sched_setaffinity(0, [{core}])\nwhile True: pass"
    spinning = [subprocess.Popen([sys.executable, "-c", line]) for _ in range(2)]
    try:
        end = time.monotonic() + 60
        while not all(sum(queueing_times(one.pid).values()) > 0.05 for one in spinning):
            assert time.monotonic() < end, "they share one core"
            time.sleep(0.01)
    finally:
        for one in spinning:
            one.kill()
            one.wait()
    assert queueing_times(spinning[0].pid) == {}, "it has gone"


def test_a_wait_is_longer_by_what_the_process_was_kept_waiting_and_by_no_more_than_a_few_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times, clock, waits = {1: 10.0, 2: 3.0}, [100.0], []

    class Over(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            waits.append(timeout)
            clock[0] += timeout
            times[2] += 0.5 * timeout if clock[0] < 103.0 else 0.0
            times[3] = 0.1
            return False

    monkeypatch.setattr(patience, "queueing_times", lambda pid: dict(times))
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    assert not Patience(1).wait(Over(), 1.5)
    assert waits[:3] == pytest.approx([1.5, 0.75, 0.375])
    assert clock[0] == pytest.approx(103.0, abs=0.05), "half of the time it had none"
    clock[0], times[2] = 200.0, 3.0
    starved = Patience(1)
    times[1] += 1000.0
    assert not starved.wait(Over(), 1.5)
    assert clock[0] == pytest.approx(206.5)


def test_a_node_that_returns_late_on_a_starved_machine_ends_its_run_and_not_its_engine(
    host: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = itertools.count(0, 100)
    monkeypatch.setattr(patience, "queueing_times", lambda pid: {1: float(next(told))})
    host.start(SLOW)
    host.until(lambda: "flow.done" in host.engine._mail.at_work() and host.engine.states()["flow.seen"].count == 4)
    pid = host.engine.pid
    assert host.stop().reason == "stopped"
    assert host.engine.pid == pid
