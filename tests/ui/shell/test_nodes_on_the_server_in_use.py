"""Single nodes that run on a Redis queue use the server that the window has in use, though their engine stands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.child import Host
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, name_for_session, naming
from flodesk.ui.window import Window

SECONDS = 60_000
SESSION = "FLODESK_SECRET_REDIS_URL"
TEXT = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# where = "rq"
# ///
import os
from pathlib import Path
from urllib.parse import urlsplit

import flodesk


def at(folder):
    Path(folder, "at").write_text(str(urlsplit(os.environ.get("FLODESK_REDIS_URL", "")).port))


def flow():
    where = at("FOLDER")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        command = [sys.executable, "-m", "flodesk", "worker", "--redis", started.url]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as worker:
            yield started
            worker.terminate()


@pytest.fixture
def window(open_window: Callable[..., Window], monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    for name in (VARIABLE, SESSION):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    yield open_window(lambda: Anywhere(Host(warm=())))
    LOCAL.stop()
    monkeypatch.undo()
    naming.tell()


def test_nodes_go_to_the_server_of_this_session_and_to_the_local_queue(
    qtbot: QtBot, window: Window, server: LocalServer, tmp_path: Path
) -> None:
    said: list[str] = []

    window.run.logged.connect(lambda lines: said.extend(line.text for line in lines))
    path = tmp_path / "where.py"
    path.write_text(TEXT.replace("FOLDER", str(tmp_path)), encoding="utf-8")
    assert window.files.open(path)

    def runs_at(port: int | None) -> None:
        qtbot.keyClick(window, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: window.run.active, timeout=SECONDS)
        qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)
        assert window.run.last is not None
        assert window.run.last.reason == "succeeded", window.run.last.message
        assert (tmp_path / "at").read_text() == str(port)

    LOCAL.hold(window)
    runs_at(urlsplit(LOCAL.url).port)
    name_for_session(server.url)  # as who comes back to a run does; the engine stands, and knows another
    runs_at(urlsplit(server.url).port)
    assert not [text for text in said if "No Redis server is named" in text]
