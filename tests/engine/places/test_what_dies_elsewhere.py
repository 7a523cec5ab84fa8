"""A worker that is killed, a server that goes: what has no effects runs again, nothing is lost or told twice."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flodesk.engine.events import Event, LogLine, RunFinished, RunStarted
from flodesk.engine.places import job_queue
from flodesk.engine.places.broker import LocalServer, server_program
from flodesk.engine.places.following import Following
from flodesk.engine.places.rq import RqEngine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SECONDS = 60.0
WAITS = """
import flodesk
import os
import time
from pathlib import Path


PURE
def wait(folder: str) -> int:
    Path(folder, f"{os.getpid()}-{os.getppid()}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return os.getpid()


def flow():
    pid = wait(FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""
COUNTS = """
import flodesk
from flodesk.nodes import control, maths, timing


def said(number):
    print("turn", int(number))
    return number


def flow():
    gain = control.number(1.0)
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more
        told = said(number)
        big = maths.scale(number, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def wait_for(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited {SECONDS} s in vain for {what}"
        time.sleep(0.01)


def started(url: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", url],
        env={**os.environ, "FLODESK_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


class Editor:
    """An editor, and what it is told."""

    def __init__(self, url: str) -> None:
        self.events: list[Event] = []
        self.engine = RqEngine(url)
        self.engine.listener = self.events.append

    @property
    def end(self) -> RunFinished | None:
        return next((event for event in self.events if isinstance(event, RunFinished)), None)

    def lines(self, words: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogLine) and words in event.text]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture(scope="module")
def workers(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[subprocess.Popen[bytes]]]:
    made = [started(server.url, tmp_path_factory.mktemp("worker")) for _ in range(2)]
    yield made
    for process in made:
        ended(process)


@pytest.fixture
def editor(server: LocalServer, workers: list[subprocess.Popen[bytes]]) -> Iterator[Editor]:
    made = Editor(server.url)
    yield made
    made.engine.close()


def begun(editor: Editor, folder: Path, *, pure: bool = True) -> tuple[int, int]:
    """Start a flow that waits; returns the process that it is in, and that of the worker."""
    text = WAITS.replace("PURE", "" if pure else "@flodesk.node(pure=False)").replace("FOLDER", repr(str(folder)))
    editor.engine.open(text)
    editor.engine.watch({"flow.pid"}, set())
    editor.engine.start()
    wait_for(lambda: list(folder.iterdir()), "the node")
    (found,) = folder.iterdir()
    run, _, worker = found.name.partition("-")
    wait_for(lambda: [s for n, s in editor.engine.states().items() if n == "flow.pid" and s.state == "running"], "it")
    return int(run), int(worker)


def test_what_has_no_effects_is_run_again_once_where_its_process_was_killed(editor: Editor, tmp_path: Path) -> None:
    run, _ = begun(editor, tmp_path)
    os.kill(run, signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second time")
    (tmp_path / "go").touch()
    wait_for(lambda: editor.end, "the end")
    assert editor.end.reason == "succeeded"  # type: ignore[union-attr]
    assert editor.engine.values()["flow.pid"].value != run
    assert len(editor.lines("It has no effects: it is run again")) == 1
    assert sum(isinstance(event, RunStarted) for event in editor.events) == 1


def test_what_dies_again_and_what_has_effects_is_told_and_not_run_again(editor: Editor, tmp_path: Path) -> None:
    for pure in (True, False):
        folder = tmp_path / str(pure)
        folder.mkdir()
        editor.events.clear()
        run, _ = begun(editor, folder, pure=pure)
        os.kill(run, signal.SIGKILL)
        if pure:
            wait_for(lambda: len(list(folder.iterdir())) == 2, "the second time")  # noqa: B023 - at once
            (second,) = {int(path.name.partition("-")[0]) for path in folder.iterdir()} - {run}
            os.kill(second, signal.SIGKILL)
        wait_for(lambda: editor.end, "the end")
        assert editor.end.reason == "crashed"  # type: ignore[union-attr]
        assert "The job ended without a word" in editor.end.message  # type: ignore[union-attr]
        assert len(editor.lines("run again")) == pure
        assert len(list(folder.iterdir())) == 1 + pure


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_is_killed_takes_its_run_along_and_another_one_has_it(
    editor: Editor, workers: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(job_queue, "SILENT_SECONDS", 1.0)
    run, worker = begun(editor, tmp_path)
    assert worker in [process.pid for process in workers]
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not alive(run), "the end of its run")
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second time")
    (tmp_path / "go").touch()
    wait_for(lambda: editor.end, "the end")
    assert editor.end.reason == "succeeded"  # type: ignore[union-attr]
    assert editor.lines("its worker has died. It has no effects: it is run again")


class Mortal:
    """A server on a port of its own that can be killed, and comes back with an empty memory."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [server_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self._answers, "the server")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        return False


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    made = Mortal()
    yield made
    made.kill()


def test_both_ends_wait_for_a_server_and_lose_nothing(mortal: Mortal, tmp_path: Path) -> None:
    worker = started(mortal.url, tmp_path)
    editor = Editor(mortal.url)
    engine = editor.engine
    try:
        engine.open(COUNTS)
        engine.watch({"flow.big"}, set())
        engine.start()
        wait_for(lambda: len(editor.lines("turn")) > 3, "turns")
        mortal.kill()
        wait_for(lambda: editor.lines("does not answer"), "that it is told")
        engine.set_parameter("flow.gain", "value", "-1.0")
        before = len(editor.lines("turn"))
        time.sleep(0.5)  # turns that nobody can be told of yet
        mortal.start()
        wait_for(lambda: editor.lines("answers again"), "that it is told")
        wait_for(lambda: engine.values()["flow.big"].value < 0, "what was changed meanwhile")
        wait_for(lambda: len(editor.lines("turn")) > before + 10, "the turns meanwhile, and more")
        engine.stop()
        wait_for(lambda: editor.end, "the stop")
        assert editor.end.reason == "stopped"  # type: ignore[union-attr]
        numbers = [int(line.split()[1]) for line in editor.lines("turn")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(editor.lines("does not answer")) == 1
        editor.events.clear()
        engine.open(WAITS.replace("PURE", "").replace("FOLDER", repr(str(tmp_path))))
        (tmp_path / "go").touch()
        engine.start()
        wait_for(lambda: editor.end, "another run")
        assert editor.end.reason == "succeeded"  # type: ignore[union-attr]
    finally:
        engine.close()
        ended(worker)


def test_what_a_server_has_lost_is_sent_again_and_told_in_order(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, lost = Following._hand_over, []

    def forgetful(self: Following, key: bytes, entry: bytes, fields: dict[bytes, bytes]) -> None:
        if b"turn 3" in fields[b"h"] and not lost:
            lost.append(entry)
        else:
            take(self, key, entry, fields)

    monkeypatch.setattr(Following, "_hand_over", forgetful)
    editor.engine.open(COUNTS)
    editor.engine.start()
    wait_for(lambda: len(editor.lines("turn")) > 10, "turns")
    editor.engine.stop()
    wait_for(lambda: editor.end, "the stop")
    numbers = [int(line.split()[1]) for line in editor.lines("turn")]
    assert lost
    assert numbers == list(range(1, len(numbers) + 1))
