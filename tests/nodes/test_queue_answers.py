"""Queues and latest values in plain threads: nothing is lost unsaid, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from flodesk.nodes import queue
from flodesk.nodes.queue import QueueFullError
from flodesk.public import PlainContext, enter_context


class Aside(threading.Thread):
    """Something done in a thread of its own; `end` waits for it and gives what it returned."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.start()

    def run(self) -> None:
        self.result = self._work()

    def end(self) -> Any:
        self.join(10)
        assert not self.is_alive(), "it waits for ever"
        return self.result


def waiting(thread: threading.Thread, jobs: queue.Queue) -> None:
    """Wait until a thread waits for a queue: then somebody is among those who wait for its conditions."""
    for _ in range(5000):
        with jobs._lock:
            if jobs._freed._waiters or jobs._filled._waiters:
                return
        thread.join(0.002)
        assert thread.is_alive(), "it does not wait"
    pytest.fail("it never waits")


@pytest.mark.node("queue.Queue")
def test_what_is_put_in_comes_out_in_order_until_it_is_closed():
    jobs = queue.Queue()
    assert [jobs.put(n) for n in range(5)] == [True] * 5
    jobs.close()
    assert list(jobs) == [0, 1, 2, 3, 4]
    assert jobs.summary() == ("5 put in, 5 read", 0)
    assert list(jobs) == []
    with pytest.raises(ValueError, match="closed"):
        jobs.put(1)


def test_a_full_queue_holds_its_writer_until_there_is_room():
    jobs = queue.Queue(size=2)
    done = []

    def write() -> None:
        for n in range(5):
            jobs.put(n)
            done.append(n)
        jobs.close()

    writer = Aside(write)
    waiting(writer, jobs)
    assert done == [0, 1]
    reader = iter(jobs)
    assert next(reader) == 0
    assert [*reader] == [1, 2, 3, 4]
    writer.end()
    assert jobs.summary() == ("5 put in, 5 read", 0)


def test_a_reader_waits_for_the_next_value():
    jobs = queue.Queue()
    reader = Aside(lambda: list(jobs))
    waiting(reader, jobs)
    jobs.put("a")
    waiting(reader, jobs)
    jobs.put("b")
    jobs.close()
    assert reader.end() == ["a", "b"]


@pytest.mark.parametrize(
    ("full", "left", "told"),
    [
        ("drop_oldest", [3, 4, 5], [True] * 3 + [False] * 3),
        ("newest", [3, 4, 5], [True, True, True, False, True, True]),
    ],
)
def test_a_full_queue_drops_by_its_policy_and_says_so(full, left, told, capsys):
    jobs = queue.Queue(size=3, full=full)
    assert [jobs.put(n) for n in range(6)] == told
    jobs.close()
    assert list(jobs) == left
    assert jobs.summary() == ("6 put in, 3 read, 3 dropped", 3)
    said = capsys.readouterr().out
    assert said.count("\n") == 1, "once, and not for each value"
    assert said.startswith("The queue is full (3 values): ")


def test_newest_keeps_the_last_one_alone(capsys):
    jobs = queue.Queue(size=1, full="newest")
    for n in range(10):
        jobs.put(n)
    jobs.close()
    assert list(jobs) == [9]
    assert capsys.readouterr().out.startswith("The queue is full (1 value): ")


def test_a_full_queue_fails_if_that_is_its_policy():
    jobs = queue.Queue(size=2, full="fail")
    jobs.put(1)
    jobs.put(2)
    with pytest.raises(QueueFullError, match="is full: 2 values wait in it"):
        jobs.put(3)
    jobs.close()
    assert list(jobs) == [1, 2]
    one = queue.Queue(size=1, full="fail")
    one.put(1)
    with pytest.raises(QueueFullError, match="is full: 1 value waits in it"):
        one.put(2)


def test_each_reader_gets_every_value():
    jobs = queue.Queue(size=4)
    first, second = iter(jobs), iter(jobs)
    readers = [Aside(lambda: list(first)), Aside(lambda: list(second))]
    for n in range(50):
        jobs.put(n)
    jobs.close()
    assert [reader.end() for reader in readers] == [list(range(50))] * 2


