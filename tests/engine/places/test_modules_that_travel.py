"""The modules beside a flow go to the worker with it, each content once, and what was altered runs nothing."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from flodesk.engine.events import Event, RunFinished
from flodesk.engine.places.broker import LocalServer
from flodesk.engine.places.rq import RqEngine
from flodesk.engine.places.stream import PlaceError, connect

SECONDS = 60.0
FLOW = """
import flodesk
from nodes import filters
from scale import twice


def flow():
    big = twice(4)
    low = filters.low(big)


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
def far(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the worker."""
    return tmp_path_factory.mktemp("far")


@pytest.fixture(scope="module")
def worker(server: LocalServer, far: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", server.url],
        env={**os.environ, "FLODESK_DATA": str(far)},
        cwd=far,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(SECONDS)


@pytest.fixture
def connection(server: LocalServer) -> Iterator[Redis]:
    made = connect(server.url)
    yield made
    made.close()


class Editor:
    """An editor with a flow that has modules of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.ends: list[RunFinished] = []
        self.engine = RqEngine(url)
        self.engine.listener = self._hear
        self.engine.watch({"flow.low"}, set())
        (folder / "nodes").mkdir()
        (folder / "nodes" / "filters.py").write_text("from helping import half\n\n\ndef low(x):\n    return half(x)\n")
        (folder / "helping.py").write_text("def half(x):\n    return x / 2\n")
        (folder / "scale.py").write_text("def twice(x):\n    return 2 * x\n")
        (folder / "other.py").write_text("raise RuntimeError('nobody imports this')\n")

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.ends.append(event)

    def start(self, text: str = FLOW) -> None:
        self.ends.clear()
        self.engine.open(text, str(self.folder / "flow.py"))
        self.engine.start()

    def run(self, text: str = FLOW) -> RunFinished:
        self.start(text)
        wait_for(lambda: self.ends, "the end")
        return self.ends[0]


@pytest.fixture
def editor(server: LocalServer, worker: subprocess.Popen[bytes], tmp_path: Path) -> Iterator[Editor]:
    made = Editor(server.url, tmp_path)
    yield made
    made.engine.close()


def blobs(connection: Redis) -> int:
    return len(connection.keys("flodesk:code:*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_they_come_with_it_and_each_content_once(
    editor: Editor, far: Path, connection: Redis, worker: subprocess.Popen[bytes]
) -> None:
    worker.send_signal(signal.SIGSTOP)
    try:
        editor.start()
        moved = editor.folder.rename(editor.folder.with_name("moved"))  # as on another machine: they are not there
    finally:
        worker.send_signal(signal.SIGCONT)
    wait_for(lambda: editor.ends, "the end")
    assert editor.ends[0].reason == "succeeded", editor.ends[0]
    assert editor.engine.values()["flow.low"].value == 4.0
    assert blobs(connection) == 3
    (kept,) = (far / "code").iterdir()
    assert sorted(str(file.relative_to(kept)) for file in kept.rglob("*.py")) == [
        "helping.py", "nodes/filters.py", "scale.py",
    ]  # fmt: skip
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    moved.rename(editor.folder)
    (editor.folder / "scale.py").write_text("def twice(x):\n    return 20 * x\n")
    assert editor.run().reason == "succeeded"
    assert editor.engine.values()["flow.low"].value == 40.0, "the session has the new code"
    assert blobs(connection) == 4, "what had not changed was there"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_module_that_was_altered_on_its_way_runs_nothing(
    editor: Editor, connection: Redis, worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    text = "def twice(x):\n    return 3 * x\n"
    (tmp_path / "scale.py").write_text(text)
    worker.send_signal(signal.SIGSTOP)
    try:
        editor.start()
        own = f"flodesk:code:{hashlib.sha256(text.encode()).hexdigest()}"
        assert connection.get(own) == text.encode()
        connection.set(own, f"open({str(victim)!r}, 'w')\n\n\ndef twice(x):\n    return x\n")
    finally:
        worker.send_signal(signal.SIGCONT)
    wait_for(lambda: editor.ends, "the end")
    assert "The worker refused to run it: scale.py was altered on its way" in editor.ends[0].message
    assert not victim.exists()


def test_what_they_import_has_to_be_allowed_too_also_in_an_open_session(editor: Editor, tmp_path: Path) -> None:
    for begun in (False, True):
        (tmp_path / "helping.py").write_text("import redis\n\n\ndef half(x):\n    return x\n")
        end = editor.run()
        assert end.reason == "failed", begun
        assert "line 1 of helping.py imports redis" in end.message
        (tmp_path / "helping.py").write_text("def half(x):\n    return x / 2\n")
        assert editor.run().reason == "succeeded"
    (tmp_path / "helping.py").write_text("#" * 18_000_000)
    with pytest.raises(PlaceError, match=r"modules beside the flow take 18 MB"):
        editor.start()
