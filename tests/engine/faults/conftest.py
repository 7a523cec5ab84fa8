"""What a test of faults leaves behind: processes, threads, open files and shared memory, looked for by their traces."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


class Traces:
    """Looks for what belongs to a test, by the data folder that all processes of it inherit.

    Other tests may run on this machine at the same time: what is theirs does not count.
    """

    def __init__(self, data: Path) -> None:
        self._mark = f"FLODESK_DATA={data}".encode()
        self._seen: set[int] = {os.getpid()}
        self.threads = set(threading.enumerate())
        self.handles = _handles()
        self.mapped = _mapped()

    def processes(self) -> dict[int, str]:
        """Return the processes of this test, all the way down, and children that nobody has waited for."""
        found: dict[int, str] = {}
        tracker = getattr(resource_tracker, "_resource_tracker")  # noqa: B009 - a private name, and there is no other
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) not in (os.getpid(), tracker._pid):
                try:
                    state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                    ours = self._mark in (entry / "environ").read_bytes().split(b"\0")
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if ours or (state == "Z" and int(parent) == os.getpid()):
                    found[int(entry.name)] = f"{state} {command}"
        self._seen |= set(found)
        return found

    def segments(self) -> set[str]:
        """Return the shared memory of processes of this test that are no more, and what this one has mapped."""
        alive = set(self.processes())
        dead = [f"flodesk{pid:x}_" for pid in self._seen - alive - {os.getpid()}]
        left = {entry.name for entry in MEMORY.iterdir() if entry.name.startswith(tuple(dead))} if dead else set()
        return left | (_mapped() - self.mapped)

    def left(self, *, processes: int = 0, threads: int = 0, handles: int = 0, segments: int = 0) -> list[str]:
        """Say what there is more of than that many, counted from the beginning of the test."""
        gc.collect()
        said = []
        if len(found := self.processes()) > processes:
            said.append(f"processes {found}")
        if len(alive := set(threading.enumerate()) - self.threads) > threads:
            said.append(f"threads {sorted(thread.name for thread in alive)}")
        if (more := _handles() - self.handles) > handles:
            said.append(f"{more} open files more")
        if len(names := self.segments()) > segments:
            said.append(f"shared memory {sorted(names)}")
        return said

    def settled(
        self, seconds: float = 10.0, *, processes: int = 0, threads: int = 0, handles: int = 0, segments: int = 0
    ) -> list[str]:
        """Wait until no more is left than that; returns what is."""
        end = time.monotonic() + seconds
        while said := self.left(processes=processes, threads=threads, handles=handles, segments=segments):
            if time.monotonic() > end:
                return said
            time.sleep(0.02)
        return []


def _handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _mapped() -> set[str]:
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.partition(f"{MEMORY}/")[2] for line in lines if f"{MEMORY}/" in line}


@pytest.fixture(autouse=True)
def traces(data_of_its_own: Path) -> Iterator[Traces]:
    """Fail a test that leaves anything; it is set up first and looks last."""
    if sys.platform != "linux":
        pytest.skip("what is left is looked for in /proc")
    memory = shared_memory.SharedMemory(create=True, size=8)  # the tracker starts with the first one, and stays
    memory.close()
    memory.unlink()
    found = Traces(data_of_its_own)
    yield found
    said = found.settled()
    assert not said, f"left behind: {'; '.join(said)}"
