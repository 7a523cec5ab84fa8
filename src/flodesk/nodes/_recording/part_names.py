"""The names of the files of one recording: ``log.part001.csv``, ``log.part002.csv`` ..."""

from __future__ import annotations

import re
from pathlib import Path

_PART = ".part"
"""What stands before the number of a part: unlike ``name-2``, which is another recording."""


def numbered(stem: str, part: int) -> str:
    """Return the name of a part, without its ending."""
    return f"{stem}{_PART}{part:03}"


def part_of(path: Path) -> tuple[Path, int]:
    """Return the name of the whole recording, and which part of it a file is by its name; 0 if it is none."""
    stem, part, number = path.stem.rpartition(_PART)
    if not part or not re.fullmatch(r"[0-9]{3,}", number):
        return path, 0
    return path.with_name(stem + path.suffix), int(number)


def parts_of(whole: Path) -> dict[int, Path]:
    """Return the files that a recording of this name has left by their numbers, in order."""
    if not whole.parent.is_dir():
        return {}
    found = ((part_of(path), path) for path in whole.parent.iterdir())
    return dict(sorted((number, path) for (name, number), path in found if number and name == whole))
