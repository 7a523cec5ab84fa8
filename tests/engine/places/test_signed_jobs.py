"""A worker runs what is signed with the project's key, once, with modules that it allows: and nothing else."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from flodesk.cli.worker import add
from flodesk.engine.events import LogLine
from flodesk.engine.places.server.guard import CLOCK_SECONDS, VALID_SECONDS, Guard
from flodesk.engine.places.server.key import Key, find_key, find_or_make_key
from flodesk.engine.places.server.signing import Reading, RefusedError, Writing, seal, unseal
from flodesk.engine.places.server.stream import QUEUE, Keys, PlaceError, pack
from flodesk.engine.places.session.job import WORK, FlowJob
from flodesk.engine.places.session.rq import RqEngine

KEY = os.environ["FLODESK_KEY"].encode()
MARK = """
import flodesk
from pathlib import Path


def mark(path: str) -> str:
    Path(path).write_text("it ran")
    return path


def flow():
    made = mark({path!r})


if __name__ == "__main__":
    flodesk.main(flow)
"""
LIVE = """
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(2.0)
    for tick in timing.every(0.02):
        big = maths.add(0.0, gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the worker says."""
    return tmp_path_factory.mktemp("worker") / "stderr"


@pytest.fixture(scope="module")
def worker(server, start_lasting_worker, said: Path) -> subprocess.Popen[bytes]:
    file = said.with_name("queue.key")
    file.write_text(os.environ["FLODESK_KEY"])
    return start_lasting_worker(server.url, "--key-file", str(file), "--allow", "redis", said=said, key=False)


def exchange(job: Job, arguments: list[str]) -> None:
    """Alter a job that waits, as anybody can who reaches the server."""
    job.data = JSONSerializer.dumps([WORK, None, arguments, {}])
    job.save()


@contextlib.contextmanager
def asleep(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Keep a worker from looking at what it is sent."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def put(connection: Redis, id: str, arguments: tuple[Any, ...]) -> Job:
    """Put a job on the queue as anybody can who reaches the server."""
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer, job_class=FlowJob)
    return queue.enqueue_call(WORK, args=arguments, job_id=id)


@pytest.fixture
def is_refused(connection: Redis, said: Path, wait_for) -> Callable[[str, str], None]:
    """Give a function that sees to it that a job fails, and that the worker says why."""

    def check(id: str, why: str) -> None:
        wait_for(lambda: Job.fetch(id, connection, serializer=JSONSerializer).is_failed, "the refusal")
        registry = FailedJobRegistry(QUEUE, connection=connection, serializer=JSONSerializer)
        wait_for(lambda: id in registry.get_job_ids(), "its place among the failed jobs")
        result = Job.fetch(id, connection, serializer=JSONSerializer).latest_result()
        assert why in str(result.exc_string)
        wait_for(lambda: any(id in line and why in line for line in said.read_text().splitlines()), "the worker's word")

    return check


def job(id: str, text: str, **more: Any) -> dict[str, Any]:
    commands = [{"c": "open", "text": text, "path": ""}, {"c": "start", "run": id, "place": "rq"}]
    return {
        "id": id,
        "mark": id,
        "made": time.time(),
        "commands": commands,
        "idle": 0.0,
        "patience": 30.0,
        "megabytes": 64.0,
        **more,
    }


@pytest.mark.parametrize("how", ["not signed", "another key"])
def test_a_forged_job_runs_nothing(how: str, connection: Redis, worker, is_refused, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    id = f"forged-{how.replace(' ', '-')}"
    text, signed = seal(b"the key of somebody else", "job", job(id, MARK.format(path=str(victim))))
    put(connection, id, (text, signed if how == "another key" else ""))
    is_refused(id, "not signed" if how == "not signed" else "signed with another key")
    assert not victim.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_altered_job_runs_nothing_and_the_editor_says_why(
    engine: RqEngine, connection: Redis, worker, is_refused, events, tmp_path: Path, wait_for
) -> None:
    meant, victim = tmp_path / "meant", tmp_path / "victim"
    engine.open(MARK.format(path=str(meant)))
    with asleep(worker):
        run = engine.start()
        waiting = FlowJob.fetch(run, connection=connection, serializer=JSONSerializer)
        text, signed = waiting.args
        exchange(waiting, [text.replace(str(meant), str(victim)), signed])
    is_refused(run, "its signature is not that of the project's key")
    wait_for(lambda: events.end, "the end")
    assert not victim.exists()
    assert not meant.exists()
    assert events.end.reason == "failed"
    assert "The worker refused to run it: its signature" in events.end.message
    assert "signed with the key of $FLODESK_KEY" in events.end.message


def test_a_job_runs_once_whoever_puts_it_on_the_queue_again(
    engine: RqEngine, events, connection: Redis, is_refused, tmp_path: Path, wait_for
) -> None:
    made = tmp_path / "made"
    engine.open(MARK.format(path=str(made)))
    run = engine.start()
    arguments = tuple(FlowJob.fetch(run, connection=connection, serializer=JSONSerializer).args)
    wait_for(lambda: events.end, "the end")
    assert made.read_text() == "it ran"
    made.unlink()
    engine.close()
    wait_for(lambda: Job.fetch(run, connection, serializer=JSONSerializer).is_finished, "the end of the job")
    for note in connection.keys("flodesk:used:*"):
        connection.delete(note)  # whoever can put it there again can do this
    put(connection, run, arguments)
    is_refused(run, "it was run before")
    put(connection, "another-name", arguments)
    is_refused("another-name", f"it was signed as {run}")
    assert not made.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_earlier_job_in_the_place_of_another_runs_nothing_and_the_editor_says_why(
    engine: RqEngine, connection: Redis, worker, events, tmp_path: Path, wait_for
) -> None:
    victim = tmp_path / "victim"
    engine.open(LIVE)
    with asleep(worker):
        run = engine.start()
        waiting = FlowJob.fetch(run, connection=connection, serializer=JSONSerializer)
        exchange(waiting, [*seal(KEY, "job", job("earlier", MARK.format(path=str(victim))))])
    wait_for(lambda: events.end, "the end")
    assert "it was signed as earlier" in events.end.message
    assert not victim.exists()


def test_commands_of_others_and_of_before_are_not_obeyed(
    engine: RqEngine, events, connection: Redis, said: Path, wait_for
) -> None:
    engine.open(LIVE)
    engine.watch({"flow.big"}, set())
    run = engine.start()
    wait_for(lambda: "flow.big" in engine.values() and engine.values()["flow.big"].value == 2.0, "a value")
    commands = Keys(run).commands
    engine.set_parameter("flow.gain", "value", "3.0")
    wait_for(lambda: engine.values()["flow.big"].value == 3.0, "the change")
    (*_, (_, of_before)) = connection.xrange(commands)
    engine.set_parameter("flow.gain", "value", "4.0")
    wait_for(lambda: engine.values()["flow.big"].value == 4.0, "the next change")
    connection.xadd(commands, pack({"c": "stop"}))
    connection.xadd(commands, Writing(b"the key of somebody else", run).entry({"c": "stop"}))
    connection.xadd(commands, Writing(KEY, "another run").entry({"c": "stop"}))
    connection.xadd(commands, of_before)
    told = [
        "a command that is not signed was refused",
        "a command was refused: its signature",
    ]
    for words in told:
        wait_for(lambda: any(isinstance(e, LogLine) and words in e.text for e in events), words)  # noqa: B023 - at once
    count = engine.values()["flow.big"].sequence
    wait_for(lambda: engine.states()["flow.big"].count > 20 and engine.running, f"turns after value {count}")
    assert engine.values()["flow.big"].value == 4.0
    assert sum(words in said.read_text() for words in told) == 2
    engine.stop()
    wait_for(lambda: events.end, "the stop")


def test_a_worker_without_a_key_runs_nothing_and_says_how_to_get_one(
    server, start_worker, editors, tmp_path: Path
) -> None:
    victim, words, own, far = tmp_path / "victim", tmp_path / "stderr", tmp_path / "own.key", tmp_path / "far"
    own.write_text("a key of the editor alone")
    far.mkdir()
    start_worker(server.url, "--queue", "keyless", said=words, key=False, FLODESK_DATA=str(far))
    editor = editors(server.url, queue="keyless", key=find_key(str(own)))
    message = editor.run(MARK.format(path=str(victim))).message
    assert not victim.exists()
    assert f"copy {own} there and start it with flodesk worker --key-file queue.key" in message
    assert "there is no key here yet" in words.read_text()
    assert words.read_text().count("--key-file") == 2
    own.rename(far / "queue.key")
    editor.run(MARK.format(path=str(victim)))
    assert victim.exists()


def test_a_flow_imports_what_the_worker_allows(engine: RqEngine, events, tmp_path: Path, wait_for) -> None:
    made = tmp_path / "made"
    text = MARK.format(path=str(made))
    for module, allowed in (("rq.job", False), ("redis.exceptions", True)):
        events.clear()
        engine.open(text.replace("import flodesk\n", f"import flodesk\nimport {module}\n", 1))
        engine.start()
        wait_for(lambda: events.end, "the end")
        assert made.exists() == allowed
        if not allowed:
            assert "line 3 of the flow imports rq.job" in events.end.message
            assert "--allow rq" in events.end.message


def test_a_worker_of_our_own_alone_allows_whatever_is_installed(connection: Redis) -> None:
    opened = {"c": "open", "text": "import rq.job\n", "files": {}}
    assert Guard(own=True).check(opened, connection)["text"] == opened["text"]
    parser = argparse.ArgumentParser()
    add(parser)
    options = parser.parse_args(["--allow", "redis"])
    assert not options.own
    assert not options.owned
    with pytest.raises(RefusedError, match="--allow rq"):
        Guard(allow=options.allow).check(opened, connection)


def test_clocks_may_differ_and_a_job_is_good_for_a_day(
    connection: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guard, now = Guard(), time.time()
    good = [-CLOCK_SECONDS + 60, 0.0, VALID_SECONDS, VALID_SECONDS + CLOCK_SECONDS - 60]
    bad = [-CLOCK_SECONDS - 60, VALID_SECONDS + CLOCK_SECONDS + 60]
    for number, age in enumerate([*good, *bad]):
        id = f"aged{number}"
        sealed = seal(KEY, "job", job(id, LIVE, made=now - age))
        if age in good:
            assert guard.admit(id, sealed, connection)["id"] == id
            with pytest.raises(RefusedError, match="run before"):
                guard.admit(id, sealed, connection)
        else:
            with pytest.raises(RefusedError, match=r"h ago|min from now"):
                guard.admit(id, sealed, connection)


def test_the_key_is_made_once_for_this_user_alone(
    monkeypatch: pytest.MonkeyPatch, data_of_its_own: Path, tmp_path: Path
) -> None:
    monkeypatch.delenv("FLODESK_KEY")
    assert find_key() is None
    made = find_or_make_key()
    assert find_or_make_key().secret == made.secret == find_key().secret
    assert len(made.secret) > 40
    assert made.secret.decode() not in repr(made)
    file = data_of_its_own / "queue.key"
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in data_of_its_own.iterdir()] == ["queue.key"], "nothing is left of its making"
    other = tmp_path / "other.key"
    other.write_text("a key in a file of its own\n")
    monkeypatch.setenv("FLODESK_KEY_FILE", str(other))
    assert find_or_make_key() == Key(b"a key in a file of its own", f"the file {other} ($FLODESK_KEY_FILE)")
    other.write_text("short\n")
    with pytest.raises(PlaceError, match="is no key"):
        find_key()
    with pytest.raises(PlaceError, match="cannot be read: No such file"):
        find_key(str(tmp_path / "none"))


def test_what_is_sealed_as_one_thing_is_not_read_as_another() -> None:
    text, signed = seal(b"k" * 32, "job", {"id": "a"})
    assert unseal(b"k" * 32, "job", text, signed) == {"id": "a"}
    for kind, altered, by in [("answer", text, signed), ("job", text + " ", signed), ("job", text, signed.upper())]:
        with pytest.raises(RefusedError):
            unseal(b"k" * 32, kind, altered, by)
    reading = Reading(b"k" * 32, "run")
    entry = {k.encode(): v if isinstance(v, bytes) else v.encode() for k, v in
             Writing(b"k" * 32, "run").entry({"c": "set", "text": "1"}, [b"ab", b"c"]).items()}  # fmt: skip
    moved = {**entry, b"b0": b"a", b"b1": b"bc"}
    with pytest.raises(RefusedError):
        reading.command(moved)
    assert reading.command(entry) == ({"c": "set", "text": "1"}, [b"ab", b"c"])
