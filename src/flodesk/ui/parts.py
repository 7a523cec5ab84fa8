"""Running a part of the flow: the verbs for the node that is selected, and the question why it ran."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from flodesk.engine.part import Part, Which
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Address
from flodesk.ui.run import Run


class Parts(QObject):
    """What can be run of a flow besides all of it. `said` gives the line that says why a node ran."""

    said = Signal(str, str)
    _told = Signal(str)

    def __init__(self, parent: QObject, run: Run, catalog: Catalog) -> None:
        super().__init__(parent)
        self._run = run
        self._catalog = catalog
        self.selection: list[str] = []
        self.function = ""
        # the answer comes on the thread that reads from the engine
        self._told.connect(lambda text: self.said.emit(text, "info"), Qt.ConnectionType.QueuedConnection)

    def select(self, function: str, ids: list[str]) -> None:
        """Take note of what is selected."""
        self.function, self.selection = function, ids

    @property
    def one(self) -> bool:
        """Whether one node is selected, of a function that is run as a flow."""
        return len(self.selection) == 1 and self.function in self._run.document.flow.mains

    def node(self) -> None:
        """Run the selected node alone, on the values that there are."""
        self._start("node")

    def to_here(self) -> None:
        """Run the selected node and all that it needs."""
        self._start("to")

    def from_here(self) -> None:
        """Run the selected node and all that hangs on it."""
        self._start("from")

    def run_to(self, node: str) -> None:
        """Run to a node (``function.node``): what is offered where an input has no value."""
        self._run.start_part(Part("to", node))

    def why(self) -> None:
        """Say in a line why the selected node ran, or did not."""
        if self.one and (name := self._statement()):
            self._run.engine.why(name, self._told.emit)

    def _start(self, which: Which) -> None:
        if self.one and (name := self._statement()):
            self._run.start_part(Part(which, name))

    def _statement(self) -> str:
        """Return ``function.statement`` of the selected node: of an object its last call, of a merge its switch."""
        flow = self._run.document.flow
        known = self._catalog.with_flow(flow, self._run.document.folder)
        node = picture(flow, known, self.function).nodes.get(self.selection[0])
        if node is None or not node.statements:
            return ""
        statement = node.statements[-1]
        if node.kind == "merge":
            statement = flow.index[Address(self.function, statement)][1].owner
        return f"{self.function}.{statement}"
