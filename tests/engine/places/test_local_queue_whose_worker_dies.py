"""The local queue replaces a worker that has died: at once, after a pause where they die again and again."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, RunFinished, RunStarted
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server import crew
from flodesk.engine.places.server.local_queue import LOCAL, LocalQueue
from flodesk.engine.places.server.server_address import VARIABLE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, and interpreters that are scripts")

TEXT = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.02):
        more = maths.add(tick, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ENDS = "echo on >> {folder}/starts; echo listening; exit 3"
WELL = f'exec {sys.executable} "$@"'
KILLED_ONCE = "test -e {folder}/once || {{ touch {folder}/once; kill -9 $$; }}\n" + WELL
OUT_OF_MEMORY = "was killed (SIGKILL; most often that is the system that has run out of memory)"


class Window:
    """Holds the queue."""


@pytest.fixture
def queue() -> Iterator[LocalQueue]:
    made = LocalQueue()
    yield made
    made.stop()


@pytest.fixture
def environment(tmp_path: Path) -> Callable[[str], str]:
    """Write the interpreter of an environment, which does this."""
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)

    def make(does: str) -> str:
        new = tmp_path / "new"
        new.write_text(f"#!/bin/sh\n{does.format(folder=tmp_path)}\n", encoding="utf-8")
        new.chmod(0o755)
        new.replace(python)
        return str(python)

    return make


def pids(queue: LocalQueue, python: str = "") -> list[int]:
    """Return the processes of those that listen."""
    found = queue.crew(python)
    assert found is not None
    return [worker.pid for worker in found._workers if worker not in found._beginning]


def kill(queue: LocalQueue, python: str = "") -> int:
    (pid,) = pids(queue, python)
    os.kill(pid, signal.SIGKILL)
    return pid


def is_reaped(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


def test_a_worker_that_was_killed_is_reaped_and_replaced_at_once(
    queue: LocalQueue, wait_for: Callable[..., None]
) -> None:
    first, window = Window(), Window()
    url = queue.hold(first)
    assert queue.hold(window) == url
    queue.let_go(first)
    told: list[tuple[int, str]] = []
    queue.listeners.append(lambda: told.append((queue.workers, queue.trouble)))
    killed = kill(queue)
    wait_for(lambda: told and told[-1] == (1, ""), "another one")
    assert told[0][0] == 0
    assert told[0][1] == (
        "A worker of the local queue was killed (SIGKILL; most often that is the system that has run out of memory). "
        "Another one is being started."
    )
    assert is_reaped(killed)
    assert pids(queue) != [killed]
    assert queue.hold(window) == url


def test_of_several_each_that_dies_is_replaced(queue: LocalQueue, wait_for: Callable[..., None]) -> None:
    queue.hold(Window(), 2)
    before = pids(queue)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len({*pids(queue)} - {*before}) == 2, "two others")
    wait_for(lambda: not queue.trouble, "the words")
    assert queue.workers == 2


@pytest.mark.parametrize("whose", ["the same", "another"])
def test_workers_that_die_at_once_are_started_again_ever_more_seldom_and_with_a_run(
    queue: LocalQueue, environment: Callable[[str], str], wait_for: Callable[..., None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, whose: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(crew, "_pause", lambda early: 600.0 if early > 3 else 0.1 if early > 1 else 0.0)
    python = environment(WELL)
    queue.hold(Window(), python=python)
    environment(ENDS)
    kill(queue, python)
    wait_for(lambda: "again and again" in queue.trouble and "600 s" in queue.trouble, "that it waits")
    assert queue.trouble.startswith(
        "The workers of the local queue end again and again, the last one ended (exit code 3) after "
    )
    assert "Another one is started in 600 s, or with the next run." in queue.trouble
    assert queue.trouble.endswith("What it has complained of stands in the terminal in which flodesk was started.")
    assert (tmp_path / "starts").read_text().split() == ["on"] * 3
    assert (queue.workers, queue.state) == (0, "on")
    environment(WELL)
    if whose == "another":
        queue.hold(Window(), python=python)
    else:
        queue.need(python)
    wait_for(lambda: queue.workers == 1, "one that lives")
    assert queue.trouble == ""


def test_one_that_is_killed_before_it_listens_is_told_as_such_and_each_fact_once(
    queue: LocalQueue, environment: Callable[[str], str], wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(crew, "_pause", lambda early: 0.3 if early > 1 else 0.0)
    python = environment(WELL)
    queue.hold(Window(), python=python)
    told: list[str] = []
    queue.listeners.append(lambda: told.append(queue.trouble))
    environment(KILLED_ONCE)
    kill(queue, python)
    wait_for(lambda: told and not told[-1], "another one")
    assert told == [
        f"A worker of the local queue {OUT_OF_MEMORY}. Another one is being started.",
        f"The workers of the local queue end again and again, the last one {OUT_OF_MEMORY} before it listened. "
        "Another one is started in 0.3 s, or with the next run.",
        "",
    ]


def test_the_last_words_of_one_that_ends_with_an_error_are_told(
    queue: LocalQueue, environment: Callable[[str], str], wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(crew, "_pause", lambda early: 600.0 if early > 1 else 0.0)
    python = environment(WELL)
    queue.hold(Window(), python=python)
    environment("echo no such module >&2; exit 4")
    kill(queue, python)
    wait_for(lambda: "again and again" in queue.trouble, "that it waits")
    assert "the last one ended (exit code 4) before it listened. Another one" in queue.trouble
    assert queue.trouble.endswith(", or with the next run. Its last words: no such module")


def test_a_queue_that_ends_waits_for_no_successor(
    queue: LocalQueue, environment: Callable[[str], str], wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(crew, "_pause", lambda early: 600.0)
    python = environment(WELL)
    queue.hold(Window(), python=python)
    kill(queue, python)
    wait_for(lambda: queue.trouble, "that it waits")
    queue.stop()
    wait_for(lambda: "flodesk own worker ends" not in {one.name for one in threading.enumerate()}, "its thread")
    assert (queue.workers, queue.trouble) == (0, "")


def test_a_pause_grows_and_has_an_end() -> None:
    assert [crew._pause(early) for early in (0, 1, 2, 3, 4, 20)] == [0.0, 0.0, 1.0, 2.0, 4.0, 60.0]


@pytest.mark.parametrize("which", ["first", "second"])
def test_the_next_run_finds_a_worker(
    which: str, wait_for: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on a queue that was started where the server of the first one had died."""
    monkeypatch.delenv(VARIABLE, raising=False)
    told: list[Event] = []
    engine = Anywhere(InProcess())
    engine.listener = told.append

    def run() -> None:
        told.clear()
        engine.open(TEXT)
        engine.start(place="rq")
        wait_for(lambda: of(RunStarted), "its begin", 30.0)

    def of(kind: type[Event]) -> list[Event]:
        return [event for event in told if isinstance(event, kind)]

    try:
        run()
        if which == "second":
            server = LOCAL._parts._exit_callbacks[0][1].__self__  # type: ignore[attr-defined]
            os.kill(server._process.pid, signal.SIGKILL)
            wait_for(lambda: of(RunFinished), "its end")
            run()
        kill(LOCAL)
        wait_for(lambda: of(RunFinished), "its end")
        run()
        engine.stop()
        wait_for(lambda: of(RunFinished), "its end")
    finally:
        engine.close()
        LOCAL.stop()
