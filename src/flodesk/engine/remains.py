"""What is left of a process that has to be ended, or leaves: its threads, and the processes that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

POLITE_SECONDS = 0.5
"""What a program that a node has started gets to end by itself, once it was told to."""
_LOOK_SECONDS = 0.01
_SYSTEM: str = sys.platform
_TRACKER = b"multiprocessing.resource_tracker"
"""Python's own process that removes shared memory: it ends by itself, and is needed for that until then."""


def processor_times(pid: int) -> dict[int, float]:
    """Return how long each thread of a process has kept a processor, in s; nothing where the system does not tell."""
    times: dict[int, float] = {}
    if _SYSTEM != "linux":
        return times
    ticks = os.sysconf("SC_CLK_TCK")
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = (thread / "stat").read_text(errors="replace").rpartition(")")[2].split()
                times[int(thread.name)] = (int(fields[11]) + int(fields[12])) / ticks
    return times


def queueing_times(pid: int) -> dict[int, float]:
    """Return how long each thread of a process was ready and had no processor, in s; nothing where none tells."""
    times: dict[int, float] = {}
    if _SYSTEM != "linux":
        return times
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                times[int(thread.name)] = int((thread / "schedstat").read_text().split()[1]) / 1e9
    return times


def end_all(process: subprocess.Popen[bytes]) -> None:
    """End a process, and those that it has started and not let go of: workers, programs that a node waits for."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.kill()
        return
    others = _below(process.pid)
    process.kill()
    _send(others, signal.SIGKILL)


def end_others() -> None:
    """End what this process has started and not let go of: it leaves before the nodes that wait for it have returned.

    What has a session of its own (a browser that shows a page) stays, as it does after Ctrl+C in a terminal.
    """
    if sys.platform == "win32":
        return  # there the terminal tells them, as it tells this process
    others = [pid for pid in _below(os.getpid()) if _session(pid) == os.getsid(0)]
    _send(others, signal.SIGTERM)
    end = time.monotonic() + POLITE_SECONDS
    while (others := [pid for pid in others if _is_there(pid)]) and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    _send(others, signal.SIGKILL)


def _send(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid) if sys.platform != "win32" else 0
    except OSError:
        return 0


def _is_there(pid: int) -> bool:
    """Whether it is still there; one whose end nobody has asked for yet is not."""
    if _SYSTEM == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
        except (OSError, IndexError):
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


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
    return [pid for pid in found if not _is_tracker(pid)]


def _is_tracker(pid: int) -> bool:
    if _SYSTEM == "linux":
        with contextlib.suppress(OSError):
            return _TRACKER in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False
    told = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False).stdout
    return _TRACKER in told


def _parents() -> list[tuple[int, int]]:
    if _SYSTEM != "linux":
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        return [(int(line.split()[0]), int(line.split()[1])) for line in told.splitlines() if len(line.split()) == 2]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = (entry / "stat").read_text(errors="replace")
                found.append((int(entry.name), int(stat.rpartition(")")[2].split()[1])))
    return found
