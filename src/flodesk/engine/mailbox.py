"""What a client keeps of the frames that came: the newest samples, the layout of the states, and who listens."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flodesk.engine.events import (
    Event,
    LoopFinished,
    LoopStarted,
    NodeFailed,
    Reason,
    RunFinished,
    RunStarted,
    from_json,
)
from flodesk.engine.ids import whole
from flodesk.engine.states import USUAL_RATE, NodeState, Sample
from flodesk.engine.steered import Steered
from flodesk.engine.table import Layout, running, states, turns_of
from flodesk.engine.values import decode, preview_from_json


class Mailbox:
    """Newest things for the window, and every event for the listener.

    Attributes
    ----------
    listener, noted : callable
        Called for each event, on the thread that reads the frames; `noted` first.
    answered : callable
        Called with each answer to a question.
    run : str
        The newest run; `running` says that it has not ended.
    begun : str
        The run that has told its start and not yet its end.
    """

    def __init__(self, cells: memoryview) -> None:
        self.listener: Callable[[Event], None] = lambda event: None
        self.noted: Callable[[Event], None] = lambda event: None
        self.answered: Callable[[Mapping[str, Any], Sequence[Any]], None] = lambda head, buffers: None
        self.running = False
        self.run = ""
        self.begun = ""
        self._since = 0.0
        self._closed = False
        self._overs: dict[str, threading.Event] = {}
        self._cells = cells
        self._lock = threading.Lock()
        self._full: dict[str, Sample] = {}
        self._brief: dict[str, Sample] = {}
        self._wanted: tuple[frozenset[str], frozenset[str], float] = frozenset(), frozenset(), USUAL_RATE
        self._layouts: dict[str, Layout] = {}
        self._others: list[Layout] = []
        """Of a run that is still on while another flow is open already."""
        self._states: dict[str, NodeState] = {}
        self._earlier: dict[str, NodeState] = {}
        self._failed: set[str] = set()
        self._ended: set[str] = set()
        self._loops: dict[str, int] = {}
        """Functions of the run that have begun and not ended, and the thread that each runs in, where that is known."""

    def begin(self, run: str) -> None:
        """Note that a run was asked for: what comes of another one from now on comes too late."""
        with self._lock:
            if whole(run) != whole(self.run):
                self._full, self._brief = {}, {}
            self.running, self.run = True, run
            self._overs.setdefault(run, threading.Event())

    def over(self, run: str) -> threading.Event:
        """Return what is set when that run has ended."""
        with self._lock:
            return self._overs.setdefault(run, threading.Event())

    def close(self) -> None:
        """Let everybody go who waits for the end of a run, and read the states no more."""
        with self._lock:
            self.running = False
            self._closed = True
            for over in self._overs.values():
                over.set()

    # -------------------------------------------------------------- for the window
    def watch(self, full: frozenset[str], brief: frozenset[str], rate: float = USUAL_RATE) -> bool:
        """Forget what nobody looks at any more; returns whether anything is new."""
        with self._lock:
            same = self._wanted == (full, brief, rate)
            self._wanted = full, brief, rate
            self._full = {name: s for name, s in self._full.items() if name in full}
            self._brief = {name: s for name, s in self._brief.items() if name in brief}
        return not same

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples: whole where that is wanted, else in brief."""
        with self._lock:
            return {**self._brief, **self._full}

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest samples in brief."""
        with self._lock:
            return dict(self._brief)

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node."""
        with self._lock:
            layouts = list(self._layouts.values()) if not self._closed else []
        if layouts:
            found = states(self._cells, layouts, self._states, self.running, self._ended)
            for name in self._failed & found.keys():
                found[name] = NodeState("failed", found[name].count, found[name].seconds)
            self._states = {**self._earlier, **found}
        return self._states

    @property
    def seconds(self) -> float:
        """How long ago the newest run has begun, in s."""
        return time.monotonic() - self._since

    def blame(self, node: str) -> None:
        """Show a node as failed: the process died, or had to be ended, while it was running."""
        self._failed.add(node)

    def at_work(self, thread: int = 0) -> list[str]:
        """Return the nodes that have begun and not ended: after a crash, those that it may have been.

        Parameters
        ----------
        thread : int
            The one that has crashed, if that is known: then what others were doing does not matter.
        """
        with self._lock:
            layouts = [*self._layouts.values(), *self._others]
            loops = dict(self._loops)
        by_thread = [function for function, ident in loops.items() if thread and ident == thread]
        # a function that was stopped while it waited has begun that and not ended it
        on = [layout for layout in layouts if layout.function in (by_thread or loops)]
        return running(self._cells, on)

    # -------------------------------------------------------------- what comes
    def take(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Take a frame."""
        kind = head["f"]
        if kind in ("values", "layout") and whole(str(head["run"])) != whole(self.run):
            return  # late news of a run that has ended, or was superseded, are not the next one's
        if kind == "values":
            self._take_values(head["items"], buffers)
        elif kind == "layout":
            layout = Layout.from_json(head)
            with self._lock:
                self._layouts[layout.function] = layout
        elif kind == "answer":
            self.answered(head, buffers)
        elif kind == "event":
            event = from_json({key: value for key, value in head.items() if key not in ("f", "sizes", "thread")})
            self.tell(event)
            if "thread" in head and isinstance(event, LoopStarted):
                self._loops[event.loop] = int(head["thread"])

    def end(self, run: str, reason: Reason, message: str) -> None:
        """Tell the end of a run that cannot tell it any more, and of each of its loops that had not ended."""
        with self._lock:
            turns = turns_of(self._cells, [*self._others, *self._layouts.values()])
        for loop in list(self._loops):
            self.tell(LoopFinished(run, loop, reason, turns.get(loop, 0)))
        self.tell(RunFinished(run, reason, message, self.seconds))

    def tell(self, event: Event) -> None:
        """Hand an event to the listener; one that fails is reported and disturbs nothing."""
        if isinstance(event, RunStarted):
            if whole(event.run) == whole(self.run) or not self.running:
                self.begin(event.run)  # else another was asked for in the meantime
            self._loops.clear()
            self.begun, self._since = event.run, time.monotonic()
            fresh = "+" not in event.run  # what only goes on keeps its values
            earlier = {} if fresh else dict(self.states())
            with self._lock:
                self._failed.clear()
                self._ended.clear()
                self._earlier = earlier
                self._others.clear()
                if fresh:
                    self._layouts.clear()
                    self._states = {}
        elif isinstance(event, NodeFailed) and not event.goes_on:
            self._failed.add(event.failure.node)
        elif isinstance(event, LoopStarted):
            self._loops[event.loop] = 0
        elif isinstance(event, LoopFinished):
            self._loops.pop(event.loop, None)
            self._ended.add(event.loop)
        elif isinstance(event, RunFinished):
            self.over(event.run).set()
            with self._lock:
                del self._overs[event.run]
                if event.run == self.begun:  # else it never began: it waited for the end of one that is still on
                    self.begun = ""
                    self._others.clear()
                if event.run == self.run:
                    self.running = False
        self.noted(event)
        try:
            self.listener(event)
        except Exception:  # noqa: BLE001 - a listener is foreign code
            traceback.print_exc(file=sys.stderr)

    def forget(self) -> None:
        """Forget values and states: another flow is open, whose nodes may have the same names."""
        with self._lock:
            self._full, self._brief, self._states = {}, {}, {}
            if self.begun:  # it may not stop, and then they tell which node it was
                self._others = list(self._layouts.values())
            self._layouts.clear()
            self._failed.clear()

    def forget_layout(self) -> None:
        """Take the last states: the process that wrote them is gone."""
        self._states = dict(self.states())
        with self._lock:
            self._layouts.clear()
            self._others.clear()

    def _take_values(self, items: Sequence[Mapping[str, Any]], buffers: Sequence[Any]) -> None:
        place = 0
        for item in items:
            name, sequence = str(item["name"]), int(item["seq"])
            own = buffers[place : place + item["own"]]
            place += item["own"]
            made, before = int(item.get("made", 0)), frozenset(map(str, item.get("before", ())))
            full = Sample(sequence, decode(item["full"], own), made, before) if "full" in item else None
            brief = Sample(sequence, preview_from_json(item["brief"]), made, before) if "brief" in item else None
            with self._lock:
                if full is not None and name in self._wanted[0]:
                    self._full[name] = full
                if brief is not None and name in self._wanted[1]:
                    self._brief[name] = brief


class Placement(Steered):
    """What both placements of the engine have in common: they read from a mailbox."""

    _mail: Mailbox

    def _read_from(self, mail: Mailbox) -> None:
        self._mail = mail
        mail.noted = self._note
        mail.answered = self._questions.answer

    @property
    def listener(self) -> Callable[[Event], None]:
        """Called for each event, on the reader thread."""
        return self._mail.listener

    @listener.setter
    def listener(self, listener: Callable[[Event], None]) -> None:
        self._mail.listener = listener

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched: whole where that is wanted, else in brief."""
        return self._mail.values()

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest samples in brief."""
        return self._mail.previews()

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node."""
        return self._mail.states()

    @property
    def running(self) -> bool:
        """True from the start of a run to its end."""
        return self._mail.running
