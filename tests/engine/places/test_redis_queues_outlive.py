"""Queues on a Redis server where processes are killed and the server goes: real processes, real signals.

Each side effect is counted: a loop writes a line into a file for each value, in one go.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from flodesk.engine.places.queues import queue_list
from flodesk.engine.run import Run
from flodesk.engine.table import Table

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes are forked here, so that each begins at once"
)

FLOW = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.queues]
# jobs = {{ on = "redis", name = "{name}", timeout = {timeout} }}
# ///
import os
import time
import flodesk
from flodesk.nodes import queue

jobs = queue.Queue(size={size})


def lines(file):
    try:
        with open(file) as read:
            return read.read().split()
    except FileNotFoundError:
        return []


def note(value, file):
    with open(file, "ab", buffering=0) as write:
        write.write(b"%d\\n" % value)
    return value


def todo(count, file):
    "Go on behind the last value that is known to be in the queue."
    for n in range(len(set(lines(file))), count):
        yield n
    while os.path.exists("{folder}/wait"):
        time.sleep(0.02)


def work(value, seconds):
    time.sleep(seconds)
    return value


def acquire():
    for n in todo({count}, "{folder}/put"):
        sent = jobs.put(n)
        code = sent and note(n, "{folder}/put")


def report():
    for value in jobs:
        done = work(value, {seconds})
        seen = note(done, "{folder}/seen")


if __name__ == "__main__":
    flodesk.main(acquire, report)
"""
WARM = """
import json, os, signal, sys
import flodesk.engine.places.queues.redis_queue, flodesk.nodes.queue
from flodesk.engine.headless import run
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    text, loops, os.environ["FLODESK_REDIS_URL"], told = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        result = run(text, loops=loops, keep_events=True)
        words = [e.text for e in result.events if type(e).__name__ == "LogLine"]
        with open(told, "a") as file:
            file.write(json.dumps([loops[0], result.reason, result.message, words]) + "\\n")
        os._exit(0)
    print(pid, flush=True)
"""


def until(true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)


