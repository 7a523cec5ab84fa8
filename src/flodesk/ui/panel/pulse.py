"""Buttons that spring back: the run is told of the press and of its end, the flow stays as it is.

A latch holds until the program has read it once (LabVIEW's mechanical action): until its node ran after the press.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.engine.client import NodeState
from flodesk.ui.panel.setting import Setting

LONGEST = 2000
"""Milliseconds after which a latch that nobody reads springs back all the same."""
SHORTEST = 250
"""Milliseconds that a latch stays down at least, so that the press has reached the engine."""


@dataclass(slots=True)
class _Held:
    """A latch that is down, and how often its node had run when it was pressed."""

    parameter: str
    count: int
    ripe: bool = False


class Pulses(QObject):
    """Keeps the latches that are down."""

    sent = Signal(str, str, str)
    """Node, parameter, text of the value."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: dict[str, _Held] = {}
        self._states: Mapping[str, NodeState] = {}

    def press(self, setting: Setting, pressed: bool) -> None:
        """Take a press or its end from a hand."""
        node = setting.node
        if not pressed:
            if not setting.latch:
                self.sent.emit(node, setting.parameter, "False")
            return
        self.sent.emit(node, setting.parameter, "True")
        if setting.latch and node not in self._held:
            held = self._held[node] = _Held(setting.parameter, self._count(node))
            QTimer.singleShot(SHORTEST, self, lambda: self._ripen(held))
            QTimer.singleShot(LONGEST, self, lambda: self._spring_back(node, held))

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Let those spring back whose node has run since."""
        self._states = states
        for node, held in list(self._held.items()):
            if held.ripe and self._count(node) > held.count:
                self._spring_back(node, held)

    def _count(self, node: str) -> int:
        state = self._states.get(node)
        return state.count if state is not None else 0

    def _ripen(self, held: _Held) -> None:
        held.ripe = True

    def _spring_back(self, node: str, held: _Held) -> None:
        if self._held.get(node) is held:
            del self._held[node]
            self.sent.emit(node, held.parameter, "False")
