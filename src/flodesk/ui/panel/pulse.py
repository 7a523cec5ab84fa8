"""Buttons that spring back: the run is told of the press, the flow stays as it is, and the panel paints who is down.

When a press is over is the engine's to say: a latch holds until one call of its node has read it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from flodesk.engine.events import Released, RunFinished
from flodesk.ui.panel.setting import Setting
from flodesk.ui.soon import soon

SHORTEST = 120
"""Milliseconds that a latch is painted as down at least, so that who pressed it sees that."""
STAYING = 250
"""Milliseconds that a press holds in a flow without loops, which runs on with it and then without it."""


class Pulses(QObject):
    """Knows the latches that are down."""

    sent = Signal(str, str, str)
    """Node, parameter, text of the value: for `Engine.set_parameter`."""
    pressed = Signal(str, str)
    """Node, parameter: for `Engine.press`."""
    changed = Signal(str)
    """A node's button is painted as down now, or as up again."""
    ended = Signal(str, bool)
    """The run is over: what failed in it, empty if nothing did; and whether its process has gone with it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.down: set[str] = set()
        """The nodes whose buttons are held by the run."""
        self._fresh: set[str] = set()
        self._over: set[str] = set()

    def press(self, setting: Setting, pressed: bool) -> None:
        """Take a press or its end from a hand."""
        node = setting.node
        if not setting.latch:
            self.sent.emit(node, setting.parameter, str(pressed))
        elif pressed and node not in self.down:
            self.down.add(node)
            self._fresh.add(node)
            self._over.discard(node)
            self.changed.emit(node)
            soon(self, partial(self._age, node), SHORTEST)
            self.pressed.emit(node, setting.parameter)

    def take(self, event: Released) -> None:
        """Let a button come up: the run has read its press, or will not."""
        if event.stays:
            soon(self, partial(self._take_back, event), STAYING)
        else:
            self._up(event.node)

    def end(self, event: RunFinished) -> None:
        """At the end of a run nobody reads a press any more."""
        for node in list(self.down):
            self._up(node)
        self.ended.emit(event.message if event.reason == "failed" else "", event.reason in ("killed", "crashed"))

    def _take_back(self, event: Released) -> None:
        self.sent.emit(event.node, event.parameter, "False")
        self._up(event.node)

    def _age(self, node: str) -> None:
        self._fresh.discard(node)
        if node in self._over:
            self._up(node)

    def _up(self, node: str) -> None:
        if node in self._fresh:
            self._over.add(node)
        elif node in self.down:
            self.down.discard(node)
            self._over.discard(node)
            self.changed.emit(node)
