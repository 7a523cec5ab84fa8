"""The engine in a process of its own: starts it, watches it, ends it where it must, and starts the next."""

from __future__ import annotations

import atexit
import os
import re
import select
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, cast

from flodesk.engine.events import Event, LogLine, Reason, RunFinished
from flodesk.engine.heeding import deaf
from flodesk.engine.ids import new_part, new_run
from flodesk.engine.interpreting import module_command
from flodesk.engine.lifeline import end_of
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.link import ARENA_BYTES, TABLE_BYTES, Arena, LinkError, Outbox, create, memory_of, pack, read_frame
from flodesk.engine.log import Log
from flodesk.engine.mailbox import Mailbox, Placement
from flodesk.engine.part import Part
from flodesk.engine.patience import Patience
from flodesk.engine.places.server.in_use import InUse
from flodesk.engine.probing import probes_command
from flodesk.engine.remains import end_all
from flodesk.engine.states import USUAL_RATE

HARD_SECONDS = 1.5
"""After this long without an end, the process of a run that was asked to stop is ended."""
RESTART_SECONDS = 0.8
"""What a run gets to close its objects before its process is started anew by hand."""

SPARE_SECONDS = 0.5
"""After this long it is likely that it will come to that: the next process is started, to be ready by then."""
LOOK_SECONDS = 0.25
"""How often to look whether the process is still there while nothing comes from it."""

_CRASHED = re.compile(r"Current thread 0x([0-9a-f]+)")
"""How `faulthandler` begins to tell what the thread that crashed was doing."""


