"""What makes no sense on the server, or to whoever is told, ends no thread that reads: the run goes on, and stops."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.events import Event, LogLine, NodeFailed, RunFinished, RunStarted
from flodesk.engine.places.known import Places
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.going_on import GoingOn
from flodesk.engine.places.server.stream import NODES, Keys
from flodesk.engine.places.server.stream import QUEUE as FLOWS
from flodesk.engine.places.session.answers import Saying
from flodesk.engine.run import Run
from flodesk.engine.table import Table

KEY = os.environ["FLODESK_KEY"].encode()
LIVE = """
import flodesk
from flodesk.nodes import maths, timing


def flow():
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more


if __name__ == "__main__":
    flodesk.main(flow)
"""
STUBBORN = """def stubborn(folder):
    import pathlib
    import time

    pathlib.Path(folder, "on").touch()
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass


"""
PARTS = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# out = "rq"
# ///
import flodesk


def twice(x):
    return 2 * x


def flow():
    out = twice(21)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a server of which nobody is a worker."""
    with LocalServer() as started:
        monkeypatch.setenv("FLODESK_REDIS_URL", started.url)
        yield started


def entry(run: str, number: int, **head: Any) -> dict[Any, Any]:
    """Return an event as the session of a run says it."""
    return Saying(KEY, run).entry({"f": "event", "run": run, "k": number, **head})


def test_a_job_in_which_somebody_has_written_rubbish_can_be_stopped(empty: LocalServer, editors, wait_for) -> None:
    connection = Redis.from_url(empty.url)
    editor = editors(empty.url)
    run = editor.start(LIVE)
    connection.hset(f"rq:job:{run}", "created_at", "\x1b[2Jrubbish")
    wait_for(lambda: editor.lines("makes no sense"), "the word about the job")
    (line,) = editor.lines("makes no sense")
    assert "\x1b" not in line
    assert editor.engine.running
    editor.engine.stop()
    assert editor.over(20).reason == "stopped"
    assert not connection.exists(f"rq:job:{run}")
    assert editor.lines("makes no sense") == [line], "it is said once"


def test_a_run_that_is_on_goes_on_and_its_process_is_ended_where_its_job_is_rubbish(
    editor, connection: Redis, tmp_path: Path, wait_for
) -> None:
    text = LIVE.replace("    number = 0\n", f"    gone = stubborn({str(tmp_path)!r})\n    number = 0\n")
    text = text.replace("def flow", STUBBORN + "def flow")
    run = editor.start(text)
    wait_for((tmp_path / "on").exists, "the node")
    connection.hset(f"rq:job:{run}", "created_at", "rubbish")
    editor.engine.stop()
    assert editor.over(30).reason == "killed"


