"""What every window over a flow has behind it: the open document, its checker, its run, and what binds views to them.

The main window puts canvas and docks around a station, the operator's window the panel alone. A station outlives a
window that hands it on: the run that is on goes on.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from flodesk.engine.client import Engine, Sample
from flodesk.engine.environments.environment import Environment
from flodesk.engine.history.settings import History
from flodesk.engine.preview import Preview
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.ui.checking import Checking
from flodesk.ui.display import Canvas, Display
from flodesk.ui.environments.chosen import Chosen
from flodesk.ui.foreign_types import ForeignTypes
from flodesk.ui.looking_back import LookingBack
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.pulse import Pulses
from flodesk.ui.run import Run


class Station(QObject):
    """One open flow with the engine that runs it.

    It belongs to a window (`setParent`): what its parts are connected to goes with that, a circle that Python's
    collector does not see.
    """

    def __init__(self, engine: Engine, history: History | None = None, *, in_window: bool = False) -> None:
        super().__init__()
        self.document = Document()
        self.catalog = replace(Catalog.installed(), in_window=in_window)
        self.checking = Checking(self.document, self.catalog)
        self.run = Run(self.document, self.checking, engine, history)
        self.foreign = ForeignTypes(self.document, self.checking)
        self.chosen = Chosen(self.document, self._move_to)
        for part in (self.checking, self.run, self.foreign, self.chosen):
            part.setParent(self)
        self.looking_back = LookingBack(self, self.run)
        self._watched: dict[int, tuple[set[str], set[str], float]] = {}
        """What each display has on the screen."""
        # before all views, which ask for what is known of the new flow
        self.document.listeners.append(self._follow)

    def _follow(self, change: Change) -> None:
        self.chosen.follow(change)  # first: it says where packages are looked for
        self.checking.follow(change)
        self.run.follow(change)
        self.foreign.follow(change)

    def _move_to(self, environment: Environment) -> None:
        """Let all that runs, or reads, users' packages do so in an environment."""
        path = environment.path if environment.python else None
        self.run.python = environment.python
        self.run.engine.use(environment.python)
        self.checking.look_in(path)
        self.foreign.use(environment.python, path)

    # -------------------------------------------------------------- views
    def panel(
        self, page: str | None = None, pulses: Pulses | None = None, *, locked: bool = False, touch: bool = False
    ) -> ControlPanel:
        """Return a new control panel: what is turned on it goes to the run at once, and then into the flow.

        It shows one page, if one is named, and has the `pulses` of a panel that is there already. On one that is
        `locked` nothing but values can be changed; with `touch` it is for fingers. It has a bar of time: who lets it
        go takes it from `looking_back`.
        """
        panel, run = ControlPanel(self.document, self.catalog, page=page, pulses=pulses), self.run
        panel.hand.give = run.edits.give
        panel.asking.engine = lambda: run.engine
        panel.dropping.fitting.known = lambda name: _brief(run.engine.previews().get(name))
        if locked:
            panel.lock(touch=touch)
        elif page is None:
            self.document.at_home = panel.pages.at_home
        self.looking_back.add(panel)
        if pulses is not None:
            return panel
        panel.pulses.sent.connect(run.engine.set_parameter)
        panel.pulses.pressed.connect(run.engine.press)
        run.released.connect(panel.pulses.take)
        run.finished.connect(panel.pulses.end)
        return panel

    def display(self, window: QWidget, panel: ControlPanel, canvas: Canvas | None = None) -> Display:
        """Return what takes the newest values to the panel and the canvas of a window, as long as there is that."""
        display = Display(self.run.engine, window, panel, canvas)
        display.run_of, display.of_another = lambda: self.run.id, lambda: self.run.of_another
        display.tell = partial(self._watch, id(display))
        display.destroyed.connect(partial(_forget, self._watched, id(display)))
        panel.watched_changed.connect(display.watch)
        display.lookers.append(self.looking_back.look)
        return display

    def _watch(self, display: int, full: set[str], brief: set[str], rate: float) -> None:
        """Tell the engine what any window has on the screen, at the rate of the fastest."""
        self._watched[display] = full, brief, rate
        watched = self._watched.values()
        self.run.engine.watch(
            full=set[str]().union(*(values for values, _, _ in watched)),
            brief=set[str]().union(*(values for _, values, _ in watched)),
            rate=max(rate for _, _, rate in watched),
        )

    # -------------------------------------------------------------- the end
    def close(self) -> None:
        """Read and check nothing more, stop the run, and end the engine. Final."""
        self.chosen.close()
        self.foreign.close()
        self.checking.close()
        self.run.close()


def _brief(sample: Sample | None) -> Preview | None:
    """Return what a sample tells of a value in brief."""
    return sample.value if sample is not None and isinstance(sample.value, Preview) else None


def _forget(watched: dict[int, tuple[set[str], set[str], float]], display: int, _: QObject | None = None) -> None:
    """Watch nothing for a display that has gone."""
    watched.pop(display, None)


__all__ = ["Station"]
