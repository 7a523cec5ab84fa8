"""Print what the changelog says of a version: ``notes.py VERSION``. Without a section of its own it ends with 1."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(version: str, changelog: str) -> str:
    """Return the section of a version, without its heading; empty if there is none."""
    heads = list(re.finditer(r"^## \[?v?([^\s\]]+).*$", changelog, re.MULTILINE))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        if head[1] == version:
            return changelog[head.end() : after.start() if after else None].strip()
    return ""


if __name__ == "__main__":
    found = notes(sys.argv[1], CHANGELOG.read_text(encoding="utf-8"))
    if not found:
        sys.exit(f"{CHANGELOG.name} has no section for {sys.argv[1]}")
    print(found)
