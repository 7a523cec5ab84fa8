"""What was typed as the source of nodes and is in no flow yet: it waits until it can be read, and is never lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from flodesk.flow import wiring
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Rename, RenameFunction, each_edit
from flodesk.flow.graph import Graph
from flodesk.ui.inspector.sheet import Sheet

Address = tuple[str, str]
"""Function and id of a node."""


class TypedSource(QObject):
    """Keeps such texts by their nodes; who comes back to one goes on with it.

    `changed` says that there is another node of which something was typed, or one less.

    Parameters
    ----------
    graph : callable
        Gives the picture of a function; one without nodes for a function that is not there.
    """

    changed = Signal()

    def __init__(self, document: Document, graph: Callable[[str], Graph]) -> None:
        super().__init__()
        self._document, self._graph = document, graph
        self._texts: dict[Address, str] = {}

    def go_on(self, sheet: Sheet) -> None:
        """Put what was typed for a node on its sheet, and keep from now on what is typed there."""
        if sheet.code is None:
            return
        address = sheet.function, sheet.node
        sheet.code.typed.connect(partial(self._keep, address))
        text = self._texts.get(address)
        if text is not None:
            sheet.code.go_on(text)

    def _keep(self, address: Address, text: str | None) -> None:
        there = address in self._texts
        if text is None:
            self._texts.pop(address, None)
        else:
            self._texts[address] = text
        if there == (text is None):
            self.changed.emit()

    def follow(self, change: Change) -> None:
        """Go along with new names; forget all when another file is open."""
        if change.kind == "open" and not change.again:
            self._texts.clear()
        elif self._texts and change.edit is not None:
            for edit in each_edit(change.edit):
                if isinstance(edit, Rename) and (edit.function, edit.old) in self._texts:
                    self._texts[edit.function, edit.new] = self._texts[edit.function, edit.old]
                elif isinstance(edit, RenameFunction):
                    own = {node: text for (function, node), text in self._texts.items() if function == edit.old}
                    self._texts |= {(edit.new, node): text for node, text in own.items()}  # undo finds the old ones

    def reason(self) -> str:
        """Say of which nodes there is such text; empty if of none."""
        names = [f"“{node}”" for (function, node), text in self._texts.items() if self._waits(function, node, text)]
        return f"The source of {' and '.join(names)} cannot be read as it was typed." if names else ""

    def _waits(self, function: str, node: str, text: str) -> bool:
        shown = self._graph(function).nodes.get(node)
        return shown is not None and wiring.source_of(self._document.flow, shown) != text


__all__ = ["TypedSource"]
