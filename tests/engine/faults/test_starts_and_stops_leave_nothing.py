"""One engine, started and stopped again and again at any moment: nothing piles up, here or in its process."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.client import Host

FLOW = """{header}
import flodesk
import numpy
from flodesk.nodes import timing


class Sum:
    def __init__(self):
        self.total = 0.0

    def __call__(self, block):
        self.total += float(block.sum())
        return self.total

    def close(self):
        self.total = -1.0


def block(k):
    return numpy.full(50_000, k)


def flow():
    total = Sum()
    for k in timing.every(0.002):
        made = block(k)
        twice = numpy.add(made, made)
        so_far = total(twice)


if __name__ == "__main__":
    flodesk.main(flow)
"""
PLACES = {
    "here": "",
    "process": '# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n'
    '# twice = "process"\n# [tool.flodesk.process]\n# cpus = 1\n# ///',
}  # fmt: skip


def inside(pid: int) -> dict[str, int]:
    """Count what a process has: open files, threads, mappings of shared memory, and bytes."""
    folder = Path(f"/proc/{pid}")
    maps = (folder / "maps").read_text().splitlines()
    return {
        "files": len(list((folder / "fd").iterdir())),
        "threads": len(list((folder / "task").iterdir())),
        "mappings": len({line.split()[-1] for line in maps if "/dev/shm/" in line}),
        "bytes": int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE"),
    }


def cycles(host: Any, traces: Any, place: str, count: int) -> None:
    text = FLOW.format(header=PLACES[place])
    chance = random.Random(3)
    host.engine.watch({"flow.twice", "flow.so_far"}, {"flow.twice"})
    host.start(text)
    host.until(lambda: (host.value("flow.so_far") or 0) > 100, 60.0)
    assert host.stop().reason == "stopped"
    assert not traces.settled(processes=6, threads=4, handles=10, segments=2)
    processes = len(traces.processes())
    pid, before, ends = host.engine.pid, inside(host.engine.pid), set[str]()
    for n in range(count):
        host.events.clear()
        host.start(text)
        if n % 4 == 1:
            host.until(lambda: host.value("flow.so_far") is not None, 60.0)
        elif n % 4 == 2:
            host.until(lambda: host.events, 60.0)
        elif n % 4 == 3:
            host.finished.wait(chance.uniform(0.0, 0.05))  # it may be stopped at any moment
        end = host.stop()
        assert end.reason in ("stopped", "killed"), (end, [line.text for line in host.lines()])
        ends.add(end.reason)
    assert not traces.settled(processes=processes + 1, threads=4, handles=10, segments=2)
    if host.engine.pid == pid:  # a machine that is very busy may have made it end its process
        after = inside(pid)
        assert after["threads"] <= before["threads"] + 3, (before, after)
        # memory that arrays travelled in is kept for others, each piece of it an open file twice: the values of runs
        # that only the garbage collector ends take some
        pieces = after["mappings"] - before["mappings"]
        assert pieces <= 40, (before, after)
        assert after["files"] <= before["files"] + 6 + 2 * max(0, pieces), (before, after)
        assert after["bytes"] < before["bytes"] + 80e6, (before, after)
    assert "killed" not in ends or host.engine.pid != pid
    host.engine.close()
    assert not traces.settled()


@pytest.mark.parametrize("place", PLACES)
def test_ten_starts_and_stops_leave_nothing_behind(host: Any, traces: Any, place: str) -> None:
    cycles(host, traces, place, 10)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("place", PLACES)
def test_two_hundred_starts_and_stops_leave_nothing_behind(host: Any, traces: Any, place: str) -> None:
    cycles(host, traces, place, 200)


def test_an_engine_that_is_closed_while_its_process_begins_leaves_nothing(
    traces: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import time\n\ntime.sleep(20)\n")  # a slow machine
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    Host(warm=()).close()
    assert not traces.left(), "nobody waits for it"
