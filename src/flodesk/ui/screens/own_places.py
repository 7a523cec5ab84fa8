"""Where the windows of single pages were, flow by flow, in the settings of who works with flodesk."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect

from flodesk.ui.settings import settings

KEPT = 100
"""So many flows are remembered, those that were open last."""
_KEY = "page_windows"


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where the window of a page is, or was: left, top, width and height in pixels without the frame."""

    at: tuple[int, int, int, int]
    shown: bool = True
    """Whether it comes back with its flow."""
    full: bool = False
    """Whether it filled the screen."""

    @property
    def box(self) -> QRect:
        """The place as Qt has it."""
        return QRect(*self.at)

    def closed(self) -> OwnPlace:
        """Return the place of a window that does not come back by itself."""
        return replace(self, shown=False)


def places_of(path: Path | None) -> dict[str, OwnPlace]:
    """Return the places of a flow's windows by page; none of a flow without a file."""
    found = _stored().get(_name(path)) if path is not None else None
    places = {page: _read(line) for page, line in found.items()} if isinstance(found, dict) else {}
    return {page: place for page, place in places.items() if place is not None}


def keep_places(path: Path | None, places: dict[str, OwnPlace]) -> None:
    """Remember the places of a flow's windows, instead of those that were remembered."""
    if path is None or places_of(path) == places:
        return
    stored = _stored()
    stored.pop(_name(path), None)
    if places:
        stored[_name(path)] = {page: asdict(place) for page, place in places.items()}
    settings().setValue(_KEY, json.dumps(dict([*stored.items()][-KEPT:])))


def _name(path: Path) -> str:
    return os.path.realpath(path)


def _stored() -> dict[str, Any]:
    try:
        found = json.loads(str(settings().value(_KEY, "{}")))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read(line: Any) -> OwnPlace | None:
    at = line.get("at") if isinstance(line, dict) else None
    if not isinstance(at, list) or len(at) != 4 or not all(type(number) is int for number in at):
        return None
    return OwnPlace((at[0], at[1], at[2], at[3]), line.get("shown") is True, line.get("full") is True)
