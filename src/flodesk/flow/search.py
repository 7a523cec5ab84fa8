"""Finds node types by what a hand types: words, their beginnings, letters left out, letters mixed up."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType, compatible

_WORD = re.compile(r"[^\W_]+")
_NAME, _TITLE, _TAG, _SHELF, _SUMMARY = 1.0, 0.95, 0.8, 0.5, 0.3
_ENOUGH = 0.2


@dataclass(frozen=True, slots=True)
class _Entry:
    """A node type with its words, lower case, each with the weight of where it stands."""

    spec: NodeSpec
    name: str
    title: str
    words: dict[str, float]
    takes: frozenset[PortType]
    gives: frozenset[PortType]


class Index:
    """The words of all node types, ready to be searched.

    Parameters
    ----------
    specs : iterable of NodeSpec
        In the order in which equally good ones are to be listed.
    """

    def __init__(self, specs: Iterable[NodeSpec]) -> None:
        self._entries = [_entry(spec) for spec in specs]
        self._where: dict[str, list[tuple[int, float]]] = {}
        self._begins: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            for word, weight in entry.words.items():
                self._where.setdefault(word, []).append((number, weight))
            self._begins.setdefault(entry.name[:1], []).append(number)
        self._vocabulary = sorted(self._where)

    def search(self, text: str, fits: PortType | None = None, feeds: PortType | None = None) -> list[NodeSpec]:
        """Return the node types that every typed word fits, the best first (see `Catalog.search`).

        What has the text in the middle of a word only (``if`` in *difference*) never comes before a title or a name
        that the text begins.
        """
        typed = [word.lower() for word in _WORD.findall(text)]
        phrase = "".join(typed)
        found = self._worths(typed, phrase) if phrase else dict.fromkeys(range(len(self._entries)), 0.0)
        ranked: list[tuple[float, int, NodeSpec]] = []
        begun: set[int] = set()
        for number, worth in found.items():
            entry = self._entries[number]
            if phrase and worth < _ENOUGH:
                continue
            quality = _fit(entry, fits, feeds) if fits is not None or feeds is not None else 1.0
            if quality > 0.0:
                # of two that are called so the function comes before the class: that has to be made first
                worth += 0.5 * (entry.name == phrase) + 0.2 * (entry.spec.name == phrase)
                ranked.append((-(worth + 0.5 * quality), number, entry.spec))
                if phrase and (entry.name.startswith(phrase) or entry.title.startswith(phrase)):
                    begun.add(number)
        last = max((value for value, number, _ in ranked if number in begun), default=None)

        def rank(one: tuple[float, int, NodeSpec]) -> tuple[float, bool, int]:
            value, number, _ = one
            if last is None or value > last or number in begun or _has_begin(self._entries[number], typed):
                return value, False, number
            return last, True, number

        ranked.sort(key=rank)
        return [spec for _, _, spec in ranked]

    def _worths(self, typed: list[str], phrase: str) -> dict[int, float]:
        """How well node types fit what was typed, by number; those that do not are left out."""
        bests: list[dict[int, float]] = []
        for word in typed:
            best: dict[int, float] = {}
            for known, score in self._scores(word).items():
                for number, weight in self._where[known]:
                    if weight * score > best.get(number, 0.0):
                        best[number] = weight * score
            bests.append(best)
        every = set(bests[0]).intersection(*bests[1:])
        found = {number: sum(best[number] for best in bests) / len(bests) for number in every}
        for number in self._begins.get(phrase[0], ()):
            worth = _letters(phrase, self._entries[number].name)
            if worth > found.get(number, 0.0):
                found[number] = worth
        return found

    def _scores(self, typed: str) -> dict[str, float]:
        """How well each word of the vocabulary fits a typed one; those that do not are left out."""
        scores: dict[str, float] = {}
        for word in self._vocabulary:
            if word == typed:
                scores[word] = 1.0
            elif word.startswith(typed):
                scores[word] = 0.9
            elif len(typed) > 1 and typed in word:
                scores[word] = 0.6
        if len(typed) > 2 and (not scores or max(scores.values()) < 0.9):
            # Only words of about that length that share most letters: `difflib` on all takes longer than a key press.
            letters = set(typed)
            near = [
                w
                for w in self._vocabulary
                if abs(len(w) - len(typed)) < 3 and len(letters & set(w)) * 3 >= len(letters) * 2
            ]
            for word in difflib.get_close_matches(typed, near, 12, 0.72):
                scores.setdefault(word, 0.7 * difflib.SequenceMatcher(None, typed, word).ratio())
        return scores


def _entry(spec: NodeSpec) -> _Entry:
    words: dict[str, float] = {}
    places = ((_NAME, spec.name), (_TITLE, spec.title), (_SHELF, spec.category), (_SUMMARY, spec.summary))
    for weight, text in (*places, *((_TAG, tag) for tag in spec.tags)):
        for word in _WORD.findall(text):
            words[word.lower()] = max(words.get(word.lower(), 0.0), weight)
    inputs = frozenset(p.type for p in spec.parameters if p.method != "__init__")
    name, title = spec.name.replace("_", "").lower(), "".join(_WORD.findall(spec.title)).lower()
    return _Entry(spec, name, title, words, inputs, frozenset(o.type for o in spec.outputs))


def _has_begin(entry: _Entry, typed: list[str]) -> bool:
    """Say whether each typed word begins a word of a node type."""
    return all(any(word.startswith(part) for word in entry.words) for part in typed)


def _fit(entry: _Entry, fits: PortType | None, feeds: PortType | None) -> float:
    """How well a node suits a wire: 1 the very type, less for one that goes in too, 0 not at all."""
    quality = 1.0
    if fits is not None and entry.spec.role == "control":
        quality = 0.1  # a hand sets it: a wire into it is possible, and hardly ever meant
    if fits is not None:
        quality = min(quality, max((_suits(fits, target) for target in entry.takes), default=0.0))
    if feeds is not None:
        quality = min(quality, max((_suits(source, feeds) for source in entry.gives), default=0.0))
        quality *= _begins(entry.spec)
    return quality


def _begins(spec: NodeSpec) -> float:
    """How likely a node is wanted to begin a wire: one that needs nothing first, one that only collects last."""
    if spec.role == "collector" or spec.shows:
        return 0.6
    reads = [p for p in spec.parameters if p.method != "__init__"]
    return 0.8 if any(p.required or p.passing == "many" for p in reads) else 1.0


def _suits(source: PortType, target: PortType) -> float:
    if source == target:
        return 1.0
    if not compatible(source, target):
        return 0.0
    return 0.4 if "any" in (source, target) else 0.7


def _letters(typed: str, name: str) -> float:
    """Worth of `typed` as letters of `name` in their order with some left out (``bttr`` for ``butterworth``)."""
    if len(typed) < 2 or typed[0] != name[:1]:
        return 0.0
    position = -1
    for letter in typed:
        position = name.find(letter, position + 1)
        if position < 0:
            return 0.0
    return 0.25 + 0.3 * len(typed) / len(name)
