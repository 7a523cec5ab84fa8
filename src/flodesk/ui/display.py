"""The one display scheduler of a flow: a timer takes the newest values to what is on the screen, in any window.

No value ever travels by a queued signal: from 60 Hz on, eight plots fed that way leave no time for clicks. The timer
reads newest-value slots at the eye's rate, slows down when drawing takes too long, and stops when nothing moves. A
frame that takes long is shown in parts, between which clicks and keys have their turn.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from statistics import median
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from flodesk.engine.client import Engine, NodeState, Sample
from flodesk.engine.cpu import cpu_seconds
from flodesk.engine.preview import Preview
from flodesk.ui.soon import soon

FASTEST, SLOWEST = 60.0, 15.0
"""Frames per second between which the rate is adapted."""
DEAR, CHEAP = 0.65, 0.5
"""Shares of the time between two frames: one that costs more makes them fewer, one that costs less makes them more."""
JUDGED = 8
"""How many frames are looked at before the rate is changed."""
PATIENCE = 1.0, 32.0
"""Seconds that a rate is kept at least before frames that cost little make it faster: at first, and at most."""
PART = 0.008
"""Seconds that values of a frame are shown at a stretch; painting them takes about as long again."""
SOON, TRIES = 4, 3
"""Milliseconds after which a value is looked for again that was not there in time, and how often."""
CANVAS_PERIOD = 0.1
"""Seconds between two looks of the canvas at states and previews."""
LINGER = 0.5
"""Seconds after the end of a run during which late values are still fetched."""


class Panel(Protocol):
    """What shows whole values."""

    def isVisible(self) -> bool:
        """Return whether any of it can be on the screen."""

    def window(self) -> QWidget:
        """Return the window that it is in."""

    def watched(self) -> set[str]:
        """Return the values (``function.variable``) that it shows."""

    def showing(self, samples: Mapping[str, Sample]) -> Iterator[bool]:
        """Look at one value a step, show it if it is new, and give whether it was."""

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Take note of how often nodes ran."""

    def look_back(self, run: str) -> None:
        """Mark the values that this run, the newest, has not made; what is shown from now on is of it."""


