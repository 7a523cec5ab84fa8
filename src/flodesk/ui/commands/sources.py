"""The commands for the source of a node."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

SOURCES: tuple[Command, ...] = (
    Command(
        "source.edit",
        "Edit source",
        "sources.edit",
        "Edit/Source",
        ("F12",),
        "sources.possible",
        icon="pencil",
        tip="Open the source of the selected node: to be edited; of a package's, to be read and copied into the flow",
    ),
    Command(
        "source.outside",
        "Open in my editor",
        "sources.open_outside",
        "Edit/Source",
        ("Shift+F12",),
        "sources.possible",
        tip="Open the file with the source of the selected node in your own editor, at its line",
    ),
    Command(
        "source.editor",
        "My editor…",
        "sources.choose_editor",
        "Edit/Source",
        tip="Set the command that opens a source in your own editor, such as code -g {file}:{line}",
    ),
)
