"""Which turns of the past are held of what the panel shows, and the one that its views are at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from flodesk.engine.probing import At
from flodesk.engine.recalling import Course, Recalled, Span
from flodesk.ui.looking_back.player import Player
from flodesk.ui.panel import ControlPanel
from flodesk.ui.probes.desk import ProbeDesk
from flodesk.ui.run import Run
from flodesk.ui.settings import settings

SIZES = (0, 16, 64, 256, 1024)
"""Megabytes that may be chosen for what is held; 0 holds nothing."""
USUAL_SIZE = 64
_SETTING = "panel/history_megabytes"
_NO_SPAN = (0, 0)


class Moments(QObject):
    """Has the engine hold what the panels show, and shows the panels at a turn of the past.

    The probes go along, and the panels go along with them.

    Signals
    -------
    changed : the turn that is shown, what is held, or whether it is played is another

    Attributes
    ----------
    at : At or None
        The moment that the panel shows; None is now.
    course : Course
        What was held when it was asked last.
    player : Player
        Plays back what is held.
    """

    changed = Signal()
    _told = Signal(object)

    def __init__(self, parent: QObject, run: Run) -> None:
        super().__init__(parent)
        self._run = run
        self._panels: list[ControlPanel] = []
        self._probes: ProbeDesk | None = None
        self.at: At | None = None
        self.course = Course()
        self.chosen = ""
        """The loop whose turns are counted, if a hand has chosen one."""
        self._names: list[str] = []
        self._values: dict[str, tuple[int, Any]] = {}
        """What is known of the moment that is shown: by the port, the number of the value and the value."""
        self._gone: dict[str, str] = {}
        """Why others are not held any more."""
        self._asking = self._again = self._recalling = self._recall_again = False
        self.player = Player(self, self)
        self._by_probes = False
        """Whether the probes are at the moment that is shown, too: it goes when they go on, or when none is left."""
        self._told.connect(lambda take: take(), Qt.ConnectionType.QueuedConnection)
        self.player.changed.connect(self.changed)
        run.changed.connect(self._begun)
        run.finished.connect(lambda _: self.look())

    def take_along(self, probes: ProbeDesk) -> None:
        """Let the probes be at the moment that is shown, too, and the panels at that of the probes."""
        self._probes = probes
        probes.answered.connect(self._follow_probes)
        probes.changed.connect(self._follow_probes)

    def add(self, panel: ControlPanel) -> None:
        """Let one more panel be at the moment that is shown."""
        self._panels.append(panel)
        panel.watched_changed.connect(self._hold)
        panel.bar.live_wanted.connect(self.go_live)
        self._hold()

    def drop(self, panel: ControlPanel) -> None:
        """Let a panel go."""
        self._panels.remove(panel)

    # -------------------------------------------------------------- what is held
    @property
    def size(self) -> int:
        """What may be held, in MB; 0 for nothing."""
        try:
            return max(0, int(str(settings().value(_SETTING, USUAL_SIZE))))
        except ValueError:  # a hand has written something else into the file
            return USUAL_SIZE

    def set_size(self, megabytes: int) -> None:
        """Let more or less be held from now on, in this and in later flows."""
        settings().setValue(_SETTING, megabytes)
        self._run.engine.hold(self._names, megabytes * 1_000_000)
        self.look()

    def _hold(self) -> None:
        """Have held what the panels show on all their pages, once one was seen; and go on while they are hidden."""
        names = sorted(set().union(*(panel.views.variables() for panel in self._panels)))
        if names != self._names and (not names or any(panel.isVisible() for panel in self._panels)):
            self._names = names
            self._run.engine.hold(names, self.size * 1_000_000)
            self.look()
            if self.at is not None:
                self._recall()
        if self.at is not None:
            self._show_values()

    def look(self) -> None:
        """Ask which turns are held, unless an answer is under way: then once more after it."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        loop = self.loop if self.at is not None else ""
        self._run.engine.course(lambda course: self._soon(lambda: self._take_course(course)), loop)

    def _take_course(self, course: Course) -> None:
        self._asking = False
        self.course = course
        self.changed.emit()
        if self._again:
            self._again = False
            self.look()

    def _soon(self, take: Callable[[], None]) -> None:
        """Do something on the window's thread: answers come on the engine's reader thread."""
        if isValid(self):
            self._told.emit(take)

    # -------------------------------------------------------------- which turn
    @property
    def loop(self) -> str:
        """The loop whose turns are counted: the chosen one, else that of the most views; empty if there is none."""
        spans = self.course.spans
        if self.chosen in spans:
            return self.chosen
        return max(spans, key=lambda name: (spans[name].views, name), default="")

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last turn of the loop that are held; 0, 0 where there is none."""
        found: Span | None = self.course.spans.get(self.loop)
        return (found.first.turn, found.last.turn) if found is not None else _NO_SPAN

    @property
    def turn(self) -> int:
        """The turn that is shown."""
        return self.at[1] if self.at is not None else self.span[1]

    @property
    def seconds(self) -> float | None:
        """When the turn that is shown was, in s since the run began; None where that is not known."""
        turns, times = self.course.turns, self.course.seconds
        if self.at is None or turns is None or not len(turns):
            return None
        place = bisect_right(turns, self.at[1]) - 1
        return float(times[max(place, 0)])

    def choose(self, loop: str) -> None:
        """Count the turns of another loop, from its newest on."""
        self.chosen = loop
        self.look()
        self.changed.emit()

    def go_to(self, turn: int) -> None:
        """Show all views as they were in a turn of the loop, as near as it is held."""
        if not self.loop:
            return
        first, last = self.span
        self._show((self.loop, min(max(turn, first), last), 0.0))
        self._by_probes = self._probes is not None and self._probes.any
        if self._probes is not None and self._probes.any:
            self._probes.show(self.at)

    def go_live(self) -> None:
        """Show the newest values again."""
        self.player.pause()
        self._leave()
        if self._probes is not None and self._probes.at is not None:
            self._probes.go_live()

    def _leave(self) -> None:
        self.at, self._by_probes = None, False
        self._values.clear()
        for panel in self._panels:
            panel.past.leave()
        self.changed.emit()

    def _show(self, at: At) -> None:
        if at == self.at:
            return
        fresh, self.at = self.at is None, at
        if fresh or self.course.turns is None:
            self.look()
        for panel in self._panels:
            panel.past.name(self._words(at))
        self._recall()
        self.changed.emit()

    def _recall(self) -> None:
        """Ask for the values of the moment; while an answer is under way only the newest moment counts after it."""
        if self._recalling:
            self._recall_again = True
            return
        at = self.at
        if at is None:
            return
        self._recalling = True
        seen = {name: number for name, (number, _) in self._values.items()}
        self._run.engine.recall(self._names, at, seen, lambda found: self._soon(lambda: self._take(at, found)))

    def _take(self, at: At, found: Recalled) -> None:
        self._recalling = False
        if self.at is not None and not found.error:
            self._values = {
                name: (place.number, found.values[name] if name in found.values else self._values[name][1])
                for name, place in found.places.items()
                if name in found.values or name in self._values
            }
            self._gone = dict(found.gone)
            self._show_values()
        if self._recall_again:
            self._recall_again = False
            self._recall()

    def _show_values(self) -> None:
        if self.at is None:
            return
        words = self._words(self.at)
        shown = {name: pair for name, pair in self._values.items() if name not in self._gone}
        for panel in self._panels:
            panel.past.show(shown, words, self._gone)

    @staticmethod
    def _words(at: At) -> str:
        return f"{'Value' if at[0].startswith('#') else 'Turn'} {at[1]}"

    # -------------------------------------------------------------- others
    def _begun(self) -> None:
        """Show a new run live: of the one before nothing is held any more."""
        if self._run.phase == "starting":
            self.course = Course()
            if self.at is not None:
                self.go_live()

    def _follow_probes(self) -> None:
        """Go along with the bar of time of the probes."""
        assert self._probes is not None
        at = self._probes.moment()
        if at is not None:
            self._by_probes = self._by_probes or at != self.at
            self._show(at)
        elif self.at is not None and self._by_probes and (self._probes.at is None or not self._probes.any):
            self.player.pause()
            self._leave()
