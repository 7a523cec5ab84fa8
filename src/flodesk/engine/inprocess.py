"""The engine in the process that asks for it: for tests and debugging. A node that hangs cannot be ended here."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from flodesk.engine.events import Event
from flodesk.engine.ids import new_part, new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.mailbox import Mailbox, Placement
from flodesk.engine.part import Part
from flodesk.engine.session import Session
from flodesk.engine.states import USUAL_RATE
from flodesk.engine.table import Table
from flodesk.engine.threads import Spawn, spawn_thread
from flodesk.engine.values import Buffers

SWITCH_SECONDS = 0.0005
"""How long a thread keeps the interpreter while others want it: short, so that the window stays at its rate."""
HARD_SECONDS = 1.5
"""After this long without an end, a run that was asked to stop is given up."""


class InProcess(Placement):
    """An `Engine` in this process.

    Parameters
    ----------
    spawn : callable
        Starts the threads of the loops: plain ones unless said otherwise.
    """

    def __init__(self, listener: Callable[[Event], None] | None = None, *, spawn: Spawn = spawn_thread) -> None:
        super().__init__()
        self._table = Table(memoryview(bytearray(1 << 20)))
        self._read_from(Mailbox(self._table.cells))
        if listener is not None:
            self._mail.listener = listener
        self._frames: queue.SimpleQueue[tuple[dict[str, Any], Buffers] | None] = queue.SimpleQueue()
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._session = Session(lambda head, buffers: self._frames.put((head, buffers)), self._table, spawn=spawn)
        self._reader = threading.Thread(target=self._read, name="flodesk reader", daemon=True)
        self._reader.start()
        self._given_up: set[str] = set()
        self._late: dict[str, str] = {}
        """What the time limit of the run says that it has ended."""
        self._closed = False

    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow."""
        if not again:
            self._mail.forget()
        self._session.receive({"c": "open", "text": text, "path": path, "again": again})

    def start(
        self,
        *,
        place: str = "local",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        run: str = "",
        held: bool = False,
        letters: Sequence[int] = (),
    ) -> str:
        """Start a run, or a part of one, and return its id."""
        run = run or (new_run() if part is None else new_part(self._mail.run))
        self._mail.begin(run)
        what = part.to_json() if part is not None else None
        command: dict[str, Any] = {"c": "start", "run": run, "place": place, "limits": limits.to_json(), "part": what}
        command["held"] = held
        if letters:
            command["letters"] = list(letters)
        self._session.receive(command)
        return run

    def stop(self) -> None:
        """Ask the run to stop."""
        if not self._session.running:
            return
        self._session.receive({"c": "stop"})
        self._end_within(self._mail.run)

    def _end_within(self, run: str) -> None:
        waiting = (run, self._mail.over(run))
        threading.Thread(target=self._give_up, args=waiting, name="flodesk stop", daemon=True).start()

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow."""
        self._session.receive({"c": "set", "node": node, "parameter": parameter, "text": text})

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow."""
        self._session.receive({"c": "swap", "text": text, "path": path})

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values are on the screen, and how often a second they can be shown."""
        if self._mail.watch(frozenset(full), frozenset(brief), rate):
            self._session.receive({"c": "watch", "full": sorted(full), "brief": sorted(brief), "rate": rate})

    def use(self, python: str) -> None:
        """Do nothing: this process has one interpreter."""

    def restart(self) -> None:
        """Stop what runs: there is no process of its own that could be started anew."""
        self.stop()

    def close(self) -> None:
        """Stop and join the threads."""
        if self._closed:
            return
        self._closed = True
        self._session.close(HARD_SECONDS)
        self._mail.close()
        self._questions.give_up("The engine was closed")
        self._frames.put(None)
        self._reader.join(2.0)
        sys.setswitchinterval(self._switch)

    def _steer(self, command: dict[str, Any]) -> None:
        self._session.receive(command)

    def _read(self) -> None:
        while (frame := self._frames.get()) is not None:
            head, buffers = frame
            if head.get("run") in self._given_up:
                continue
            self._mail.take(head, buffers)
            if head["f"] == "expired":
                self._late = {head["run"]: head["late"]}
                self._end_within(head["run"])
            if head["f"] == "values":
                self._session.taken(head["n"])

    def _give_up(self, run: str, over: threading.Event) -> None:
        """Report the end of a run that does not end: its thread goes on, as no thread can be ended from outside."""
        if over.wait(HARD_SECONDS) or not self._session.running or self._mail.run != run or self._closed:
            return
        self._given_up.add(run)
        at_work = self._mail.at_work()
        for node in at_work[:1]:
            self._mail.blame(node)
        who = at_work[0] if at_work else "a node"
        self._session.abandon()
        message = f"{who} does not return, and its thread cannot be ended in this process: it was left behind"
        late = self._late.get(run, "")
        self._mail.end(run, "failed" if late else "killed", f"{late}: {message}" if late else message)
