"""What the checker finds: a problem, in words, at its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Kind = Literal[
    "syntax", "no-flow", "main", "duplicate", "shadow",
    "some-arms", "merge-open", "after-loop", "order", "circle", "unbound", "two-loops",
    "unknown-node", "unknown-output", "missing-package", "broken-pack", "producer-call",
    "open-input", "subflow", "keyword", "too-many", "twice", "literal", "range", "choice", "type",
    "queue", "not-yet", "view", "view-place", "line", "form", "header", "place", "unreached", "no-loop",
    "await",
    "detached",
    "template",
    "condition", "unread", "off",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What a problem is about, for who wants to mend it (`flodesk.flow.fixes`).

    Attributes
    ----------
    function, statement : str
        Where it is; the checker writes them down.
    port : str
        The input, parameter or keyword.
    name : str
        The name that is wrong: of a variable, a type, a package, a line of the header.
    meant : str
        The one that was probably meant.
    owner : str
        The statement that has to do with it: the switch whose arm gives no value.
    wire : tuple
        The two ends of a wire, as (node, port).
    entry : tuple of str
        The line of the header below ``[tool.flodesk]``, as the names that lead to it: ``panel``, ``flow``, ``gain``.
    """

    function: str = ""
    statement: str = ""
    port: str = ""
    name: str = ""
    meant: str = ""
    owner: str = ""
    wire: tuple[tuple[str, str], ...] = ()
    entry: tuple[str, ...] = ()


NOTHING = About()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a run would fail on (an error), or that is probably not meant (a warning).

    Attributes
    ----------
    message : str
        What is wrong, and where, in a sentence.
    hint : str
        What to do about it.
    node : str
        The box as ``function.id``; empty if it is none.
    line : int
        Line in the text that the writer gives; 0 if it has no place there.
    kind : str
        Which rule it breaks.
    about : About
        The same for a program.
    """

    severity: Severity
    message: str
    hint: str = ""
    node: str = ""
    line: int = 0
    kind: Kind = "syntax"
    about: About = NOTHING


def quoted(name: str) -> str:
    """Put a name into quotation marks, as all messages do."""
    return f"“{name}”"


def near(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that was probably meant by one that is not there, or an empty text."""
    known = {other.lower(): other for other in names}
    found = difflib.get_close_matches(name.lower(), known, 1, 0.7)
    return known[found[0]] if found else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return "Did you mean …?" for a name that is not there, or an empty text if none of `names` is like it."""
    meant = near(name, names)
    return f"Did you mean {quoted(meant)}?" if meant else ""
