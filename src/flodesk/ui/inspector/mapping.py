"""Over which input a node is mapped, and what an item does that fails: two drop-downs of the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from flodesk.flow.graph import Node
from flodesk.flow.place_rules import LOCAL
from flodesk.flow.wiring import may_map
from flodesk.ui.inspector.drop_down import DropDown

ONCE = "nothing"
PORTS = ", "
"""What stands between inputs in the value of a choice."""
MAP_TIP = (
    "Run the node once for each item of what comes to an input: it takes a list there, and gives a list. With two"
    " inputs it takes an item of each, side by side."
    " Calls that say they are pure run side by side."
)
IN_ORDER = "Its items run one after another"
PURE = "@flodesk.node(pure=True)"
FAIL_TIP = "What an item does that fails. Items that are left out are named in the log, and counted on the card."
FAILING = (("fail", "stop"), ("skip", "leave it out"), ("collect", "keep its error"))
_MEANINGS = {
    "": "It runs once, with what comes to its inputs",
    "fail": "The first item that fails ends the call; the error names it",
    "skip": "Items that fail are left out of the list, and named in the log",
    "collect": "Items that fail are left out of the results; what went wrong with each comes out beside, as errors",
}


def mappable(node: Node) -> list[str]:
    """Return the inputs that a node may be mapped over: its ports, wired or not, and what it is mapped over."""
    if not may_map(node):
        return []
    own = {field.statement for field in node.fields} if node.kind == "call" else {*node.statements} - {node.id}
    ports = {port.name for port in node.inputs} - {"object"}
    found = [f.name for f in node.fields if f.statement in own and (f.wired or f.each or f.name in ports)]
    return [name for name in found if name]


def over_words(ports: Sequence[str]) -> str:
    """Say some inputs: ``x``, ``x and y``, ``x, y and z``."""
    return " and ".join(part for part in (", ".join(ports[:-1]), *ports[-1:]) if part)


def choices_of(inputs: Sequence[str], now: Sequence[str], wired: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what a node may be mapped over, and its words.

    That is nothing, each input, and one more beside those of now; of a node that is not mapped two that are wired, and
    all these.
    """
    if now:
        more = [[name for name in inputs if name in now or name == other] for other in inputs]
    else:
        more = [*map(list, combinations(wired, 2)), list(wired)] if len(wired) > 1 else []
    found = [[], *([name] for name in inputs), *sorted(more, key=len)]
    return list({PORTS.join(ports): over_words(ports) or ONCE for ports in found}.items())


def order_words(node: Node, own: bool) -> str:
    """Say that the items of a mapped node run one after another, and why; empty where they may not.

    Parameters
    ----------
    own : bool
        Its function stands in the flow's own file: a decorator can be put above it.
    """
    if not node.mapped or node.spec is None or node.spec.says_pure:
        return ""
    if not node.spec.pure:
        return f"{IN_ORDER}: it is not pure."
    if node.place not in ("", LOCAL):
        return ""  # they go to all workers of that place; where they cannot, the log of the run says why
    more = f", by {PURE} above it" if own else ""
    return f"{IN_ORDER}: it does not say that it is pure{more}."


def order_label(parent: QWidget) -> QLabel:
    """Return room for these words, hidden until there are some."""
    label = QLabel(parent)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setToolTip(MAP_TIP)
    label.hide()
    return label


class Choice(DropDown):
    """Offers some values under their words; `chosen` gives the value that a hand has picked."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], now: str) -> None:
        super().__init__(name)
        for value, words in choices:
            self.addItem(words, value)
            self.setItemData(self.count() - 1, _MEANINGS.get(value, ""), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(max(0, self.findData(now)))
        self.setToolTip(_MEANINGS.get(now) or self.currentText())
        self._shown = now
        # once Qt has left the box: the page with it may go with what it does
        self.activated.connect(self._activated, Qt.ConnectionType.QueuedConnection)

    def _activated(self) -> None:
        if self.currentData() != self._shown:
            value = self.currentData()
            self.setCurrentIndex(max(0, self.findData(self._shown)))  # the flow says what is so
            self.chosen.emit(value)


__all__ = [
    "FAILING",
    "FAIL_TIP",
    "MAP_TIP",
    "ONCE",
    "PORTS",
    "Choice",
    "choices_of",
    "mappable",
    "order_label",
    "order_words",
    "over_words",
]
