"""What is left of a process that has to be ended: its threads, and the processes that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path


def processor_times(pid: int) -> dict[int, float]:
    """Return how long each thread of a process has kept a processor, in s; nothing where the system does not tell."""
    times: dict[int, float] = {}
    if sys.platform != "linux":
        return times
    ticks = os.sysconf("SC_CLK_TCK")
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = (thread / "stat").read_text(errors="replace").rpartition(")")[2].split()
                times[int(thread.name)] = (int(fields[11]) + int(fields[12])) / ticks
    return times


def end_all(process: subprocess.Popen[bytes]) -> None:
    """End a process, and those that it has started and not let go of: workers, programs that a node waits for."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.kill()
        return
    others = _below(process.pid)
    process.kill()
    for pid in others:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _below(pid: int) -> list[int]:
    """Return the processes below one, all the way down."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found: list[int] = []
    waiting = [pid]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found


def _parents() -> list[tuple[int, int]]:
    if sys.platform != "linux":
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        return [(int(line.split()[0]), int(line.split()[1])) for line in told.splitlines() if len(line.split()) == 2]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = (entry / "stat").read_text(errors="replace")
                found.append((int(entry.name), int(stat.rpartition(")")[2].split()[1])))
    return found
