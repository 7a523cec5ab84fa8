"""What the window remembers between two starts. ``FLODESK_SETTINGS`` names another file (tests, a second profile).

All else that flodesk keeps (unsaved changes, copies of the examples, the history) is in `engine.folders.data_folder`.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """Return the user's settings."""
    path = os.environ.get("FLODESK_SETTINGS")
    if path:
        return QSettings(path, QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "flodesk", "flodesk")


def text_list(value: object) -> list[str]:
    """Read a list of texts; an ini file gives a list of one back as a plain text."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
