"""Into subflows and out of them again: which way one came, also through the files beside a flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from flodesk.flow.beside import file_of, flow_beside
from flodesk.flow.callers import is_way, way_to
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import Node
from flodesk.flow.model import Address, Flow
from flodesk.ui.canvases import Canvases
from flodesk.ui.files import Files
from flodesk.ui.trail.crumbs import Crumbs

Way = tuple[tuple[str, str], ...]
"""Functions, each with the node of the one before that calls it."""


@dataclass(frozen=True, slots=True)
class Outer:
    """The flow that one came from into a file beside it: what it is called, the way in it, and how it is opened."""

    title: str
    way: Way
    node: str
    open: Callable[[], bool]


class Trail(QObject):
    """Keeps the way to the function that is shown.

    Signals
    -------
    plain : a node that was opened and is no subflow
    offered : a sentence, the title of a button, and what that does
    changed : one is somewhere else
    """

    plain = Signal(str)
    said = Signal(str)
    offered = Signal(str, str, object)
    changed = Signal()

    def __init__(self, parent: QObject, document: Document, canvases: Canvases, files: Files) -> None:
        super().__init__(parent)
        self._document = document
        self._canvases = canvases
        self._files = files
        self.way: Way = ()
        self._outer: list[Outer] = []
        self._crossing = False
        self.crumbs = Crumbs()
        self.crumbs.wanted.connect(self.go_to)
        canvases.show_above(self.crumbs)
        canvases.node_activated.connect(self.enter)
        canvases.tabs.turned.connect(self._follow)
        canvases.tabs.changed.connect(self._follow)
        document.listeners.append(self._changed)

    # -------------------------------------------------------------- verbs
    def enter(self, address: str) -> None:
        """Open the subflow that a node calls; of other nodes pass on that they were opened."""
        found = Address.parse(address)
        called = self._called(found)
        if called in self._document.flow.functions:
            begin = self.way if self.way and self.way[-1][0] == found.function else self._known(found.function)
            self._canvases.tabs.open(called)  # which follows by the shortest way
            if called not in [function for function, _ in begin]:
                self.way = (*begin, (called, found.id))
            self._show()
        elif (file := self._file(called)) is not None:
            self._offer(found, file, called.rpartition(".")[2])
        else:
            self.plain.emit(address)

    def enter_selected(self) -> None:
        """Open the subflow that the selected node calls."""
        chosen = self._canvases.current.selection()
        if len(chosen) == 1:
            self.enter(f"{self._canvases.function}.{chosen[0]}")

    @property
    def can_enter(self) -> bool:
        """Whether one node is selected, and calls a subflow."""
        chosen = self._canvases.current.selection()
        called = self._called(Address(self._canvases.function, chosen[0])) if len(chosen) == 1 else ""
        return called in self._document.flow.functions or self._file(called) is not None

    @property
    def can_leave(self) -> bool:
        """Whether there is something outside of what is shown."""
        return len(self.way) > 1 or bool(self._outer)

    def leave(self) -> None:
        """Go out to what calls the function that is shown, and select the node there."""
        if self.can_leave:
            self.go_to(len(self._all()) - 2)

    def go_to(self, number: int) -> None:
        """Go out to a step of the way; the node through which one came is selected there."""
        outside = sum(len(outer.way) for outer in self._outer)
        if number < outside:
            self._cross_back(number)
            return
        number -= outside
        function, inner = self.way[number][0], self.way[number + 1][1] if number + 1 < len(self.way) else ""
        self.way = self.way[: number + 1]
        self._arrive(function, inner)

    # -------------------------------------------------------------- other files
    def _offer(self, node: Address, file: Path, function: str) -> None:
        title, way = self._files.name, self.way
        example, path = self._files.example, self._document.path
        back = partial(self._files.open_example, example) if example else partial(self._files.open, path or "")
        outer = Outer(title, way, node.id, back)

        def go() -> None:
            if self._cross(partial(self._files.open, file)):
                self._outer.append(outer)
                self.way = ((function, ""),)
                self._arrive(function, "")

        words = f"“{node.id}” calls “{function}”, which stands in {file.name}. Alt+Up leads back."
        self.offered.emit(words, f"Open {file.name}", go)

    def _cross_back(self, number: int) -> None:
        place = 0
        while number >= len(self._outer[place].way):
            number -= len(self._outer[place].way)
            place += 1
        outer = self._outer[place]
        inner = outer.way[number + 1][1] if number + 1 < len(outer.way) else outer.node
        if self._cross(outer.open):
            del self._outer[place:]
            self.way = outer.way[: number + 1]
            self._arrive(outer.way[number][0], inner)

    def _cross(self, opens: Callable[[], bool]) -> bool:
        self._crossing = True
        try:
            return opens()
        finally:
            self._crossing = False

    def _file(self, called: str) -> Path | None:
        """Return the file beside the flow in which a called function has nodes, or None."""
        folder, (module, _, name) = self._document.folder, called.rpartition(".")
        if folder is None or not module:
            return None
        file, found = file_of(folder, module), flow_beside(folder, module)
        return file if isinstance(found, Flow) and name in found.functions else None

    # -------------------------------------------------------------- inside
    def _called(self, address: Address) -> str:
        board = self._canvases.current.board
        node: Node | None = board.graph.nodes.get(address.id) if board.graph.function == address.function else None
        return node.type if node is not None and node.kind in ("call", "producer") else ""

    def _arrive(self, function: str, node: str) -> None:
        if self._canvases.tabs.open(function):
            self._canvases.current.select([node] if node else [])
            self._canvases.current.setFocus()
        else:
            self.said.emit(f"There is no “{function}” here any more.")
        self._show()

    def _known(self, function: str) -> Way:
        return way_to(self._document.flow, function) if function in self._document.flow.functions else ()

    def _follow(self) -> None:
        """Keep the way in step with what is shown: part of it, or another one."""
        function = self._canvases.function
        functions = [name for name, _ in self.way]
        if function in functions and is_way(self._document.flow, self.way):
            if functions[-1] == function:
                return
            self.way = self.way[: functions.index(function) + 1]
        else:
            self.way = self._known(function)
        self._show()

    def _changed(self, change: Change) -> None:
        if change.kind == "open" and not change.again:
            self.way = ()
            if not self._crossing:
                self._outer.clear()
        if change.kind != "save":
            self._follow()
            self._show()

    def _all(self) -> list[tuple[str, str]]:
        """Return the steps from the outermost one in, as what stands there and its tooltip."""
        found: list[tuple[str, str]] = []
        for outer in self._outer:
            found += [_words(step, outer.title) for step in outer.way]
        through = self._outer[-1].node if self._outer else ""
        own = [(function, node or (through if number == 0 else "")) for number, (function, node) in enumerate(self.way)]
        return found + [_words(step, self._files.name if self._outer else "") for step in own]

    def _show(self) -> None:
        steps = self._all()
        if self.crumbs.text != " › ".join(title for title, _ in steps):
            self.crumbs.show_way(steps)
            self.changed.emit()


def _words(step: tuple[str, str], file: str) -> tuple[str, str]:
    """Return what stands for a step: the function, with the node that calls it; and where that is."""
    function, node = step
    title = function if node in ("", function) else f"{node} ({function})"
    within = f" in {file}" if file else ""
    return title, f"The function {function}{within}" + (f", called by the node {node}" if node else "")
