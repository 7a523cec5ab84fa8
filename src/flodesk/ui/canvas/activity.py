"""What moves on a canvas: values that pass on wires, and branches that were not taken. Nothing is animated here.

Looked at ten times a second while a run is on; a wire is painted anew only where its look changes: when values begin
to pass and when they have stopped. So a loop that turns fast has wires that are lit, one that turns slowly has wires
that light up once a turn, and a canvas on which nothing moves costs nothing.
"""

from __future__ import annotations

from collections import defaultdict

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.wire_item import WireItem

GLOW = 0.35
"""Seconds that a wire stays lit after a value has passed."""
CALM = 3.0
"""The same where motion is to be reduced: then only a loop that rests for longer goes dark."""


class Activity:
    """Follows the cards of a board and shows on its wires what that means.

    Attributes
    ----------
    shown : bool
        Whether wires light up at all; branches that were not taken are pale in any case.
    calm : bool
        Whether wires are to light up and go dark seldom.
    """

    def __init__(self, board: Board) -> None:
        self.shown = True
        self.calm = False
        self._board = board
        self._seen: dict[str, tuple[int, float]] = {}
        self._ran: dict[str, float] = {}
        self._decided: dict[str, tuple[int, float]] = {}
        self._idle_arms: dict[str, frozenset[str]] = {}
        self._arms: tuple[Graph, dict[str, list[NodeItem]]] | None = None
        """The cards in the arms of each switch, of the picture that they were found in."""
        self._rests: tuple[Graph, tuple[int, bool]] | None = None
        """What it has looked at when no run was on: there is nothing to be seen until that is something else."""
        self._drawn: tuple[Graph, frozenset[str], frozenset[str]] | None = None

    def look(self, now: float, on: bool) -> None:
        """Take the cards as they are; `now` in s, `on` says that a run is on."""
        graph, news = self._board.graph, (self._board.news, self.shown)
        if not on and self._rests is not None and self._rests[0] is graph and self._rests[1] == news:
            return
        self._rests = None if on else (graph, news)
        cards = self._board.cards
        for key, card in cards.items():
            told = card.live.count, card.live.seconds
            before = self._seen.get(key)
            if told != before:
                self._seen[key] = told
                if before is not None and told[0] and not card.live.ahead and card.live.state != "cached":
                    self._ran[key] = now
        self._decide()
        idle = frozenset[str]().union(*self._idle_arms.values())
        since = now - (CALM if self.calm else GLOW)
        passing = self.shown and on
        lit = frozenset(key for key, ran in self._ran.items() if ran > since) if passing else frozenset()
        if self._drawn is not None and self._drawn[0] is self._board.graph and self._drawn[1:] == (lit, idle):
            return
        self._drawn = self._board.graph, lit, idle
        for wire in self._board.wires.values():
            source, target = wire.wire.source[0], wire.wire.target[0]
            dim = source in idle or target in idle
            _show(wire, source in lit and not dim, dim)

    def forget(self) -> None:
        """Begin anew: another run."""
        for kept in (self._seen, self._ran, self._decided, self._idle_arms):
            kept.clear()
        self._seen = dict.fromkeys(self._board.cards, (0, 0.0))
        self._drawn = self._rests = None
        for wire in self._board.wires.values():
            _show(wire, False, False)

    def _decide(self) -> None:
        """Find the arms that were not taken when their switch ran last."""
        arms = self._cards_in_arms()
        for gone in self._idle_arms.keys() - arms.keys():
            del self._idle_arms[gone]
        for switch, members in arms.items():
            test = self._board.cards.get(switch)
            if test is None or test.live.state != "done":
                continue
            told = test.live.count, test.live.seconds
            if told == self._decided.get(switch):
                continue
            self._decided[switch] = told
            counts = {card.id: (card.live.count, card.live.seconds) for card in members}
            self._idle_arms[switch] = frozenset(
                key for key, found in counts.items() if self._decided.get(key, (0, 0.0)) == found
            )
            self._decided.update(counts)

    def _cards_in_arms(self) -> dict[str, list[NodeItem]]:
        graph = self._board.graph
        if self._arms is None or self._arms[0] is not graph:
            arms: dict[str, list[NodeItem]] = defaultdict(list)
            for card in self._board.cards.values():
                for switch, _ in card.node.arms[-1:]:
                    arms[switch].append(card)
            self._arms = graph, arms
        return self._arms[1]


def _show(wire: WireItem, lit: bool, dim: bool) -> None:
    if (lit, dim) != (wire.flowing, wire.dim):
        wire.flowing, wire.dim = lit, dim
        wire.update()
