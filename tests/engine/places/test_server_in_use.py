"""The engine's process knows which server is in use before it is told to start a run."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flodesk.engine.places.server.in_use import InUse
from flodesk.engine.places.server.local_queue import LOCAL


def test_a_start_comes_after_the_server_that_another_thread_is_about_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    lock = threading.RLock()

    def steer(command: dict[str, Any]) -> None:
        with lock:
            sent.append(command)

    in_use = InUse(steer, lock)
    in_use.tell("")
    with lock:  # as whoever starts a run has it
        monkeypatch.setattr(LOCAL, "for_nodes", lambda python: ("redis://127.0.0.1:1/0", "nodes"))
        # the local queue has started meanwhile, in a thread of its own
        other = threading.Thread(target=LOCAL.listeners[-1])
        other.start()
        other.join(0.2)
        in_use.tell("")
        sent.append({"c": "start"})
    other.join()
    in_use.close()
    assert [(command["c"], command.get("local")) for command in sent] == [
        ("server", ""),
        ("server", "redis://127.0.0.1:1/0"),
        ("start", None),
    ]
