"""A command of an open session is obeyed also where the server does not answer while the worker checks it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

FLOW = """
import flodesk
from scale import twice


def flow():
    big = twice(4)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Line:
    """What a worker reaches its server by; it can be told to break once, where a module is asked for."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url).port
        self.breaks = threading.Event()
        self.broke = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{self._to}", f":{self._listening.getsockname()[1]}")
        self._threads: list[threading.Thread] = []
        self._begin(self._take)

    def _begin(self, target: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=target, args=given, daemon=True))
        self._threads[-1].start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._listening.accept()
                self._begin(self._serve, link)

    def _serve(self, link: socket.socket) -> None:
        behind = socket.create_connection(("127.0.0.1", self._to))
        with link, behind:
            back = threading.Thread(target=self._hand_on, args=(behind, link), daemon=True)
            back.start()
            self._hand_on(link, behind)
            back.join()

    def _hand_on(self, here: socket.socket, there: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := here.recv(1 << 16):
                if self.breaks.is_set() and b"GET" in data and b"flodesk:code:" in data:
                    self.breaks.clear()
                    self.broke.set()
                    break
                there.sendall(data)
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take nobody new, and wait until all are gone."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def line(server: Any) -> Iterator[Line]:
    made = Line(server.url)
    yield made
    made.close()


@pytest.fixture
def worker(line: Line, start_worker: Any) -> Any:
    return start_worker(line.url)


def test_the_start_of_a_run_is_read_once_more(line: Line, worker: Any, editor: Any, tmp_path: Path) -> None:
    editor.engine.watch({"flow.big"}, set())
    (tmp_path / "scale.py").write_text("def twice(x):\n    return 2 * x\n")
    assert editor.run(FLOW, str(tmp_path / "flow.py")).reason == "succeeded"
    assert editor.value("flow.big") == 8
    (tmp_path / "scale.py").write_text("def twice(x):\n    return 20 * x\n")
    line.breaks.set()
    assert editor.run(FLOW, str(tmp_path / "flow.py")).reason == "succeeded"
    assert line.broke.is_set(), "its module was asked for"
    assert editor.value("flow.big") == 80
