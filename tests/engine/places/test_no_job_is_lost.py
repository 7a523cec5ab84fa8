"""A worker that dies at any moment loses no job: it is put back, or told to have failed, and can be run again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq.exceptions import DequeueTimeout
from rq.serializers import JSONSerializer

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import BEAT_KEPT_SECONDS, beat_key, connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.last_words import read_end
from flodesk.engine.places.workers import job_deeds, job_list, sweeping
from flodesk.engine.places.workers.flow_queue import FlowQueue
from flodesk.engine.places.workers.sweeping import DIED, sweep
from flodesk.engine.places.workers.worker_alive import absence_key, say_alive

KEY = os.environ["FLODESK_KEY"].encode()
FLOW = """
import flodesk
import os
import time


@flodesk.node(pure=False)
def work(seconds: float) -> float:
    out = os.open(COUNTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(out, b"NAME\\n")
    os.close(out)
    time.sleep(seconds)
    return seconds


def flow():
    made = work(SECONDS)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def client(server: LocalServer) -> Iterator[Redis]:
    made = connect(server.url)
    made.flushdb()
    yield made
    made.close()


def put(client: Redis, id: str, counts: Path, queue: str = "first", seconds: float = 0.0) -> None:
    """Put a flow on a queue that nobody follows, and that counts how often it was begun."""
    text = FLOW.replace("COUNTS", repr(str(counts))).replace("NAME", id).replace("SECONDS", repr(seconds))
    opened = {"c": "open", "text": text, "path": f"/lab/{id}.py", "files": {}}
    JobQueue(client, queue, KEY, Wire(idle=0.0)).put(id, [opened, {"c": "start", "run": id}], f"flow {id}")


def queues(client: Redis, *names: str) -> list[FlowQueue]:
    return [FlowQueue(name, connection=client, serializer=JSONSerializer, job_class=FlowJob) for name in names]


def taken(client: Redis, *names: str, seconds: int | None = None) -> str:
    found = FlowQueue.dequeue_any(
        queues(client, *names), seconds, client, job_class=FlowJob, serializer=JSONSerializer
    )  # fmt: skip
    return "" if found is None else str(found[0].id)


def test_who_listens_to_several_queues_is_woken_and_has_left_a_note_of_what_was_taken(
    client: Redis, tmp_path: Path
) -> None:
    put(client, "a", tmp_path, "second")
    put(client, "b", tmp_path, "first")
    assert [taken(client, "first", "second") for _ in range(3)] == ["b", "a", ""]
    assert client.lrange("rq:queue:second:intermediate", 0, -1) == [b"a"]
    with pytest.raises(DequeueTimeout):
        taken(client, "first", "second", seconds=1)
    got: list[str] = []
    thread = threading.Thread(target=lambda: got.append(taken(client, "first", "second", seconds=50)))
    thread.start()
    time.sleep(0.2)
    begun = time.monotonic()
    put(client, "c", tmp_path, "second")
    thread.join(50)
    assert got == ["c"]
    assert time.monotonic() - begun < 4.0, "it was woken, and has not looked by itself"


def test_what_a_worker_took_and_never_began_goes_to_the_next(
    client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "TAKEN_MS", -1)
    for id in ("a", "b"):
        put(client, id, tmp_path)
    assert taken(client, "first", "second") == "a"
    assert sweep(client, ["first"], now=True) == 0, "it was seen for the first time"
    assert sweep(client, ["first"], now=True) == 1
    assert [taken(client, "first", "second") for _ in range(2)] == ["a", "b"]
    client.delete("rq:job:a")
    sweep(client, ["first"], now=True)
    assert client.lrange("rq:queue:first:intermediate", 0, -1) == [b"b"]


def test_what_a_worker_has_noted_and_not_begun_when_it_died_goes_to_the_next(
    client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(client, "a", tmp_path)
    assert taken(client, "first", "second") == "a"
    client.zadd("rq:wip:first", {"a:1": 1e12})  # the worker notes this, the process of the run that it has begun
    client.hset("rq:execution:a:1", "worker_name", "dead")
    monkeypatch.setattr(sweeping, "TAKEN_MS", -1)
    for _ in range(2):
        sweep(client, ["first"], now=True, key=KEY)
    assert client.zcard("rq:wip:first") == 0
    assert [taken(client, "first", "second") for _ in range(2)] == ["a", ""]


def test_a_worker_elsewhere_may_be_cut_off_for_a_while_before_its_job_is_told_to_have_failed(
    client: Redis, tmp_path: Path
) -> None:
    put(client, "a", tmp_path)
    assert taken(client, "first", "second") == "a"
    client.lrem("rq:queue:first:intermediate", 0, "a")
    client.hset("rq:job:a", mapping={"status": "started", "worker_name": "far"})
    client.zadd("rq:wip:first", {"a:1": 1e12})
    client.hset("rq:execution:a:1", "worker_name", "far")
    facts = {**job_list.worker_facts("1", [], "began"), "hostname": "another-machine", "pid": "1"}
    client.hset("rq:worker:far", mapping=facts)
    say_alive(client, "far", 30.0)
    client.delete(beat_key("far"))  # its network is cut
    assert sweep(client, ["first"], now=True, key=KEY) == 0
    assert JobQueue(client, "first", KEY, Wire()).fate("a", 1000.0) == ("well", "")
    assert 30 < client.ttl(absence_key("far")) <= 30 + BEAT_KEPT_SECONDS
    client.delete(absence_key("far"))
    assert sweep(client, ["first"], now=True, key=KEY) == 1
    assert JobQueue(client, "first", KEY, Wire()).fate("a", 0.0) == ("dead", DIED)
    assert read_end(client, KEY, "a") is None, "nothing is there that a session has said: anybody may have written that"


def test_one_worker_at_a_time_looks(client: Redis) -> None:
    assert client.set("flodesk:sweep", b"1", nx=True, ex=50)
    client.rpush("rq:queue:first:intermediate", "x")
    sweep(client, ["first"])
    assert client.llen("rq:queue:first:intermediate") == 1
    sweep(client, ["first"], now=True)
    assert client.llen("rq:queue:first:intermediate") == 0


def test_the_job_of_a_worker_that_was_killed_has_failed_and_runs_again_when_somebody_wants_it(
    client: Redis, server: LocalServer, start_worker: Callable[..., Any], wait_for: Callable[..., None], tmp_path: Path
) -> None:
    counts = tmp_path / "counts"
    put(client, "a", counts, seconds=1000.0)
    worker = start_worker(server.url, "--queue", "first", "--queue", "second", heard=True)
    wait_for(lambda: counts.exists() and counts.read_text() == "a\n", "the node")
    worker.kill()
    worker.wait()
    other = start_worker(server.url, "--queue", "second", "--queue", "first", heard=True)
    wait_for(lambda: [job for job in job_list.look(client).jobs if job.state == "failed"], "it to be told")
    (job,) = job_list.look(client).jobs
    assert (job.id, job.why) == ("a", DIED)
    assert {known.alive for known in job_list.look(client).workers} == {True, False}
    job_deeds.retry(client, job)
    wait_for(lambda: counts.read_text() == "a\na\n", "the second time")
    assert other.poll() is None