class Canvas(Protocol):
    """What shows states and values in brief."""

    def isVisible(self) -> bool:
        """Return whether any of it can be on the screen."""

    def visible_ports(self) -> set[str]:
        """Return the values (``function.variable``) whose previews it draws."""

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Show the states of nodes."""

    def show_previews(self, previews: Mapping[str, Preview], samples: Mapping[str, Sample] | None = None) -> None:
        """Show values in brief; `samples` tell which were made anew."""

    def look_back(self, run: str) -> None:
        """Mark the values that this run, the newest, has not made; what is shown from now on is of it."""


@dataclass(slots=True)
class Pace:
    """How many frames a second there are to be, from what they cost the thread of the window.

    Most frames decide: one in six looks at the canvas, too, and one here and there waits for something else. What a
    frame costs at twice the rate is found out by trying, as half of it may be what has moved since the last one: each
    try that fails doubles the time to the next.
    """

    rate: float = FASTEST
    _costs: deque[float] = field(default_factory=lambda: deque(maxlen=JUDGED))
    _since: float | None = None
    """When the rate was changed."""
    _patience: float = PATIENCE[0]
    _tried: bool = False
    """Whether it was made faster at that time."""

    def frame(self, cost: float, now: float) -> bool:
        """Take in the cost of a frame in s, at the time `now` in s; return True if the rate has changed."""
        if self._since is None:
            self._since = now
        self._costs.append(cost)
        hopeless = len(self._costs) >= 3 and min(self._costs) > 1.0 / self.rate
        if len(self._costs) < JUDGED and not hopeless:
            return False
        usual, rate = median(self._costs), self.rate
        while usual > DEAR / rate and rate > SLOWEST:
            rate /= 2
        if self._tried and now - self._since > PATIENCE[0]:
            self._tried, self._patience = False, PATIENCE[0]
        if rate < self.rate and self._tried:
            self._patience = min(2 * self._patience, PATIENCE[1])
        if usual < CHEAP / rate and now - self._since >= self._patience:
            rate *= 2
        return self._use(rate, now)

    def _use(self, rate: float, now: float) -> bool:
        before, self.rate = self.rate, min(max(rate, SLOWEST), FASTEST)
        if self.rate == before:
            return False
        self._costs.clear()
        self._since, self._tried = now, self.rate > before
        return True


class Display(QObject):
    """Takes values from the engine to panels and the canvas while any of them is to be seen.

    Panels can be in windows of their own (`add`): a value that several of them show is asked for once. Call `wake` when
    a run starts, `follow` when the flow changes, and `watch` when other views came on the screen. It stops by itself.

    Attributes
    ----------
    frames, shown : int
        How many frames there were, and how many values were shown in them.
    pace : Pace
        The rate now, in frames per second.
    """

    frame_shown = Signal(int)
    """A frame with so many new values of the panel was shown and painted."""

    def __init__(
        self,
        engine: Engine,
        window: QWidget,
        panel: Panel | None = None,
        canvas: Canvas | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(window)
        self.engine = engine
        self.run_of: Callable[[], str] = str
        """Gives the id of the newest run: all that the engine has to show is of it."""
        self.of_another: Callable[[], bool] = bool
        """Tells whether what the engine has to show is of a flow that is not open any more: nobody sees it then."""
        self.tell: Callable[[set[str], set[str], float], object] | None = None
        """Tells the engine what is on the screen, where others watch values of it, too."""
        self.panels = [panel] if panel is not None else []
        self.canvas = canvas
        self.pace = Pace()
        self.lookers: list[Callable[[], object]] = []
        """Asked ten times a second, while anything may move, to fetch what they show."""
        self.frames = 0
        self.shown = 0
        self._window = window
        self._clock = clock
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._show_more)
        self._showing: Iterator[bool] = iter(())
        self._spent, self._new = 0.0, 0
        self._missed = TRIES
        """How many frames in a row had nothing new."""
        self._watching: tuple[set[str], set[str], float] | None = None
        self._canvas_next = 0.0
        self._busy_until = 0.0
        self._states: Mapping[str, NodeState] = {}
        self._previews: Mapping[str, Sample] = {}
        self._run = ""
        window.installEventFilter(self)

    # -------------------------------------------------------------- screens
    def add(self, panel: Panel) -> None:
        """Take values to one more panel, also to one in another window; what is known is told to it at once."""
        self.panels.append(panel)
        panel.window().installEventFilter(self)
        panel.show_states(self._states)
        panel.look_back(self._run)
        self.wake()

    def drop(self, panel: Panel) -> None:
        """Take no values to a panel any more."""
        self.panels = [other for other in self.panels if other is not panel]
        self.watch()

    # -------------------------------------------------------------- on and off
    @property
    def active(self) -> bool:
        """Whether the timer runs."""
        return self._timer.isActive()

    def use(self, engine: Engine) -> None:
        """Read another engine from now on."""
        self.engine = engine
        self._watching = None
        self._leave_frame()  # what is left of it is of the engine before
        self._states, self._previews = {}, {}
        self.wake()

    def wake(self) -> None:
        """Look for values from now on: a run has started, something came on the screen."""
        self._busy_until = self._clock() + LINGER
        self._canvas_next = 0.0
        self.watch()
        if self._on_screen() and not self._timer.isActive():
            self._start_timer()

    def follow(self) -> None:
        """Look for values of a flow that has changed; where no run is on, only once what is different was painted."""
        if self.engine.running or not self._on_screen():
            self.wake()
            return
        self._busy_until = self._clock() + LINGER
        self._canvas_next = 0.0
        self._start_timer()

    def anew(self) -> None:
        """Hand on all that is known once more: another canvas has come on the screen, which has seen none of it."""
        self._states, self._previews = {}, {}
        self.wake()

    def sleep(self) -> None:
        """Stop the timer; `wake` starts it again."""
        self._timer.stop()
        self._leave_frame()

    def _leave_frame(self) -> None:
        self._rest.stop()
        self._showing = iter(())

    def _start_timer(self) -> None:
        period = max(int(1000.0 / self.pace.rate), 1)
        self._timer.start(SOON if 0 < self._missed <= TRIES else period)

    def _on_screen(self) -> bool:
        return isValid(self._window) and (_seen(self._window) or bool(self._seen_panels()))

    def _seen_panels(self) -> list[Panel]:
        return [panel for panel in self.panels if isValid(panel) and panel.isVisible() and _seen(panel.window())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rest while all windows are hidden or minimised."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange):
            soon(self, self._screen_changed)
        return super().eventFilter(watched, event)

    def _screen_changed(self) -> None:
        if self._on_screen():
            self.wake()
        else:
            self.sleep()
            self.watch()

    def watch(self) -> None:
        """Tell the engine which values are on the screen, if they are other ones than before."""
        seen = self._on_screen()
        full: set[str] = set().union(*(panel.watched() for panel in self._seen_panels())) if seen else set()
        shown = self.canvas is not None and self.canvas.isVisible() and _seen(self._window)
        canvas = self.canvas if seen and shown else None
        brief = canvas.visible_ports() if canvas is not None else set()
        before, self._watching = self._watching, (full, brief, self.pace.rate)
        if before != self._watching:
            (self.tell or self.engine.watch)(full, brief, self.pace.rate)
        if before is None or before[:2] != (full, brief):
            self._busy_until = self._clock() + LINGER
            if seen and not self._timer.isActive():
                self._start_timer()

    # -------------------------------------------------------------- a frame
    def _frame(self) -> None:
        if not self._on_screen():
            self.sleep()
            return
        if self._rest.isActive():
            return  # of the frame before there is still something to be shown
        self._spent, self._new = cpu_seconds(), 0
        if self.run_of() != self._run:
            self._look_back()
        samples = self.engine.values()
        self._showing = chain.from_iterable([_values(panel, samples) for panel in self._seen_panels()])
        self._show_more()

    def _show_more(self) -> None:
        """Show values of the frame for a while, and let what waits for this thread have its turn before the others."""
        if self.of_another():
            self._leave_frame()
            return
        start = self._clock()
        for new in self._showing:
            self._new += new
            if self._clock() >= start + PART:
                self._rest.start()
                return
        now = self._clock()
        if now >= self._canvas_next:
            if now >= start + PART / 2:
                self._rest.start()  # the panel is painted first
                return
            self._canvas_next = now + CANVAS_PERIOD
            self.watch()
            self._look_at_canvas()
            for look in self.lookers:
                look()
        self._rest.stop()
        self._end_frame(now)

    def _end_frame(self, now: float) -> None:
        self.frames += 1
        self.shown += self._new
        missed, self._missed = self._missed, 0 if self._new else self._missed + 1
        if self._new or self.engine.running:
            self._busy_until = now + LINGER
        elif now >= self._busy_until:
            self.sleep()
        if self._timer.isActive() and (missed or self._missed):
            # what comes as often as it is shown must not be late by a whole frame for having missed one by a little
            self._start_timer()
        # painting happens when the events that `update` posted are delivered: before a timer of zero length
        soon(self, partial(self._painted, self._spent, self._new))

    def _look_at_canvas(self) -> None:
        """Hand states and previews on, as far as they moved."""
        states = self.engine.states()
        if states != self._states:
            self._states = dict(states)
            for panel in self.panels:
                panel.show_states(self._states)
            if self.canvas is not None and self.canvas.isVisible():
                self.canvas.show_states(self._states)
        self._look_back()  # before the values: what comes now is newer than what the states tell
        if self.canvas is None or not self.canvas.isVisible():
            return
        moved: dict[str, Preview] = {}
        previews = self.engine.previews()
        for name, sample in previews.items():
            before = self._previews.get(name)
            if isinstance(sample.value, Preview) and (before is None or before.value is not sample.value):
                moved[name] = sample.value
        self._previews = previews
        if moved:
            self.canvas.show_previews(moved, {name: previews[name] for name in moved})

    def _look_back(self) -> None:
        self._run = self.run_of()
        for panel in self.panels:
            panel.look_back(self._run)
        if self.canvas is not None:
            self.canvas.look_back(self._run)

    def _painted(self, spent: float, new: int) -> None:
        if not new and 0 < self._missed <= TRIES:
            return  # only looked again: that costs less than any frame, and says nothing of their rate
        # what this thread has done since: on a busy machine frames come late, and do not cost more for it
        if self.pace.frame(cpu_seconds() - spent, self._clock()) and self._timer.isActive():
            self._start_timer()
            self.watch()
        if new:
            self.frame_shown.emit(new)


def _values(panel: Panel, samples: Mapping[str, Sample]) -> Iterator[bool]:
    for new in panel.showing(samples):
        yield new
        if not isValid(panel):
            return  # its window was closed between two parts of a frame


def _seen(window: QWidget) -> bool:
    # while a window is taken down its children still tell that they were hidden
    return isValid(window) and window.isVisible() and not window.isMinimized()
