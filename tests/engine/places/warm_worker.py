"""A process that has imported what ``flodesk worker`` needs, and forks for each worker that tests start.

A worker is then a process as it is a user's, with arguments, environment, folder, output and end of its own; only the
two seconds in which it would import are left out.

Requests are lines of JSON on standard input, answers the ids of the processes on standard output. What became of one is
written into a file, as soon as it has ended.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import NoReturn

from flodesk.cli import entry
from flodesk.cli import worker as _worker  # noqa: F401 - what a worker imports first
from flodesk.engine.places.workers import worker_group as _group  # noqa: F401
from flodesk.engine.places.workers.preloading import preload


def serve() -> None:
    """Answer until nobody asks."""
    preload()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    ends: dict[int, Path] = {}
    while True:
        ready, _, _ = select.select([requests, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            note_ends(ends)
        if requests in ready:
            if not (line := requests.readline()):
                return
            asked = json.loads(line)
            end = Path(asked.pop("end"))
            if not (pid := os.fork()):
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for own in (requests.fileno(), woken, wake):
                    os.close(own)
                be_worker(**asked)
            ends[pid] = end
            os.write(1, b"%d\n" % pid)


def note_ends(ends: dict[int, Path]) -> None:
    """Write down what became of those that have ended."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            end = ends.pop(ended[0])
            written = end.with_suffix(".new")
            written.write_text(str(os.waitstatus_to_exitcode(ended[1])))
            written.replace(end)


def be_worker(words: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> NoReturn:
    """Be this worker to its end, without the time in which Python would take all modules apart."""
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, path, how in [(0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, new)]:
        file = os.open(path, how, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = ["flodesk", *words]
    code = 1
    try:
        entry()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - told and ended as Python does
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):  # nobody reads it any more
        sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
