"""The commands that find something in the flow, or in the library."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

FINDING: tuple[Command, ...] = (
    Command(
        "edit.find",
        "Find in the flow…",
        "finding.open",
        "Edit",
        ("Ctrl+F",),
        icon="search",
        tip="Find names, types, values, comments, notes and code in all functions of the flow",
    ),
    Command("edit.find_next", "Find the next", "finding.next", "Edit", ("F3",), tip="Show what is found next"),
    Command(
        "edit.find_previous",
        "Find the one before",
        "finding.previous",
        "Edit",
        ("Shift+F3",),
        tip="Show what was found before",
    ),
    Command(
        "edit.find_type",
        "Search the library",
        "editing.search_library",
        "Edit",
        ("Ctrl+Alt+F",),
        tip="Put the cursor into the library's search field",
    ),
)
