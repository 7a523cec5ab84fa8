"""Finds node types by what a hand types: words, their beginnings, letters left out, letters mixed up, other names.

A worth is 1 for a word that is the node's name, less for its beginning, for a tag, for a word of its summary, and more
for all of its name. What is typed may be what another program calls it (`other_names`), in another form of its words
(`word_forms`). A node whose title is what was typed comes before all others, whatever is liked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flodesk.flow.other_names import COMMON, elsewhere, folded
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType, compatible
from flodesk.flow.word_forms import stem

_WORD = re.compile(r"[^\W_]+")
_CALL = re.compile(r"\s*([^\W\d][\w.]*)\(")
"""The beginning of a call that was typed or pasted: ``time.sleep(1)`` is looked for without what is in it."""
_PLAIN = re.compile(r"[^\W\d_][\w\s,'-]*")
"""Words, and no calculation or test that is being typed: of those not all have to fit."""
_NAME, _WHOLE_SHELF, _TITLE, _TAG, _ELSEWHERE, _SHELF, _SUMMARY = 1.0, 0.97, 0.95, 0.8, 0.75, 0.75, 0.3
_ENOUGH = 0.2
_BARE, _OTHER = 1.8, 1.45
"""Worth of a bare word of everybody's, above that of a node's own name, and of another program's name, below it."""
_RANK = 0.04
"""What each next node type of such a name is worth less."""
_LIKED, _OFTEN = 0.12, 0.03
_HARDLY = 0.1
"""How well a node suits a wire that it takes, though that is hardly ever meant."""
_FORM = 0.93
"""What a word counts of which another form was typed: less than the word itself, more than one that it begins."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A node type with its words, lower case, each with the weight of where it stands."""

    spec: NodeSpec
    name: str
    title: str
    words: dict[str, float]
    signs: tuple[str, ...]
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
        self._signs: dict[str, list[int]] = {}
        self._number: dict[str, int] = {}
        self._shelves: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            self._number[entry.spec.path] = number
            for word, weight in entry.words.items():
                self._where.setdefault(word, []).append((number, weight))
            for sign in entry.signs:
                self._signs.setdefault(sign, []).append(number)
            self._begins.setdefault(entry.name[:1], []).append(number)
            self._shelves.setdefault(folded(entry.spec.category), []).append(number)
        self._others: dict[str, dict[int, float]] = {}
        """What other names are worth, for each node type that they may mean."""
        self._phrases: dict[str, str] = {stem(shelf): shelf for shelf in self._shelves}
        """Other names, and shelves, by the stems of their words."""
        self._learn_others()
        self._vocabulary = sorted(self._where)
        self._forms: dict[str, list[str]] = {}
        for word in self._vocabulary:
            self._forms.setdefault(stem(word), []).append(word)

    def _learn_others(self) -> None:
        for other in elsewhere():
            known = [(rank, self._number[path]) for rank, path in enumerate(other.paths) if path in self._number]
            worths = self._others.setdefault(other.letters, {})
            self._phrases.setdefault(_stems(_WORD.findall(other.phrase.lower())), other.letters)
            for rank, number in known:
                worth = (_OTHER if other.system else _BARE) - _RANK * rank
                worths[number] = max(worth, worths.get(number, 0.0))
            for word in other.words:
                places = self._where.setdefault(word, [])
                if other.system:  # bare words are too many nodes' to be looked for one by one
                    places += [(number, _ELSEWHERE - _RANK * rank) for rank, number in known]

    def search(
        self, text: str, fits: PortType | None = None, feeds: PortType | None = None, liked: Sequence[str] = ()
    ) -> list[NodeSpec]:
        """Return the node types that every typed word fits, the best first (see `Catalog.search`).

        What has the text in the middle of a word only (``if`` in *difference*) never comes before a title or a name
        that the text begins, and a title that is the text comes before all others. If nothing fits every word, what
        fits the last part of a dotted name is returned, else what fits most of the words.
        """
        call = _CALL.match(text)
        asked = call[1] if call else text.strip()
        typed = [word.lower() for word in _WORD.findall(asked)]
        phrase = "".join(typed)
        if typed:
            found = self._worths(typed, phrase, dotted="." in asked, loosely=_PLAIN.fullmatch(asked) is not None)
        elif asked:
            found = dict.fromkeys(self._signs.get(asked, ()), _NAME)
        else:
            found = dict.fromkeys(range(len(self._entries)), 0.0)
        rank = {path: 1.0 - place / (len(liked) + 1) for place, path in enumerate(liked)}
        ranked: list[tuple[float, int, NodeSpec]] = []
        begun: set[int] = set()
        named: set[int] = set()
        for number, worth in found.items():
            entry = self._entries[number]
            if asked and worth < _ENOUGH:
                continue
            quality = _fit(entry, fits, feeds) if fits is not None or feeds is not None else 1.0
            if quality > 0.0:
                path = entry.spec.path
                extra = (_LIKED if asked else 1.0) * rank.get(path, 0.0) + (_OFTEN if typed and path in COMMON else 0.0)
                ranked.append((-(worth + extra + 0.5 * quality), number, entry.spec))
                if phrase and (worth > _NAME or entry.name.startswith(phrase) or entry.title.startswith(phrase)):
                    begun.add(number)
                if phrase and entry.title == phrase and quality > _HARDLY:
                    named.add(number)
        ranked = self._sorted(ranked, begun, typed)
        ranked.sort(key=lambda one: one[1] not in named)
        return [spec for _, _, spec in ranked]

    def _sorted(
        self, ranked: list[tuple[float, int, NodeSpec]], begun: set[int], typed: list[str]
    ) -> list[tuple[float, int, NodeSpec]]:
        last = max((value for value, number, _ in ranked if number in begun), default=None)

        def rank(one: tuple[float, int, NodeSpec]) -> tuple[float, bool, int]:
            value, number, _ = one
            if last is None or value > last or number in begun or _has_begin(self._entries[number], typed):
                return value, False, number
            return last, True, number

        return sorted(ranked, key=rank)

    def _worths(
        self, typed: list[str], phrase: str, *, dotted: bool = False, loosely: bool = False
    ) -> dict[int, float]:
        """How well node types fit what was typed, by number; those that do not are left out."""
        bests: list[dict[int, float]] = []
        meant: list[str] = []
        nearest: list[str] = []
        sure = 1.0
        for word in typed:
            best: dict[int, float] = {}
            scores = self._scores(word)
            for known, score in scores.items():
                for number, weight in self._where[known]:
                    if weight * score > best.get(number, 0.0):
                        best[number] = weight * score
            bests.append(best)
            likely = word if word in scores else max(scores, key=lambda w: scores[w], default=word)
            nearest.append(likely)
            meant.append(word if likely.startswith(word) else likely)
            sure = min(sure, 1.0 if meant[-1] == word else scores[likely])
        every = set(bests[0]).intersection(*bests[1:])
        found = {number: sum(best[number] for best in bests) / len(bests) for number in every}
        for number in self._begins.get(phrase[0], ()):
            worth = _letters(phrase, self._entries[number].name)
            if worth > found.get(number, 0.0):
                found[number] = worth
        for number, worth in found.items():
            found[number] = worth + self._whole(number, phrase)
        self._add_others(found, phrase, 1.0)
        if (corrected := "".join(meant)) != phrase:
            for number in found:
                found[number] += sure * self._whole(number, corrected)
            self._add_others(found, corrected, sure)
        form = self._phrases.get(_stems(meant)) or self._phrases.get(_stems(nearest) if len(typed) > 1 else "")
        if form and form != phrase and phrase not in self._others:
            self._add_others(found, form, sure * _FORM)
        if found or len(typed) == 1:
            return found
        if dotted:
            return self._worths(typed[-1:], typed[-1])
        return _most(bests) if loosely else {}

    def _whole(self, number: int, phrase: str) -> float:
        """Return what is added where all that was typed is a node type's name or title.

        Of two that are called so the function comes before the class: that has to be made first.
        """
        entry = self._entries[number]
        return 0.5 * (phrase in (entry.name, entry.title)) + 0.2 * (entry.spec.name == phrase)

    def _add_others(self, found: dict[int, float], phrase: str, sure: float) -> None:
        """Add what has another name of which the text is all, or the beginning; and all of a shelf of that name."""
        for number in self._shelves.get(phrase, ()):
            found[number] = max(found.get(number, 0.0), sure * _WHOLE_SHELF)
        exact = self._others.get(phrase)
        for number, worth in (exact or {}).items():
            found[number] = max(found.get(number, 0.0), sure * worth)
        if exact is not None or len(phrase) < 3:
            return
        for name, worths in self._others.items():
            if name.startswith(phrase):
                share = 0.65 * (0.6 + 0.4 * len(phrase) / len(name))
                for number, worth in worths.items():
                    found[number] = max(found.get(number, 0.0), sure * share * worth)

    def _scores(self, typed: str) -> dict[str, float]:
        """How well each word of the vocabulary fits a typed one; those that do not are left out."""
        scores: dict[str, float] = {}
        single = typed.removesuffix("s") if len(typed) > 3 else typed
        forms = self._forms.get(stem(typed), ())
        for word in self._vocabulary:
            if word == typed:
                scores[word] = 1.0
            elif word == single:
                scores[word] = 0.95
            elif word in forms:
                scores[word] = _FORM
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
            for word in difflib.get_close_matches(typed, near, 12, 0.7):
                scores.setdefault(word, 0.7 * difflib.SequenceMatcher(None, typed, word).ratio())
        return scores