@pytest.mark.parametrize("options", [(), ("--queue", "flodesk-flows", "--queue", "other")], ids=["one", "two"])
def test_a_worker_lives_on_past_a_job_that_is_rubbish(
    empty: LocalServer, editors, start_worker: Callable[..., Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    connection = Redis.from_url(empty.url)
    editor = editors(empty.url)
    run = editor.start(LIVE)
    connection.hset(f"rq:job:{run}", "created_at", "rubbish")
    worker = start_worker(empty.url, *options, said=tmp_path / "said")
    assert editor.over(30).reason == "crashed"
    assert not connection.exists(f"rq:queue:{FLOWS}:intermediate")
    assert editors(empty.url).run(LIVE.replace("timing.every(0.05)", "range(3)")).reason == "succeeded"
    assert worker.poll() is None
    assert "makes no sense" in (tmp_path / "said").read_text()


def test_a_word_that_this_version_does_not_know_is_left(empty: LocalServer, editors, wait_for) -> None:
    connection = Redis.from_url(empty.url)
    editor = editors(empty.url)
    run = editor.start(LIVE)
    events = Keys(run).events
    connection.xadd(events, entry(run, 1, event="Cooled"))
    connection.xadd(events, entry(run, 2, event="Cooled", degrees=3))
    connection.xadd(events, entry(run, 3, event="LogLine", node="", level="info", text="went on", time=1.0))
    wait_for(lambda: editor.lines("went on"), "the next word")
    (line,) = editor.lines("could not be taken")
    assert "Cooled" in line
    editor.engine.stop()
    assert editor.over(20).reason == "stopped"


def test_whoever_is_told_may_raise(editor, wait_for) -> None:
    told: list[Event] = []

    def listener(event: Event) -> None:
        told.append(event)
        raise ValueError("the panel is gone")

    editor.engine.listener = listener
    editor.engine.open(LIVE, "")
    editor.engine.start()
    wait_for(lambda: any(isinstance(event, RunStarted) for event in told), "the start")
    editor.engine.stop()
    wait_for(lambda: any(isinstance(event, RunFinished) for event in told), "the end")
    assert not editor.engine.running
    lines = [event.text for event in told if isinstance(event, LogLine) and "the panel is gone" in event.text]
    assert len(lines) == 1, "it is said once"


def test_a_run_whose_reader_dies_all_the_same_has_crashed(empty: LocalServer, editors, monkeypatch) -> None:
    def worse(*_: Any, **__: Any) -> Any:
        raise SystemError("worse")

    editor = editors(empty.url)
    monkeypatch.setattr(editor.engine._line._reading, "xread", worse)
    editor.start(LIVE)
    end = editor.over(20)
    assert end.reason == "crashed"
    assert "SystemError: worse" in end.message
    assert not editor.engine.running


class Home:
    """A run here with a node on the queue."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.places = Places()
        table = Table(memoryview(bytearray(1 << 16)))
        self.run = Run("run", PARTS, "", emit=self.events.append, table=table, places=self.places)

    def lines(self, words: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogLine) and words in event.text]


@pytest.fixture
def home() -> Any:
    made = Home()
    yield made
    made.run.stop()
    made.run.join(20)
    made.places.close()


def test_nodes_on_a_queue_go_on_past_rubbish(
    empty: LocalServer, home: Home, start_worker: Callable[..., Any], wait_for
) -> None:
    connection = Redis.from_url(empty.url)
    connection.sadd("rq:workers", "rq:worker:odd")
    connection.sadd(f"rq:workers:{NODES}", "rq:worker:odd")
    connection.hset("rq:worker:odd", "birth", "rubbish")
    home.run.start()
    wait_for(lambda: connection.keys("rq:job:parts*"), "the job")
    (job,) = connection.keys("rq:job:parts*")
    connection.hset(job, "created_at", "rubbish")
    wait_for(lambda: home.lines("makes no sense"), "the word about the job")
    connection.delete(job, f"rq:queue:{NODES}", "rq:worker:odd")
    start_worker(empty.url, heard=True)
    assert home.run.join(60)
    assert home.run.report.reason == "succeeded"


def test_nodes_fail_where_nothing_of_their_workers_can_be_read(
    empty: LocalServer, home: Home, monkeypatch: pytest.MonkeyPatch, wait_for
) -> None:
    home.run.start()
    wait_for(lambda: Redis.from_url(empty.url).keys("rq:job:parts*"), "the job")

    def worse(*_: Any, **__: Any) -> Any:
        raise SystemError("worse")

    monkeypatch.setattr(Redis, "xread", worse)
    assert home.run.join(60)
    (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
    assert "SystemError: worse" in failed.message
    assert not any(thread.name == "flodesk parts" for thread in threading.enumerate())


def test_only_some_kinds_are_said_and_whoever_is_told_may_raise() -> None:
    said: list[str] = []

    def tell(words: str) -> None:
        said.append(words)
        raise RuntimeError("nobody there")

    going_on = GoingOn(tell)
    kinds = [KeyError, KeyError, ValueError, TypeError, IndexError, OSError, SystemError, EOFError]
    for kind in kinds:
        with going_on.past():
            raise kind("it")
    assert said == ["KeyError: 'it'", "ValueError: it", "TypeError: it", "IndexError: it", "OSError: it"]