class Lab:
    """A queue on the server, and processes that run a loop of the flow each."""

    def __init__(self, folder: Path, server, warm: subprocess.Popen[str], **how: object) -> None:
        self.folder, self.server, self._warm = folder, server, warm
        self.name = folder.name
        self.text = FLOW.format(folder=folder, name=self.name, **how)
        self.client = Redis.from_url(server.url)
        self.running: set[int] = set()

    @property
    def state(self) -> queue_list.QueueState:
        return queue_list.look(self.client, self.name)

    def run(self, loop: str) -> int:
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        order = [self.text, [loop], self.server.url, str(self.folder / "told")]
        self._warm.stdin.write(json.dumps(order) + "\n")
        self._warm.stdin.flush()
        pid = int(self._warm.stdout.readline())
        self.running.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not self.alive(pid), "the end of a process that was killed")
        self.running.discard(pid)

    def alive(self, pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def over(self, *pids: int) -> bool:
        return not any(self.alive(pid) for pid in pids)

    def lines(self, file: str) -> list[int]:
        path = self.folder / file
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def told(self) -> list[tuple[str, str, str, list[str]]]:
        path = self.folder / "told"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def close(self) -> None:
        for pid in list(self.running):
            self.kill(pid)
        self.client.close()


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory: pytest.TempPathFactory):
    return start_server(folder=tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def warm() -> Iterator[subprocess.Popen[str]]:
    """Give a process that has imported all there is to import, and forks one for each loop."""
    with subprocess.Popen(
        [sys.executable, "-c", WARM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def lab(tmp_path: Path, server, warm: subprocess.Popen[str]) -> Iterator[Callable[..., Lab]]:
    made: list[Lab] = []

    def make(**how: object) -> Lab:
        made.append(Lab(tmp_path, server, warm, **{"timeout": 1.0, "size": 50, "count": 40, "seconds": 0.0, **how}))
        return made[-1]

    yield make
    for lab in made:
        lab.close()


def test_two_processes_share_the_values_and_each_is_done_once(lab):
    here = lab(count=300, seconds=0.0005, timeout=30.0)
    pids = [here.run("report"), here.run("report"), here.run("acquire")]
    until(lambda: here.over(*pids), "the end of all loops")
    assert sorted(here.lines("seen")) == list(range(300))
    assert {reason for _, reason, _, _ in here.told()} == {"succeeded"}
    assert len(here.told()) == 3


def test_what_a_killed_reader_had_in_hand_goes_to_the_next(lab):
    here = lab(count=40, seconds=0.01)
    first, writer = here.run("report"), here.run("acquire")
    until(lambda: len(here.lines("seen")) >= 8, "some values")
    here.kill(first)
    at_its_end = here.lines("seen")
    assert len(at_its_end) < 40
    second = here.run("report")
    until(lambda: here.over(second, writer), "the end of the second reader")
    seen = Counter(here.lines("seen"))
    assert sorted(seen) == list(range(40))  # nothing lost
    assert sum(seen.values()) - 40 <= len(at_its_end)  # at most what the first had finished and not told yet
    assert {reason for _, reason, _, _ in here.told()} == {"succeeded"}
    assert here.state.depth == 0


def test_a_turn_that_takes_longer_than_the_time_out_is_not_taken_over(lab):
    here = lab(count=1, seconds=1.5)  # and the time-out is 1 s
    pids = [here.run("report"), here.run("report"), here.run("acquire")]
    until(lambda: here.over(*pids), "the end of all loops")
    assert here.lines("seen") == [0]


@pytest.mark.long
def test_a_killed_writer_is_waited_for_and_goes_on(lab):
    here = lab(count=40, size=5, seconds=0.01)
    reader, first = here.run("report"), here.run("acquire")
    until(lambda: len(here.lines("put")) >= 8, "some values")
    here.kill(first)
    until(lambda: here.state.depth == 0, "a reader that has read all")
    until(lambda: here.state.writers == 0, "a writer that counts no more")
    assert here.alive(reader)
    second = here.run("acquire")
    until(lambda: here.over(reader, second), "the end")
    seen = Counter(here.lines("seen"))
    assert sorted(seen) == list(range(40))
    assert sum(seen.values()) <= 41  # what was put in when the writer died, and it had not noted yet


def test_both_ends_wait_while_the_server_is_away_and_nothing_is_lost(lab):
    outage(lab(count=60, size=10, seconds=0.01, timeout=30.0), 0.5)


def test_the_end_of_a_writer_is_told_when_the_server_is_back(lab):
    here = lab(count=5, size=10, seconds=0.01, timeout=30.0)
    (here.folder / "wait").touch()
    writer = here.run("acquire")
    until(lambda: len(here.lines("put")) == 5, "a writer that is done but for its end")
    here.server.kill()
    (here.folder / "wait").unlink()
    reader = here.run("report")
    until(lambda: here.over(reader), "a reader that does not begin without a server")
    assert here.alive(writer)
    here.server.start()
    until(lambda: here.over(writer), "the end of the writer")
    assert here.state.ended
    reader = here.run("report")
    until(lambda: here.over(reader), "the end of a reader")
    assert here.lines("seen") == [0, 1, 2, 3, 4]


def test_stop_ends_both_ends_while_a_server_is_silent(lab, monkeypatch):
    here = lab(count=1000, size=5, seconds=0.0, timeout=30.0)
    monkeypatch.setenv("FLODESK_REDIS_URL", here.server.url)
    runs = [
        Run("run", here.text, "", emit=lambda event: None, table=Table(memoryview(bytearray(1 << 16))), loops=[loop])
        for loop in ("acquire", "report")
    ]
    for run in runs:
        run.start()
    until(lambda: len(here.lines("seen")) >= 5, "some values")
    assert here.server.process is not None
    here.server.process.send_signal(signal.SIGSTOP)
    try:
        for run in runs:
            run.stop()
        assert [run.join(30) for run in runs] == [True, True]
    finally:
        here.server.process.send_signal(signal.SIGCONT)
    assert [run.report.reason for run in runs] == ["stopped", "stopped"]


def outage(here: Lab, seconds: float) -> None:
    reader, writer = here.run("report"), here.run("acquire")
    until(lambda: len(here.lines("seen")) >= 10, "some values")
    here.server.kill()
    time.sleep(seconds)
    assert here.alive(reader)
    assert here.alive(writer)
    here.server.start()
    until(lambda: here.over(reader, writer), "the end")
    seen = Counter(here.lines("seen"))
    assert sorted(seen) == list(range(60))
    assert max(seen.values()) <= 2
    words = [" ".join(words) for _, _, _, words in here.told()]
    assert {reason for _, reason, _, _ in here.told()} == {"succeeded"}
    assert all("is away" in said and "answers again" in said for said in words), words


@pytest.mark.long
def test_a_server_that_is_away_for_half_a_minute(lab):
    outage(lab(count=60, size=10, seconds=0.01, timeout=10.0), 30.0)


@pytest.mark.long
def test_a_thousand_values_and_kills_at_random_moments(lab):
    here, dice = lab(count=1000, size=100, seconds=0.002, timeout=2.0), random.Random(7)
    loops = {here.run(loop): loop for loop in ("report", "report", "acquire")}
    kills: Counter[str] = Counter()
    while len(set(here.lines("seen"))) < 1000 and sum(kills.values()) < 60:
        time.sleep(dice.uniform(0.02, 0.3))
        pid = dice.choice(list(loops))
        loop = loops.pop(pid)
        if here.alive(pid):
            here.kill(pid)
            kills[loop] += 1
        loops[here.run(loop)] = loop
    until(lambda: len(set(here.lines("seen"))) == 1000, "all values", 300)
    until(lambda: here.state.depth == 0, "an empty queue", 60)
    seen, put = Counter(here.lines("seen")), Counter(here.lines("put"))
    assert kills["report"] >= 5
    assert sorted(seen) == list(range(1000))
    print(f"{kills}: {sum(seen.values()) - 1000} done twice, {sum(put.values()) - 1000} put in twice")
    # a kill doubles no more than what the reader had at once, or one value of the writer
    assert sum(seen.values()) - 1000 <= kills["report"] * 32 + kills["acquire"]
