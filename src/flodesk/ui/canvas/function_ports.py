"""The ports of the function that a canvas shows: a wire let go over its ends makes one, a menu does the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError
from flodesk.flow.function_ends import INPUTS
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.naming import Naming
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.menus import Entry


class FunctionPorts:
    """Makes, names, moves and removes what a subflow takes and gives."""

    def __init__(
        self,
        document: Document,
        function: str,
        catalog: Callable[[], Catalog],
        board: Board,
        changes: Changes,
        naming: Naming,
    ) -> None:
        self._document = document
        self._function = function
        self._catalog = catalog
        self._board = board
        self._changes = changes
        self._naming = naming

    @property
    def possible(self) -> bool:
        """Whether the function is one that others call."""
        flow = self._document.flow
        return self._function in flow.functions and self._function not in flow.mains

    # -------------------------------------------------------------- gestures
    def dropped(self, start: PortItem, card: NodeItem) -> Callable[[], object] | None:
        """Return what a wire of a port does that is let go over the body of a card; None if it makes no new port."""
        if card.node.kind == "inputs" and not start.is_output:
            return partial(self.add_input, start)
        wired = [port for port in card.ports.values() if not port.is_output and port.connected_pipes]
        if card.node.kind == "return" and start.is_output and len(wired) == len(card.ports):
            return partial(self.add_output, start)
        return None

    def offered(self, port: PortItem) -> list[tuple[str, Callable[[], object]]]:
        """Return what the list of what takes a wire offers besides ports."""
        if not self.possible or port.node.node.kind in ("inputs", "return"):
            return []
        if port.is_output:
            return [(f"A new output of {self._function}", partial(self.add_output, port))]
        return [(f"A new input of {self._function}", partial(self.add_input, port))]

    def add_input(self, port: PortItem | None = None) -> bool:
        """Let the function take one more value, wired to an input of a node if one is given."""
        target = port.end if port is not None else None
        return self._do(lambda: wiring.add_input(self._document.flow, self._board.graph, self._catalog(), target)[0])

    def add_output(self, port: PortItem) -> bool:
        """Let the function return one more value."""
        return self._do(lambda: wiring.add_output(self._document.flow, self._board.graph, port.end))

    # -------------------------------------------------------------- the menu
    def entries(self, card: NodeItem) -> list[Entry]:
        """Return what the menu of the inputs, and that of the return, offers about their ports."""
        if card.node.kind == "inputs":
            ports = [port.name for port in card.node.outputs]
            return [("Add an input", "", self.add_input), *(self._of_input(card, name) for name in ports)]
        if card.node.kind == "return":
            names = wiring.output_names(self._document.flow, self._function)
            return [self._of_output(card, name, number) for number, name in enumerate(names)]
        return []

    def of_ground(self) -> list[Entry]:
        """Return what the menu of the ground offers: a function that takes nothing has no card for it."""
        takes = INPUTS in self._board.cards
        return [("Add an input", "", self.add_input)] if self.possible and not takes else []

    def _of_input(self, card: NodeItem, name: str) -> Entry:
        flow, function = self._document, self._function
        inner: list[Entry] = [
            ("Rename…", "", lambda: self._naming.ask(card, name, lambda new: self._renamed(name, new))),
            ("Move up", "", lambda: self._do(lambda: wiring.move_input(flow.flow, function, name, -1))),
            ("Move down", "", lambda: self._do(lambda: wiring.move_input(flow.flow, function, name, 1))),
            ("Remove", "", lambda: self._do(lambda: wiring.remove_input(flow.flow, function, name))),
        ]
        return (f"Input {name}", "", inner)

    def _of_output(self, card: NodeItem, name: str, number: int) -> Entry:
        flow, function = self._document, self._function
        inner: list[Entry] = [
            ("Rename…", "", lambda: self._naming.ask(card, name, lambda new: self._output_renamed(name, new))),
            ("Move up", "", lambda: self._do(lambda: wiring.move_output(flow.flow, function, name, -1))),
            ("Move down", "", lambda: self._do(lambda: wiring.move_output(flow.flow, function, name, 1))),
            ("Return it no more", "", lambda: self._remove_output(number)),
        ]
        return (f"Output {name}", "", inner)

    def _renamed(self, old: str, new: str) -> str:
        return self._try(lambda: wiring.rename_input(self._document.flow, self._function, old, new))

    def _output_renamed(self, old: str, new: str) -> str:
        return self._try(lambda: wiring.rename_output(self._document.flow, self._function, old, new))

    def _try(self, make: Callable[[], Edit]) -> str:
        """Do an edit; return why it cannot be, for the field that the name was typed in."""
        try:
            self._document.do(make())
        except (wiring.Refused, EditError) as problem:
            self._changes.refuse(str(problem))
            return str(problem)
        return ""

    def _remove_output(self, number: int) -> bool:
        return self._do(lambda: wiring.remove_output(self._document.flow, self._catalog(), self._function, number))

    def _do(self, make: Callable[[], Edit]) -> bool:
        def made() -> Edit:
            edit = wiring.without_lost_routes(self._document.flow, self._catalog(), make())
            return self._changes.keeping_places([edit], edit.title)

        return self._changes.do(made)
