"""Differences on a picture: what each card and wire of the new flow is marked with, and what of the old one is gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flodesk.flow.boxes import Graph, Node, Wire
from flodesk.flow.diff.comparing import Became, Comparison
from flodesk.flow.diff.difference import Difference
from flodesk.flow.diff.words import SIGNS, brief, sentence

End = tuple[str, str]
"""Card and port."""
_NUMBER = re.compile(r"(\w+)\[\d+\]")
_SILENT = frozenset({"text", "view", "import"})
"""What no card is marked with; the list tells it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a card of the new picture is marked with.

    Attributes
    ----------
    sign : str
        ``+`` added, ``~`` changed, ``»`` renamed, ``↔`` moved and nothing else.
    tags : tuple of str
        What changed in a few words each, old and new value.
    words : tuple of str
        The same in sentences.
    fields : frozenset of str
        The parameters that have another value.
    was : (x, y) or None
        Where it stood, if it was moved.
    """

    sign: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    was: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Ghost:
    """A card that is gone, as it was, and where it stood; None if its file gave it no place."""

    node: Node
    place: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class GoneWire:
    """A wire that is gone. Its ends are cards of the new picture, or ghosts."""

    wire: Wire
    source: End
    target: End
    source_gone: bool
    target_gone: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """The differences of one function, for its picture.

    Attributes
    ----------
    marks : by the id of the card in the new picture
    ghosts : by the id of the card in the old picture
    added : frozenset of (source, target)
        The ends of the wires that are new.
    gone : tuple of GoneWire
    now : by the id in the old picture
        What each card that is still there is called in the new one.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)
    ghosts: Mapping[str, Ghost] = field(default_factory=dict)
    added: frozenset[tuple[End, End]] = frozenset()
    gone: tuple[GoneWire, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict)


def overlay(
    comparison: Comparison,
    before: Graph | None,
    after: Graph,
    places: Mapping[str, tuple[float, float]],
) -> Overlay:
    """Lay the differences of a function over its picture.

    Parameters
    ----------
    before : Graph or None
        The picture of the function as it was; None if there was no such function.
    after : Graph
        Its picture now.
    places : mapping
        The places that the old file gives the cards.
    """
    if before is None:
        added = frozenset((wire.source, wire.target) for wire in after.wires)
        return Overlay({name: Mark("+") for name in after.nodes}, {}, added)
    if not comparison.differences:
        return Overlay()
    cards = _Cards(comparison.became.get(after.function, Became(before.function, {}, {})), before, after)
    marks = dict(_marks(comparison.differences, cards, after))
    ghosts = {
        name: Ghost(node, places.get(name))
        for name, node in before.nodes.items()
        if name not in cards.now and name not in ("def", "return")
    }
    added, gone = _wires(cards, before, after)
    return Overlay(marks, ghosts, added, gone, cards.now)


class _Cards:
    """Which card of the old picture is which of the new one."""

    def __init__(self, became: Became, before: Graph, after: Graph) -> None:
        self.became, self.before, self.after = became, before, after
        self.card_of = {s: node.id for node in after.nodes.values() for s in (*node.statements, node.id)}
        self.old_card_of = {s: node.id for node in before.nodes.values() for s in (*node.statements, node.id)}
        self.now: dict[str, str] = {}
        taken: set[str] = set()
        for node in before.nodes.values():
            found = next((name for name in self._candidates(node) if name not in taken), None)
            if found is not None:
                self.now[node.id] = found
                taken.add(found)
        self.new = {name for name in after.nodes if name not in taken}

    def _candidates(self, node: Node) -> Iterator[str]:
        """Give what a card may be now: where its statements are, or what its variable is called."""
        for statement in node.statements:
            now = self.became.ids.get(statement)
            if now is not None and now in self.card_of:
                yield self.card_of[now]
        for name in (self.became.names.get(node.id, node.id), node.id):
            if name in self.after.nodes and self.after.nodes[name].kind == node.kind and not self._moved_on(node, name):
                yield name

    def _moved_on(self, node: Node, name: str) -> bool:
        """Say whether that card is made of other statements; boxes of none are found by their names alone."""
        return (
            bool(node.statements) and bool(self.after.nodes[name].statements) and node.kind not in ("merge", "feedback")
        )

    def port(self, old: Node, new: Node, port: str, *, output: bool) -> str:
        """Return what a port of an old card is called on the new one: arms shift when one is added."""
        mine, its = (old.outputs, new.outputs) if output else (old.inputs, new.inputs)
        there = next((p for p in mine if p.name == port), None)
        if there is None or old.kind not in ("switch", "merge"):
            return port
        if old.kind == "switch":
            wanted = next((p for p in its if p.label == there.label), None)
        else:
            now = self.became.ids.get(there.statement, there.statement)
            wanted = next((p for p in its if p.statement == now and p.label == there.label), None)
        return wanted.name if wanted is not None else port