def _stems(words: Iterable[str]) -> str:
    return "".join(map(stem, words))


def _most(bests: list[dict[int, float]]) -> dict[int, float]:
    """How well node types fit the most of some words that any fits, at least half of them."""
    counts: dict[int, int] = {}
    for best in bests:
        for number in best:
            counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    if most * 2 < len(bests):
        return {}
    worths = ((number, sum(best.get(number, 0.0) for best in bests)) for number, n in counts.items() if n == most)
    return {number: worth / len(bests) for number, worth in worths}


_made: dict[int, _Entry] = {}
"""Entries by the identity of their node type, which they hold: all but a few are those of the index before."""
_AT_MOST = 20_000


def _entry(spec: NodeSpec) -> _Entry:
    known = _made.get(id(spec))
    if known is not None:
        return known
    words: dict[str, float] = {}
    places = ((_NAME, spec.name), (_TITLE, spec.title), (_SHELF, spec.category), (_SUMMARY, spec.summary))
    for weight, text in (*places, *((_TAG, tag) for tag in spec.tags)):
        for word in _WORD.findall(text.lower()):
            words[word] = max(words.get(word, 0.0), weight)
    inputs = frozenset(p.type for p in spec.parameters if p.method != "__init__")
    name, title = folded(spec.name), folded(spec.title)
    signs = tuple(tag for tag in spec.tags if not folded(tag))
    if len(_made) >= _AT_MOST:
        _made.clear()
    made = _Entry(spec, name, title, words, signs, inputs, frozenset(o.type for o in spec.outputs))
    return _made.setdefault(id(spec), made)


def _has_begin(entry: _Entry, typed: list[str]) -> bool:
    """Say whether each typed word begins a word of a node type."""
    return all(any(word.startswith(part) for word in entry.words) for part in typed)


def _fit(entry: _Entry, fits: PortType | None, feeds: PortType | None) -> float:
    """How well a node suits a wire: 1 the very type, less for one that goes in too, 0 not at all."""
    quality = 1.0
    if fits is not None and entry.spec.role == "control":
        quality = _HARDLY  # a hand sets it: a wire into it is possible, and hardly ever meant
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
