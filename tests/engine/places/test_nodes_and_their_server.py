"""Nodes on a queue whose server is away, full, or does not come back: said, waited for, and an error in the end."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import redis
from redis import Redis

from flodesk.engine.events import Event, LogLine, NodeFailed
from flodesk.engine.places.known import Places
from flodesk.engine.places.part.exchange import Exchange
from flodesk.engine.places.part.far_values import FarValues
from flodesk.engine.places.server.pieces import PIECE, name_of
from flodesk.engine.places.server.stream import connect
from flodesk.engine.run import Run
from flodesk.engine.table import Table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
TEXT = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# a = "rq"
# b = "rq"
# c = "rq"
#{jobs}
# ///
import flodesk
import numpy
import time
from pathlib import Path

SEEN = []


def see(x):
    SEEN.append(x)


def size(x):
    return int(x.nbytes)


def array(megabytes):
    return numpy.ones((megabytes, 125_000))


def marked(folder):
    with open(Path(folder, "begun"), "a") as file:
        file.write("x")
    return array(1)


def wait(folder, after=None):
    Path(folder, "here").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return 7


def more(x):
    return x + 1


def rows(x, number):
    return len(x) + number


def flow():
    {body}


if __name__ == "__main__":
    flodesk.main(flow)
"""
A_JOB_A_NODE = ' [tool.flodesk.rq]\n# jobs = "node"'
JOBS = pytest.mark.parametrize("jobs", ["", A_JOB_A_NODE], ids=["part", "job a node"])


class Runs:
    """Runs here whose nodes are on a queue."""

    def __init__(self) -> None:
        self.places = Places()
        self.events: list[Event] = []

    def start(self, body: str, jobs: str = "") -> Run:
        self.events.clear()
        text = TEXT.format(body=body, jobs=jobs)
        table = Table(memoryview(bytearray(1 << 16)))
        run = Run("run", text, "", emit=self.events.append, table=table, places=self.places)
        run.start()
        return run

    def seen(self, run: Run) -> list[Any]:
        assert run.join(100)
        assert run.report.reason == "succeeded", run.report.message
        assert run.loaded is not None
        found: list[Any] = run.loaded.namespace["SEEN"]
        return found

    def failed(self, run: Run) -> str:
        assert run.join(100)
        assert run.report.reason == "failed", run.report.message
        return next(event.failure.message for event in self.events if isinstance(event, NodeFailed))

    def lines(self, words: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogLine) and words in event.text]


@pytest.fixture
def runs() -> Iterator[Runs]:
    made = Runs()
    yield made
    made.places.close()


# ------------------------------------------------------------------ a server that is away
@pytest.fixture(scope="module")
def lasting(start_server: Any, start_lasting_worker: Any) -> Any:
    """Give a server that can be killed, and comes back with an empty memory, with a worker that outlives that."""
    made = start_server()
    start_lasting_worker(made.url, heard=True)
    return made


