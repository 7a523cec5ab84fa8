"""``kill -9`` of the engine process, and of the editor that follows it: both stores can be read, and nobody is left."""

from __future__ import annotations

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.letters import Letters

TURNS = 30
EDITOR = f"""
import threading
from flodesk.engine.client import Host
from flodesk.engine.events import RunFinished
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.ids import new_run

TEXT = '''# /// script
# [tool.flodesk]
# version = 1
# on_error = "reject"
# [tool.flodesk.places.flow]
# far = "process"
# [tool.flodesk.process]
# cpus = 1
# ///
import flodesk
import numpy


def pace(k):
    flodesk.context().sleep(0.003)
    return numpy.full(20_000, k)


def far(block):
    return block + 1


def picky(k, block):
    if k % 3 == 1:
        raise ValueError(k)
    return k


def flow():
    for k in range({TURNS}):
        block = pace(k)
        more = far(block)
        kept = picky(k, more)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def main():
    recorder, over, ends = Recorder(), threading.Event(), []

    def listen(event):
        recorder.take(event)
        if isinstance(event, RunFinished):
            ends.append(event)
            over.set()

    engine = Host(listen, warm=())
    print("memory", engine._table.name, engine._arena_memory.name, flush=True)
    while True:
        run = new_run()
        over.clear()
        assert engine.wait_ready(60.0)
        engine.open(TEXT)
        recorder.begin(run, About(TEXT, states=engine.states))
        engine.start(run=run)
        print("begun", run, engine.pid, flush=True)
        over.wait()
        assert recorder.flush()
        print("ended", run, ends[-1].reason, flush=True)


main()
"""


class Editor:
    """A process that runs one flow after the other, as the window does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", EDITOR], stdout=subprocess.PIPE, text=True)
        self.ended: dict[str, str] = {}
        self.begun: list[str] = []
        self.memory: list[str] = []
        self.engine = 0
        self._lines: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.split())
        self._lines.put([])

    def until(self, kind: str, count: int = 1) -> None:
        """Read what it says until it has said that so many times."""
        while count:
            words = self._lines.get(timeout=60.0)
            assert words, "the editor has ended by itself"
            self._note(words)
            count -= words[0] == kind

    def _note(self, words: list[str]) -> None:
        if words[0] == "memory":
            self.memory = words[1:]
        elif words[0] == "begun":
            self.begun.append(words[1])
            self.engine = int(words[2])
        elif words[0] == "ended":
            self.ended[words[1]] = words[2]

    def kill(self) -> None:
        """End it at once, and read what it still had said."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20.0)
        self._reader.join(20.0)
        while words := self._lines.get(timeout=20.0):
            self._note(words)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def editor() -> Iterator[Editor]:
    editor = Editor()
    yield editor
    if editor.process.poll() is None:
        editor.kill()


def assert_nobody_is_left(traces: Any, editor: Editor) -> None:
    assert not traces.settled(20.0)
    names = [name.lstrip("/") for name in editor.memory]
    assert names
    end = time.monotonic() + 10.0
    while left := [name for name in names if Path("/dev/shm", name).exists()]:
        assert time.monotonic() < end, left
        time.sleep(0.02)


def assert_readable(editor: Editor) -> None:
    """Assert that the history knows each run as it has ended, and that each turn that was rejected has its letter."""
    with history() as connection:
        assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
        runs = {run.id: run for run in store.listed(connection, last=100_000)}
        for id, reason in editor.ended.items():
            assert runs[id].state == "failed", "turns were rejected, or the engine has crashed"
            killed = any(word in runs[id].message for word in ("crashed", "was killed"))
            assert killed == (reason == "crashed"), runs[id].message
            if reason == "failed":
                assert runs[id].iterations == TURNS
                assert {n.node: n.count for n in store.nodes_of(connection, id)}["flow.block"] == TURNS
        on = {id: run for id, run in runs.items() if id not in editor.ended}
        assert len(on) <= 1
        # it may have ended, and the editor as well before it could say so
        assert {run.state for run in on.values()} <= {"interrupted", "failed"}
    letters = Letters()
    try:
        found: dict[str, list[Any]] = {}
        for one in letters.find():
            letter = letters.get(one.id)
            assert letter is not None
            found.setdefault(letter.run, []).append(letter)
        for run, kept in found.items():
            turns = [letter.iteration for letter in kept]
            assert turns == list(range(2, TURNS + 1, 3))[: len(turns)], "none is missing in between"
            assert [letter.payload[0].value() for letter in kept] == [(turn - 1,) for turn in turns]
            assert [letter.inputs[0].value() for letter in kept] == [turn - 1 for turn in turns]
            assert editor.ended.get(run) != "failed" or len(turns) == TURNS // 3
        assert {run for run, reason in editor.ended.items() if reason == "failed"} <= set(found)
        assert set(found) <= set(runs)
    finally:
        letters.close()


def kill(editor: Editor, traces: Any, chance: random.Random, engines: int) -> None:
    """Kill the engine process so many times, and the editor at last, each a time after a run has begun."""
    for _ in range(engines):
        before = len(editor.begun)
        editor.until("begun")
        traces.processes()
        time.sleep(chance.uniform(0.0, 0.25))  # the moment of the kill is the point
        assert editor.engine > 1
        try:
            os.kill(editor.engine, signal.SIGKILL)
        except ProcessLookupError:
            pytest.fail(f"the engine was gone already after {len(editor.begun) - before} runs")
        editor.until("ended")
    editor.until("begun")
    traces.processes()
    time.sleep(chance.uniform(0.0, 0.25))
    editor.kill()
    assert_nobody_is_left(traces, editor)
    assert_readable(editor)
    assert "crashed" in editor.ended.values() or engines < 3


def test_engine_and_editor_are_killed(editor: Editor, traces: Any) -> None:
    kill(editor, traces, random.Random(5), 2)


MEMORY = """
import os, signal
from flodesk.engine.link import create
segment = create(1000)
print(segment.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory is somewhere else")
def test_memory_of_a_killed_process_goes_without_a_word() -> None:
    killed = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=False)  # to its end:
    assert killed.returncode == -signal.SIGKILL  # who removes the memory has the same standard error
    assert killed.stderr == ""
    assert not Path("/dev/shm", killed.stdout.strip()).exists()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(12))
def test_engine_and_editor_are_killed_at_random_moments(editor: Editor, traces: Any, seed: int) -> None:
    kill(editor, traces, random.Random(seed), seed % 6)
