"""A run that was left and loses its worker: one without effects is run again by the workers, any other is told."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis
from rich.console import Console
from rq.serializers import JSONSerializer

from flodesk.cli.afar import runs_at, tell
from flodesk.cli.coming_in import opening
from flodesk.engine.events import LoopStarted, RunFinished, RunStarted, to_json
from flodesk.engine.lifeline import OUT_OF_MEMORY
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.once import VALID_SECONDS, claim, repeat_mark
from flodesk.engine.places.server.signing import RefusedError, Writing, seal
from flodesk.engine.places.server.stream import ENDED, Keys, beat_key, connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session import run_again
from flodesk.engine.places.session.account import ask
from flodesk.engine.places.session.answers import Saying
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.run_again import decided_key, see_to
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import entry_of, last_sign
from flodesk.engine.places.workers.job_list import look
from flodesk.engine.places.workers.worker_alive import absence_key

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
KEY = os.environ["FLODESK_KEY"].encode()
KILLED = f"the process of the run was killed (SIGKILL; {OUT_OF_MEMORY})."
FLOW = """
import flodesk
import os
import time
from pathlib import Path


PURE
def wait(folder: str, factor: float = 1.0) -> float:
    Path(folder, str(os.getpid())).touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return factor


def flow():
    made = wait(FOLDER, factor=1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def worker_of(server, start_worker) -> Callable[[], Any]:
    return lambda: start_worker(server.url, heard=True)


@pytest.fixture
def editor(server, editors):
    return editors(server.url)


def runs(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def begun(editor, folder: Path, *, pure: bool = True) -> str:
    """Start a flow that waits, and set something in it; returns the run."""
    text = FLOW.replace("PURE", "" if pure else "@flodesk.node(pure=False)").replace("FOLDER", repr(str(folder)))
    editor.engine.watch({"flow.made"}, set())
    run = editor.start(text, str(folder / "line.py"))
    states = editor.engine.states
    editor.wait_for(lambda: [s for s in states().values() if s.state == "running"] and runs(folder), "the node")
    editor.engine.set_parameter("flow.made", "factor", "3.0")
    with connect(editor.url) as connection:  # it is sent by a thread: what dies now dies after that
        editor.wait_for(lambda: any(b"factor" in b"".join(f.values()) for _, f in commands(connection, run)), "the set")
    return run


def commands(connection: Redis, session: str) -> Any:
    return connection.xrange(Keys(session).commands)


def entry(connection: Redis, session: str) -> RunOn:
    found = entry_of(connection, KEY, session)
    assert found is not None
    return found


def died(connection: Redis, worker: Any, name: str) -> None:
    """Kill a worker, and do not wait until it has been silent for long."""
    worker.kill()
    worker.wait()
    connection.delete(beat_key(name), absence_key(name), "flodesk:sweep")


def over(connection: Redis, session: str) -> RunOn | None:
    found = entry_of(connection, KEY, session)
    return found if found is not None and found.over else None


def test_what_has_no_effects_is_run_again_by_the_next_worker_and_as_it_was_set(
    server, connection: Redis, worker_of, editor, editors, wait_for, tmp_path: Path
) -> None:
    worker = worker_of()
    run = begun(editor, tmp_path)
    name = entry(connection, run).worker
    editor.engine.leave()
    died(connection, worker, name)
    connection.delete(f"rq:worker:{name}")  # as some minutes later
    assert not [found for found in runs_at(server.url) if found.run == run and found.over]
    worker_of()
    wait_for(lambda: len(runs(tmp_path)) == 2, "the second time")
    follower = editors(server.url)
    follower.engine.attach(next(found for found in runs_at(server.url) if found.run == run))
    wait_for(lambda: follower.lines("its worker has died"), "that it is told")
    follower.engine.leave()
    (tmp_path / "go").touch()
    wait_for(lambda: over(connection, f"{run}-again"), "the end")
    (told,) = [found for found in runs_at(server.url) if found.run == run]
    assert (told.state, told.path, told.session) == ("succeeded", str(tmp_path / "line.py"), f"{run}-again")
    shown = editors(server.url)
    wait_for(lambda: connection.exists(Keys(told.session).end), "what is kept of it")
    shown.engine.attach(told)
    assert not connection.exists(FlowJob.key_for(run)), "nobody runs it once more by hand"
    assert not [job for job in look(connection).jobs if job.id == run]
    assert ask(connection, KEY, told).changes == (("flow.made", "factor", "3.0"),)
    assert len(runs(tmp_path)) == 2


def test_the_process_of_a_run_that_was_left_is_killed_and_its_worker_runs_it_again_once(
    server, connection: Redis, worker_of, editor, wait_for, tmp_path: Path
) -> None:
    worker_of()
    run = begun(editor, tmp_path)
    editor.engine.leave()
    (first,) = runs(tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(runs(tmp_path)) == 2, "the second time")
    again = f"{run}-again"
    (second,) = {*runs(tmp_path)} - {first}
    wait_for(lambda: entry(connection, again).state == "running", "its entry")
    os.kill(second, signal.SIGKILL)
    wait_for(lambda: over(connection, again), "that it is told")
    told = entry(connection, again)
    assert told.state == "failed"
    assert "It was run again before" in told.why
    assert len(runs(tmp_path)) == 2


def test_what_has_effects_is_told_to_whoever_asks_and_not_run_again(
    server, connection: Redis, worker_of, editor, editors, wait_for, tmp_path: Path
) -> None:
    workers = {worker.pid: worker for worker in (worker_of(), worker_of())}
    run = begun(editor, tmp_path, pure=False)
    name = entry(connection, run).worker
    editor.engine.leave()
    (pid,) = [told.pid for told in look(connection).workers if told.name == name]
    died(connection, workers[pid], name)
    wait_for(lambda: over(connection, run), "that it is told")
    told = entry(connection, run)
    assert told.state == "failed"
    assert "flow.made was running" in told.why
    said = io.StringIO()
    tell(runs_at(server.url), Console(file=said, width=1000))
    (line,) = (line for line in said.getvalue().splitlines() if line.startswith(run))
    assert "flow.made was running. Its worker has died. It has effects" in line
    follower = editors(server.url)
    follower.engine.attach(told)
    assert follower.end.reason == "crashed"
    assert follower.end.message == told.why
    assert follower.engine.states()["flow.made"].state == "running", "where it was when it died"
    assert connection.hget(FlowJob.key_for(run), "status") == b"failed"
    assert len(runs(tmp_path)) == 1


def test_a_lost_run_was_on_from_its_begin_to_its_last_sign(
    connection: Redis, server, worker_of, editor, editors, wait_for, tmp_path: Path
) -> None:
    worker = worker_of()
    run = begun(editor, tmp_path, pure=False)
    told = entry(connection, run)
    follower = editors(server.url)
    follower.engine.attach(replace(told, since=told.since - 1000))
    follower.engine.give_up("Its server is gone")
    assert follower.end.seconds >= 1000, "and not since somebody came to it"
    editor.engine.leave()
    died(connection, worker, told.worker)
    wait_for(lambda: not psutil.pid_exists(runs(tmp_path)[0]), "the end of its process")
    seen = last_sign(connection, run)
    assert told.since < seen
    see_to(connection, KEY, run, "its worker has died")
    lost = entry(connection, run)
    assert (lost.ended, lost.about) == (seen, True), "and not when it was noticed"
    assert "over since about " in opening(lost)
    shown = editors(server.url)
    shown.engine.attach(lost)
    assert shown.end.seconds == pytest.approx(seen - told.since)


def test_an_editor_that_follows_and_the_workers_do_not_both_run_it_again(
    server, connection: Redis, worker_of, editor, wait_for, tmp_path: Path
) -> None:
    workers = {worker.pid: worker for worker in (worker_of(), worker_of())}
    run = begun(editor, tmp_path)
    name = entry(connection, run).worker
    (pid,) = [told.pid for told in look(connection).workers if told.name == name]
    died(connection, workers[pid], name)  # a worker sees it first: the editor looks after eight seconds
    wait_for(lambda: len(runs(tmp_path)) == 2, "the second time")
    wait_for(lambda: editor.lines("It has no effects: it is run again"), "that it is told")
    (tmp_path / "go").touch()
    assert editor.over().reason == "succeeded"
    wait_for(lambda: editor.value("flow.made") == 3.0, "its value, as it was set before")
    assert sum(isinstance(event, RunStarted) for event in editor.events) == 1
    assert len(runs(tmp_path)) == 2


def test_an_editor_whose_words_come_after_the_end_gets_the_values_all_the_same(
    connection: Redis, worker_of, editor, wait_for, tmp_path: Path
) -> None:
    worker = worker_of()
    run = begun(editor, tmp_path)
    sent, line = threading.Event(), editor.engine._line
    send = line.send

    def late(*words: Any) -> None:
        """Send what this editor wants of the run that was begun again when that has ended."""
        if not sent.is_set() and line.session is not None and line.session.session == f"{run}-again":
            wait_for(lambda: any(b"RunFinished" in b"".join(f.values()) for _, f in events(connection, run)), "its end")
            sent.set()
        send(*words)

    line.send = late
    died(connection, worker, entry(connection, run).worker)
    (tmp_path / "go").touch()
    worker_of()
    wait_for(lambda: editor.value("flow.made") == 3.0, "its value, as it was set before")
    assert sent.is_set()


def test_what_comes_of_a_run_that_has_gone_on_after_its_end_is_its_newest(worker_of, editor, tmp_path: Path) -> None:
    worker_of()
    run = begun(editor, tmp_path)
    (tmp_path / "go").touch()
    assert editor.over().reason == "succeeded"
    said = {"f": "states", "run": f"{run}+1", "items": {"flow.made": ["done", 7, 0.1, None, 0, -1, -1.0, 0, 0]}}
    editor.engine._run.take(said, [])
    assert editor.engine.states()["flow.made"].count == 7
    editor.engine._run.take({**said, "run": "another+1", "items": {}}, [])
    assert "flow.made" in editor.engine.states()


def events(connection: Redis, run: str) -> Any:
    return connection.xrange(Keys(f"{run}-again").events)


def test_what_its_process_has_died_of_stands_in_whole_sentences(
    connection: Redis, worker_of, editor, wait_for, tmp_path: Path
) -> None:
    worker_of()
    begun(editor, tmp_path)
    (first,) = runs(tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: editor.lines("is begun anew"), "the second begin")
    assert f"{KILLED} It has no effects" in editor.lines("It has no effects: it is run again")[0]
    assert editor.lines("is begun anew")[0].endswith(KILLED)
    wait_for(lambda: len(runs(tmp_path)) == 2, "the second time")
    (second,) = {*runs(tmp_path)} - {first}
    os.kill(second, signal.SIGKILL)
    told = f"{KILLED} It was run again before, and is not once more by itself. Run the flow again."
    assert editor.over().message.endswith(told)


# ------------------------------------------------------------------ who decides, and by which words
def dead(connection: Redis, run: str, *events: Any, key: bytes = KEY, pure: bool = True, seconds: float = 0.0) -> None:
    """Put on the server what a session leaves there that has died, with these words of its own beside the usual.

    Its run has begun so many `seconds` ago.
    """
    opened = {"c": "open", "text": "x = 1", "path": "/lab/line.py", "files": {}}
    start = {"c": "start", "run": run, "place": "rq", "limits": None, "held": False}
    JobQueue(connection, "first", KEY, Wire()).put(run, [opened, start], "flow /lab/line.py", {"who": "a", "host": "h"})
    saying = Saying(key, run)
    begun = time.time() - seconds
    told = [to_json(RunStarted(run, begun, "rq")), {**to_json(LoopStarted(run, "flow")), "again": pure}, *events]
    for number, head in enumerate(told, 1):
        connection.xadd(Keys(run).events, saying.entry({"f": "event", **head, "k": number}))


def test_of_many_who_see_it_one_decides_and_all_do_what_it_says(connection: Redis) -> None:
    connection.flushdb()
    dead(connection, "run1")
    connection.set(decided_key("run1"), seal(b"x" * 32, "decided", {"session": "run1", "again": "forged"})[0])
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(see_to(connection, KEY, "run1", "x"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == ["run1-again"] * 6
    assert connection.lrange("rq:queue:first", 0, -1) == [b"run1", b"run1-again"]
    assert see_to(connection, KEY, "run1-again", "x") == "", "nothing was said of it yet"


def test_who_finds_nothing_left_of_it_hears_what_was_decided_meanwhile(connection: Redis, monkeypatch) -> None:
    connection.flushdb()
    dead(connection, "run1")
    known, others = run_again.lost_run, [True]

    def late(*arguments: Any) -> Any:
        if others:
            others.clear()
            assert see_to(connection, KEY, "run1", "x") == "run1-again"
            connection.delete(FlowJob.key_for("run1"))
        return known(*arguments)

    monkeypatch.setattr(run_again, "lost_run", late)
    assert see_to(connection, KEY, "run1", "x") == "run1-again"


@pytest.mark.parametrize("case", ["effects", "unsigned", "ended", "asked to stop", "worker asked to end"])
def test_only_what_has_signed_that_it_has_no_effects_and_is_on_is_run_again(connection: Redis, case: str) -> None:
    connection.flushdb()
    ended = [to_json(RunFinished("run1", "succeeded"))] if case == "ended" else []
    dead(connection, "run1", *ended, key=b"x" * 32 if case == "unsigned" else KEY, pure=case != "effects")
    if case == "asked to stop":
        connection.xadd(Keys("run1").commands, Writing(KEY, "run1").entry({"c": "stop"}))
    why = ENDED if case == "worker asked to end" else "its worker has died"
    assert see_to(connection, KEY, "run1", why) == ""
    assert connection.lrange("rq:queue:first", 0, -1) == [b"run1"]
    told = entry_of(connection, KEY, "run1")
    assert (told is None) == (case == "ended")
    assert told is None or (told.state, told.path, told.host) == ("failed", "/lab/line.py", "h")


@pytest.mark.parametrize(("seconds", "again"), [(VALID_SECONDS - 60, "run1-again"), (VALID_SECONDS + 60, "")])
def test_what_began_more_than_a_day_ago_is_not_run_again(connection: Redis, seconds: float, again: str) -> None:
    connection.flushdb()
    dead(connection, "run1", seconds=seconds)
    assert see_to(connection, KEY, "run1", "its worker has died") == again
    told = entry_of(connection, KEY, "run1")
    assert again or (told is not None and "It began more than a day ago" in told.why)


def test_a_session_that_has_come_to_its_end_leaves_nobody_the_right_to_repeat_it(
    connection: Redis, worker_of, editor, wait_for, tmp_path: Path
) -> None:
    worker_of()
    run = begun(editor, tmp_path)
    session = entry(connection, run).session
    (tmp_path / "go").touch()
    assert editor.over().reason == "succeeded"
    editor.engine.close()
    wait_for(lambda: connection.exists(Keys(session).end), "its last word")
    mark = repeat_mark(KEY, session)
    assert not claim(mark, connection)
    connection.delete(f"flodesk:used:{mark}")  # whoever can write to the server can do that
    assert not claim(mark, connection), "its machine knows it, too"


def test_a_repeat_runs_once_and_none_of_a_session_that_has_come_to_its_end(connection: Redis) -> None:
    for run, at_its_end in (("run2", False), ("run3", True)):
        connection.flushdb()
        dead(connection, run)
        if at_its_end:
            claim(repeat_mark(KEY, run), connection)
            connection.flushdb()  # who can write to the server can do that, and put there again what it has read
            dead(connection, run)
        assert see_to(connection, KEY, run, "x") == f"{run}-again"
        job = FlowJob.fetch(f"{run}-again", connection=connection, serializer=JSONSerializer)
        guard = Guard()
        if not at_its_end:
            admitted = guard.admit(job.id, job.args, connection)
            assert [command["c"] for command in admitted["commands"]] == ["open", "leave", "start"]
            connection.flushdb()
        with pytest.raises(RefusedError, match="it was run before"):
            guard.admit(job.id, job.args, connection)
