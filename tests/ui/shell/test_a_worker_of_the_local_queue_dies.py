"""The window whose local queue has lost its worker: the next run has one, and the dock says what is true."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from redis import Redis

from flodesk.engine.client import InProcess
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server import crew
from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE
from flodesk.ui.window import Window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

TEXT = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        more = maths.add(tick, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
KILLED = "The workers of the local queue end again and again, the last one was killed (SIGKILL; "


@pytest.fixture(autouse=True)
def nobody_names_a_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    LOCAL.stop()


def test_run_after_the_worker_was_killed(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "flow.py").write_text(TEXT, encoding="utf-8")
    window = open_window(lambda: Anywhere(InProcess()))
    assert window.files.open(tmp_path / "flow.py")
    bar, run, view = window.run_bar, window.run, window.queues.view
    bar.place.setCurrentIndex(bar.place.findData("rq"))
    window.queues.show_dock()
    qtbot.mouseClick(view.tabs, Qt.MouseButton.LeftButton, pos=view.tabs.tabRect(2).center())
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.phase == "running")
    qtbot.waitUntil(lambda: view.tabs.tabText(2) == "Workers 1")
    assert ", 1 worker. It ends with the last window." in view.local.words.text()
    found = LOCAL.crew("")
    assert found is not None
    monkeypatch.setattr(crew, "_pause", lambda early: 600.0 if early else 0.0)  # none comes before one is asked for
    (worker,) = found._workers
    os.kill(worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not run.active)
    qtbot.waitUntil(lambda: "no worker" in view.local.words.text())
    assert "no worker (another one is on its way)" in view.local.words.text()
    qtbot.waitUntil(lambda: [worker.alive for worker in view.view.workers] == [False])
    assert view.local.words.toolTip() == LOCAL.trouble
    assert "in 600 s, or with the next run" in LOCAL.trouble
    assert LOCAL.trouble in window.queues.chip.toolTip()
    with Redis.from_url(LOCAL.url) as connection:  # as after a minute: so long a dead one is listed
        (dead,) = view.view.workers
        connection.srem("rq:workers", f"rq:worker:{dead.name}")
    view.look()
    qtbot.waitUntil(lambda: not view.view.workers)
    assert view.words.text() == LOCAL.trouble
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.phase == "running")
    qtbot.waitUntil(lambda: [worker.alive for worker in view.view.workers].count(True) == 1)
    assert ", 1 worker. It ends with the last window." in view.local.words.text()
    lines = [line.text for line in window.log.lines]
    assert any(line.startswith(KILLED) for line in lines)
    assert not any("flodesk worker" in line for line in lines)
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not run.active)
