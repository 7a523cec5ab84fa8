"""``kill -9`` at any moment: no run that has ended is lost, and what was on is marked at the next start."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flodesk.engine.history import store
from flodesk.engine.history.past import history

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")

BUSY = """
import sys
from pathlib import Path
from flodesk.engine.headless import run
from flodesk.engine.history.recorder import Recorder
TEXT = '''
import flodesk


def pace(x):
    flodesk.context().sleep(0.004)
    flodesk.context().log(f"at {x}")
    return x


def flow():
    for n in range(4):
        a = pace(n)


if __name__ == "__main__":
    flodesk.main(flow)
'''
recorder = Recorder(folder=Path(sys.argv[1]))
while True:
    result = run(TEXT, recorder=recorder)
    recorder.flush()
    print(result.run, flush=True)
"""


def killed_after(folder: Path, seconds: float, runs: int = 1) -> list[str]:
    """Let a process run flows, kill it some time after so many have ended; returns those that it said had ended."""
    process = subprocess.Popen([sys.executable, "-c", BUSY, str(folder)], stdout=subprocess.PIPE, text=True)
    told = [process.stdout.readline().strip() for _ in range(runs)]
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    return [id for id in [*told, *rest.split("\n")[:-1]] if id]


def assert_whole(folder: Path, told: list[str]) -> None:
    with history(folder=folder) as connection:
        assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
        runs = {r.id: r for r in store.listed(connection, last=100_000)}
        for id in told:
            assert runs[id].state == "succeeded"
            assert runs[id].iterations == 4
            assert {n.node: n.count for n in store.nodes_of(connection, id)} == {"flow.n": 4, "flow.a": 4}
            assert [line.text for line in store.lines_of(connection, id)] == [f"at {n}" for n in range(4)]
        others = {r.state for r in runs.values()} - {"succeeded"}
        assert others <= {"interrupted"}, "nothing is on any more"
        for r in runs.values():
            if r.state == "interrupted":
                assert "ended without a word" in r.message


def test_a_kill_loses_no_run_that_has_ended(tmp_path: Path) -> None:
    for seconds in (0.0, 0.013, 0.05):
        assert_whole(tmp_path, killed_after(tmp_path, seconds))


def test_what_was_on_is_marked_at_the_next_start(tmp_path: Path) -> None:
    code = BUSY.replace("sleep(0.004)", "sleep(100)")
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while True:
        with history(folder=tmp_path) as connection:
            found = store.listed(connection)
        if found and found[0].state == "running":
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found[0].pid == process.pid
    process.kill()
    process.communicate()
    with history(folder=tmp_path) as connection:
        (run,) = store.listed(connection)
    assert run.state == "interrupted"
    assert str(process.pid) in run.message


@pytest.mark.long
@pytest.mark.timeout(600)
def test_kills_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(7)
    told: list[str] = []
    for _ in range(40):
        told += killed_after(tmp_path, chance.uniform(0.0, 0.3), chance.randrange(3))
        assert_whole(tmp_path, told)
