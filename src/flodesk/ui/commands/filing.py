"""The commands about files that are more than opening and saving."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

FILING: tuple[Command, ...] = (
    Command(
        "file.versions",
        "Versions",
        "versions.dock.toggle",
        "File",
        ("Ctrl+Alt+V",),
        checked="versions.dock.is_open",
        icon="history",
        tip="Show or hide the versions of this file: compare, go back, open a copy",
    ),
)
"""In the order in which they stand in the menu."""
