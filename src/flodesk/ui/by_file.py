"""What is remembered of single flows on this computer, by their files, in the settings of who works with flodesk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from flodesk.ui.settings import settings

KEPT = 100
"""So many flows are remembered, those that were open last."""


def remembered(kind: str, path: Path | None) -> dict[str, Any]:
    """Return what is remembered of a flow under a key of the settings; nothing of a flow without a file."""
    found = _stored(kind).get(_name(path)) if path is not None else None
    return found if isinstance(found, dict) else {}


def remember(kind: str, path: Path | None, now: dict[str, Any]) -> None:
    """Remember this of a flow, instead of what was remembered."""
    if path is None:
        return
    stored = _stored(kind)
    stored.pop(_name(path), None)
    if now:
        stored[_name(path)] = now
    settings().setValue(kind, json.dumps(dict([*stored.items()][-KEPT:])))


def _name(path: Path) -> str:
    return os.path.realpath(path)


def _stored(kind: str) -> dict[str, Any]:
    try:
        found = json.loads(str(settings().value(kind, "{}")))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
