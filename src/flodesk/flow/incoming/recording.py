"""A recording that is dropped: a player, with a name for each of its columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence

from flodesk.flow.wiring.naming import identifier, unique

MOST = 12
"""Columns of which each gets a name; of more the player gives one value, a tuple of all."""


def columns_of_arrow(start: bytes) -> list[str]:
    """Return the columns that a recorder has noted in the head of an Arrow stream; none if it is none of ours."""
    at = start.find(b'{"')
    while at >= 0:
        try:
            found, _ = json.JSONDecoder().raw_decode(start[at:].decode("utf-8", "replace"))
        except ValueError:
            found = None
        columns = found.get("columns") if isinstance(found, dict) else None
        if isinstance(columns, list) and all(isinstance(name, str) for name in columns):
            return columns
        at = start.find(b'{"', at + 1)
    return []


def columns_of_csv(head: str) -> list[str]:
    """Return the columns that a recorder has written, from the first line of a CSV file; none if it is no recording."""
    first, *others = next(csv.reader([head]), [""])
    return others if first == "time" else []


def player(path: str, stem: str, columns: Sequence[str]) -> str:
    """Return the Python that plays a recording.

    Parameters
    ----------
    path : str
        The file, as Python text.
    stem : str
        The name of the file, for a value of which nobody knows a name.
    columns : sequence of str
        The columns that it plays.
    """
    taken: set[str] = set()
    names = [unique(identifier(column), taken) for column in columns] if len(columns) <= MOST else []
    targets = ", ".join(names) or identifier(stem)
    return f"from flodesk.nodes import record\n\nfor {targets} in record.play({path}):\n    pass\n"
