"""Where the statements of a script stand: from the parser's lines and columns to places in the text and back."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from itertools import accumulate

from flodesk.flow.syntax import parse_tree

# The parser ends a line at each of these and at nothing else; str.splitlines would also split at form feeds.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_REST = re.compile(r"(?:[ \t\f;]|\\(?:\r\n|\r|\n))*(?:#[^\r\n]*)?")
_BREAK = re.compile(r"\r\n|\r|\n|\Z")
# Template strings are of Python 3.14.
_JOINED: tuple[type[ast.expr], ...] = (ast.JoinedStr, getattr(ast, "TemplateStr", ast.JoinedStr))
_COMMENT = re.compile(r"([ \t\f]*)(#)?")


class Opaque(Exception):  # noqa: N818 - no error: it says "keep this to the letter"
    """The text of a statement is laid out in a way that only a code node can keep."""


@dataclass(slots=True)
class Text:
    """A text, with the offset of each of its lines."""

    text: str
    lines: list[str] = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = _LINE.findall(self.text)
        self.starts = [0, *accumulate(map(len, self.lines))]

    def offset(self, line: int, column: int) -> int:
        """Turn a line (from 1) and a column in bytes of UTF-8, as the parser counts, into an offset."""
        if line > len(self.lines):
            return len(self.text)
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        return self.starts[line - 1] + column

    def start(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        """Offset of the first character of a node."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        """Offset behind the last character of a node."""
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def segment(self, node: ast.expr) -> str:
        """Text of an expression."""
        return self.text[self.start(node) : self.end(node)]

    def line_start(self, offset: int) -> int:
        """Offset at which the line of an offset starts."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def rest(self, offset: int) -> int:
        """Go over what may follow a statement on its line: semicolons, continued lines, a comment."""
        found = _REST.match(self.text, offset)
        return found.end() if found else offset

    def after_break(self, offset: int) -> int:
        """Step over the end of the line that stands at an offset.

        Raises
        ------
        Opaque
            Something else stands there.
        """
        found = _BREAK.match(self.text, offset)
        if not found:
            raise Opaque
        return found.end()

    def ending(self, end: int) -> str:
        """How the line that ends at an offset ends, where that is not with a plain line feed."""
        return self.text[end : self.after_break(end)].removesuffix("\n" if self.text[end : end + 1] == "\n" else "")

    def comments(self, offset: int, width: int) -> int:
        """Go over whole comment lines that are indented by at least `width` columns, and blank lines among them."""
        end = offset
        while offset < len(self.text):
            found = _COMMENT.match(self.text, offset)
            stop = _BREAK.search(self.text, offset)
            if not found or not stop:
                break
            if found[2]:
                if columns(found[1]) < width:
                    break
                end = stop.end()
            elif found.end() != stop.start():
                break
            offset = stop.end()
        return end


def columns(space: str) -> int:
    """Width of an indentation as the parser counts it: tabs go to the next multiple of eight, a form feed to zero."""
    return len(space.rpartition("\f")[2].expandtabs(8))


def continued_lines(tree: ast.AST) -> set[int]:
    """Lines (from 1) that begin inside a string: their white space is part of a value."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, _JOINED) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def dedent(raw: str, indent: str, inside: set[int]) -> str:
    """Take an indentation off every line after the first, but for blank ones and those that begin inside a string."""
    if not indent or "\n" not in raw:
        return raw
    first, *others = raw.split("\n")
    return "\n".join(
        [first, *(o if n in inside or not o.strip() else o.removeprefix(indent) for n, o in enumerate(others, 2))]
    )


def reindent(text: str, indent: str) -> str:
    """Put an indentation before every line after the first: the inverse of `dedent`."""
    if not indent or "\n" not in text:
        return text
    try:
        inside = continued_lines(parse_tree(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        inside = set()
    first, *others = text.split("\n")
    return "\n".join([first, *(o if n in inside or not o.strip() else indent + o for n, o in enumerate(others, 2))])
