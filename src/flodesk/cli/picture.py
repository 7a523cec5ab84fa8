"""Pictures of indicators without a window: an exporter in a process of its own draws them, so Qt is not loaded here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FORMATS = (".png", ".svg")


class PictureError(RuntimeError):
    """The picture could not be written; the text says why."""


def draw(indicator: Any, file: Path) -> None:
    """Write a picture of an indicator.

    Raises
    ------
    PictureError
        Qt is missing, or the file cannot be written.
    """
    raise PictureError("not yet")
