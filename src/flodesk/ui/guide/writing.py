"""A section of the guide as it is shown: its way, its text, what else its chapter has, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtGui import QImage

from flodesk.ui.guide.book import Book, Section
from flodesk.ui.guide.markup import PICTURE, html_of
from flodesk.ui.guide.pictures import measure_in, scaled


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is still to be read: its file, and its size in pixels."""

    path: Path
    size: tuple[int, int]

    def read(self, ratio: float) -> QImage:
        """Return it for a screen of `ratio` dots a pixel; a null one if it is none."""
        return scaled(self.path, self.size, ratio)


@dataclass(frozen=True, slots=True)
class Written:
    """Rich text, the heading within it that is to be seen first (empty for its beginning), and its pictures by name."""

    html: str
    heading: str
    pictures: Mapping[str, Picture]


def written(book: Book, section: Section, wanted: str, folder: Path, room: int, *, dark: bool) -> Written:
    """Return a section as rich text.

    Parameters
    ----------
    wanted : str
        The heading that was asked for.
    folder : Path
        That of the guide, with its pictures.
    room : int
        Width in pixels that pictures may have.
    dark : bool
        Whether pictures are to be those of the dark theme where there are both.
    """
    measure = measure_in(folder, room)
    sizes: dict[str, tuple[int, int]] = {}

    def noted(path: str) -> tuple[int, int] | None:
        size = measure(path)
        if size is not None:
            sizes[path] = size
        return size

    text = re.sub(r"^#+ ", "# ", section.text, count=1)
    html = "".join(
        (_way(book, section), html_of(text, section.page, noted, dark=dark), _more(book, section), _on(book, section))
    )
    heading = "" if wanted == section.anchors[0] else wanted
    return Written(html, heading, {PICTURE + path: Picture(folder / path, size) for path, size in sizes.items()})


def _way(book: Book, section: Section) -> str:
    if section.level == 1:
        return ""
    return f"<p class='way'>{_link(book.sections[section.page][0], section.chapter)}</p>"


def _more(book: Book, section: Section) -> str:
    """Return links to what else the chapter has, below its beginning."""
    if section.level > 1:
        return ""
    links = [_link(one, one.title) for one in book.sections[section.page] if one.level == 2]
    return f"<h3>In this chapter</h3><p>{' &nbsp;·&nbsp; '.join(links)}</p>" if links else ""


def _on(book: Book, section: Section) -> str:
    before, after = book.beside(section)
    left = f"← {_link(before, before.title)}" if before is not None else ""
    right = f"{_link(after, after.title)} →" if after is not None else ""
    return f"<p>&nbsp;</p><table width='100%'><tr><td>{left}</td><td align='right'>{right}</td></tr></table>"


def _link(section: Section, words: str) -> str:
    return f"<a href='{section.key}'>{escape(words)}</a>"


__all__ = ["Picture", "Written", "written"]
