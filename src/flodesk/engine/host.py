"""The engine process: reads commands from its standard input, writes frames to its standard output.

Each loop runs in a `QThread`. The process ends when the one that started it does.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable
from itertools import chain
from typing import Any, BinaryIO

from PySide6.QtCore import QCoreApplication, QThread

# isort: split
import flodesk.engine.unread  # noqa: F401 - before all that is not Qt's

# isort: split
from flodesk.engine.ahead import import_ahead, modules
from flodesk.engine.heeding import heed
from flodesk.engine.lifeline import die_with
from flodesk.engine.link import Arena, LinkError, Outbox, attach, memory_of, pack, read_frame
from flodesk.engine.places.server.server_address import take_from_the_window
from flodesk.engine.remains import end_others
from flodesk.engine.session import Session
from flodesk.engine.table import Table
from flodesk.engine.threads import Joinable
from flodesk.engine.values import Buffers

LAST_SECONDS = 1.0
"""What a running flow gets to end by itself when the editor is gone."""

SWITCH_SECONDS = 0.001
"""How long a node that computes in Python keeps the interpreter while commands and values wait for it."""


class LoopThread(QThread):
    """A thread that does one thing. Kept alive until it has ended, as Qt demands."""

    def __init__(self, target: Callable[[], None], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._target = target

    def run(self) -> None:
        """Do it."""
        self._target()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        if timeout is None:
            self.wait()
        else:
            self.wait(int(timeout * 1000))


_threads: list[LoopThread] = []


def spawn_qthread(target: Callable[[], None], name: str) -> Joinable:
    """Start a `QThread`."""
    _threads[:] = [thread for thread in _threads if not thread.isFinished()]
    thread = LoopThread(target, name)
    _threads.append(thread)
    thread.start()
    return thread


def main() -> None:
    """Serve one client until it is gone."""
    inbox, outbox = _take_over_pipes()
    heed(lambda: None)  # Ctrl+C in the editor's terminal, and the end of a session, are the editor's business
    sys.setswitchinterval(SWITCH_SECONDS)
    faulthandler.enable()  # a crash in C code says on standard error which line of Python it was in
    try:
        hello, _ = read_frame(inbox)
    except LinkError:
        return  # it was a spare that nobody needed
    die_with(int(hello["parent"]))
    if hello["path"]:
        sys.path[:] = [str(entry) for entry in hello["path"]]
    app = QCoreApplication([])
    cells, values = attach(str(hello["table"])), attach(str(hello["arena"]))
    table, arena = Table(memory_of(cells)), Arena(memory_of(values))
    out = Outbox(outbox, "flodesk frames")

    def send(head: dict[str, Any], buffers: Buffers) -> None:
        begins = head.get("event") == "LoopStarted"
        if begins:
            head["thread"] = threading.get_ident()  # a crash names its thread
        # a batch of values is read before the next one comes; an answer comes at any time, and would be written over it
        where = arena.put(buffers) if buffers and head["f"] == "values" else None
        if where is not None:
            out.put(pack({**head, "at": where[0], "parts": where[1]}))
        else:
            out.put(pack(head, buffers))
        if head["f"] == "layout" or begins:
            out.flush()  # without it nobody could say which node a crash in the next microsecond was in

    session = Session(send, table, spawn=spawn_qthread, own_process=True)
    out.put(pack({"f": "ready", "pid": os.getpid()}))
    warm = hello.get("warm", ())
    import_ahead(chain(warm, modules(hello.get("first", ""))))
    try:
        while True:
            command, _ = read_frame(inbox)
            if command["c"] == "close":
                break
            if warm and command["c"] == "open":
                import_ahead(modules(command["text"]))
            try:
                if command["c"] == "server":  # about this process alone: no session elsewhere is told where to go
                    take_from_the_window(command["session"], command["local"], command["nodes"])
                else:
                    session.receive(command)
            except Exception:  # noqa: BLE001 - a command that fails is told, and takes no run down
                traceback.print_exc()
    except LinkError:
        pass
    if not session.close(LAST_SECONDS):
        end_others()
    out.close()
    del app
    # threads of nodes that never return must not keep the process
    os._exit(0)


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for frames; what nodes and C libraries read and print goes elsewhere."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return inbox, outbox


if __name__ == "__main__":
    main()
