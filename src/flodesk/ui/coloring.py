"""Colours Python, line by line, for every view that shows source."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from flodesk.ui.theme import current, theme

AT_ONCE = 300
"""Lines that are coloured in one go: a quotation mark may change the colour of all lines below."""
_TOKENS = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<long>[rbfuRBFU]{0,2}(?:'''|\"\"\"))"
    r"|(?P<string>[rbfuRBFU]{0,2}(?:'(?:[^'\\]|\\.)*'?|\"(?:[^\"\\]|\\.)*\"?))"
    r"|(?P<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?[jJ]?))"
    r"|(?P<decorator>^\s*@[\w.]+)"
    r"|(?P<word>\b[^\W\d]\w*)"
)
_NAMED = re.compile(r"\s*=(?!=)")
_SOFT = frozenset({"match", "case", "type"})
_WORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"self"}
_ENDS = {1: "'''", 2: '"""'}
"""What ends the string that a line begins in, by the state of the line before."""

ROLES = ("comment", "string", "number", "keyword", "builtin", "name", "decorator", "argument")


def color_of(role: str) -> str:
    """Return the colour of a kind of word in the theme in force."""
    now = theme()
    types = now.types
    return {
        "comment": now.muted,
        "string": types["text"],
        "number": types["number"],
        "keyword": types["image"],
        "builtin": types["list"],
        "name": now.text,
        "decorator": types["list"],
        "argument": now.muted,
    }[role]


def parts(line: str, state: int) -> tuple[list[tuple[int, int, str]], int]:
    """Return the coloured parts of a line as (start, end, role), and the state that it leaves for the next.

    Parameters
    ----------
    state : int
        0, or which kind of long string the line begins in.
    """
    found: list[tuple[int, int, str]] = []
    at = 0
    depth = 0
    before = ""
    while at < len(line) or state:
        if state:
            end = line.find(_ENDS[state], at)
            if end < 0:
                return [*found, (at, len(line), "string")], state
            found.append((at, end + 3, "string"))
            at, state = end + 3, 0
            continue
        match = _TOKENS.search(line, at)
        if match is None:
            break
        between = line[at : match.start()]
        depth += sum(between.count(c) for c in "([{") - sum(between.count(c) for c in ")]}")
        start, at = match.span()
        kind = match.lastgroup or ""
        if kind == "long":
            state = 1 if match[0].endswith("'") else 2
            end = line.find(_ENDS[state], at)
            if end < 0:
                return [*found, (start, len(line), "string")], state
            found.append((start, end + 3, "string"))
            at, state = end + 3, 0
        elif kind != "word":
            found.append((start, at, kind))
        elif role := _role(line, match, before, depth):
            found.append((start, at, role))
        before = match[0]
    return found, 0


def _role(line: str, match: re.Match[str], before: str, depth: int) -> str:
    word, start, end = match[0], match.start(), match.end()
    if word in _WORDS or (word in _SOFT and not line[:start].strip() and re.match(r"\s+[^\s=.,)\]]", line[end:])):
        return "keyword"
    if start and line[start - 1] == ".":
        return ""
    if before in ("def", "class"):
        return "name"
    if depth > 0 and _NAMED.match(line, end):
        return "argument"
    return "builtin" if word in _BUILTINS else ""


class Coloring(QSyntaxHighlighter):
    """Colours a document, a few hundred lines at a time: the rest follows as soon as nothing else is to be done."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.given: Sequence[Sequence[tuple[int, int, str]]] | None = None
        """The coloured parts of each line, where what is shown is no whole text."""
        self._left = AT_ONCE
        self._from = -1
        """The first line that is still to be coloured; -1 if none is."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._go_on)
        current.changed.connect(self._retint)
        self._dress()

    @property
    def busy(self) -> bool:
        """Whether lines are still to be coloured."""
        return self._from >= 0

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        number = self.currentBlock().blockNumber()
        if self._left <= 0:
            self._from = number if self._from < 0 else min(self._from, number)
            self._later.start()
            return  # with the state that it had: Qt goes no further
        self._left -= 1
        if not self._later.isActive():
            self._later.start()  # gives the next go its lines
        before = self.previousBlockState()
        if self.given is not None:
            found, state = list(self.given[number]) if number < len(self.given) else [], 0
        else:
            found, state = parts(text, before if before > 0 else 0)
        for start, end, role in found:
            self.setFormat(start, end - start, self._formats[role])
        self.setCurrentBlockState(state)

    def _go_on(self) -> None:
        self._left = AT_ONCE
        start, self._from = self._from, -1
        if start < 0:
            return
        block = self.document().findBlockByNumber(start)
        while block.isValid() and self._from < 0:
            self.rehighlightBlock(block)
            block = block.next()

    def _retint(self) -> None:
        self._dress()
        self.rehighlight()

    def _dress(self) -> None:
        for role in ROLES:
            style = QTextCharFormat()
            style.setForeground(QColor(color_of(role)))
            if role == "name":
                style.setFontWeight(QFont.Weight.DemiBold)
            self._formats[role] = style


def colored(text: str) -> Iterator[tuple[str, str]]:
    """Give each coloured part of a text with its role: what `Coloring` shows of it."""
    state = 0
    for line in text.split("\n"):
        found, state = parts(line, state)
        yield from ((line[start:end], role) for start, end, role in found)
