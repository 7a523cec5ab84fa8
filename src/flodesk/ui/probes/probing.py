"""Probes in the window: the dock, the marks on the canvases, and what becomes of a probe."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Port, picture
from flodesk.flow.wiring import Refused
from flodesk.ui.canvases import Canvases
from flodesk.ui.dock import Dock
from flodesk.ui.probes.desk import ProbeDesk
from flodesk.ui.probes.recording import recorder_for
from flodesk.ui.probes.view import ProbesView
from flodesk.ui.run import Run


class Probing(QObject):
    """Holds the desk, the view and the dock, and lets the canvases know.

    `said` gives a message with its level, `refused` a sentence for the status bar.
    """

    said = Signal(str, str)
    refused = Signal(str)

    def __init__(self, window: QWidget, run: Run, catalog: Callable[[], Catalog], canvases: Canvases) -> None:
        super().__init__(window)
        self._run = run
        self._catalog = catalog
        self._canvases = canvases
        self.desk = ProbeDesk(self, run.engine, run.document, catalog)
        self.view = ProbesView(self.desk)
        self.view.unit_of = self._unit_of
        self.dock = Dock("probes", "Probes", self.view, self.view.buttons())
        self.desk.changed.connect(lambda: canvases.marks.show_probes(self.desk.rooms))
        self.desk.said.connect(self.said)
        self.view.shown_wanted.connect(self._show)
        self.view.recorder_wanted.connect(self._record)
        canvases.probe_wanted.connect(self.toggle)
        run.finished.connect(self._ended)
        run.changed.connect(self._begun)

    def _ended(self, _: object) -> None:
        """Take the last values of a run."""
        if isValid(self.view):  # it may end after the window
            self.view.look()

    def _begun(self) -> None:
        """Show a new run live: of the one before nothing is held any more."""
        if self._run.phase == "starting" and self.desk.at is not None:
            self.desk.go_live()

    def toggle(self, names: list[str]) -> None:
        """Probe these ports, or no more; the first one opens the dock."""
        before = set(self.desk.rooms)
        self.desk.toggle(names)
        if set(self.desk.rooms) - before:
            self._open()

    def toggle_selected(self) -> None:
        """Probe what is selected on the canvas."""
        if not self._canvases.current.probes.toggle():
            self.refused.emit("Select a wire or a node first: a probe keeps the last values that run there")

    def toggle_dock(self) -> None:
        """Show or hide the dock."""
        if self.dock.isHidden():
            self._open()
        else:
            self.dock.hide()

    def _open(self) -> None:
        """Show the dock."""
        self.dock.come()

    @property
    def dock_open(self) -> bool:
        """Whether the dock is shown."""
        return not self.dock.isHidden()

    # -------------------------------------------------------------- ports
    def _port(self, name: str) -> tuple[str, Port] | None:
        """Return the node and the port that give a value."""
        function = name.partition(".")[0]
        flow = self._run.document.flow
        if function not in flow.functions:
            return None
        graph = picture(flow, self._catalog(), function)
        nodes = graph.nodes.values()
        return next(((n.id, port) for n in nodes for port in n.outputs if graph.value(n.id, port) == name), None)

    def _unit_of(self, name: str) -> str:
        found = self._port(name)
        return found[1].unit if found is not None else ""

    def _show(self, name: str) -> None:
        found = self._port(name)
        if found is not None:
            self._canvases.show_node(f"{name.partition('.')[0]}.{found[0]}")

    def _record(self, name: str) -> None:
        """Add a recorder that writes all that comes from now on."""
        found = self._port(name)
        function = name.partition(".")[0]
        if found is None:
            self.refused.emit(f"{name} is not in the flow any more")
            return
        if not self._canvases.tabs.open(function):
            return
        canvas, held = self._canvases.current, self.desk.held.get(name)
        seen = held.kept.insight.type if held is not None and held.kept is not None else ""
        try:
            added = recorder_for(canvas, *found, seen)
        except Refused as refused:
            self.refused.emit(str(refused))
            return
        canvas.select([added])
        self.said.emit(f"“{added}” records {name} to a file from the next turn on; which, is a field of it", "info")
