"""What nodes take, from the states that the screen reads anyway: time a call and in all, as a share; and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from flodesk.engine.client import NodeState
from flodesk.flow.graph import Graph, Node
from flodesk.ui.canvas.heat_paint import Heat
from flodesk.ui.canvas.hover_card import bytes_text
from flodesk.ui.canvas.tips import duration

Mode = Literal["", "time", "memory"]
_AROUND = ("producer", "switch", "jump", "inputs", "return")
"""Kinds whose time is that of others: a producer waits for its next value, a switch runs its arms."""


@dataclass(slots=True)
class _Tally:
    count: int = 0
    looks: int = 0
    seconds: float = 0.0

    @property
    def mean(self) -> float:
        """Seconds a call."""
        return self.seconds / self.looks if self.looks else 0.0


class Times:
    """Means over the looks: nothing is measured for it, so that it costs the run nothing.

    Of a node that ran once the time is exact; else it is the mean of the calls that were the newest at a look.
    """

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._tallies.clear()

    def take(self, states: Mapping[str, NodeState]) -> None:
        """Take in the newest states, by ``function.statement``."""
        for name, state in states.items():
            tally = self._tallies.get(name)
            if tally is None or state.count < tally.count:
                tally = self._tallies[name] = _Tally()  # a new run
            if state.count != tally.count and state.seconds > 0.0:
                tally.looks += 1
                tally.seconds += state.seconds
            tally.count = state.count

    def of_nodes(self, nodes: Iterable[Node]) -> dict[str, Heat]:
        """Return the heat of the nodes of a function, by id; those that have not run have none."""
        found: dict[str, tuple[float, float, int, int]] = {}
        for node in nodes:
            tallies = [
                self._tallies[name] for s in node.statements if (name := f"{node.function}.{s}") in self._tallies
            ]
            total = sum(tally.mean * tally.count for tally in tallies)
            count = max((tally.count for tally in tallies), default=0)
            looks = sum(tally.looks for tally in tallies)
            if count and looks and node.kind not in _AROUND:
                found[node.id] = total, total / count, count, looks
        whole = sum(total for total, _, _, _ in found.values()) or 1.0
        return {key: _time(total / whole, total, mean, n, looks) for key, (total, mean, n, looks) in found.items()}


def _time(share: float, total: float, mean: float, count: int, looks: int) -> Heat:
    brief = f"{duration(mean)} · {percent(share)}"
    if count == 1:
        return Heat(share, brief, f"took {duration(total)}, {percent(share)} of the time of this function's nodes")
    looked = f"mean of {looks} calls that were looked at" if looks < count else f"mean of {count} calls"
    words = f"{duration(mean)} a call ({looked}), about {duration(total)} in {count} calls, {percent(share)} of all"
    return Heat(share, brief, words)


def memory(sizes: Mapping[str, int], graph: Graph) -> dict[str, Heat]:
    """Return the heat of the nodes of a picture by what their newest outputs take in bytes, by their names."""
    found: dict[str, int] = {}
    for node in graph.nodes.values():
        names = {graph.value(node.id, port) for port in node.outputs if port.variable}
        known = [sizes[name] for name in names if sizes.get(name, -1) >= 0]
        if known:
            found[node.id] = sum(known)
    whole = sum(found.values()) or 1
    return {
        key: Heat(
            size / whole, bytes_text(size), f"its outputs take {bytes_text(size)}, {percent(size / whole)} of all"
        )
        for key, size in found.items()
    }


def percent(share: float) -> str:
    """Write a share."""
    return "< 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


__all__ = ["Heat", "Mode", "Times", "memory", "percent"]
