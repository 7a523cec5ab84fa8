"""Queues, workers and jobs of a server as those see them who look after it, and what they can do about the jobs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import compress

import pytest
from redis import Redis

from flodesk.cli import main
from flodesk.engine.places.queues import queue_list
from flodesk.engine.places.queues.redis_queue_scripts import NAMES, QueueKeys
from flodesk.engine.places.server import trying
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.foreign_text import line, lines
from flodesk.engine.places.server.server_news import News
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import PARTS
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.workers import job_deeds, job_list
from flodesk.engine.places.workers.job_deeds import DeedError
from flodesk.engine.places.workers.job_list import JobState

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SECONDS = 60.0
KEY = os.environ["FLODESK_KEY"].encode()
FLOW = """
import flodesk
import time
from pathlib import Path


@flodesk.node(pure=False)
def work(folder: str) -> str:
    Path(folder, "begun").touch()
    while Path(folder, "wait").exists():
        time.sleep(0.01)
    with open(Path(folder, "done"), "a") as out:
        out.write("once\\n")
    return folder


def flow():
    made = work(FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def wait_for(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited {SECONDS} s in vain for {what}"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def empty(server: LocalServer) -> str:
    """The address of a database that no worker uses."""
    return server.url[:-1] + "1"


@pytest.fixture
def connection(empty: str) -> Iterator[Redis]:
    made = connect(empty)
    made.flushdb()
    yield made
    made.close()


@pytest.fixture(scope="module")
def workers(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A worker that listens to *work*; its name."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker", "--redis", server.url, "--queue", "work"],
        env={**os.environ, "FLODESK_DATA": str(tmp_path_factory.mktemp("worker"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline(), "it listens"
    client = connect(server.url)
    yield [worker.name for worker in job_list.look(client).workers]
    client.close()
    process.terminate()
    process.wait(SECONDS)
    process.stdout.close()


@pytest.fixture
def busy(server: LocalServer, workers: list[str]) -> Iterator[Redis]:
    """A connection to the server that the worker listens to, which keeps what it has."""
    made = connect(server.url)
    yield made
    for state in job_list.look(made).jobs:
        with contextlib.suppress(DeedError):
            job_deeds.stop(made, state, seconds=0.0)
    wait_for(lambda: not [state for state in job_list.look(made).jobs if state.state == "running"], "the end of all")
    job_deeds.drop_all(made, job_list.look(made).jobs)
    made.close()


def put(connection: Redis, id: str, folder: Path, queue: str = "work", key: bytes = KEY) -> None:
    """Put a flow on a queue as the editor does, which nobody follows."""
    opened = {"c": "open", "text": FLOW.replace("FOLDER", repr(str(folder))), "path": f"/lab/{id}.py", "files": {}}
    wire = Wire(idle=0.0)
    JobQueue(connection, queue, key, wire).put(id, [opened, {"c": "start", "run": id}], f"flow /lab/{id}.py")


def job(connection: Redis, id: str) -> JobState | None:
    return next((state for state in job_list.look(connection).jobs if state.id == id), None)


def is_now(connection: Redis, id: str, *states: str) -> JobState:
    wait_for(lambda: getattr(job(connection, id), "state", "") in states, f"{id} to be {' or '.join(states)}")
    found = job(connection, id)
    assert found is not None
    return found


# ------------------------------------------------------------------ what is told
def test_what_a_worker_does_is_told(busy: Redis, workers: list[str], tmp_path: Path) -> None:
    (tmp_path / "wait").touch()
    put(busy, "first", tmp_path)
    wait_for((tmp_path / "begun").exists, "the node")
    running = is_now(busy, "first", "running")
    put(busy, "second", tmp_path)
    state = job_list.look(busy)
    assert [(j.id, j.state) for j in state.jobs] == [("first", "running"), ("second", "waiting")]
    assert (running.queue, running.what, running.file) == ("work", "flow /lab/first.py", "/lab/first.py")
    assert "@" in running.by
    assert abs(running.since - state.at) < SECONDS
    assert running.worker == workers[0]
    (queue,) = state.queues
    assert (queue.name, queue.depth, queue.running, queue.workers) == ("work", 1, 1, tuple(workers))
    (worker,) = state.workers
    assert (worker.state, worker.job, worker.queues, worker.alive) == ("busy", "first", ("work",), True)
    assert worker.packs[0].startswith("flodesk")
    assert worker.version
    assert worker.pid > 0
    (tmp_path / "wait").unlink()
    is_now(busy, "second", "finished")
    (worker,) = job_list.look(busy).workers
    assert worker.done >= 2


def test_who_looks_is_told_of_a_change_and_asks_nothing_meanwhile() -> None:
    with LocalServer() as quiet, connect(quiet.url) as connection, News(quiet.url) as news:
        assert news.pushed
        news.wait(0.3)  # what was there before
        asked = connection.info("stats")["total_commands_processed"]
        assert not news.wait(0.5)
        assert connection.info("stats")["total_commands_processed"] - asked <= 1
        connection.hset("rq:worker:somebody", "state", "idle")
        assert news.wait(SECONDS)
        news.follow(["lab"])
        assert not news.wait(0.3)
        connection.xadd(QueueKeys("lab").dead, {"x": "y"})
        assert news.wait(SECONDS)
        connection.sadd(NAMES, "other")
        assert news.wait(SECONDS)


def test_waiting_for_news_ends_when_it_is_closed(server: LocalServer) -> None:
    news = News(server.url)
    heard: list[bool] = []
    thread = threading.Thread(target=lambda: heard.append(news.wait(SECONDS)))
    thread.start()
    time.sleep(0.1)
    begun = time.monotonic()
    news.close()
    thread.join(SECONDS)
    assert heard == [False]
    assert time.monotonic() - begun < SECONDS / 2


def test_what_is_no_job_and_no_text_does_no_harm(connection: Redis) -> None:
    connection.sadd("rq:queues", "rq:queue:w%s\x1b[31m", "nonsense", b"rq:queue:\xff", "rq:queue:wrong")
    connection.set("rq:queue:wrong", "a string")
    connection.rpush("rq:queue:w%s\x1b[31m", "\x1b]0;owned\x07", "gone", "bad")
    connection.hset("rq:job:\x1b]0;owned\x07", mapping={"description": "a\x1b[2Jb\u202ec" + "x" * 10_000, "meta": "[]"})
    connection.hset("rq:job:bad", mapping={"enqueued_at": b"\xff", "meta": b"{\xff", "status": "queued"})
    connection.zadd("rq:failed:w%s\x1b[31m", {"bomb": 1.0, "odd": 2.0})
    connection.hset("rq:job:bomb", mapping={"status": "failed", "meta": json.dumps({"by": ["x"], "file": 3})})
    connection.xadd("rq:results:bomb", {"type": 2, "exc_string": b64encode(compress(b"0" * 50_000_000))})
    connection.xadd("rq:results:odd", {"type": 2, "exc_string": "*** no base64"})
    connection.sadd("rq:workers", "rq:worker:w", "other")
    connection.hset("rq:worker:w", mapping={"hostname": "h\nh", "pid": "x", "queues": "a,\x07b", "flodesk": "3"})
    state = job_list.look(connection)
    told = repr([state.queues, state.workers, state.jobs])
    assert told.isprintable()
    assert len(told) < 20_000
    (owned,) = [job for job in state.jobs if "owned" in job.id]
    assert owned.what.startswith("a\\x1b[2Jb\\u202ec")
    assert "bytes" in next(job.why for job in state.jobs if job.id == "bomb")
    assert (state.workers[0].host, state.workers[0].pid, state.workers[0].alive) == ("h h", 0, False)
    assert "cannot be read" in job_list.traceback_of(connection, "odd")


def test_text_of_others_is_made_fit_to_be_shown() -> None:
    assert line("a\r\n b\tc\x00") == "a b c\\x00"
    assert line("é\u200b\ud800") == "é\\u200b\\ud800"
    assert len(line("x" * 999)) == 300
    assert lines("one\n\ttwo\x1b") == "one\n\ttwo\\x1b"
    assert lines("x" * 50, 10) == "…" + "x" * 9


# ------------------------------------------------------------------ what is done
def test_a_failed_job_says_why_and_runs_again_with_a_mark_of_its_own(busy: Redis, tmp_path: Path) -> None:
    folder = tmp_path / "not there yet"
    put(busy, "lost-flow", folder)
    # a session never fails by its flow: its process is killed
    folder.mkdir()
    (folder / "wait").touch()
    wait_for((folder / "begun").exists, "the node") if is_now(busy, "lost-flow", "running") else None
    send_kill(busy, "lost-flow")
    failed = is_now(busy, "lost-flow", "failed", "stopped")
    assert failed.why
    assert "was killed (SIGKILL" in job_list.traceback_of(busy, "lost-flow")
    (folder / "wait").unlink()
    (folder / "begun").unlink()
    new = job_deeds.retry(busy, failed)
    assert job(busy, "lost-flow") is None
    again = is_now(busy, new, "finished")
    assert (again.what, again.file) == ("flow /lab/lost-flow.py", "/lab/lost-flow.py")
    assert (folder / "done").read_text() == "once\n"
    with pytest.raises(DeedError, match="is gone from the server"):
        job_deeds.retry(busy, failed)


def send_kill(connection: Redis, id: str) -> None:
    """End the process of a run as the system does that has no memory left, and with it one that waits for a job."""
    (worker,) = (worker for worker in job_list.look(connection).workers if worker.job == id)
    found = subprocess.run(["pgrep", "-P", str(worker.pid)], capture_output=True, text=True, check=True)
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def test_nodes_of_a_run_are_not_run_without_it_and_it_is_said_what_to_do(connection: Redis) -> None:
    parts = JobQueue(connection, "nobody", KEY, Wire())
    parts.enqueue(PARTS, "nodes", {"client": "gone"}, "nodes of flow in /lab/line.py", "/lab/line.py")
    connection.hset("rq:job:nodes", "status", "failed")
    connection.lrem("rq:queue:nobody", 0, "nodes")
    connection.zadd("rq:failed:nobody", {"nodes": 1e12})
    failed = job_deeds.find(connection, "nodes")
    with pytest.raises(DeedError, match=r"waits no more\. Run the flow /lab/line\.py again"):
        job_deeds.retry(connection, failed)
    job_deeds.drop(connection, failed)
    assert job(connection, "nodes") is None


def test_only_what_was_signed_with_the_key_here_is_signed_again(connection: Redis, tmp_path: Path) -> None:
    put(connection, "foreign", tmp_path, "nobody", b"another key of somebody else")
    put(connection, "altered", tmp_path, "nobody")
    put(connection, "moved", tmp_path, "nobody")
    packed = connection.hget("rq:job:moved", "data")
    connection.hset("rq:job:altered", "data", packed)  # signed, and as another one
    for id in ("foreign", "altered", "moved"):
        connection.hset(f"rq:job:{id}", "status", "failed")
        connection.lrem("rq:queue:nobody", 0, id)
        connection.zadd("rq:failed:nobody", {id: 1e12})
    for id, why in (("foreign", "altered, or signed with another key"), ("altered", "it was signed as moved")):
        with pytest.raises(DeedError, match=why):
            job_deeds.retry(connection, job_deeds.find(connection, id))
        assert is_now(connection, id, "failed")
    job_deeds.retry(connection, job_deeds.find(connection, "moved"))
    assert [state.state for state in job_list.look(connection).jobs] == ["waiting", "failed", "failed"]


def test_without_a_key_here_nothing_is_signed(
    connection: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(connection, "one", tmp_path, "nobody")
    connection.hset("rq:job:one", "status", "failed")
    connection.lrem("rq:queue:nobody", 0, "one")
    connection.zadd("rq:failed:nobody", {"one": 1e12})
    monkeypatch.delenv("FLODESK_KEY")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "empty"))
    with pytest.raises(DeedError, match="there is no key here"):
        job_deeds.retry(connection, job_deeds.find(connection, "one"))


def test_what_waits_is_dropped_and_what_runs_is_stopped(busy: Redis, tmp_path: Path) -> None:
    (tmp_path / "wait").touch()
    put(busy, "runs", tmp_path)
    running = is_now(busy, "runs", "running")
    wait_for((tmp_path / "begun").exists, "the node")
    put(busy, "waits", tmp_path)
    with pytest.raises(DeedError, match="stop it first"):
        job_deeds.drop(busy, running)
    assert job_deeds.stop(busy, job_deeds.find(busy, "wait")) == "dropped"
    assert job_deeds.stop(busy, running) in ("stopped", "ended")
    is_now(busy, "runs", "finished", "stopped")
    assert job(busy, "waits") is None
    assert not (tmp_path / "done").exists()
    with pytest.raises(DeedError, match="there is nothing to stop"):
        job_deeds.stop(busy, job_deeds.find(busy, "runs"))


def test_dead_letters_of_a_queue_are_put_back_in_their_order_and_dropped(connection: Redis) -> None:
    keys = QueueKeys("lab")
    ids = [connection.xadd(keys.dead, {"h": f"{n}", "flodesk:why": "it ends whoever takes it"}) for n in range(4)]
    assert queue_list.drop(connection, "lab", [ids[3].decode()]) == 1
    assert queue_list.put_back(connection, "lab", [ids[1].decode(), ids[0].decode(), "1-1"]) == 2
    assert [fields for _, fields in connection.xrange(keys.values)] == [{b"h": b"0"}, {b"h": b"1"}]
    assert queue_list.put_back(connection, "lab", []) == 0
    assert queue_list.put_back(connection, "lab") == 1
    assert connection.xlen(keys.values) == 3
    assert connection.xlen(keys.dead) == 0


# ------------------------------------------------------------------ the command line
def test_the_command_line_lists_and_does_all_of_it(
    empty: str, connection: Redis, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*words: str, code: int = 0) -> str:
        assert main(["queues", *words, "--redis", empty]) == code
        told = capsys.readouterr()
        return told.out + told.err

    assert "There are no queues between loops" in said()
    assert "There are no workers" in said("workers")
    assert "There are no jobs" in said("jobs")
    for id in ("one", "two", "three"):
        put(connection, id, tmp_path, "nobody")
    for id in ("one", "two"):
        connection.hset(f"rq:job:{id}", "status", "failed")
        connection.lrem("rq:queue:nobody", 0, id)
        connection.zadd("rq:failed:nobody", {id: 1e12})
        trace = b64encode(compress(b"Traceback:\n  here\nlab.broken.OddError: no \x1b[31mlight\n"))
        connection.xadd(f"rq:results:{id}", {"type": 2, "exc_string": trace, "worker_name": "w"})
    overview = said()
    assert "nobody         1        0       2        0        0" in overview
    connection.hset("rq:job:two", "status", "stopped")
    assert "nobody         1        0       1        1        0" in said(), "what was stopped has not failed"
    (queue,) = json.loads(said("--json"))["job_queues"]
    assert (queue["failed"], queue["stopped"]) == (1, 1)
    connection.hset("rq:job:two", "status", "failed")
    assert "nobody: nobody listens to it. Start a worker: flodesk worker --queue nobody" in overview
    assert "one: OddError: no \\x1b[31mlight" in said("jobs")
    assert "three" not in said("jobs", "--failed")
    assert said("jobs", "other") == "There are no jobs.\n"
    found = json.loads(said("jobs", "--json"))
    assert [(state["id"], state["state"]) for state in found if state["state"] == "waiting"] == [("three", "waiting")]
    assert json.loads(said("--json"))["job_queues"][0]["name"] == "nobody"
    assert said("traceback", "on") == "Traceback:\n  here\nlab.broken.OddError: no \\x1b[31mlight\n"
    assert "there is no job nothing" in said("traceback", "nothing", code=3)
    assert "2 jobs begin with t" in said("stop", "t", code=3)
    assert "say which" in said("retry", code=2)
    assert "Did you mean: flodesk queues jobs?" in said("job", code=2)
    assert "one: put on nobody again, as" in said("retry", "one")
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert "Nothing was dropped" in said("drop", "--all", code=1)
    assert said("drop", "--all", "--yes") == "two: dropped\n"
    assert said("stop", "three") == "three: taken off the queue before a worker had begun it\n"
    assert [state.state for state in job_list.look(connection).jobs] == ["waiting"]


def test_the_command_line_puts_dead_letters_back(
    empty: str, connection: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    connection.sadd(NAMES, "lab")
    connection.xadd(QueueKeys("lab").dead, {"h": "1", "flodesk:why": "it ends whoever takes it"})
    assert main(["queues", "put-back", "lab", "--redis", empty]) == 0
    assert capsys.readouterr().out == "1 put back into lab\n"
    assert main(["queues", "put-back", "--redis", empty]) == 2


def test_a_job_that_was_taken_off_before_its_begin_was_stopped_and_is_run_again(
    connection: Redis, tmp_path: Path
) -> None:
    put(connection, "one", tmp_path)
    assert JobQueue(connection, "work", KEY, Wire(idle=0.0)).end("one")
    found = job(connection, "one")
    assert found is not None
    assert (found.state, found.why) == ("stopped", "It was taken off the queue before a worker had begun it")
    (queue,) = job_list.look(connection).queues
    assert (queue.depth, queue.failed, queue.stopped) == (0, 0, 1)
    again = job(connection, job_deeds.retry(connection, found))
    assert again is not None
    assert again.state == "waiting"


@pytest.mark.parametrize(("took", "words"), [(0.00004, "less than 0.1 ms"), (0.00012, "0.1 ms"), (0.0023, "2.3 ms")])
def test_how_fast_a_server_answers_is_never_said_to_be_nothing(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, took: float, words: str
) -> None:
    monkeypatch.setattr(trying, "_ping", lambda _: took)
    assert trying.try_server(server.url).startswith(f"It answers in {words}: ")
