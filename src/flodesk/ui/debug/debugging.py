"""The verbs of steps and breakpoints, and what the window shows where a run is held."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from flodesk.engine.client import How, Look
from flodesk.engine.events import Paused
from flodesk.flow.catalog import Catalog
from flodesk.ui.canvases import Canvases
from flodesk.ui.debug.breakpoints import Breakpoints, wire_words
from flodesk.ui.debug.condition import ConditionDialog, bound_at, known_at
from flodesk.ui.debug.held_view import HeldView
from flodesk.ui.run import GLANCE, Run


class Debugging(QObject):
    """Steps the run, keeps the breakpoints, and shows where it is held.

    `said` gives a sentence for the status bar, `changed` tells that other commands are possible, `ahead_changed` which
    statements (``function.statement``) have given nothing yet in the turns that are held.
    """

    said = Signal(str)
    changed = Signal()
    ahead_changed = Signal(frozenset)
    _looked = Signal(str, str, object)

    def __init__(
        self, window: QWidget, run: Run, catalog: Callable[[], Catalog], canvases: Canvases, view: HeldView
    ) -> None:
        super().__init__(window)
        self._window = window
        self._run = run
        self._canvases = canvases
        self._view = view
        self.breakpoints = Breakpoints(run.document, catalog)
        self.breakpoints.setParent(self)
        self.breakpoints.changed.connect(self._tell)
        run.held.connect(self._show)
        run.changed.connect(self._phase)
        view.wanted.connect(self._ask)
        canvases.breakpoint_of = self.breakpoints.condition
        canvases.breakpoint_wanted.connect(self._wanted)
        self._looked.connect(self._show_look, Qt.ConnectionType.QueuedConnection)
        self._shown: Paused | None = None
        self._asked: dict[str, Paused] = {}
        """The places that are held, as they were when it was asked what has been given there."""
        self._ahead: dict[str, frozenset[str]] = {}
        """By function that is held: the statements that it, and the calls that it is in, have not reached again."""
        self._rest = QTimer(self, singleShot=True, interval=GLANCE)
        self._rest.timeout.connect(self._show_ahead)

    # -------------------------------------------------------------- what is possible
    @property
    def held(self) -> Paused | None:
        """Where the run is held; the newest place, if several functions are."""
        return self._run.paused

    @property
    def can_pause(self) -> bool:
        """Whether there is something to pause or to continue."""
        return self._run.phase == "running"

    @property
    def can_step(self) -> bool:
        """Whether a step leads somewhere: something is held, or a run can begin held."""
        return self._run.phase == "idle" or self.held is not None

    @property
    def can_step_out(self) -> bool:
        """Whether it is held in a subflow."""
        return self.held is not None and self.held.depth > 1

    # -------------------------------------------------------------- verbs
    def step_over(self) -> None:
        """Go on to the next node; a run that is not on begins held."""
        self._step("over")

    def step_into(self) -> None:
        """Go on to the next node, into subflows, too."""
        self._step("into")

    def step_out(self) -> None:
        """Go on to the next node after this subflow."""
        self._step("out")

    def step_iteration(self) -> None:
        """Run one turn of the loop."""
        self._step("iteration")

    def _step(self, how: How) -> None:
        if self._run.phase == "idle":
            self._run.start_held()
        elif self.held is not None:
            self._run.engine.step(how, self.held.function)

    def restart_engine(self) -> None:
        """Stop what runs and start the engine's process anew; the editor stays as it is."""
        self._run.restart_engine()
        self.said.emit("The engine starts anew")

    # -------------------------------------------------------------- breakpoints
    def toggle(self) -> None:
        """Set a breakpoint at the selected nodes and wires, or take it away."""
        keys = self._canvases.current.picking.places()
        if keys:
            self.breakpoints.toggle(keys)
        else:
            self.said.emit("Select a node or a wire first: a breakpoint holds the run there")

    def edit_condition(self) -> None:
        """Ask for the condition of the breakpoint at the selected node or wire."""
        keys = self._canvases.current.picking.places()
        if len(keys) == 1:
            self._wanted(keys[0], True)
        else:
            self.said.emit("Select one node or one wire: its breakpoint gets a condition")

    def _wanted(self, key: str, with_condition: bool) -> None:
        if not with_condition:
            self.breakpoints.toggle([key])
            return
        function, _, place = key.partition(".")
        flow, condition = self._run.document.flow, self.breakpoints.condition(key) or ""
        known, later = known_at(flow, function), bound_at(flow, function, place)
        dialog = ConditionDialog(self._window, place, condition, known, later)
        dialog.accepted.connect(lambda: self.breakpoints.put(key, dialog.text))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _tell(self) -> None:
        self._run.engine.set_breaks(self.breakpoints.for_engine())
        self.show_marks()
        self.changed.emit()

    # -------------------------------------------------------------- what is shown
    def show_marks(self) -> None:
        """Draw breakpoints and the held place on the canvases."""
        held = self.held
        self._canvases.marks.show_breakpoints(
            self.breakpoints.here(), (held.wire or held.node) if held is not None else ""
        )

    def _phase(self) -> None:
        if self._run.phase == "starting":
            self.breakpoints.settle()
            self._run.engine.set_breaks(self.breakpoints.for_engine())

    def _show(self) -> None:
        held = self.held
        self.show_marks()
        if held is None:
            self._view.hide()
        elif held != self._shown:
            self._view.show_place(where(held, self._canvases.calling.called), why(held, len(self._run.holds)))
            self._canvases.reveal(held.node)
            self._ask("")
        now = dict(self._run.holds)
        for function, place in now.items():  # several may be held at one time
            if place is not self._asked.get(function) and place is not held:
                self._run.engine.inspect(function, partial(self._answered, function, ""))
        self._shown, self._asked = held, now
        self._rest.start()  # between two steps nothing blinks
        self.changed.emit()

    def _show_ahead(self) -> None:
        self._ahead = {function: ahead for function, ahead in self._ahead.items() if function in self._run.holds}
        ahead: frozenset[str] = frozenset().union(*self._ahead.values())
        self._canvases.marks.show_ahead(ahead)
        self.ahead_changed.emit(ahead)

    def _ask(self, variable: str) -> None:
        if self.held is not None:
            function = self.held.function
            self._run.engine.inspect(function, partial(self._answered, function, variable), variable)

    def _answered(self, function: str, variable: str, look: Look) -> None:
        """Take an answer, on the engine's reader thread."""
        if isValid(self):
            self._looked.emit(function, variable, look)

    def _show_look(self, function: str, variable: str, look: Look) -> None:
        if variable:
            self._view.show_in_full(variable.partition(".")[2], look)
        elif not look.error and function in self._run.holds:
            if self.held is not None and self.held.function == function:
                self._view.show_values(look)
            self._ahead[function] = frozenset(f"{f.function}.{name}" for f in look.frames for name in f.ahead)
            self._show_ahead()


def where(held: Paused, called: Callable[[str], str]) -> str:
    """Say where a run is held, by the name that its card has on the canvas."""
    name = called(held.node)
    place = f"after {name}" if held.wire else f"before {name}"
    if held.depth > 1:
        place += f" in {held.node.partition('.')[0]}"
    return f"Held {place}"


def why(held: Paused, count: int) -> str:
    """Say why, and in which turn."""
    turn = f"Iteration {held.iteration} · " if held.iteration else ""
    more = f" · {count} functions are held" if count > 1 else ""
    wire = f" ({wire_words(held.wire)})" if held.wire else ""
    return f"{turn}{held.why}{wire}{more}"
