"""Markdown of the guide as the rich text of Qt: links by their keys, pictures of the theme in force and of a width."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from flodesk.ui.guide.book import anchor

EXAMPLE, NODE, SHELF, SHELVES, PICTURE = "example:", "node:", "shelf:", "nodes.md", "picture:"
"""What a link of the guide may begin with besides a page: what is shown, or done, is no page of the book."""
_EXAMPLES = re.compile(r"(?:\.\./)*resources/examples/(\w+)\.py")
_OF_SHELF = re.compile(r"nodes/(\w+)\.md")
_CODE = re.compile(r"<pre><code(?: [^>]*)?>(.*?)\n?</code></pre>", re.S)
_CODE_BOX = r"<table class='code' width='100%' cellspacing='0' cellpadding='10'><tr><td><pre>\1</pre></td></tr></table>"
"""Qt gives a paragraph a ground, but no room within it; a table has both."""
_OF_THEME = re.compile(r"-(?:dark|light)(\.\w+)$")

_NARROWEST, _WIDEST = 3.0, 40.0
"""Shares of the width of a table that a column has at least and at most."""

Measure = Callable[[str], tuple[int, int] | None]
"""Width and height in pixels that the picture of a path from the guide's folder is shown in; None if there is none."""


def html_of(text: str, page: str, measure: Measure, *, dark: bool) -> str:
    """Return the Markdown of a page as rich text.

    Parameters
    ----------
    text : str
        Markdown: paragraphs, lists, tables, code, pictures and links. HTML in it is shown as it is written.
    page : str
        Path of the page, from which its links count.
    dark : bool
        Whether pictures that are there for both themes are to be those of the dark one.
    """
    tokens = _reader().parse(text)
    seen: set[str] = set()
    for number, token in enumerate(tokens):
        inner = token.children or []
        if number and tokens[number - 1].type == "heading_open":
            inner.insert(0, Token("html_inline", "", 0, content=f'<a name="{anchor(token.content)}"></a>'))
        for one in inner:
            if one.type == "link_open":
                one.attrs["href"] = link(str(one.attrs["href"]), page)
            elif one.type == "image":
                _show_picture(one, page, measure, seen, dark=dark)
        if token.type == "inline" and inner and all(one.type in ("image", "softbreak") for one in inner):
            tokens[number - 1].attrs["class"] = "picture"
        if token.type == "table_open":
            _share_width(tokens, number)
            token.attrs = {"class": "grid", "border": "1", "cellspacing": "0", "cellpadding": "6", "width": "100%"}
    html = _reader().renderer.render([*_without_empty_heads(tokens)], _reader().options, {})
    return _CODE.sub(_CODE_BOX, str(html))


def link(target: str, page: str) -> str:
    """Return what a link of a page leads to, by its key: a page with its heading, a shelf, an example, an address."""
    if re.match(r"\w+:", target):
        return target
    path, _, heading = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    behind = f"#{unquote(heading)}" if heading else ""
    if found := _EXAMPLES.fullmatch(whole):
        return f"{EXAMPLE}{found[1]}"
    if found := _OF_SHELF.fullmatch(whole):
        return f"{SHELF}{found[1]}{behind}"
    return whole + behind


def of_theme(path: str, *, dark: bool) -> str:
    """Return the path of a picture as it is called in a theme, if its name ends with one."""
    return _OF_THEME.sub(rf"-{'dark' if dark else 'light'}\1", path)


def _show_picture(image: Token, page: str, measure: Measure, seen: set[str], *, dark: bool) -> None:
    """Let a picture of Markdown be one of a theme and of a size; the same one of the other theme is left out."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), str(image.attrs["src"])))
    wanted = of_theme(path, dark=dark)
    size = measure(wanted) or measure(wanted := path)
    if wanted in seen or size is None:
        image.type, image.content = "text", "" if wanted in seen else f"[{image.content}]"
        return
    seen.add(wanted)
    image.attrs = {"src": f"{PICTURE}{wanted}", "alt": "", "width": str(size[0]), "height": str(size[1])}


def _share_width(tokens: list[Token], start: int) -> None:
    """Give the columns of a table widths as their cells have words: Qt would make them alike."""
    end = next(n for n in range(start, len(tokens)) if tokens[n].type == "table_close")
    cells = [n for n in range(start, end) if tokens[n].type in ("th_open", "td_open")]
    columns = sum(tokens[n].type == "th_open" for n in cells)
    told = [[len(tokens[n + 1].content) for n in cells[at::columns]] for at in range(columns)]
    weights = [
        min(_WIDEST, max(_NARROWEST, 1.6 * max(lengths) ** 0.5 + sum(lengths) / len(lengths) / 4)) for lengths in told
    ]
    for number, cell in enumerate(cells):
        tokens[cell].attrs["width"] = f"{round(100 * weights[number % columns] / sum(weights))}%"


def _without_empty_heads(tokens: list[Token]) -> Iterator[Token]:
    """Give the tokens without heads of tables in which nothing is written."""
    ends = {n: _end(tokens, n) for n, token in enumerate(tokens) if token.type == "thead_open"}
    empty = {
        n for start, end in ends.items() if not any(t.content for t in tokens[start:end]) for n in range(start, end + 1)
    }
    yield from (token for number, token in enumerate(tokens) if number not in empty)


def _end(tokens: list[Token], start: int) -> int:
    return next(n for n in range(start, len(tokens)) if tokens[n].type == "thead_close")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


__all__ = ["EXAMPLE", "NODE", "PICTURE", "SHELF", "SHELVES", "html_of", "link", "of_theme"]
