"""A flow that failed on a queue is a failed job to who looks after the server, be its session on or over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.cli import main
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.session.runs_there import entry_of, write_entry
from flodesk.engine.places.workers import job_deeds
from flodesk.engine.places.workers.job_deeds import DeedError
from flodesk.engine.places.workers.job_list import JobState, ServerState
from flodesk.engine.places.workers.jobs_told import key_here, look, traceback_of

FAILS = """
import flodesk


def divide(value: float) -> float:
    return 1.0 / value


def flow():
    made = divide(0.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def listed(connection: Redis) -> Callable[[], ServerState]:
    return lambda: look(connection, key_here())


def job(state: ServerState, id: str) -> JobState | None:
    return next((job for job in state.jobs if job.id == id), None)


def test_a_flow_that_failed_has_failed_while_its_session_waits_and_runs_again(
    editor: Any, connection: Redis, listed: Callable[[], ServerState], wait_for: Callable[..., None], tmp_path: Path
) -> None:
    path = str(tmp_path / "fails.py")
    assert editor.run(FAILS, path).reason == "failed"
    id = editor.engine._run.id
    wait_for(lambda: getattr(job(listed(), id), "state", "") == "failed", "the list to say that it failed")
    there = listed()
    told = job(there, id)
    assert told is not None
    assert (told.kept, told.node, told.file) == (True, "flow.made", path)
    assert told.why == "ZeroDivisionError: float division by zero"
    assert abs(told.since - there.at) < 60
    (worker,) = (worker for worker in there.workers if worker.job == id)
    assert (worker.state, worker.kept) == ("idle", True)
    assert next((q.running, q.failed) for q in there.queues if q.name == told.queue) == (0, 1)
    assert "return 1.0 / value" in traceback_of(connection, id, key_here())

    with pytest.raises(DeedError, match="nothing to stop"):
        job_deeds.stop(connection, told)
    new = job_deeds.retry(connection, told)
    assert job(listed(), id) is None, "it is not listed twice"
    with pytest.raises(DeedError, match="look again"):
        job_deeds.retry(connection, told)
    wait_for(lambda: getattr(job(listed(), new), "state", "") == "failed", "the other to fail as well")
    again = job(listed(), new)
    assert again is not None
    assert (again.file, again.node) == (path, "flow.made")


def test_a_changed_flow_runs_again_as_it_was_in_the_end(
    editor: Any, connection: Redis, listed: Callable[[], ServerState], wait_for: Callable[..., None]
) -> None:
    assert editor.run(FAILS).reason == "failed"
    id = editor.engine._line.session.session
    other = FAILS.replace("1.0 / value", "[1.0][int(value) + 5]")
    assert editor.run(other).reason == "failed"  # in the same session
    wait_for(lambda: "IndexError" in getattr(job(listed(), id), "why", ""), "the newest run to be told")
    told = job(listed(), id)
    assert told is not None
    new = job_deeds.retry(connection, told)
    wait_for(lambda: getattr(job(listed(), new), "state", "") == "failed", "its end")
    assert "IndexError" in getattr(job(listed(), new), "why", "")


def test_the_command_line_finds_a_run_that_failed_after_its_editor_has_gone(
    server: LocalServer,
    worker: object,
    editors: Callable[..., Any],
    connection: Redis,
    listed: Callable[[], ServerState],
    wait_for: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def said(*words: str) -> str:
        assert main(["queues", *words, "--redis", server.url]) == 0
        return capsys.readouterr().out

    gone = editors(server.url)
    gone.run(FAILS, "/lab/fails.py")
    id = gone.engine._run.id
    wait_for(lambda: getattr(job(listed(), id), "state", "") == "failed", "the list to say that it failed")
    assert "idle, kept for the next run" in said("workers")
    gone.engine.close()
    wait_for(lambda: connection.hget(f"rq:job:{id}", "status") == b"finished", "the end of its session")
    assert f"{id}: flow.made: ZeroDivisionError: float division by zero" in said("jobs", "--failed")
    (told,) = (one for one in json.loads(said("jobs", "--json")) if one["id"] == id)
    assert (told["state"], told["file"]) == ("failed", "/lab/fails.py")
    assert "ZeroDivisionError" in said("traceback", id)
    left: Any = connection.ttl(f"rq:job:{id}")
    assert left > 600, "it can be run again for longer than one that went well"
    assert f"{id}: put on" in said("retry", id)
    assert not connection.exists(f"rq:job:{id}")


def test_what_somebody_without_the_key_says_of_a_run_changes_nothing(
    editor: Any, connection: Redis, listed: Callable[[], ServerState], wait_for: Callable[..., None]
) -> None:
    assert editor.run(FAILS).reason == "failed"
    id = editor.engine._run.id
    wait_for(lambda: getattr(job(listed(), id), "state", "") == "failed", "the list to say that it failed")
    run = entry_of(connection, key_here(), id)
    assert run is not None
    write_entry(connection, b"another key", run, 60)
    assert getattr(job(listed(), id), "state", "") == "running"
    assert traceback_of(connection, id, key_here()) == ""


def test_what_has_expired_is_not_listed(connection: Redis, listed: Callable[[], ServerState]) -> None:
    before = len(listed().jobs)
    connection.sadd("rq:queues", "rq:queue:old")
    connection.zadd("rq:finished:old", {"long-gone": 4e9})
    there = listed()
    assert (len(there.jobs), there.left_off) == (before, 0)
    assert "old" not in [queue.name for queue in there.queues]
    connection.delete("rq:finished:old")
