"""The process that watches a run: starts it in one of its own, passes Ctrl+C on, and ends it where it cannot itself.

Next to nothing is imported here, and nothing is known of flows: what there is to tell of a bad end is told by
`flodesk.cli.aftermath`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType

from flodesk.engine.heeding import POLITE, deaf, leave_terminal
from flodesk.engine.tether import (
    ASKED,
    CODE,
    DUE,
    ELSEWHERE,
    ENDED,
    KILL_SECONDS,
    LAST_SECONDS,
    LEAVE_SECONDS,
    LEAVING,
    LOADING,
    PHASE,
    Tether,
    handed,
)

LOOK_SECONDS = 0.1
"""How often to look; the end of the other process is heard of at once."""
CPU_SECONDS = 0.2
"""For so long, before it is ended, it is seen which of its threads is busy."""


def watch(arguments: Sequence[str], python: str = "") -> int | None:
    """Do what the arguments say in another process, and return its exit code; None if there can be no such process.

    Parameters
    ----------
    python : str
        The interpreter of the environment that it runs in; empty is this one.
    """
    try:
        tether = Tether.create()
        return Watch(tether, arguments, python).run()
    except OSError:
        return None


class Watch:
    """One command in a process of its own, from its start to its end.

    Parameters
    ----------
    tether : Tether
        What both share.
    arguments : sequence of str
        The command line without its first word.
    python : str
        The interpreter; empty is this one.

    Raises
    ------
    OSError
        No process can be started.
    """

    def __init__(self, tether: Tether, arguments: Sequence[str], python: str = "") -> None:
        self._tether = tether
        self._arguments = arguments
        self._asked = 0
        self._asked_at = 0.0
        self._since: dict[int, float] = {}
        self._killed = False
        self._busy: dict[int, float] = {}
        environment, how = handed(tether, path=not python)
        flags: list[str] = getattr(subprocess, "_args_from_interpreter_flags", list)()
        command = [python or sys.executable, *flags, "-P", str(Path(__file__).with_name("start.py")), *arguments]
        with deaf():  # until it knows what to do with Ctrl+C
            self._child = subprocess.Popen(command, env=environment, **how)
            self._listening = {number: signal.getsignal(number) for number in POLITE}
            for number, before in self._listening.items():
                if before is not signal.SIG_IGN:  # nohup, and a shell's &
                    signal.signal(number, self._ask)

    def run(self) -> int:
        """Wait for its end, see to it that it comes, and return the exit code."""
        gone = threading.Event()

        def wait() -> None:
            self._child.wait()
            gone.set()

        threading.Thread(target=wait, name="flodesk watch", daemon=True).start()
        try:
            while not gone.wait(LOOK_SECONDS):
                self._look()
            return self._left(self._child.returncode)
        finally:
            for number, before in self._listening.items():
                signal.signal(number, before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        """Pass Ctrl+C on; whoever presses it once more does not want to wait."""
        leave_terminal()
        self._asked += 1
        self._tether.cells[ASKED] = 1
        if self._asked > 1:
            self._kill()
            return
        self._asked_at = self._asked_at or time.monotonic()
        if os.name == "posix":
            self._child.send_signal(signal.SIGTERM)

    def _look(self) -> None:
        now = time.monotonic()
        if self._tether.cells[ASKED] and not self._asked_at:
            self._asked_at = now  # somebody has asked that process itself
        phase, due = self._tether.cells[PHASE], self._tether.cells[DUE] * 1e-9
        since = self._since.setdefault(phase, now)
        ending = min(at for at in (self._asked_at or float("inf"), due or float("inf")))
        if phase == LEAVING:
            ending = since + LEAVE_SECONDS
        elif phase == ENDED:
            ending = max(ending, since) + LAST_SECONDS if ending <= now else float("inf")
        elif phase == ELSEWHERE:
            ending = self._asked_at + 2 * LAST_SECONDS if self._asked_at else float("inf")
        else:
            ending += KILL_SECONDS
        if now >= ending - CPU_SECONDS and not self._busy:
            self._busy = self._processor_times()
        if now >= ending:
            self._kill()

    def _processor_times(self) -> dict[int, float]:
        """Return what each of its threads has used of the processor, where the system tells that."""
        remains = import_module("flodesk.engine.remains")
        times: dict[int, float] = remains.processor_times(self._child.pid)
        return times

    def _kill(self) -> None:
        """End it, and all that it has started."""
        if self._killed or self._child.poll() is not None:
            return
        remains = import_module("flodesk.engine.remains")
        after = self._processor_times()
        self._busy = {thread: used - self._busy.get(thread, used) for thread, used in after.items()}
        self._killed = True
        remains.end_all(self._child)

    def _left(self, code: int) -> int:
        """Return the exit code; where its own does not tell the truth, say what has happened."""
        phase, asked = self._tether.cells[PHASE], bool(self._tether.cells[ASKED])
        if phase == LEAVING:
            return code if code >= 0 and not self._killed else int(self._tether.cells[CODE])
        if phase in (LOADING, ELSEWHERE) and asked:
            print("flodesk: interrupted", file=sys.stderr)
            return 130
        told: int = import_module("flodesk.cli.aftermath").tell(
            self._tether, self._arguments, code, asked=asked, killed=self._killed, busy=self._busy
        )
        return told
