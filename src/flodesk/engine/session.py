"""An engine that takes commands and sends frames, whatever carries them: a pipe, a queue of this process, a stream.

A command and the head of a frame are dictionaries of plain JSON values; a frame may have raw buffers beside its head.

Commands (``"c"``): ``open`` (text, path, again, code), ``start`` (run, place, limits, part, held, letters), ``stop``,
``set`` (node, parameter, text), ``press`` (node, parameter), ``swap`` (text, path, code), ``reload`` (q), ``watch``
(full, brief), ``taken`` (n), ``pause``, ``resume`` (function), ``step`` (how, function), ``breaks`` (breaks),
``inspect`` (q, function, variable), ``examine`` (q, name), ``weigh`` (q, names), ``probes`` (probes: room by port),
``look`` (q, seen, at), ``pin`` (q, mark, at, pinned), ``compare`` (q, name), ``text_of`` (q, name, number),
``save_probe`` (q, name, path), ``why`` (q, node), ``expect`` (q, text, path), ``choices`` (q, text, path, node,
parameter, values), ``rows`` (q, name, start, count, sort, find, of), ``give`` (q, name, path, of), ``text`` (q, name,
how, of), ``zoom`` (q, name, of, left, right, whole), ``lines`` (q, name, of, start, count), ``hold`` (names, most),
``course`` (q, loop), ``recall`` (q, names, at, seen), ``still`` (mark, name, of, on).

Frames (``"f"``): ``event`` (as `flodesk.engine.events.to_json`), ``layout`` (run, which cells of the state table are
whose), ``values`` (run, n, items; each with its name, sequence, head and preview), ``expired`` (run, late:
its time is over, and the words for it if it has failed by that),
``answer`` (q; to a command that is a question).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flodesk.engine.answering import Answering
from flodesk.engine.events import Event, LogLine, Released, RunFinished, to_json
from flodesk.engine.handing import Handing
from flodesk.engine.held_past import HeldPast
from flodesk.engine.letters import Letter, Letters
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.load import LoadError
from flodesk.engine.open_flow import OpenFlow
from flodesk.engine.part import Kept, Part, keep_values
from flodesk.engine.places.known import Places
from flodesk.engine.prints import Prints
from flodesk.engine.probes import Probes
from flodesk.engine.reloading import rebind, refresh
from flodesk.engine.run import Run
from flodesk.engine.sampler import Sampler
from flodesk.engine.sought import Sought
from flodesk.engine.steering import Steering
from flodesk.engine.table import Table
from flodesk.engine.threads import Spawn, spawn_thread
from flodesk.engine.values import Buffers
from flodesk.engine.workfolder import folder_of
from flodesk.flow.edit import EditError

Send = Callable[[dict[str, Any], Buffers], None]


class Session:
    """Holds one flow and runs it.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of each frame; called from several threads, must return at once.
    table : Table
        Where the states of the nodes are written.
    own_process : bool
        This process serves the flow alone: the working folder and the user's modules beside the flow follow it.
    posted : callable, optional
        Called with each dead letter that was kept, and the store that it is in.
    """

    def __init__(
        self,
        send: Send,
        table: Table,
        *,
        spawn: Spawn = spawn_thread,
        own_process: bool = False,
        posted: Callable[[Letter, Letters], None] | None = None,
    ) -> None:
        self._send = send
        self._table = table
        self._spawn = spawn
        self._posted = posted
        self._flow = OpenFlow(own_process=own_process)
        self._breaks: dict[str, str] = {}
        self._run: Run | None = None
        self._kept: dict[str, Kept] = {}
        self._refused: list[str] = []
        """Modules that were loaded again, and that the run could not take."""
        self._next: dict[str, Any] | None = None
        self._parts = 0
        self._lock = threading.RLock()
        self._places = Places()
        self._sampler = Sampler(send)
        probes = Probes(send)
        past = HeldPast(send, lambda: self.running)
        sought = self._sought = Sought(lambda: self._run, self._sampler, probes, past)
        self._prints = Prints(self._print, lambda: self._run is not None)
        answering = Answering(send, lambda: self._run)
        handing = Handing(send, lambda: self._run, past)
        self._do: dict[str, Callable[..., None]] = {
            "open": self._open,
            "start": self._start,
            "stop": self._stop,
            "set": self._set,
            "press": self._press,
            "swap": self._swap,
            "reload": self._reload,
            "watch": sought.watch,
            "taken": self.taken,
            "pause": lambda: self._steered(lambda steering: steering.pause()),
            "resume": lambda function="": self._steered(lambda steering: steering.go_on(function)),
            "step": lambda how, function="": self._steered(lambda steering: steering.step(how, function)),
            "breaks": self._break_at,
            "inspect": answering.inspect,
            "examine": answering.examine,
            "weigh": answering.weigh,
            "probes": sought.probe,
            "look": probes.look,
            "pin": probes.pin,
            "compare": probes.compare,
            "text_of": probes.text,
            "save_probe": probes.save,
            "why": answering.why,
            "expect": partial(answering.expect, opened=self._flow),
            "choices": answering.choices,
            "rows": handing.rows,
            "give": handing.give,
            "text": handing.text,
            "zoom": handing.zoom,
            "lines": handing.lines,
            "hold": sought.hold,
            "course": past.course,
            "recall": past.recall,
            "still": sought.still,
        }

    def receive(self, command: Mapping[str, Any]) -> None:
        """Do what a command says. It returns soon; how it went is told by events.

        Raises
        ------
        KeyError, TypeError
            There is no such command, or it lacks something.
        """
        arguments = {key: value for key, value in command.items() if key != "c"}
        with self._lock:
            self._do[command["c"]](**arguments)

    def close(self, seconds: float = 1.0) -> bool:
        """Stop what runs; returns whether it ended in time."""
        with self._lock:
            run, self._next = self._run, None
            self._sampler.attend({}, on=False)
        ended = True
        if run is not None and not run.over.is_set():
            run.stop()
            ended = run.join(seconds)
        self._prints.leave()
        self._places.close()
        self._sampler.close()
        return ended

    def taken(self, n: int) -> None:
        """Note that a batch of values has arrived: the command ``taken``, without a wait for other commands."""
        self._sampler.taken(n)

    def abandon(self) -> None:
        """Forget a run that does not end."""
        with self._lock:
            self._sampler.attend({}, on=False)
            self._prints.leave()
            self._run = None

    @property
    def opened(self) -> OpenFlow:
        """The flow that is open."""
        return self._flow

    @property
    def running(self) -> bool:
        """True while a run is on."""
        return self._run is not None and not self._run.over.is_set()

    @property
    def repeatable(self) -> bool:
        """True if what runs has no effects, so that it could be run again at will."""
        runners = list(self._run.runners.values()) if self._run is not None else []
        return bool(runners) and all(runner.plan.pure for runner in runners)

    # -------------------------------------------------------------- commands
    def _open(self, text: str, path: str = "", again: bool = False, code: str | None = None) -> None:
        if not again and not self.running:
            self._flow.leave()
        self._flow.open(text, path, code)
        if again:
            return
        self._kept = {}
        if self._run is not None and not self.running:
            self._sampler.attend({}, on=False)  # its values are another flow's
            self._run = None

    def _start(
        self,
        run: str,
        place: str = "local",
        limits: Mapping[str, Any] | None = None,
        part: Mapping[str, Any] | None = None,
        held: bool = False,
        letters: Sequence[int] = (),
        loops: Sequence[str] = (),
    ) -> None:
        if self.running:
            assert self._run is not None
            self._drop_next()
            self._next = {"run": run, "place": place, "limits": limits, "part": part, "held": held, "letters": letters}
            self._next["loops"] = loops
            self._run.stop()
            return
        self._refused = []
        self._flow.move_in(afresh=part is None)
        self._prints.listen()
        self._flow.forget(self._run.edits.refused if self._run is not None else {})
        self._run = Run(
            run,
            self._flow.text,
            self._flow.path,
            emit=self._emit,
            table=self._table,
            spawn=self._spawn,
            laid_out=lambda layout: self._send({"f": "layout", "run": run, **layout.to_json()}, []),
            ending=self._leaving,
            ended=self._ended,
            keep=True,
            overrides=self._flow.overrides,
            read=self._flow.read_by(self._run),
            place=place,
            places=self._places,
            limits=Limits.from_json(limits) if limits else UNLIMITED,
            part=Part.from_json(part) if part else None,
            kept=self._kept,
            put_back=letters,
            loops=loops,
            posted=self._posted,
            expiring=lambda late: self._send({"f": "expired", "run": run, "late": late}, []),
        )
        self._sought.begin(self._run)
        self._run.steering.break_at(self._breaks)
        if held:
            self._run.steering.pause()
        self._sampler.attend(self._run.runners, True, run)
        self._run.start()

    def _drop_next(self) -> None:
        """Tell the end of a run that waits for another's, and does not begin any more: somebody waits for it."""
        waiting, self._next = self._next, None
        if waiting is not None:
            self._emit(RunFinished(waiting["run"], "stopped"))

    def _stop(self) -> None:
        self._drop_next()
        if self._run is not None and self.running:
            self._run.stop()

    def _set(self, node: str, parameter: str, text: str) -> None:
        run = self._run
        self._flow.overrides[node, parameter] = text
        if run is None or (not self.running and not _goes_on(run)):
            return None
        try:
            done = run.set_parameter(node, parameter, text)
        except ValueError as error:
            del self._flow.overrides[node, parameter]
            return self._say(node, "error", str(error))
        if not done:
            self._edit(run, node, parameter)
        elif not self.running:
            self._go_on(node)
        return None

    def _press(self, node: str, parameter: str) -> None:
        run = self._run
        if run is not None and self.running and run.presses.press(node, parameter):
            return
        # no loop would read it once: it is set as any other value, if there is something that goes on with it
        stays = run is not None and (self.running or _goes_on(run))
        if stays:
            self._set(node, parameter, "True")
        self._emit(Released(run.report.run if run is not None else "", node, parameter, stays))

    def _edit(self, run: Run, node: str, parameter: str) -> None:
        """Go on with a script that has a parameter written into it, which it did not have yet."""
        try:
            text = self._flow.written({function: runner.plan for function, runner in list(run.runners.items())})
        except (EditError, LoadError) as error:
            del self._flow.overrides[node, parameter]
            self._say(node, "error", f"{parameter} of {node} was not changed: {error}")
            return
        self._swap(text)

    def _swap(self, text: str, path: str | None = None, code: str | None = None) -> None:
        self._flow.bring(code)
        changed, moved = self._flow.change(text, path)
        run = self._run
        if run is None or not (changed or moved):
            return
        run.path = self._flow.path
        self._flow.brought(run)
        if self.running:
            run.swap(text)
        elif changed and _goes_on(run):
            self._go_on("", text)

    def _reload(self, q: int) -> None:
        """Load the user's own modules again that have changed; a run that is on goes on with their new code."""
        folder = folder_of(self._flow.path)

        def work() -> None:
            reloaded = refresh(folder)
            failed = {name: [said.message, said.line, said.type] for name, said in reloaded.failed.items()}
            with self._lock:
                run = self._run
                taken = [*dict.fromkeys((*self._refused, *reloaded.taken))]
                error = self._take_code(run) if taken and run is not None else None
                self._refused = taken if error is not None else []
            if error is not None:
                failed |= {name: [str(error), 0, type(error).__name__] for name in taken}
            self._send({"f": "answer", "q": q, "taken": [] if error is not None else taken, "failed": failed}, [])

        self._spawn(work, "flodesk reload")  # what is imported may take long

    def _take_code(self, run: Run) -> BaseException | None:
        """Let a run go on with what its modules hold now; returns why that cannot be."""
        if not self.running:
            run.outdate()
            return None
        try:
            text = self._flow.written({function: runner.plan for function, runner in list(run.runners.items())})
            if run.loaded is not None:
                rebind(run.loaded.namespace, run.loaded.flow)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - an import runs files of the user's: they may raise anything
            self._say("", "error", f"The new code is not in effect: {error}")
            return error
        self._flow.change(text, None)
        run.swap(text)
        return None

    # -------------------------------------------------------------- pause, steps, breakpoints
    def _steered(self, do: Callable[[Steering], None]) -> None:
        if self._run is not None and self.running:
            do(self._run.steering)

    def _break_at(self, breaks: dict[str, str]) -> None:
        self._breaks = breaks
        if self._run is not None:
            self._run.steering.break_at(breaks)

    # -------------------------------------------------------------- what follows
    def _go_on(self, node: str, text: str = "") -> None:
        """Run what hangs on a change, after the end of a run without loops."""
        run = self._run
        assert run is not None
        self._parts += 1
        id = f"{run.report.run.partition('+')[0]}+{self._parts}"
        if not run.stands:
            return self._start(id, run.place)
        function, _, statement = node.rpartition(".")
        self._prints.listen()
        self._sampler.attend(run.runners, True, id)
        run.go_on(id, {function: {statement}} if node else {}, text)
        return None

    def _leaving(self) -> None:
        """Before the end of a run is told: whoever hears of it may start a part, which needs what the run has left."""
        self._prints.end_lines()
        self._sampler.flush()
        run = self._run
        if run is not None:
            keep_values(self._kept, [runner.plan for runner in run.runners.values()])

    def _ended(self, run: Run) -> None:
        """After the end of a run, by its thread: start what waits."""
        with self._lock:
            if self._run is not run or not run.over.is_set():
                return  # somebody was quicker and has started the next, or gave this one up
            self._sampler.attend(run.runners, False, run.report.run)
            self._prints.leave()
            if self._next is not None:
                waiting, self._next = self._next, None
                self._start(**waiting)
            elif _goes_on(run) and run.has_late:
                self._go_on("")

    def _emit(self, event: Event) -> None:
        self._send({"f": "event", **to_json(event)}, [])

    def _say(self, node: str, level: str, text: str) -> None:
        self._emit(LogLine(self._run.report.run if self._run else "", node, level, text, time.time()))

    def _print(self, node: str, level: str, text: str) -> None:
        if self._run is not None:
            self._run.report.say(node, level, text)


def _goes_on(run: Run) -> bool:
    """Return whether a run that has ended is gone on with after a change."""
    loops = any(runner.plan.loops for runner in run.runners.values())
    return run.part is None and not loops and run.report.reason != "stopped"