def test_the_slowest_reader_holds_the_writer():
    jobs = queue.Queue(size=2)
    first, second = iter(jobs), iter(jobs)
    jobs.put(0)
    jobs.put(1)
    assert [next(first), next(first)] == [0, 1]
    writer = Aside(lambda: jobs.put(2))
    waiting(writer, jobs)
    assert next(second) == 0
    assert writer.end()
    assert next(first) == 2


def test_readers_that_compete_share_the_values():
    jobs = queue.Queue(size=4, readers="compete")
    readers = [Aside(lambda: list(jobs)) for _ in range(3)]
    for n in range(200):
        jobs.put(n)
    jobs.close()
    parts = [reader.end() for reader in readers]
    assert sorted(n for part in parts for n in part) == list(range(200))
    assert all(part == sorted(part) for part in parts)


def test_a_reader_that_has_failed_does_not_hold_the_writer(capsys):
    jobs = queue.Queue(size=2)

    def read() -> str:
        try:
            for value in jobs:
                raise RuntimeError(value)
        except RuntimeError:
            return "failed"
        return "ended"

    writer = Aside(lambda: [jobs.put(n) for n in range(6)])
    waiting(writer, jobs)
    assert Aside(read).end() == "failed"
    assert writer.end().count(False) == 3, "two wait for whoever may read on"
    jobs.close()
    assert list(jobs) == [1, 2]
    one = queue.Queue(size=1, full="fail")
    one.put(1)
    with pytest.raises(QueueFullError, match="is full: 1 value waits in it"):
        one.put(2)
    assert jobs.summary() == ("6 put in, 3 read, 3 never read", 3)
    assert "Nobody reads the queue any more" in capsys.readouterr().out


def test_one_of_two_readers_goes():
    jobs = queue.Queue(size=2)
    first, second = iter(jobs), iter(jobs)
    jobs.put(0)
    jobs.put(1)
    assert next(first) == 0
    first.close()
    writer = Aside(lambda: jobs.put(2))
    waiting(writer, jobs)
    assert [next(second), next(second), next(second)] == [0, 1, 2]
    writer.end()


def test_a_stop_ends_whoever_waits_at_once():
    class Stopped(Exception):
        pass

    class Run(PlainContext):
        stopping = False
        wakes: list[Callable[[], None]] = []

        def check(self) -> None:
            if self.stopping:
                raise Stopped

        def waits(self, wake, lock=None):
            self.wakes.append(wake)
            return super().waits(wake)

    here = Run()
    full, empty = queue.Queue(size=1), queue.Queue()
    full.put(0)

    def until_stopped(work: Callable[[], Any]) -> str:
        enter_context(here)
        with pytest.raises(Stopped):
            work()
        return "stopped"

    threads = [Aside(lambda: until_stopped(lambda: full.put(1))), Aside(lambda: until_stopped(lambda: list(empty)))]
    for thread, jobs in zip(threads, (full, empty), strict=True):
        waiting(thread, jobs)
    here.stopping = True
    for wake in here.wakes:
        wake()
    assert [thread.end() for thread in threads] == ["stopped", "stopped"]
    assert list(full._lanes[0].values) == [0], "what was not put in is not in it"


def test_a_new_run_begins_with_an_empty_queue():
    jobs = queue.Queue(size=1)
    jobs.put(1)
    jobs.close()
    jobs.begin("jobs")
    jobs.expect(["report"])
    jobs.put(2)
    jobs.close()
    jobs.enter("report")
    assert list(jobs) == [2]


@pytest.mark.parametrize("bad", [{"size": 0}, {"full": "burst"}, {"readers": "all"}])
def test_a_queue_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match=r"burst|all|size 0"):
        queue.Queue(**bad)


@pytest.mark.node("queue.Latest")
def test_the_latest_value_stays_until_there_is_another():
    level = queue.Latest(0.5)
    assert [level.get(), level.get()] == [0.5, 0.5]
    level.put(2.0)
    level.put(3.0)
    assert [level.get(), level.get()] == [3.0, 3.0]
    level.begin("level")
    assert level.get() == 0.5
