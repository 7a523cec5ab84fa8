"""What is different between two versions, in words."""

from __future__ import annotations

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import compare
from flodesk.flow.diff.words import counts, told
from flodesk.flow.script import ScriptError, from_bytes

_MOST = 12
"""So many differences are written down; the texts have the rest."""


def words_between(before: bytes | None, after: bytes, catalog: Catalog) -> tuple[str, ...]:
    """Tell how two texts differ: first in numbers (``2 added, 1 changed``), then a line each, at most twelve.

    Empty where there is no text before, or where one of them is no flow.
    """
    if before is None:
        return ()
    try:
        old, new = from_bytes(before), from_bytes(after)
        differences = compare(old, new, catalog).differences
    except (ScriptError, RecursionError):
        return ()
    lines = [f"{line.sign} {line.text}" for group in told(differences) for line in group.lines]
    more = [f"… and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return (counts(differences), *lines[:_MOST], *more)
