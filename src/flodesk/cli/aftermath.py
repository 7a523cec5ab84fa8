"""What is told of a command whose process has ended without its last word, or had to be ended: by the one that watched.

It says on standard error in which node the run was, writes the run's end into the history, and ends the output that a
program reads.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import flodesk
from flodesk.cli.commands import options_of
from flodesk.cli.eventlines import STANDARD
from flodesk.cli.exits import Exit
from flodesk.engine.events import Failure, LoopFinished, Reason, RunFinished, failure_from_json, to_json
from flodesk.engine.lifeline import how_it_ended
from flodesk.engine.states import NodeState
from flodesk.engine.table import Layout, running, states, turns_of
from flodesk.engine.tether import DUE, ENDED, PHASE, TIMEOUT, WHY, Tether

BUSY_SHARE = 0.5
"""A thread that has kept a processor for this part of what all used is the one that does not return."""
_CRASHED = re.compile(r"Current thread 0x([0-9a-f]+)")
_FRAME = re.compile(r'  File "(.*)", line (\d+) in (.*)')


@dataclass
class Trace:
    """What the run has left: which it was, which loops were on, what has failed, where C code has crashed."""

    run: str = ""
    timeout: float = 0.0
    layouts: dict[str, Layout] = field(default_factory=dict)
    loops: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    """Of those that have ended."""
    failures: list[Failure] = field(default_factory=list)
    end: RunFinished | None = None
    thread: int = 0
    frames: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Sequence[str]) -> Trace:
        """Read it from the words that were left."""
        trace = cls()
        crash: list[str] = []
        for line in lines:
            if not line.startswith("{"):
                crash.append(line)
                continue
            with contextlib.suppress(ValueError, LookupError, TypeError):  # it may have died in the middle of a word
                trace = trace._take(json.loads(line))
        trace._take_crash(crash)
        return trace

    def _take(self, word: Mapping[str, Any]) -> Trace:
        if "timeout" in word:
            return Trace(word["run"], word["timeout"])  # the next of several
        if "layout" in word:
            layout = Layout.from_json(word["layout"])
            self.layouts[layout.function] = layout
        match word.get("event"):
            case "LoopStarted":
                self.loops[word["loop"]] = word
            case "LoopFinished":
                self.loops.pop(word["loop"], None)
                self.turns[word["loop"]] = word["iterations"]
            case "NodeFailed":
                self.failures.append(failure_from_json(word["failure"]))
            case "RunFinished":
                self.end = RunFinished(self.run, word["reason"], word["message"], word["seconds"], word["limited"])
            case _:
                pass
        return self

    def _take_crash(self, lines: Sequence[str]) -> None:
        ours = str(Path(flodesk.__file__).parent / "engine")
        current = False
        for line in lines:
            if found := _CRASHED.match(line):
                current, self.thread = True, int(found[1], 16)
            elif not line.startswith("  "):
                current = False
            elif current and (frame := _FRAME.match(line)) and not frame[1].startswith(ours):
                self.frames.append(f"{frame[1]}, line {frame[2]}, in {frame[3]}")
        if not any(word["thread"] == self.thread for word in self.loops.values()):
            self.frames.clear()  # a signal from outside, which another thread happened to take
        self.frames = [frame for frame in self.frames if "threading.py" not in frame]

    def at_work(self, cells: memoryview, busy: Mapping[int, float]) -> list[str]:
        """Return the nodes that it may have been.

        Where one thread keeps the interpreter, loops that would end find no way to do so; the busy one is it.
        """
        loops = list(self.loops.values())
        crashed = [word for word in loops if self.thread and word["thread"] == self.thread]
        most = sum(busy.values()) * BUSY_SHARE
        spinning = [word for word in loops if busy.get(int(word["native"]), 0.0) > most > 0.0]
        chosen = {word["loop"] for word in crashed or spinning or loops}
        return running(cells, [layout for layout in self.layouts.values() if layout.function in chosen])


def tell(
    tether: Tether, arguments: Sequence[str], code: int, *, asked: bool, killed: bool, busy: Mapping[int, float]
) -> int:
    """Say what has happened, and return the exit code.

    Parameters
    ----------
    code : int
        With which it has ended.
    asked : bool
        Somebody wanted it to stop.
    killed : bool
        It did not, and was ended.
    busy : mapping
        How long each of its threads has kept a processor at the end, in s.
    """
    trace, cells = Trace.of(tether.words()), tether.table.cast("q")
    _free_the_terminal()
    at_work = trace.at_work(cells, busy)
    end = trace.end or _end(trace, tether, at_work, code, asked=asked, killed=killed)
    stopped = Exit.STOPPED if asked else Exit.FAILED
    how = "had to be ended" if killed else how_it_ended(code)
    if tether.cells[PHASE] == ENDED or not trace.run:
        when = "after the run had ended" if trace.run else "before the run had begun"
        print(f"flodesk: the process {how} {when}", file=sys.stderr)
    else:
        said = {"killed": "was ended", "crashed": "failed"}.get(end.reason, end.reason)
        print(f"flodesk: the run {said}: {end.message}", file=sys.stderr)
    for frame in trace.frames[:8]:
        print(f"    {frame}", file=sys.stderr)
    if trace.run:
        turns = turns_of(cells, trace.layouts.values())
        known = {loop: turns.get(loop, 0) for loop in trace.loops} | trace.turns
        _record(trace, cells, at_work, end, sum(known.values()))
        _end_output(trace, turns, options_of(arguments[0], arguments[1:]), end)  # they were well when the run began
    return stopped


def _end(trace: Trace, tether: Tether, at_work: Sequence[str], code: int, *, asked: bool, killed: bool) -> RunFinished:
    """Tell the end of a run that could not tell it."""
    who = " or ".join(f"“{node}”" for node in at_work) or "the flow's file"
    reason: Reason = "killed"
    if not killed:
        reason, message = "crashed", f"The process {how_it_ended(code)} while {who} was running"
    elif asked or not tether.cells[DUE]:
        message = f"{who} did not return when the run was stopped"
    elif tether.cells[WHY] == TIMEOUT:
        reason = "failed"
        message = f"The run did not end within its time limit of {trace.timeout:g} s: {who} did not return"
    else:
        reason, message = "failed", f"{who} did not return when its time was over"
    return RunFinished(trace.run, reason, message)


def _record(trace: Trace, cells: memoryview, at_work: Sequence[str], end: RunFinished, iterations: int) -> None:
    found: dict[str, NodeState] = states(cells, trace.layouts.values(), {}, False)
    blamed = [] if trace.end else [Failure(node, "", end.message) for node in at_work]
    said = _closing().close_run(end, found, [*trace.failures, *blamed], iterations)
    if said:
        print(f"flodesk: {said}", file=sys.stderr)


def _closing() -> Any:
    return import_module("flodesk.engine.history.closing")  # brings the database with it


def _free_the_terminal() -> None:
    """Show the cursor, which the bars have hidden, and leave their line."""
    if sys.stderr.isatty():
        print("\x1b[?25h", file=sys.stderr)


def _end_output(trace: Trace, turns: Mapping[str, int], options: argparse.Namespace, end: RunFinished) -> None:
    """End what a program reads: the lines of events, the result as JSON."""
    where = getattr(options, "events", None)
    if where and trace.end is None:
        lines = [
            json.dumps(to_json(LoopFinished(end.run, loop, end.reason, turns.get(loop, 0)))) for loop in trace.loops
        ]
        text = "\n".join([*lines, json.dumps(to_json(end))]) + "\n"
        with contextlib.suppress(OSError):
            if where == STANDARD:
                print(text, end="", flush=True)
            else:
                with Path(where).open("a", encoding="utf-8") as file:
                    file.write(text)
    if getattr(options, "json", False) and hasattr(options, "events"):  # `letters` has another JSON
        result = {"run": end.run, "reason": end.reason, "message": end.message, "seconds": round(end.seconds, 3)}
        print(json.dumps({**result, "limited": end.limited, "shown": {}, "values": {}}), flush=True)
