"""A flow that failed on a queue is a failed job to who looks after the server, be its session on or over."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.cli import main
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import entry_key, entry_of, runs_on, write_entry
from flodesk.engine.places.workers import job_deeds
from flodesk.engine.places.workers.job_deeds import DeedError
from flodesk.engine.places.workers.job_list import JobState, ServerState, order
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

TICKS = """
import flodesk
from flodesk.nodes import timing


def flow():
    for tick in timing.every(0.05):
        seen = abs(tick)


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
    run = entry_of(connection, key_here(), new)
    assert run is not None
    assert run.is_of(path), "who opens the file finds it"
    assert not run.attended


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


def test_a_job_is_found_by_its_newest_run_and_since_when_that_is_on(
    editor: Any, connection: Redis, listed: Callable[[], ServerState], wait_for: Callable[..., None]
) -> None:
    assert editor.run(FAILS).reason == "failed"
    session = editor.engine._line.session.session
    before = job_deeds.find(connection, session).since
    run = editor.start(TICKS)  # in the same session
    wait_for(lambda: getattr(job(listed(), session), "state", "") == "running", "it to be on")
    wait_for(lambda: getattr(job(listed(), session), "run", "") == run, "the list to tell of it")
    found = job_deeds.find(connection, run[:20])
    assert (found.id, found.named) == (session, run)
    assert found.since > before
    assert job_deeds.find(connection, session).named == run
    assert job_deeds.stop(connection, found) == "stopped"
    assert editor.over().reason == "stopped"


def test_a_session_that_is_used_again_is_listed_with_the_flow_that_it_has_now(
    editor: Any, connection: Redis, listed: Callable[[], ServerState], wait_for: Callable[..., None]
) -> None:
    assert editor.run(FAILS, "/lab/broken.py").reason == "failed"
    session = editor.engine._line.session.session

    def shown() -> tuple[str, str]:
        told = job(listed(), session)
        return (told.state, told.file) if told is not None else ("", "")

    wait_for(lambda: shown() == ("failed", "/lab/broken.py"), "the first to be told")
    editor.start(TICKS, "/lab/ticks.py")
    wait_for(lambda: shown()[0] == "running", "the second to be on")
    assert shown() == ("running", "/lab/ticks.py")
    told = job(listed(), session)
    assert told is not None
    assert told.what == "flow /lab/ticks.py"
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    wait_for(lambda: shown() == ("stopped", "/lab/ticks.py"), "its end to be told")
    editor.start(TICKS)
    wait_for(lambda: shown()[0] == "running", "a flow without a file to be on")
    assert shown() == ("running", ""), "it is not that of the file before it"


def test_a_left_run_is_come_back_to_while_a_dropped_one_of_the_same_editor_ends(
    start_server: Callable[..., Any],
    start_worker: Callable[..., Any],
    editors: Callable[..., Any],
    wait_for: Callable[..., None],
) -> None:
    server = start_server()
    start_worker(server.url, "--concurrency", "2")
    connection = Redis.from_url(server.url)
    key = key_here()

    def state(id: str) -> str:
        return getattr(job(look(connection, key), id), "state", "")

    def runs() -> list[str]:
        return [run.run for run in runs_on(connection, key)]

    def turns() -> int:
        seen = editor.engine.states().get("flow.seen")
        return seen.count if seen else 0

    editor = editors(server.url)
    left = editor.start(TICKS)
    wait_for(turns, "a turn")
    editor.engine.leave()
    assert editor.run(FAILS).reason == "failed"
    failed = editor.engine._run.id
    wait_for(lambda: state(failed) == "failed", "the list to say that it failed")
    assert failed in runs()
    job_deeds.drop(connection, job_deeds.find(connection, failed))
    assert runs() == [left], "what was dropped is in no list"

    there = next(run for run in runs_on(connection, key) if run.run == left)
    editor.events.clear()
    editor.engine.attach(there)
    held = f"rq:job:{failed}"
    wait_for(lambda: connection.hget(held, "status") != b"started", "the session that was dropped to end")
    assert runs() == [left], "nor is it when its session is over"
    before = turns()
    wait_for(lambda: turns() > before + 40, "turns after that")  # it has said by now that it is over
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    assert editor.run(FAILS).reason == "failed", "the next run is its own"


