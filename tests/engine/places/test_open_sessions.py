"""A session stays on its worker for the next run of the same editor, and lets go of the worker when others need it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker

from flodesk.engine.events import Event, LogLine, RunFinished
from flodesk.engine.places.broker import LocalServer
from flodesk.engine.places.hosted import Pace
from flodesk.engine.places.rq import RqEngine
from flodesk.engine.places.stream import connect

SECONDS = 60.0
PID = """
import flodesk
import os


def flow():
    number = NUMBER
    pid = os.getpid()


if __name__ == "__main__":
    flodesk.main(flow)
"""
LIVE = """
import flodesk
from flodesk.nodes import timing


def flow():
    for tick in timing.every(0.02):
        seen = abs(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def wait_for(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited {SECONDS} s in vain for {what}"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture(scope="module")
def worker(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run one worker: what it is busy with, nobody else gets."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", server.url],
        env={**os.environ, "FLODESK_DATA": str(tmp_path_factory.mktemp("worker"))},
        stdout=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(SECONDS)


@pytest.fixture
def connection(server: LocalServer) -> Iterator[Redis]:
    made = connect(server.url)
    yield made
    made.close()


class Editor:
    """An editor, and what it is told."""

    def __init__(self, url: str) -> None:
        self.engine = RqEngine(url)
        self.ends: list[RunFinished] = []
        self.lines: list[str] = []
        self.engine.listener = self._hear

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.ends.append(event)
        elif isinstance(event, LogLine):
            self.lines.append(event.text)

    def pid(self, number: int = 1) -> int:
        """Run a flow; returns the process that it was in."""
        before = len(self.ends)
        self.engine.open(PID.replace("NUMBER", str(number)))
        self.engine.watch({"flow.pid", "flow.number"}, set())
        self.engine.start()
        wait_for(lambda: len(self.ends) > before, "the end")
        assert self.ends[-1].reason == "succeeded", self.ends[-1]
        assert self.engine.values()["flow.number"].value == number
        return int(self.engine.values()["flow.pid"].value)


@pytest.fixture
def editors(server: LocalServer, worker: None) -> Iterator[Callable[[], Editor]]:
    made: list[Editor] = []

    def another() -> Editor:
        made.append(Editor(server.url))
        return made[-1]

    yield another
    for editor in made:
        editor.engine.close()


def jobs(connection: Redis) -> int:
    return len(connection.keys("rq:job:*"))


def test_runs_of_an_editor_share_a_session_and_its_job(editors: Callable[[], Editor], connection: Redis) -> None:
    editor, before = editors(), jobs(connection)
    pids = {editor.pid(number) for number in (1, 1, 2, 3)}
    assert len(pids) == 1
    assert jobs(connection) == before + 1
    editor.engine.open(LIVE)
    editor.engine.start()
    wait_for(lambda: editor.engine.states().get("flow.seen") and editor.engine.states()["flow.seen"].count, "turns")
    editor.engine.stop()
    wait_for(lambda: len(editor.ends) == 5, "the stop")
    assert editor.ends[-1].reason == "stopped"
    assert {editor.pid(4)} == pids, "what was stopped well leaves the session as it is"


def test_an_idle_session_makes_room_for_another_editor(editors: Callable[[], Editor]) -> None:
    first, second = editors(), editors()
    pid = first.pid()
    assert second.pid() != pid, "the only worker was free for it"
    assert first.pid(2) != pid, "and the first editor gets another session in turn"
    assert [end.reason for end in first.ends] == ["succeeded", "succeeded"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_session_that_has_died_in_its_sleep_is_replaced_in_silence(editors: Callable[[], Editor]) -> None:
    editor = editors()
    pid = editor.pid()
    os.kill(pid, signal.SIGKILL)
    assert editor.pid(2) != pid
    assert len(editor.ends) == 2


def test_a_session_that_nobody_uses_ends_by_itself(
    editors: Callable[[], Editor], connection: Redis, data_of_its_own: Path
) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\nidle = 0.3\n", encoding="utf-8")
    editor = editors()
    pid = editor.pid()
    wait_for(lambda: all(found.get_state() == "idle" for found in Worker.all(connection)), "the worker to be free")
    assert editor.pid(2) != pid


def test_values_go_at_once_after_quiet_and_no_faster_than_a_screen_shows_them() -> None:
    pace = Pace()
    pace.sent(1)
    assert pace.taken() == 1, "the next may come at once"
    pace.sent(2)
    pace.sent(3)
    assert pace.taken() == 0
    assert 0.0 < pace.wait(idle=False) <= 2 / 30
    wait_for(lambda: pace.taken() == 3, "the time of the next")
    assert pace.taken() == 0, "each is asked for once"


def test_a_value_that_is_too_large_for_the_wire_is_named_and_the_others_come(
    editors: Callable[[], Editor], data_of_its_own: Path
) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\nmegabytes = 0.0001\n", encoding="utf-8")
    editor = editors()
    editor.engine.open(
        PID.replace("NUMBER", "abs(numpy.arange(100.0))").replace("import os", "import numpy\nimport os")
    )
    editor.engine.watch({"flow.pid", "flow.number"}, set())
    editor.engine.start()
    wait_for(lambda: editor.ends, "the end")
    assert editor.ends[0].reason == "succeeded"
    assert "flow.pid" in editor.engine.values()
    assert "flow.number" not in editor.engine.values()
    assert [line for line in editor.lines if line.startswith("flow.number: the value takes")]
