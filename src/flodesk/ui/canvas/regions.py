"""Which loops and arms lie around which cards, one in the other, and how far the ground of each reaches past a card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flodesk.flow.graph import Graph, Node

ARM_BAND, LOOP_BAND = 24.0, 44.0
"""Width of the ground along a wire."""
LABEL, SIDE, _BELOW, _STEP = 24.0, 14.0, 12.0, 8.0
"""Of an arm: above its cards, for its label, beside and below them; between two grounds of which one lies in the other.

The first and the third fit between two cards of a column."""
_LOOP = 22.0


class Region(NamedTuple):
    """A loop by its id, or an arm by that of its switch and its number there."""

    owner: str
    arm: int = -1

    @property
    def is_arm(self) -> bool:
        """Whether it is an arm of an `if`."""
        return self.arm >= 0


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a ground reaches past a card, in scene pixels."""

    side: float = 0.0
    above: float = 0.0
    below: float = 0.0


def depth(region: Region, graph: Graph) -> int:
    """Return how many loops and arms lie around one."""
    head = graph.nodes.get(region.owner)
    if head is None:
        return 0
    return len(head.loops) + len(head.arms) - (0 if region.is_arm else 1)


def around(node: Node, graph: Graph) -> tuple[Region, ...]:
    """Return the loops and arms that a node stands in, outermost first."""
    found = [*map(Region, node.loops), *(Region(switch, number) for switch, number in node.arms)]
    if node.loops and node.arms:
        found.sort(key=lambda region: depth(region, graph))
    return tuple(found)


def margins(chain: Iterable[Region]) -> dict[Region, Margin]:
    """Return how far each ground around a card reaches past it: what lies in another is to be seen within that.

    `chain` is as `around` gives it. Loops in loops keep one width, and have a line instead.
    """
    found: dict[Region, Margin] = {}
    inner, last = Margin(), None
    for region in reversed(tuple(chain)):
        step = _STEP if last is not None else 0.0
        if region.is_arm:
            side = inner.side + step if last else SIDE
            below = inner.below + step if last else _BELOW
            inner = Margin(side, inner.above + LABEL, below)
        else:
            step = step if last is not None and last.is_arm else 0.0
            inner = Margin(*(max(_LOOP, part + step) for part in (inner.side, inner.above, inner.below)))
        found[region] = inner
        last = region
    return found


def airs(graph: Graph) -> Mapping[str, tuple[float, float]]:
    """Return what some cards need above and below besides the room that is between any two cards of a column.

    One arm above another fits in that; an arm in an arm, or around a loop, needs more.
    """
    found: dict[str, tuple[float, float]] = {}
    for node in graph.nodes.values():
        if node.arms:
            reach = margins(around(node, graph))
            outermost = next(margin for region, margin in reversed(reach.items()) if region.is_arm)
            if outermost.above > LABEL:
                found[node.id] = outermost.above - LABEL, outermost.below - _BELOW
    return found
