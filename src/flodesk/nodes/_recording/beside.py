"""The file beside a CSV file: what is known of it, as the W3C describes tables (CSV on the Web)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_DATATYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def usual_beside(path: Path) -> Path:
    """Return where whoever knows CSV on the Web looks for what is known of a CSV file."""
    return path.with_name(f"{path.name}-metadata.json")


def beside_of(path: Path) -> Path:
    """Return where a recorder's own description of a CSV file stands, or is written to.

    That is the usual place, unless somebody else's stands there, who alone may change it: then one of our own.
    """
    usual = usual_beside(path)
    return usual if _own(usual) or not usual.exists() else path.with_name(f"{path.name}-metadata.flodesk.json")


def kept_beside(path: Path) -> str:
    """Say in words that the usual place is somebody else's; empty if it is not."""
    usual, beside = usual_beside(path), beside_of(path)
    if usual == beside:
        return ""
    return f"{usual.name} is not a recorder's and is kept: what is known of {path.name} stands in {beside.name}"


def described(path: Path) -> dict[str, Any]:
    """Return what a recorder has written beside a CSV file; nothing where it has written nothing."""
    return _own(beside_of(path))


def noted(about: dict[str, Any]) -> dict[str, Any]:
    """Return what a recorder has noted in such a description; nothing where there is none.

    Of a file that was appended to, all runs together: it has an end if that of the last is there.
    """
    if not about:
        return {}
    notes = about["notes"]
    found = {name: value for name, value in notes[0].items() if name not in ("ended", "turns", "dropped", "size")}
    if "ended" in notes[-1]:
        found["ended"] = notes[-1]["ended"]
    for name in ("turns", "dropped"):
        counts = [note.get(name) for note in notes]
        if all(isinstance(count, int) for count in counts):  # one that was killed has counted nothing
            found[name] = sum(counts)
    return found


def _own(beside: Path) -> dict[str, Any]:
    """Return what stands in a file if a recorder has written it."""
    try:
        about = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    notes = about.get("notes") if isinstance(about, dict) else None
    ours = isinstance(notes, list) and notes and all(isinstance(note, dict) for note in notes) and "flodesk" in notes[0]
    return about if ours else {}


def columns_told(about: dict[str, Any], head: Sequence[str]) -> list[dict[str, Any]]:
    """Return what a description says of each column; nothing where it is not that of a file with this head."""
    schema = about.get("tableSchema")
    columns = schema.get("columns") if isinstance(schema, dict) else None
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        return []
    return columns if [column.get("titles") for column in columns] == list(head) else []


def datatype_of(value: object) -> str:
    """Return the datatype of a cell as CSV on the Web names it."""
    return _DATATYPES.get(type(value), "string")


def wider(datatype: str | None, value: object) -> str | None:
    """Return the datatype of a column that had one (None while it held nothing but gaps), and holds a value more.

    What is neither all numbers nor all truths is text: so is every cell as it stands in the file.
    """
    if value is None:
        return datatype
    new = datatype_of(value)
    if datatype in (None, new):
        return new
    return "number" if {datatype, new} == {"integer", "number"} else "string"
