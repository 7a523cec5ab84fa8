"""The guide as it is read: parts, chapters, and the sections that a chapter is shown in.

A chapter is shown a section at a time: to lay out a whole one would hold the window for longer than a frame.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CONTENTS = "contents.toml"
START = "index.md"
LEFT_OUT = "For developers"
"""The part of the contents that stands on the site alone."""
_HEADING = re.compile(r"^(#{1,6}) (.+?)\s*$")
_LONG = 6000
"""Characters of a section from which on its own sections stand by themselves."""


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a chapter that is shown by itself.

    Attributes
    ----------
    page : str
        Path of the chapter's file from the folder of the guide.
    chapter : str
        Its title in the contents.
    title : str
        Heading of the section.
    level : int
        1 for the beginning of the chapter, 2 and 3 below.
    text : str
        Markdown, with its heading.
    anchors : tuple of str
        Those of all headings in it, its own first.
    """

    page: str
    chapter: str
    title: str
    level: int
    text: str
    anchors: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is called by: the page, and behind a # its heading if it is not the beginning."""
        return self.page if self.level == 1 else f"{self.page}#{self.anchors[0]}"


@dataclass(frozen=True, slots=True)
class Book:
    """The guide.

    Attributes
    ----------
    parts : mapping of title to mapping of chapter to page
        As `contents.toml` has them, in their order.
    sections : mapping of page to tuple of Section
        Of the pages that are there.
    """

    parts: Mapping[str, Mapping[str, str]]
    sections: Mapping[str, tuple[Section, ...]]

    def find(self, key: str) -> Section | None:
        """Return the section of a page or heading (``running.md``, ``running.md#queues``); None if there is none."""
        page, _, wanted = key.partition("#")
        own = self.sections.get(page, ())
        if not wanted:
            return own[0] if own else None
        return next((one for one in own if wanted in one.anchors), None)

    def beside(self, section: Section) -> tuple[Section | None, Section | None]:
        """Return the sections before and after one, on through the chapters."""
        every = [one for sections in self.sections.values() for one in sections]
        at = next(number for number, one in enumerate(every) if one is section)
        return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)


def contents(folder: Path) -> dict[str, dict[str, str]]:
    """Return the parts of the guide with their chapters, without what stands on the site alone.

    Raises
    ------
    OSError, ValueError
        The list cannot be read.
    """
    parts = tomllib.loads((folder / CONTENTS).read_text(encoding="utf-8"))
    return {title: dict(chapters) for title, chapters in parts.items() if title != LEFT_OUT}


def read_book(folder: Path) -> Book:
    """Read the whole guide. A page that is missing has no sections; what links to it says so.

    Raises
    ------
    OSError, ValueError
        The list of its pages cannot be read.
    """
    parts = contents(folder)
    found: dict[str, tuple[Section, ...]] = {}
    for chapters in parts.values():
        for chapter, page in chapters.items():
            try:
                text = (folder / page).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            found[page] = tuple(_sections(page, chapter, text))
    return Book(parts, found)


def anchor(heading: str) -> str:
    """Return the link to a heading, as web pages of repositories make it."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def plain(text: str) -> str:
    """Return Markdown without its marks, as it is searched and quoted."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^[|:\s-]+$|^```\w*$|^#+ ", "", text, flags=re.M)
    return " ".join(re.sub(r"[*`|]|\\(?=\W)", " ", text).split())


def _sections(page: str, chapter: str, text: str) -> Iterator[Section]:
    """Give the sections of a page; the headings of a long one begin sections of their own."""
    for piece in _pieces(text, 2):
        for small in _pieces(piece, 3) if len(piece) > _LONG else [piece]:
            if headings := _headings(small):
                (level, title), *_ = headings
                anchors = tuple(anchor(words) for _, words in headings)
                yield Section(page, chapter, title.replace("`", ""), level, small, anchors)


def _pieces(text: str, level: int) -> list[str]:
    """Return a text cut above each heading of a level."""
    pieces: list[list[str]] = [[]]
    for line, heading in _marked(text):
        if heading is not None and heading[0] == level:
            pieces.append([])
        pieces[-1].append(line)
    return ["\n".join(piece).strip("\n") for piece in pieces if any(map(str.strip, piece))]


def _headings(text: str) -> list[tuple[int, str]]:
    return [heading for _, heading in _marked(text) if heading is not None]


def _marked(text: str) -> Iterator[tuple[str, tuple[int, str] | None]]:
    """Give each line with the level and words of the heading that it is; lines of code are none."""
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        found = None if fenced else _HEADING.match(line)
        yield line, (len(found[1]), found[2]) if found else None


__all__ = ["CONTENTS", "LEFT_OUT", "START", "Book", "Section", "anchor", "contents", "plain", "read_book"]
