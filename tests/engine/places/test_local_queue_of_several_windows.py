"""The local queue with several windows: what is wrong in the environment of one is nothing to the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flodesk.engine.folders import data_folder
from flodesk.engine.history.process import alive, began
from flodesk.engine.places.server import local_queue
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.crew import Crew
from flodesk.engine.places.server.local_queue import FILE, LocalQueue
from flodesk.engine.places.server.server_address import VARIABLE
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session import queued
from flodesk.engine.places.session.queued import Queued
from flodesk.engine.places.workers import worker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="interpreters that are scripts, and signals")
HANGS = "echo $$ > {folder}/hangs.tmp; mv {folder}/hangs.tmp {folder}/hangs; sleep 600"
FAILS = "echo 'No module named flodesk' >&2; exit 1"


Process = tuple[int, str]


def process_of(pid: int) -> Process:
    """Return a process, by when it began."""
    return pid, began(pid)


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
        python.write_text(f"#!/bin/sh\n{does.format(folder=tmp_path)}\n", encoding="utf-8")
        python.chmod(0o755)
        return str(python)

    return make


WELL = f'exec {sys.executable} "$@"'


def test_an_environment_that_breaks_is_told_to_its_own_window_alone(
    queue: LocalQueue, environment: Callable[[str], str]
) -> None:
    broken, well = Window(), Window()
    python = environment(WELL)
    queue.hold(broken, python=python)
    url = queue.hold(well)
    environment(FAILS)
    with pytest.raises(PlaceError, match="No module named flodesk"):
        queue.installed(python)
    assert queue.hold(well) == url
    Path(python).unlink()
    with pytest.raises(PlaceError, match=f"{python} cannot be started: No such file.*Choose another environment"):
        queue.hold(broken, python=python)
    queue.let_go(well)
    assert queue.hold(well) == url


def test_who_has_got_no_worker_holds_nothing(queue: LocalQueue, environment: Callable[[str], str]) -> None:
    with pytest.raises(PlaceError, match="No module named flodesk"):
        queue.hold(Window(), python=environment(FAILS))
    assert (queue.state, queue.url, queue.workers) == ("off", "", 0)


def test_a_window_that_runs_elsewhere_leaves_no_worker_where_it_has_run(
    queue: LocalQueue, environment: Callable[[str], str], monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    monkeypatch.setattr(queued, "LOCAL", queue)
    monkeypatch.delenv(VARIABLE, raising=False)
    said: list[str] = []
    window, python = Window(), environment(WELL)
    place = Queued(None, ready=lambda: said.append("ready"), failed=said.append, told=lambda event: None)
    place.use(python)
    place.set_up()
    queue.hold(window, python=python)
    wait_for(lambda: said, "its engine")
    assert said == ["ready"]
    before = queue.crew(python)
    assert before is not None
    place.use("")
    assert queue.move(window, "")
    wait_for(lambda: queue.crew(python) is None, "the end of those of before")
    assert not before
    wait_for(lambda: (crew := queue.crew("")) is not None and crew.general, "who listens to the usual queues")
    place.close()


def test_a_server_that_is_slow_says_nothing_of_what_runs_on_it() -> None:
    with LocalServer() as server:
        crew = Crew(server.url, "", 1, general=True)
        crew.begin()
        assert not crew.is_busy(0.0)
        os.kill(server._process.pid, signal.SIGSTOP)
        try:
            assert crew.is_busy(0.0)
        finally:
            os.kill(server._process.pid, signal.SIGCONT)
        assert not crew.is_busy(0.0)
        server.close()
        assert not crew.is_busy(0.0), "there is no server any more"
        crew.close()


def test_a_worker_that_never_begins_holds_up_nobody_and_ends_with_the_queue(
    queue: LocalQueue, environment: Callable[[str], str], wait_for: Callable[..., None], tmp_path: Path
) -> None:
    window, why = Window(), list[Exception]()
    url = queue.hold(window)
    python = environment(HANGS)

    def hold(holder: Window) -> None:
        try:
            queue.hold(holder, python=python)
        except PlaceError as error:
            why.append(error)

    def begun(holder: Window) -> tuple[threading.Thread, Process]:
        (tmp_path / "hangs").unlink(missing_ok=True)
        thread = threading.Thread(target=hold, args=(holder,), daemon=True)
        thread.start()
        wait_for((tmp_path / "hangs").exists, "its process")
        return thread, process_of(int((tmp_path / "hangs").read_text()))

    other = Window()
    thread, process = begun(other)
    assert queue.hold(window) == url
    assert queue.crew("") is not None
    queue.let_go(other)  # its window is closed
    thread.join(30.0)
    wait_for(lambda: not alive(*process), "its end")
    assert queue.url == url
    again, process = begun(other)
    queue.stop()
    again.join(30.0)
    wait_for(lambda: not alive(*process), "its end")
    assert [str(error) for error in why] == [local_queue.STOPPED] * 2
    assert not any(each.is_alive() for each in (thread, again))


def test_a_worker_that_does_not_begin_in_time_is_ended_with_what_it_has_started(
    queue: LocalQueue, environment: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = environment(HANGS)
    monkeypatch.setattr(worker, "START_SECONDS", 0.5)
    with pytest.raises(PlaceError, match=f"{python} does not begin: it was ended after 0.5 s"):
        queue.hold(Window(), python=python)
    assert queue.state == "off"


def test_where_it_is_stands_on_disk_as_long_as_the_program_alone() -> None:
    text = (
        "from flodesk.engine.places.server import local_queue as q; n = q._noted('host:1'); n.__enter__(); print('on')"
    )
    folder = data_folder()
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True)
    assert done.stdout.strip() == b"on"
    assert not (folder / FILE).exists()
