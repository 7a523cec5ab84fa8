"""Who is a process: its number and when it began, because numbers are given again."""

from __future__ import annotations

import ctypes
import functools
import os
import subprocess
import sys
from pathlib import Path

_SYSTEM: str = sys.platform
_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION


def began(pid: int) -> str:
    """Return when a process began, in whatever way the system tells it; empty if there is none of that number."""
    if _SYSTEM == "linux":
        return _began_linux(pid)
    if _SYSTEM == "win32":
        return _began_windows(pid)
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def own() -> tuple[int, str]:
    """Return the number of this process, and when it began."""
    return os.getpid(), _began_once(os.getpid())


_began_once = functools.cache(began)


def alive(pid: int, since: str) -> bool:
    """Return whether this very process is still there."""
    return bool(since) and began(pid) == since


def _began_linux(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    # the name of the program, in parentheses, may hold spaces and parentheses itself
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else f"{boot}:{fields[19]}"


def _began_windows(pid: int) -> str:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there is none elsewhere, and the type checker knows it
    handle = kernel.OpenProcess(_QUERY, False, pid)
    if not handle:
        return ""
    try:
        times = [ctypes.c_ulonglong() for _ in range(4)]
        ok = kernel.GetProcessTimes(handle, *(ctypes.byref(t) for t in times))
        ended = times[1].value != 0
        return str(times[0].value) if ok and not ended else ""
    finally:
        kernel.CloseHandle(handle)