class Host(Placement):
    """An `Engine` in a process of its own, which is replaced when it dies. The constructor does not wait for it.

    Parameters
    ----------
    listener : callable, optional
        Called for each event.
    warm : sequence of str
        Modules that the process imports while it has nothing else to do, besides those of the flow that is opened; if
        there are none it imports nothing ahead.
    first : str
        The flow that will be opened first, where that is known: the process imports for it before it is.
    python : str
        The interpreter of the environment that flows run in; empty is that of this process.
    """

    def __init__(
        self,
        listener: Callable[[Event], None] | None = None,
        *,
        warm: Sequence[str] = ("numpy",),
        first: str = "",
        python: str = "",
    ) -> None:
        super().__init__()
        self._warm, self._first, self._python = list(warm), first, python
        self._table = create(TABLE_BYTES)
        self._arena_memory = create(ARENA_BYTES)
        self._cells = memory_of(self._table).cast("q")
        self._arena = Arena(memory_of(self._arena_memory))
        self._read_from(Mailbox(self._cells))
        if listener is not None:
            self._mail.listener = listener
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: Outbox | None = None
        self._early: list[dict[str, Any]] = []
        self._opened: dict[str, Any] | None = None
        self._set: dict[tuple[str, str], str] = {}
        self._watching: dict[str, Any] | None = None
        self._starting: dict[str, Any] | None = None
        self._killed = False
        self._late: dict[str, str] = {}
        """What the time limit of the run says that it has ended."""
        self._spare: tuple[str, subprocess.Popen[bytes]] | None = None
        """The next process, and its interpreter."""
        self._anew = threading.Event()
        """That it is of no use to wait before the next process is started."""
        self._spare_wanted = threading.Event()
        self._closing = threading.Event()
        self._ready = threading.Event()
        self._log = Log(self._tell_line)
        self._in_use = InUse(self._steer, self._lock)
        # one thread starts every process and lives as long as they do: on Linux they are told to die with it
        self._keeper = threading.Thread(target=self._keep, name="flodesk engine", daemon=True)
        self._keeper.start()
        # who forgets to close it still leaves no process and no shared memory behind
        atexit.register(self.close)

    # -------------------------------------------------------------- commands
    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow."""
        with self._lock:
            self._opened = {"c": "open", "text": text, "path": path}
            self._set.clear()
            if not again:
                self._mail.forget()
            self._send({**self._opened, "again": again})

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
        with self._lock:
            if self._mail.running:
                self._end_within(self._mail.run)
            self._mail.begin(run)
            self._in_use.tell(self._python)
            self._starting = {"c": "start", "run": run, "place": place, "limits": limits.to_json(), "held": held}
            if part is not None:
                self._starting["part"] = part.to_json()
            if letters:
                self._starting["letters"] = list(letters)
            self._send(self._starting)
        return run

    def stop(self) -> None:
        """Ask the run to stop, and see to it that it does."""
        with self._lock:
            if self._mail.running:
                self._send({"c": "stop"})
                self._starting = None
                self._end_within(self._mail.run)

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow."""
        with self._lock:
            self._set[node, parameter] = text
            self._send({"c": "set", "node": node, "parameter": parameter, "text": text})

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow."""
        with self._lock:
            if self._opened is not None:
                self._opened = {**self._opened, "text": text, "path": self._opened["path"] if path is None else path}
                self._set.clear()
            self._send({"c": "swap", "text": text, "path": path})

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values are on the screen, and how often a second they can be shown."""
        with self._lock:
            if self._mail.watch(frozenset(full), frozenset(brief), rate):
                self._watching = {"c": "watch", "full": sorted(full), "brief": sorted(brief), "rate": rate}
                self._send(self._watching)

    def restart(self) -> None:
        """Stop what runs and start a new process, whatever state this one is in."""
        with self._lock:
            process, over = self._process, self._mail.over(self._mail.run) if self._mail.running else None
            self._starting = None
            if over is not None:
                self._send({"c": "stop"})

        def end() -> None:
            if over is not None:
                self._spare_wanted.set()
                over.wait(RESTART_SECONDS)
                self._spare_wanted.clear()
            with self._lock:
                if process is not None and self._process is process:
                    self._killed = True
                    end_all(process)

        threading.Thread(target=end, name="flodesk restart", daemon=True).start()

    def use(self, python: str) -> None:
        """Run in an interpreter from the next process on; one that runs nothing is replaced at once."""
        with self._lock:
            if python == self._python:
                return
            self._python = python
            self._anew.set()
            if self._process is not None and not self._mail.running:
                self._killed = True
                end_all(self._process)

    def close(self) -> None:
        """Stop, end the process and join the threads."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._anew.set()
        atexit.unregister(self.close)
        self._in_use.close()
        with self._lock:
            process = self._process
            self._send({"c": "close"})
        if process is not None:
            try:
                process.wait(HARD_SECONDS)
            except subprocess.TimeoutExpired:
                end_all(process)
        self._keeper.join(3.0)
        self._mail.close()
        self._cells.release()
        self._arena.release()
        for memory in (self._table, self._arena_memory):
            memory.close()
            memory.unlink()

    # -------------------------------------------------------------- newest things
    @property
    def pid(self) -> int:
        """Process id of the engine process; 0 while there is none."""
        return self._process.pid if self._process is not None else 0

    def wait_ready(self, seconds: float = 10.0) -> bool:
        """Wait until the process has started; returns whether it has."""
        return self._ready.wait(seconds)

    # -------------------------------------------------------------- the process
    def _steer(self, command: dict[str, Any]) -> None:
        with self._lock:
            self._send(command)

    def _send(self, command: dict[str, Any]) -> None:
        if self._outbox is not None:
            self._outbox.put(pack(command))
        else:
            self._early.append(command)

    def _keep(self) -> None:
        """Start processes, one after the other, and serve each until it ends."""
        failed = 0
        while not self._closing.is_set():
            started, came_up = time.monotonic(), False
            self._anew.clear()
            try:
                came_up = self._serve()
            except OSError as error:
                self._finish("crashed", f"the engine process cannot be started: {error}")
            # a process that dies at once, again and again, is not started at full speed for ever
            failed = failed + 1 if time.monotonic() - started < 1.0 and not came_up else 0
            if failed:
                self._finish("crashed", "the engine process ends at its start: see the log")
                self._anew.wait(min(30.0, 2.0**failed))
        if self._spare is not None:
            _end_process(self._spare[1])

    def _serve(self) -> bool:
        """Serve one process to its end; returns whether it has come up."""
        python, process = self._next()
        with self._lock:
            if self._closing.is_set():  # while this one was made: nobody waits for it any more
                _end_process(process)
                return False
            self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        crashed: list[int] = []
        listening = threading.Thread(target=self._read_errors, args=(process.stderr, crashed), daemon=True)
        listening.start()
        outbox = Outbox(cast(BinaryIO, process.stdin), "flodesk commands")
        hello: dict[str, Any] = {
            "table": self._table.name,
            "arena": self._arena_memory.name,
            "parent": os.getpid(),
            "path": [] if python else sys.path,  # another interpreter has packages of its own
            "warm": self._warm,
            "first": self._first,
        }
        with self._lock:
            self._outbox = outbox
            outbox.put(pack(hello))
            early, self._early = self._early, []
            for command in early:
                outbox.put(pack(command))
            if self._closing.is_set():
                outbox.put(pack({"c": "close"}))
        try:
            self._read(process)
        except LinkError:
            pass
        except (LookupError, TypeError, ValueError):
            # something in it has written between the frames: it has to end, and not the thread that keeps it
            traceback.print_exc(file=sys.stderr)
        finally:
            with self._lock:
                self._outbox = None
            if process.poll() is None:
                end_all(process) if not self._closing.is_set() else None
            code = process.wait()
            outbox.close()
            listening.join(0.5)
            _end_process(process)
        came_up = self._ready.is_set()
        self._ready.clear()  # before the end of the run is told: whoever hears of it may wait for the next one
        self._ended(code, crashed)
        return came_up

    def _next(self) -> tuple[str, subprocess.Popen[bytes]]:
        """Return the next process with its interpreter: the spare one, unless another interpreter is wanted by now."""
        spare, self._spare = self._spare, None
        if spare is not None and spare[0] != self._python:
            _end_process(spare[1])
            spare = None
        python = self._python
        return spare or (python, _new_process(python))

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        stream = cast(BinaryIO, process.stdout)
        while True:
            # a process that a node has forked may hold the pipe open after the engine's own end
            while os.name == "posix" and not select.select([stream], [], [], LOOK_SECONDS)[0]:
                if process.poll() is not None:
                    return
                if self._spare_wanted.is_set() and self._spare is None:
                    self._spare = (self._python, _new_process(self._python))
            head, buffers = read_frame(stream)
            if head["f"] == "ready":
                self._ready.set()
                continue
            if "at" in head:
                buffers = self._arena.get(head["at"], head["parts"])
            self._mail.take(head, buffers)
            if self._mail.begun:
                self._starting = None
            if head["f"] == "expired":
                self._late = {head["run"]: head["late"]}
                self._end_within(head["run"])
            if head["f"] == "values":
                with self._lock:
                    if self._outbox is not None:
                        self._outbox.put(pack({"c": "taken", "n": head["n"]}))

    def _read_errors(self, stream: BinaryIO, crashed: list[int]) -> None:
        """Pass on what C code, and a crash, write to the process's own standard error; note which thread crashed."""
        for line in stream:
            text = line.decode(errors="replace").rstrip()
            if found := _CRASHED.match(text):
                crashed.append(int(found[1], 16))
            self._log.run = self._mail.run
            self._log.say("", "warning", text)
        self._log.flush()

    def _tell_line(self, line: LogLine) -> None:
        self._mail.tell(line)

    # -------------------------------------------------------------- ends
    def _end_within(self, run: str) -> None:
        """End the process if that run is still on after a while."""
        process = self._process
        patience = Patience(process.pid) if process is not None else None

        def end() -> None:
            if over.wait(SPARE_SECONDS):
                return
            self._spare_wanted.set()
            ended = patience is not None and patience.wait(over, HARD_SECONDS)
            self._spare_wanted.clear()
            if ended:
                return
            with self._lock:
                if not over.is_set() and self._process is process and process is not None:
                    self._killed = True
                    end_all(process)

        over = self._mail.over(run)
        threading.Thread(target=end, name="flodesk stop", daemon=True).start()

    def _ended(self, code: int, crashed: list[int]) -> None:
        """Say how the process ended if a run was on, and hand all that is known to the next one."""
        with self._lock:
            killed, self._killed = self._killed, False
            starting, self._starting = self._starting, None
            self._process = None
            commands = [c for c in (self._in_use.command, self._opened, self._watching) if c]
            commands += [{"c": "breaks", "breaks": self._breaks}, probes_command(self._probes), self._holding]
            commands += [{"c": "set", "node": n, "parameter": p, "text": t} for (n, p), t in self._set.items()]
            if starting is not None:
                commands.append(starting)  # it was on its way when the process ended
            self._early = [*commands, *(c for c in self._early if c not in commands)]
        held = " and ".join(f"{'after' if p.wire else 'before'} “{p.node}”" for p in self._held.values())
        ended = end_of(code)
        self._questions.give_up("The engine process has ended")
        if self._closing.is_set():
            return
        begun = self._mail.begun
        if begun:
            at_work = self._mail.at_work(crashed[-1] if crashed else 0)
            # of several functions that run side by side any may have been the one, if the process left without a word
            who = " or ".join(f"“{node}”" for node in at_work) or "the flow's file"
            for node in at_work:
                self._mail.blame(node)
            late = self._late.get(begun, "")
            if killed and late:
                said = f"{late}: {who} did not return, and the engine was ended and started anew"
                self._mail.end(begun, "failed", said)
            elif killed:
                said = f"{who} did not return when the run was stopped: the engine was ended and started anew"
                self._mail.end(begun, "killed", said)
            else:
                when = f"while {who} was running"
                if held and not at_work:
                    when = f"while the run was held {held}: no node was running"
                self._mail.end(begun, "crashed", f"The engine process {ended} {when}. It was started anew")
        elif starting is None:
            self._finish("crashed", f"The engine process {ended}. It was started anew")
        self._mail.forget_layout()

    def _finish(self, reason: Reason, message: str) -> None:
        if self._mail.running:
            self._mail.tell(RunFinished(self._mail.run, reason, message))


def _new_process(python: str) -> subprocess.Popen[bytes]:
    """Start an engine process; it waits for its first frame."""
    # -P: a file in the folder that the editor was started from must not pass for a package that the engine imports
    command = module_command("flodesk.engine.host", python)
    pipe = subprocess.PIPE
    with deaf():
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)


def _end_process(process: subprocess.Popen[bytes]) -> None:
    """End a process, if it has not ended, and close its pipes."""
    if process.poll() is None:
        end_all(process)
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
