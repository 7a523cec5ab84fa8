"""Nodes of packages that are still being read: their page comes once, with all that is known, and moves no more."""

from __future__ import annotations

from html import escape
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card_words import short_title
from flodesk.ui.inspector.flow_page import lay_out

PATIENCE = 15_000
"""Milliseconds after which the page is shown as far as it is known."""


class Reading(Protocol):
    """Who reads packages."""

    taken: SignalInstance
    """Something was read, or cannot be."""

    def awaits(self, path: str) -> bool:
        """Say whether what a dotted path names is still to be read."""


class Awaited(QObject):
    """Says of which nodes more will be known in a moment."""

    over = Signal()
    """What was waited for is there, or has taken too long."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._type = ""
        self._late: set[str] = set()
        """Types that have taken too long."""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._give_up)

    def follow(self, reading: Reading) -> None:
        """Ask this one from now on."""
        self._reading = reading
        reading.taken.connect(self._look)

    def awaits(self, node: Node) -> bool:
        """Say whether the page of a node is to wait."""
        unknown = node.spec is None and "." in node.type and node.type not in self._late
        if not unknown or self._reading is None or not self._reading.awaits(node.type):
            self._type = ""
            return False
        if self._type != node.type:
            self._type = node.type
            self._patience.start()
        return True

    def page(self, node: Node) -> QWidget:
        """Return what is shown meanwhile."""
        made = QWidget()
        lay_out(made, short_title(node), f"<p>{escape(node.type)}</p><p>Reading what it takes and gives …</p>")
        return made

    def _look(self) -> None:
        if self._type and self._reading is not None and not self._reading.awaits(self._type):
            self._type = ""
            self.over.emit()

    def _give_up(self) -> None:
        if self._type:
            self._late.add(self._type)
            self._type = ""
            self.over.emit()


__all__ = ["Awaited"]