# ------------------------------------------------------------------ cards
def _marks(differences: tuple[Difference, ...], cards: _Cards, after: Graph) -> Iterator[tuple[str, Mark]]:
    told: dict[str, list[Difference]] = {}
    for difference in differences:
        name = _card(difference, cards)
        if name is not None and difference.kind not in _SILENT:
            told.setdefault(name, []).append(difference)
    for name in after.nodes:
        found = told.get(name, [])
        if name in cards.new:
            yield name, Mark("+", (), tuple(map(sentence, found)))
        elif found:
            signs = {SIGNS.get(difference.kind, "~") for difference in found}
            sign = "~" if signs & {"~", "+", "-"} else "»" if "»" in signs else "↔"
            tags = tuple(tag for difference in found if (tag := brief(difference)))
            fields = frozenset(d.part for d in found if d.kind == "parameter")
            moved = next((d for d in found if d.kind == "place" and d.old and d.new), None)
            yield name, Mark(sign, tags, tuple(map(sentence, found)), fields, _place(moved.old) if moved else None)


def _card(difference: Difference, cards: _Cards) -> str | None:
    """Return the card of the new picture that a difference is told at."""
    if difference.now is not None and difference.now.function == cards.after.function:
        if difference.kind == "signature":
            return None
        return cards.card_of.get(difference.now.id)
    if difference.now is None and difference.was is not None and difference.was.function == cards.before.function:
        old = cards.old_card_of.get(difference.was.id)
        return cards.now.get(old) if old is not None else None
    return None


def _place(text: str) -> tuple[float, float]:
    x, _, y = text.partition(", ")
    return float(x), float(y)


# ------------------------------------------------------------------ wires
def _wires(cards: _Cards, before: Graph, after: Graph) -> tuple[frozenset[tuple[End, End]], tuple[GoneWire, ...]]:
    """Compare wires as sets: one more into ``*values`` is one more, whatever numbers the others have then."""
    new: Counter[tuple[End, End]] = Counter()
    for wire in after.wires:
        new[wire.source, _grouped(wire.target)] += 1
    gone: list[GoneWire] = []
    for wire in before.wires:
        source, source_gone = _end(cards, wire.source, output=True)
        target, target_gone = _end(cards, wire.target, output=False)
        key = source, _grouped(target)
        if not source_gone and not target_gone and new[key]:
            new[key] -= 1
        else:
            gone.append(GoneWire(wire, source, target, source_gone, target_gone))
    added = set()
    for wire in reversed(after.wires):  # of several from one node into one row the last are the new ones
        key = wire.source, _grouped(wire.target)
        if new[key]:
            new[key] -= 1
            added.add((wire.source, wire.target))
    return frozenset(added), tuple(gone)


def _end(cards: _Cards, end: End, *, output: bool) -> tuple[End, bool]:
    now = cards.now.get(end[0])
    if now is None:
        return end, True
    return (now, cards.port(cards.before.nodes[end[0]], cards.after.nodes[now], end[1], output=output)), False


def _grouped(end: End) -> End:
    number = _NUMBER.fullmatch(end[1])
    return (end[0], number[1]) if number is not None and number[1] not in ("arm", "test") else end
