"""What is probed, what the engine holds of it, and the moment that all probes show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from flodesk.engine.client import Prober
from flodesk.engine.probing import Answer, At, Held, Kept, Place
from flodesk.engine.ring import Room
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import picture
from flodesk.flow.value_names import renamed_value
from flodesk.ui.renames import Renames

MARKS = ("A", "B")


class ProbeDesk(QObject):
    """Holds the probes of the session and asks the engine about them; no file and no undo knows of them.

    Signals
    -------
    changed : other ports are probed, or other ones have their room
    answered : what the probes hold is known anew
    compared : name of a port, and its values at A and at B with their difference
    said : a sentence for the status bar

    Attributes
    ----------
    rooms : dict of name to Room
        The probes in the order in which they were set.
    held : dict of name to Held
        What is known of each; `kept` is what it shows.
    at : At or None
        The moment that is shown; None is now.
    pins : what the marks A and B hold
    trouble : why nothing new can be had: the worker that held it has ended; empty if it can
    """

    changed = Signal()
    answered = Signal()
    compared = Signal(str, object)
    said = Signal(str, str)
    _told = Signal(object)

    def __init__(self, parent: QObject, engine: Prober, document: Document, catalog: Callable[[], Catalog]) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._catalog = catalog
        self.rooms: dict[str, Room] = {}
        self.held: dict[str, Held] = {}
        self.at: At | None = None
        self.pins: dict[str, dict[str, Place]] = {}
        self.room = Room()
        self.trouble = ""
        self._renames = Renames(renamed_value)
        self._asking = self._again = False
        self._told.connect(lambda take: take(), Qt.ConnectionType.QueuedConnection)

    # -------------------------------------------------------------- what is probed
    def toggle(self, names: list[str]) -> None:
        """Probe these ports; where all of them are probed, no more."""
        if names and all(name in self.rooms for name in names):
            for name in names:
                self.rooms.pop(name)
                self.held.pop(name, None)
        else:
            for name in names:
                self.rooms.setdefault(name, self.room)
        self._tell()

    def remove(self, name: str) -> None:
        """Probe a port no more."""
        if name in self.rooms:
            self.toggle([name])

    def clear(self) -> None:
        """Probe nothing."""
        self.toggle(list(self.rooms))

    def set_room(self, room: Room, name: str = "") -> None:
        """Let a probe hold more or less; without a name all, and those to come."""
        if not name:
            self.room = room
        for each in [name] if name else list(self.rooms):
            self.rooms[each] = room
        self._tell()

    @property
    def any(self) -> bool:
        """Whether there is a probe."""
        return bool(self.rooms)

    def _tell(self) -> None:
        self._engine.set_probes(self.rooms)
        self.changed.emit()
        self.refresh()

    # -------------------------------------------------------------- what they hold
    def refresh(self) -> None:
        """Ask the engine, unless an answer is under way: then once more after it."""
        if not self.rooms:
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        seen = {name: _known(self.held.get(name)) for name in self.rooms}
        self._engine.look(seen, lambda answer: self._soon(lambda: self._take(answer)), self.at)

    def _soon(self, take: Callable[[], None]) -> None:
        """Do something on the window's thread: answers come on the engine's reader thread."""
        if isValid(self):
            self._told.emit(take)

    def _take(self, answer: Answer) -> None:
        self._asking = False
        self.trouble = answer.error
        if answer.error:
            self.answered.emit()
        else:
            for name, held in answer.held.items():
                if name in self.rooms:
                    self.held[name] = _merged(self.held.get(name), held)
            self.pins = {mark: dict(found) for mark, found in answer.pins.items()}
            self.answered.emit()
        if self._again:
            self._again = False
            self.refresh()

    # -------------------------------------------------------------- the moment that is shown
    @property
    def leader(self) -> str:
        """The probe whose turns the bar of time counts: the first that stands in a loop, else the first."""
        in_loop = next((name for name in self.rooms if name in self.held and self.held[name].loop), "")
        return in_loop or next(iter(self.rooms), "")

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last turn that is held (outside of loops: number of a value); 0, 0 where there is none."""
        lead = self.held.get(self.leader)
        if lead is None or not lead.count:
            return 0, 0
        if not lead.loop:
            return lead.first.number, lead.last.number
        held = [h for name, h in self.held.items() if h.count and h.loop == lead.loop and name in self.rooms]
        return min(h.first.turn for h in held), max(h.last.turn for h in held)

    @property
    def turn(self) -> int:
        """The turn (or number) that is shown."""
        return self.at[1] if self.at is not None else self.span[1]

    def go_to(self, turn: int) -> None:
        """Show all probes as they were in a turn of the leading loop."""
        name = self.leader
        lead = self.held.get(name)
        if lead is not None:
            self.at = (lead.loop or f"#{name}", turn, 0.0)
            self.refresh()

    def show(self, at: At | None) -> None:
        """Show all probes as they were at a moment that somebody else has chosen."""
        if at != self.at:
            self.at = at
            self.refresh()

    def moment(self) -> At | None:
        """Return the moment that is shown as others than the probes understand it; None while that is now."""
        if self.at is None or not self.rooms or not self.at[0].startswith("#"):
            return self.at if self.rooms else None
        lead = self.held.get(self.leader)
        place = lead.kept.place if lead is not None and lead.kept is not None else None
        return (self.at[0], self.at[1], place.seconds) if place is not None else None

    def go_live(self) -> None:
        """Show the newest values again."""
        self.at = None
        self.answered.emit()
        self.refresh()

    # -------------------------------------------------------------- two moments
    def pin(self, mark: str) -> None:
        """Keep the moment that is shown under a mark, also when the probes forget it."""
        self._engine.pin(mark, self.at, lambda: self._soon(self._pinned))

    def unpin(self) -> None:
        """Let both marks go."""
        for mark in MARKS:
            self._engine.pin(mark, None, lambda: self._soon(self._pinned), pinned=False)

    def _pinned(self) -> None:
        self.refresh()
        for name in self.rooms:
            self._engine.compare(name, partial(self._compared, name))

    def _compared(self, name: str, sides: tuple[Kept | None, ...]) -> None:
        self._soon(lambda: self.compared.emit(name, sides))

    # -------------------------------------------------------------- values that leave
    def show_text(self, name: str, told: Callable[[str], None]) -> None:
        """Ask for all of the value that is shown, in words."""
        held = self.held.get(name)
        if held is not None and held.number:
            self._engine.text_of(name, held.number, lambda text: self._soon(lambda: told(text)))

    def save(self, name: str, path: str) -> None:
        """Write what a probe holds to a file."""

        def told(count: int, error: str) -> None:
            words = (error, "error") if error else (f"{count} values of {name} saved to {path}", "info")
            self._soon(lambda: self.said.emit(*words))

        self._engine.save_probe(name, path, told)

    # -------------------------------------------------------------- the document
    def follow(self, change: Change) -> None:
        """Go along with renames; another flow has no probes yet."""
        if change.kind == "open" and not change.again:
            self._renames.forget()
            self.at = None
            self.clear()
        if change.kind in ("open", "save") or not self.rooms:
            return
        self._renames.take(change)
        there = self.there()
        now = {
            name if name in there else _name_now(name, self._renames, there): room for name, room in self.rooms.items()
        }
        if list(now) != list(self.rooms):
            self.rooms, self.held = now, {}
            self._tell()
        self.changed.emit()

    def there(self) -> set[str]:
        """Return the values of all ports of the functions that have probes, as the flow is now."""
        flow = self._document.flow
        functions = {name.partition(".")[0] for name in self.rooms} | self._renames.functions
        found: set[str] = set()
        for function in functions & flow.functions.keys():
            graph = picture(flow, self._catalog(), function)
            found |= {graph.value(n.id, port) for n in graph.nodes.values() for port in n.outputs if port.variable}
        return found


def _name_now(name: str, renames: Renames, there: set[str]) -> str:
    """Return the name of a value that is not there under it any more; as it is, where nothing tells another."""
    function, _, value = name.partition(".")
    now = renames.back((function, value), lambda place: ".".join(place) in there)
    return ".".join(now) if now is not None else name


def _known(held: Held | None) -> tuple[int, int]:
    """Return which value of a port is known, and how many had been taken then."""
    if held is None:
        return 0, -1
    return (held.kept.place.number if held.kept and held.kept.place else 0), held.taken


def _merged(before: Held | None, now: Held) -> Held:
    """Return what is known: of what did not move the answer has nothing."""
    if before is None or now.number == 0:
        return now
    kept, trend = now.kept or before.kept, now.trend
    if trend is None and now.taken == before.taken:
        trend = before.trend
    return replace(now, kept=kept, trend=trend)
