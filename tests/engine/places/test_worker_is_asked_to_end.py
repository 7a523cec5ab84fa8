"""A worker that is asked to end stops its run first, whoever follows it is told, and it ends in a few seconds."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flodesk.cli.exits import Exit
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.session.rq import RqEngine
from flodesk.engine.places.workers.worker import STOP_SECONDS

SECONDS = 60.0
LIVE = """\
import flodesk
from pathlib import Path
from flodesk.nodes import timing


class Log:
    def __init__(self, path: str):
        self.path = Path(path)

    def __call__(self, value: int) -> int:
        return value

    def close(self):
        self.path.write_text("closed")


def flow():
    log = Log({path!r})
    for tick in timing.every(0.02):
        seen = log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
STUCK = """\
import time
import flodesk


def flow():
    stuck = time.sleep(60)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def worker(server, start_worker) -> subprocess.Popen[bytes]:
    return start_worker(server.url, heard=True)


def at_work(engine: RqEngine, node: str) -> bool:
    state = engine.states().get(node)
    return state is not None and (state.state == "running" or state.count > 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_live_flow_is_stopped_and_its_objects_are_closed(
    number: signal.Signals, worker, engine: RqEngine, events, tmp_path: Path, wait_for
) -> None:
    closed = tmp_path / "closed.txt"
    engine.open(LIVE.format(path=str(closed)))
    engine.start()
    wait_for(lambda: at_work(engine, "flow.seen"), "the first turns")
    worker.send_signal(number)
    wait_for(lambda: events.end, "the end of the run")
    assert events.end.reason == "stopped"
    assert worker.wait(SECONDS) in (0, 130)
    assert closed.read_text() == "closed"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_does_not_stop_is_ended_after_a_few_seconds(worker, engine: RqEngine, events, wait_for) -> None:
    engine.open(STUCK)
    engine.start()
    wait_for(lambda: at_work(engine, "flow.stuck"), "the sleep")
    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    worker.wait(SECONDS)
    assert time.monotonic() - begun < STOP_SECONDS + 30
    wait_for(lambda: events.end, "the end of the run")
    assert events.end.reason in ("crashed", "killed", "stopped")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_second_signal_ends_it_at_once(worker, engine: RqEngine, events, wait_for) -> None:
    engine.open(STUCK)
    engine.start()
    wait_for(lambda: at_work(engine, "flow.stuck"), "the sleep")
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # two signals of one kind at the same time are one
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(SECONDS) == 130, "not as after the first one, with what does not stop ended in the end"
    wait_for(lambda: events.end, "the end of the run")
    assert "worker was ended" in events.end.message or "killed" in events.end.reason


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_idle_worker_ends_at_once(worker) -> None:
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(SECONDS) in (0, 130)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("when", ["waiting", pytest.param("greeting", marks=pytest.mark.long)])
def test_a_worker_whose_server_has_gone_ends_with_a_sentence(when: str) -> None:
    with LocalServer() as server:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flodesk", "worker", "--redis", server.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        assert worker.stdout.readline(), "it listens"
        if when == "greeting":
            worker.send_signal(signal.SIGSTOP)  # before its first look at the queues
    if when == "greeting":
        worker.send_signal(signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):  # it had looked: it waits for the server to come back
            worker.wait(8)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=SECONDS)
    assert worker.returncode == Exit.MISSING
    assert "has gone" in said.splitlines()[-1]
    assert "Traceback" not in said
