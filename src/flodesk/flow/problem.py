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
    "queue", "not-yet", "view", "header", "place", "unreached", "no-loop",
    "await",
    "detached",
    "template",
]  # fmt: skip


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
    """

    severity: Severity
    message: str
    hint: str = ""
    node: str = ""
    line: int = 0
    kind: Kind = "syntax"


def quoted(name: str) -> str:
    """Put a name into quotation marks, as all messages do."""
    return f"“{name}”"


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return "Did you mean …?" for a name that is not there, or an empty text if none of `names` is like it."""
    known = {other.lower(): other for other in names}
    found = difflib.get_close_matches(name.lower(), known, 1, 0.7)
    return f"Did you mean {quoted(known[found[0]])}?" if found else ""