@pytest.fixture
def away(lasting: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let nodes go to that server, which is there again in the end."""
    monkeypatch.setenv("FLODESK_REDIS_URL", lasting.url)
    yield lasting
    if lasting.process.poll() is not None:
        lasting.start()


@JOBS
@pytest.mark.parametrize("seconds", [0.5, pytest.param(30.0, marks=pytest.mark.long)])
def test_a_server_that_was_away_and_came_back_empty_costs_nothing(
    runs: Runs, jobs: str, seconds: float, away: Any, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    run = runs.start(f"c = array(1)\n    a = wait({str(tmp_path)!r}, c)\n    b = rows(c, a)\n    see(b)", jobs)
    wait_for((tmp_path / "here").exists, "the node")
    away.kill()
    wait_for(lambda: runs.lines("does not answer"), "that it is told")
    time.sleep(seconds)
    (tmp_path / "go").touch()
    away.start()
    assert runs.seen(run) == [8]
    assert len(runs.lines("does not answer")) == len(runs.lines("answers again")) == 1
    assert str(away.port) in runs.lines("does not answer")[0]


@JOBS
def test_a_server_that_does_not_come_back_is_an_error_and_so_is_what_runs_there(
    runs: Runs, jobs: str, away: Any, tmp_path: Path, data_of_its_own: Path, wait_for: Callable[..., None]
) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\npatience = 1.0\n")
    run = runs.start(f"a = wait({str(tmp_path)!r})\n    b = more(a)\n    see(b)", jobs)
    wait_for((tmp_path / "here").exists, "the node")
    away.kill()
    said = runs.failed(run)
    assert f"127.0.0.1:{away.port}" in said
    assert "has not answered for 1 s" in said
    assert "start it again" in said
    away.start()
    (tmp_path / "go").touch()
    run = runs.start(f"a = wait({str(tmp_path)!r})\n    b = more(a)\n    see(b)", jobs)
    assert runs.seen(run) == [8], "the next run goes on with the server"


@JOBS
def test_a_server_that_hangs_holds_no_stop(
    runs: Runs, jobs: str, away: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None]
) -> None:
    monkeypatch.setattr("flodesk.engine.places.server.stream.REPLY_SECONDS", 1000.0)
    run = runs.start(f"a = wait({str(tmp_path)!r})\n    see(a)", jobs)
    wait_for((tmp_path / "here").exists, "the node")
    away.process.send_signal(signal.SIGSTOP)
    try:
        run.stop()
        assert run.join(60), "it does not wait for the server"
        assert run.report.reason == "killed"
    finally:
        away.process.send_signal(signal.SIGCONT)
    run = runs.start("a = more(1)\n    see(a)", jobs)
    assert runs.seen(run) == [2], "its worker is free: what it ran was ended when the server could say so"


@JOBS
@pytest.mark.parametrize("value", ["large", "small"])
def test_a_server_that_hangs_while_a_call_goes_there_holds_no_stop(
    runs: Runs, jobs: str, value: str, mortal: Any, start_worker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    monkeypatch.setattr("flodesk.engine.places.server.stream.REPLY_SECONDS", 1000.0)
    monkeypatch.setenv("FLODESK_REDIS_URL", mortal.url)
    start_worker(mortal.url, heard=True)
    given = "array(4)" if value == "large" else "[7]"
    body = f"a = more(1)\n    d = wait({str(tmp_path)!r}, a)\n    e = {given}\n    b = rows(e, d)\n    see(b)"
    run = runs.start(body, jobs)
    wait_for((tmp_path / "here").exists, "what runs here between the two calls")
    mortal.process.send_signal(signal.SIGSTOP)
    try:
        (tmp_path / "go").touch()
        exchange = Exchange._all[mortal.url]
        wait_for(lambda: exchange._bringing._busy, "the second call on its way")
        run.stop()
        assert run.join(60), "it does not wait for the server"
        assert run.report.reason in ("stopped", "killed")
        assert exchange._bringing._busy, "it still waits"
    finally:
        mortal.process.send_signal(signal.SIGCONT)
    assert runs.seen(runs.start(body, jobs)) == [11 if value == "large" else 8], "the next run goes on with the server"


@JOBS
def test_a_server_that_hangs_while_a_value_comes_from_there_holds_no_stop(
    runs: Runs, jobs: str, mortal: Any, start_worker: Any, monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    monkeypatch.setattr("flodesk.engine.places.server.stream.REPLY_SECONDS", 1000.0)
    monkeypatch.setenv("FLODESK_REDIS_URL", mortal.url)
    start_worker(mortal.url, heard=True)
    hung, got, get = threading.Event(), threading.Event(), FarValues.get

    def hang(values: FarValues, name: str, size: int) -> bytes:
        mortal.process.send_signal(signal.SIGSTOP)
        hung.set()
        found = get(values, name, size)
        got.set()
        return found

    with monkeypatch.context() as hanging:
        hanging.setattr(FarValues, "get", hang)
        run = runs.start("a = array(4)\n    see(a)", jobs)
        wait_for(hung.is_set, "the value to come")
    try:
        run.stop()
        assert run.join(60), "it does not wait for the server"
        assert run.report.reason in ("stopped", "killed")
        assert not got.is_set(), "it still waits"
    finally:
        mortal.process.send_signal(signal.SIGCONT)
    assert runs.seen(runs.start("a = more(1)\n    see(a)", jobs)) == [2], "the next run goes on with the server"


@JOBS
@pytest.mark.parametrize("times", [1, 3])
def test_a_large_value_is_fetched_once_more_where_the_server_did_not_answer(
    runs: Runs, jobs: str, times: int, away: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    lost, fetch = [], FarValues.fetch

    def late(values: FarValues, parcels: Iterable[Mapping[str, Any]]) -> None:
        parcels = list(parcels)
        if parcels and len(lost) < times:
            lost.append(parcels)
            raise redis.exceptions.ConnectionError("reset by peer")
        fetch(values, parcels)

    monkeypatch.setattr(FarValues, "fetch", late)
    run = runs.start(f"a = marked({str(tmp_path)!r})\n    see(size(a))", jobs)
    assert runs.seen(run) == [1_000_000]
    assert len(lost) == times
    assert (tmp_path / "begun").read_text() == "x", "it has run once"
    assert runs.lines("is gone") == []
    wait_for(lambda: runs.lines("answers again"), "that it is told")
    assert len(runs.lines("does not answer")) == 1


# ------------------------------------------------------------------ a server that is full
@pytest.fixture(scope="module")
def small(start_server: Any, start_lasting_worker: Any) -> str:
    """Give the address of a server of 20 MB with a worker."""
    url = str(start_server("--maxmemory", "20mb", "--maxmemory-policy", "noeviction").url)
    start_lasting_worker(url, heard=True)
    return url


@pytest.fixture
def other(small: str) -> Iterator[Redis]:
    with connect(small) as made:
        yield made
        made.delete("of-others")


GIVEN, RETURNED = "x = array(32)\n    a = size(x)\n    see(a)", "a = array(32)\n    see(size(a))"


@pytest.mark.parametrize(
    ("jobs", "body"),
    [
        pytest.param("", GIVEN, id="given, part"),
        pytest.param(A_JOB_A_NODE, RETURNED, id="returned, job a node"),
        pytest.param("", RETURNED, id="returned, part", marks=pytest.mark.long),
        pytest.param(A_JOB_A_NODE, GIVEN, id="given, job a node", marks=pytest.mark.long),
    ],
)
def test_a_value_for_which_there_is_no_room_is_named_with_its_server(
    runs: Runs, small: str, jobs: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", small)
    said = runs.failed(runs.start(body, jobs))
    assert "takes 32.0 MB, and there is no room for it" in said
    assert said.startswith(f"“{body[0]}”")
    assert small.rpartition(":")[2].partition("/")[0] in said
    assert "raise its maxmemory" in said
    assert runs.seen(runs.start(body.replace("32", "2"), jobs)) == [2_000_000], "what has room goes on"


@JOBS
def test_what_a_node_gives_comes_when_there_is_room_for_it(
    runs: Runs, small: str, other: Redis, fill: Callable[[Redis], None], jobs: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None],
) -> None:  # fmt: skip
    monkeypatch.setenv("FLODESK_REDIS_URL", small)
    run = runs.start(f"a = wait({str(tmp_path)!r})\n    see(a)", jobs)
    wait_for((tmp_path / "here").exists, "the node")
    wait_for(lambda: fill(other) or runs.lines("has no memory left"), "that it is told")  # some of it expires
    (tmp_path / "go").touch()
    other.delete("of-others")
    assert runs.seen(run) == [7]
    wait_for(lambda: runs.lines("has room again"), "that it is told")


@JOBS
def test_an_answer_that_cannot_be_taken_is_an_error_of_its_node(
    runs: Runs, small: str, jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", small)

    def worse(*_: Any) -> Any:
        raise KeyError("odd")

    with monkeypatch.context() as odd:
        odd.setattr("flodesk.engine.places.part.rq_seat.unwrap", worse)
        odd.setattr("flodesk.engine.places.part.node_jobs.unwrap", worse)
        said = runs.failed(runs.start("a = array(1)\n    see(size(a))", jobs))
    assert "cannot be taken here: KeyError: 'odd'" in said
    assert runs.seen(runs.start("a = array(1)\n    see(size(a))", jobs)) == [1_000_000]


def test_a_value_goes_in_pieces_and_half_of_it_is_none(connection: Redis) -> None:
    here, there = (FarValues(connection, "pieces") for _ in range(2))
    part = bytes(range(256)) * (2 * PIECE // 256) + b"end"
    here.put({"name": part})
    assert len(connection.keys("flodesk:pieces:value:name:*")) == 3
    with pytest.raises(LookupError, match="gone from the server"):
        there.get("name", len(part))  # it is not its hash

    name = name_of(part)
    here.put({name: part})
    assert there.get(name, len(part)) == part
    here.there.need("call", {name: len(part), "name": len(part)})
    here.clear()
    assert not connection.keys("flodesk:pieces:value:*")
