"""How long the nodes of a run took in all: from glances at how often each ran, and how long its last call took."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.engine.history.records import NodeRecord
from flodesk.engine.states import NodeState


class Times:
    """The nodes of one run.

    A running step counts no total, which would cost every call of every node. Each glance takes the calls since the
    one before to have lasted as long as the last: exact for a node that ran once, and close for one that ran often.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, tuple[str, int, float, float]] = {}
        self.errors: dict[str, str] = {}

    def look(self, states: Mapping[str, NodeState], *, over: bool = False) -> None:
        """Take the states as they are now; `over` says that the run has ended."""
        for node, now in states.items():
            _, count, total, _ = self._nodes.get(node, ("idle", 0, 0.0, 0.0))
            total += max(0, now.count - count) * now.seconds
            state: str = now.state
            if state in ("queued", "cached") or (over and state in ("running", "waiting")):
                state = "done" if now.count else "idle"  # what a run of the past has done
            self._nodes[node] = (state, max(count, now.count), total, now.seconds)

    def fail(self, node: str, message: str) -> None:
        """Note what a node raised."""
        if node:
            self.errors[node] = message

    def records(self) -> list[NodeRecord]:
        """Return what is known of each node."""
        known = [
            NodeRecord(node, "failed" if node in self.errors else state, count, total, last, self.errors.get(node, ""))
            for node, (state, count, total, last) in self._nodes.items()
        ]
        others = [NodeRecord(n, "failed", 0, 0.0, 0.0, e) for n, e in self.errors.items() if n not in self._nodes]
        return known + others
