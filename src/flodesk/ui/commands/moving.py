"""The commands that lead from function to function."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

MOVING: tuple[Command, ...] = (
    Command(
        "view.next_function",
        "Next function",
        "canvases.tabs.next",
        "View",
        ("Ctrl+PgDown",),
        "canvases.tabs.several",
        tip="Turn to the tab on the right",
        line_before=True,
    ),
    Command(
        "view.previous_function",
        "Previous function",
        "canvases.tabs.previous",
        "View",
        ("Ctrl+PgUp",),
        "canvases.tabs.several",
        tip="Turn to the tab on the left",
    ),
)
