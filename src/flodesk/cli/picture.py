"""Pictures of indicators without a window: an exporter in a process of its own draws them, so Qt is not loaded here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from flodesk.engine.link import pack
from flodesk.engine.values import encode

FORMATS = (".png", ".svg")
SIZE = (960, 540)
"""Width and height in pixels; a PNG has twice as many."""
LONGEST = 60.0
"""Seconds that the exporter may take."""


class PictureError(RuntimeError):
    """The picture could not be written; the text says why."""


def draw(indicator: Any, file: Path, title: str = "", theme: str = "light") -> None:
    """Write a picture of an indicator.

    Parameters
    ----------
    indicator : Indicator
        What it shows; any other value is drawn as what suits its type.
    file : Path
        Ends in one of `FORMATS`.
    title : str
        Written above it if the indicator has no title of its own.
    theme : str
        ``"light"`` or ``"dark"``.

    Raises
    ------
    PictureError
        Qt is missing, or the file cannot be written.
    """
    value, buffers = encode(indicator)
    head = {"value": value, "file": str(file), "title": title, "width": SIZE[0], "height": SIZE[1], "theme": theme}
    # -P: a file beside a flow must not pass for a package that the exporter imports
    command = [sys.executable, "-P", "-m", "flodesk.ui.panel.export"]
    try:
        done = subprocess.run(command, input=pack(head, buffers), capture_output=True, timeout=LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PictureError(f"the picture {file} could not be drawn: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {done.returncode}"]
        if "No module named" in said[-1]:
            raise PictureError(f"the picture {file} could not be drawn: that needs PySide6-Essentials ({said[-1]})")
        raise PictureError(said[-1])
