"""Which examples are shown: those of a field in which all words are found."""

from __future__ import annotations

from collections.abc import Sequence

from flodesk.ui.examples import Example


def found(every: Sequence[Example], words: str, tag: str = "") -> list[Example]:
    """Return the examples of a field (all for an empty one) that have each of the words somewhere, in their order."""
    asked = words.casefold().split()
    return [one for one in every if (not tag or tag in one.tags) and all(map(_text(one).__contains__, asked))]


def _text(one: Example) -> str:
    return " ".join((one.title, one.name, one.sentence, *one.tags, *one.needs)).casefold()


__all__ = ["found"]
