"""What the run bar counts: how long a worker is waited for, and then the run alone."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.workers.job_list import look
from flodesk.ui.run import Run
from flodesk.ui.run_bar import RunBar
from flodesk.ui.window import Window

SECONDS = 60_000
TEXT = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.02):
        more = maths.add(tick, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture
def start_worker(server: LocalServer, tmp_path: Path) -> Iterator[Callable[[], None]]:
    on: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [sys.executable, "-m", "flodesk", "worker", "--redis", server.url]
        on.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))

    yield start
    for process in on:
        process.terminate()
        process.wait(30)


def test_a_worker_is_waited_for_and_then_the_run_alone_is_counted(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, start_worker: Callable[[], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    file = tmp_path / "flow.py"
    file.write_text(TEXT, encoding="utf-8")
    window = open_window(lambda: Anywhere(InProcess(), server.url))
    assert window.files.open(file)
    bar, run = window.run_bar, window.run
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    waited = re.compile(r"(Waiting for a worker …|Waiting)  \d+\.\d s$")
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(waited.match(bar.status.text())), timeout=SECONDS)
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not run.active, timeout=SECONDS)
    assert bar.status.text() == "Stopped before it began"

    begun: list[tuple[float, float]] = []
    before = [0.0]

    def look() -> None:
        if run.phase == "running" and not begun:
            begun.append((before[0], run.seconds))

    run.changed.connect(look)
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(waited.match(bar.status.text())), timeout=SECONDS)
    before[0] = run.seconds
    start_worker()
    qtbot.waitUntil(lambda: run.phase == "running", timeout=SECONDS)
    assert begun[0][0] >= 1.0
    assert begun[0][1] < begun[0][0], "it is counted from its begin"
    qtbot.waitUntil(lambda: run.iterations > 3, timeout=SECONDS)
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not run.active, timeout=SECONDS)
    assert bar.status.text().startswith("Stopped after")


@pytest.mark.parametrize("presses", [2, 3])
def test_stop_leaves_nothing_on_the_queue_however_often_run_was_pressed(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, tmp_path: Path, presses: int
) -> None:
    """The one before is stopped first, which takes a while: the third is asked for while the second is being begun."""
    bar, run = _waits_for_a_worker(qtbot, open_window, server, tmp_path)
    for _ in range(presses - 1):
        qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
        qtbot.wait(250)
    assert _begins(), "the one before is being stopped still"
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not run.active, timeout=SECONDS)
    qtbot.waitUntil(lambda: not _begins(), timeout=SECONDS)
    qtbot.waitUntil(lambda: not _on_the_server(server), timeout=10_000)
    assert bar.status.text() == "Stopped before it began"
    assert not run.active


def test_a_run_that_waits_in_place_of_another_can_be_stopped(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, tmp_path: Path
) -> None:
    bar, run = _waits_for_a_worker(qtbot, open_window, server, tmp_path)
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not _begins(), timeout=SECONDS)
    qtbot.waitUntil(lambda: len(_on_the_server(server)) == 1, timeout=SECONDS)
    qtbot.wait(250)  # for what was told of the one before
    assert run.active, "the second waits on the server"
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not run.active, timeout=SECONDS)
    qtbot.waitUntil(lambda: not _on_the_server(server), timeout=10_000)


def _waits_for_a_worker(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, folder: Path
) -> tuple[RunBar, Run]:
    file = folder / "flow.py"
    file.write_text(TEXT, encoding="utf-8")
    window = open_window(lambda: Anywhere(InProcess(), server.url))
    assert window.files.open(file)
    bar = window.run_bar
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(_on_the_server(server)) and not _begins(), timeout=SECONDS)
    return bar, window.run


def _begins() -> bool:
    """Return whether a run is being begun on the server."""
    return any(thread.name == "flodesk place" for thread in threading.enumerate())


def _on_the_server(server: LocalServer) -> list[str]:
    connection = connect(server.url)
    try:
        return [job.id for job in look(connection).jobs if job.state in ("waiting", "running")]
    finally:
        connection.close()


def test_it_is_said_what_runs_on_the_workers_that_are_waited_for(
    qtbot: QtBot, open_window: Callable[..., Window], server: LocalServer, start_worker: Callable[[], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    start_worker()
    windows = []
    for name in ("mine.py", "other.py"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
        window = open_window(lambda: Anywhere(InProcess(), server.url))
        assert window.files.open(tmp_path / name)
        bar = window.run_bar
        bar.place.setCurrentIndex(bar.place.findData("rq"))
        qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
        if not windows:
            qtbot.waitUntil(lambda run=window.run: run.phase == "running", timeout=SECONDS)  # type: ignore[misc]
        windows.append(window)
    first, second = windows
    words = "The only worker of the queue is busy: mine.py runs there since "

    def lines() -> list[str]:
        return [line.text for line in second.log.lines]

    qtbot.waitUntil(lambda: any(line.startswith(words) for line in lines()), timeout=SECONDS)
    assert second.run.waits
    assert words in second.run_bar.status.toolTip()
    assert "other.py waits for a worker." in lines()
    assert "other.py runs." not in lines()
    qtbot.mouseClick(first.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.run.phase == "running", timeout=SECONDS)
    qtbot.waitUntil(lambda: lines().count("other.py runs.") == 1, timeout=SECONDS)
    assert words not in second.run_bar.status.toolTip()
    qtbot.mouseClick(second.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not second.run.active, timeout=SECONDS)