def test_a_run_that_is_stopped_before_a_worker_has_begun_it_is_no_longer_listed(
    start_server: Callable[..., Any], editors: Callable[..., Any], wait_for: Callable[..., None]
) -> None:
    server = start_server()
    connection = Redis.from_url(server.url)
    editor = editors(server.url)
    run = editor.start(TICKS)
    wait_for(lambda: [one.run for one in runs_on(connection, key_here())] == [run], "it to be listed")
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    assert runs_on(connection, key_here()) == []


def test_the_last_words_of_a_session_that_was_left_are_not_those_of_another(editor: Any, events: Any) -> None:
    editor.start(TICKS)
    first = editor.engine._line.session
    editor.wait_for(lambda: editor.engine.states(), "its states")
    editor.engine._run.take({"f": "closed"}, [])  # of the one before: this one is open
    assert editor.engine._line.session is first
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    editor.engine._line.drop()
    events.clear()
    first._take({"f": "event", "event": "LogLine"}, [])
    assert not events, "nobody hears it any more"


def test_what_has_ended_is_listed_newest_first_however_it_ended() -> None:
    states = (("finished", 3.0), ("failed", 1.0), ("stopped", 2.0), ("running", 0.5))
    jobs = [JobState(state, "flows", state, since=since) for state, since in states]
    assert [job.state for job in sorted(jobs, key=order)] == ["running", "finished", "stopped", "failed"]


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


def test_an_entry_of_before_that_somebody_puts_back_is_not_believed(
    connection: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, now = key_here(), time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    write_entry(connection, key, RunOn("before", "before", state="running"), 10)
    kept: Any = connection.get(entry_key("before"))
    assert entry_of(connection, key, "before") is not None
    monkeypatch.undo()
    connection.set(entry_key("before"), kept)
    assert entry_of(connection, key, "before") is None
    connection.delete(entry_key("before"))


def test_what_has_expired_is_not_listed(connection: Redis, listed: Callable[[], ServerState]) -> None:
    before = len(listed().jobs)
    connection.sadd("rq:queues", "rq:queue:old")
    connection.zadd("rq:finished:old", {"long-gone": 4e9})
    there = listed()
    assert (len(there.jobs), there.left_off) == (before, 0)
    assert "old" not in [queue.name for queue in there.queues]
    connection.delete("rq:finished:old")


NODE = """
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# made = "rq"
# ///
import time
import flodesk


def slow(seconds):
    time.sleep(seconds)
    return seconds


def flow():
    made = slow(1.5)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_single_nodes_that_wait_for_their_next_run_are_idle(
    server: LocalServer,
    worker: object,
    home: Any,
    listed: Callable[[], ServerState],
    wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)

    def nodes() -> list[tuple[str, bool]]:
        return [(job.state, job.kept) for job in listed().jobs if job.id.startswith("parts-")]

    for _ in range(2):  # the second run finds it waiting
        home.engine.open(NODE)
        home.engine.start()
        wait_for(lambda: nodes() == [("running", False)], "the node to be on")
        wait_for(lambda: nodes() == [("running", True)], "it to wait for the next run", 10.0)
        assert all(one.kept for one in listed().workers if one.alive)
        assert sum(queue.running for queue in listed().queues) == 0
    assert main(["queues", "jobs", "--redis", server.url]) == 0
    (row,) = (row for row in capsys.readouterr().out.splitlines() if row.startswith("parts-"))
    assert " idle " in row
    assert main(["queues", "workers", "--redis", server.url]) == 0
    assert "idle, kept for the next run" in capsys.readouterr().out
