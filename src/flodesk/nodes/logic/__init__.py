"""Decisions and memory: choices, counters, latches, edges, state machines."""

from __future__ import annotations

from flodesk.nodes.logic.choices import choose, select, vote
from flodesk.nodes.logic.memory import Counter, Hold, Latch, Previous, StateMachine, Toggle
from flodesk.nodes.logic.watching import Changed, Debounce, Edge, EveryNth, FirstTurn

__all__ = [
    "Changed", "Counter", "Debounce", "Edge", "EveryNth", "FirstTurn", "Hold", "Latch", "Previous", "StateMachine",
    "Toggle", "choose", "select", "vote",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
