"""Where the windows of single pages were, flow by flow, in the settings of who works with flodesk."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect

from flodesk.ui.by_file import remember, remembered

_KIND = "page_windows"


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where the window of a page is, or was: left, top, width and height in pixels without the frame."""

    at: tuple[int, int, int, int]
    shown: bool = True
    """Whether it comes back with its flow."""
    full: bool = False
    """Whether it filled the screen."""
    large: bool = False
    """Whether it was maximised, or will be again when it leaves the whole screen."""

    @property
    def box(self) -> QRect:
        """The place as Qt has it."""
        return QRect(*self.at)

    def closed(self) -> OwnPlace:
        """Return the place of a window that does not come back by itself."""
        return replace(self, shown=False)


def places_of(path: Path | None) -> dict[str, OwnPlace]:
    """Return the places of a flow's windows by page; none of a flow without a file."""
    places = {page: _read(line) for page, line in remembered(_KIND, path).items()}
    return {page: place for page, place in places.items() if place is not None}


def keep_places(path: Path | None, places: dict[str, OwnPlace]) -> None:
    """Remember the places of a flow's windows, instead of those that were remembered."""
    if places_of(path) != places:
        remember(_KIND, path, {page: asdict(place) for page, place in places.items()})


def _read(line: Any) -> OwnPlace | None:
    at = line.get("at") if isinstance(line, dict) else None
    if not isinstance(at, list) or len(at) != 4 or not all(type(number) is int for number in at):
        return None
    return OwnPlace(
        (at[0], at[1], at[2], at[3]), line.get("shown") is True, line.get("full") is True, line.get("large") is True
    )
