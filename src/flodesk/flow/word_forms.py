"""What the forms of an English word have in common, so that *fitting* and *fits* find what is called *fit*."""

from __future__ import annotations

from functools import cache

_VOWELS = frozenset("aeiouy")
_ENDINGS = ("ings", "ing", "ed", "s")
_NO_ENDINGS = ("ss", "eed")
_SHORTEST = 3


@cache
def stem(word: str) -> str:
    """Return what a word has in common with its other forms: ``fit`` for ``fitting``, ``averag`` for ``averages``.

    Only what stands behind a verb goes, so that no two words meet that mean different things: *filter* and *filtered*
    have one stem, *filtration* has its own.

    Parameters
    ----------
    word : str
        In small letters.
    """
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and not _VOWELS.isdisjoint(rest) and not word.endswith(_NO_ENDINGS):
            word = rest
            break
    if len(word) > _SHORTEST:
        word = word.removesuffix("e")
    if len(word) > _SHORTEST and word[-1] == word[-2]:
        word = word[:-1]
    return word
