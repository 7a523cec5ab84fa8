"""Finds pages of the guide and node types by the words in them, with what stands around one of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flodesk.flow.spec import NodeSpec
from flodesk.ui.guide.book import Book, Section, plain
from flodesk.ui.guide.markup import NODE, SHELVES

_MOST = 40
"""Pages that are listed at most."""
_BEFORE, _ROOM = 30, 180
"""Characters that are quoted before the word, and in all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as it is searched: its title, what it belongs to, its words, and both in small letters."""

    key: str
    title: str
    where: str
    text: str
    low_title: str
    low: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, and what stands around one of the words in it."""

    key: str
    title: str
    where: str
    quote: str


def entries_of(book: Book) -> tuple[Entry, ...]:
    """Return all sections of the guide, ready to be searched."""
    pages = (sections for page, sections in book.sections.items() if page != SHELVES)  # node types have a search
    return tuple(_entry(section) for sections in pages for section in sections)


def found(entries: Iterable[Entry], nodes: Sequence[NodeSpec], words: str) -> list[Hit]:
    """Return the pages that have all of the words: those that are called so first, then node types, then the others.

    Parameters
    ----------
    nodes : sequence of NodeSpec
        What the search of the library finds, the best first.
    """
    asked = words.lower().split()
    if not asked:
        return []
    called: list[Hit] = []
    told: list[tuple[int, Hit]] = []
    for entry in entries:
        in_title = sum(word in entry.low_title for word in asked)
        if not all(word in entry.low_title or word in entry.low for word in asked):
            continue
        hit = Hit(entry.key, entry.title, entry.where, _quote(entry.text, entry.low, asked))
        if in_title == len(asked):
            called.append(hit)
        else:
            told.append((-sum(entry.low.count(word) for word in asked), hit))
    types = [Hit(NODE + spec.path, spec.title, "Node type", spec.summary) for spec in nodes]
    named = [hit for hit in types if all(word in hit.title.lower() for word in asked)]
    others = [hit for hit in types if hit not in named]
    told.sort(key=lambda pair: pair[0])
    return [*called, *named, *(hit for _, hit in told), *others][:_MOST]


def marks(text: str, words: str) -> list[tuple[int, int]]:
    """Return where the words stand in a text: beginning and length of each place."""
    parts = [re.escape(word) for word in words.lower().split()]
    return [(m.start(), m.end() - m.start()) for m in re.finditer("|".join(parts), text.lower())] if parts else []


def _entry(section: Section) -> Entry:
    text = plain(section.text.partition("\n")[2])
    where = section.chapter if section.title != section.chapter else ""
    return Entry(section.key, section.title, where, text, section.title.lower(), text.lower())


def _quote(text: str, low: str, asked: Sequence[str]) -> str:
    """Return what stands around the word of them that is the rarest in a text, cut between words."""
    there = [word for word in asked if word in low]
    start = max(0, low.find(min(there, key=low.count)) - _BEFORE) if there else 0
    if start:
        start = text.find(" ", start) + 1 or start
    end = text.rfind(" ", start, start + _ROOM) if len(text) > start + _ROOM else len(text)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


__all__ = ["Entry", "Hit", "entries_of", "found", "marks"]
