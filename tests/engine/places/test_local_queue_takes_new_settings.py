"""The local queue after a change in the preferences: its workers have the key and the names of queues of now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flodesk.engine.folders import data_folder
from flodesk.engine.places.server.crew import Crew
from flodesk.engine.places.server.key import VARIABLE, mark_of
from flodesk.engine.places.server.local_queue import LocalQueue
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.engine.places.workers.job_list import WorkerState, look


@pytest.fixture
def queue() -> Iterator[LocalQueue]:
    made = LocalQueue()
    yield made
    made.stop()


def workers(queue: LocalQueue) -> list[WorkerState]:
    server = connect(queue.url)
    try:
        return [worker for worker in look(server).workers if worker.alive]
    finally:
        server.close()


def test_its_workers_take_another_key_and_other_names(queue: LocalQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a key of twenty letters")
    queue.hold(queue)
    first = queue.crew("")
    queue.hold(queue)
    assert queue.crew("") is first
    monkeypatch.setenv(VARIABLE, "another key of so many")
    (data_folder() / "settings.toml").write_text('[queue]\nflows = "lab"\n', encoding="utf-8")
    with monkeypatch.context() as busy:
        busy.setattr(Crew, "is_busy", lambda self: True)
        with pytest.raises(PlaceError, match="Stop that run"):
            queue.hold(queue)
    queue.hold(queue)
    assert queue.crew("") not in (None, first)
    worker = next(worker for worker in workers(queue) if "lab" in worker.queues)
    assert worker.key == mark_of(b"another key of so many")
    assert first is not None
    assert not first  # those of before were sent away
