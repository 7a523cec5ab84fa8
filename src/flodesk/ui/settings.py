"""What the window remembers between two starts: in a file, or its folder, that ``FLODESK_SETTINGS`` names, if it does.

All else that flodesk keeps (unsaved changes, copies of the examples, the history) is in `engine.folders.data_folder`.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """Return the user's settings."""
    path = os.environ.get("FLODESK_SETTINGS")
    if path:
        # of a folder Qt says nothing, and keeps nothing
        file = Path(path, "settings.ini") if Path(path).is_dir() else Path(path)
        return QSettings(str(file), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "flodesk", "flodesk")


def text_list(value: object) -> list[str]:
    """Read a list of texts; an ini file gives a list of one back as a plain text."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
