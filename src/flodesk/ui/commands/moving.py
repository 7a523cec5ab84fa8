"""The commands that lead from function to function."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

MOVING: tuple[Command, ...] = (
    Command(
        "view.into",
        "Into the subflow",
        "trail.enter_selected",
        "View/Functions",
        ("Alt+Down",),
        "trail.can_enter",
        tip="Open the function that the selected node calls; Enter and a double click do so, too",
    ),
    Command(
        "view.out",
        "Out of the subflow",
        "trail.leave",
        "View/Functions",
        ("Alt+Up",),
        "trail.can_leave",
        tip="Go back to the node that calls the function which is shown",
    ),
    Command(
        "view.next_function",
        "Next function",
        "tabs.next",
        "View/Functions",
        ("Ctrl+PgDown",),
        "tabs.possible",
        tip="Turn to the tab on the right; to the next page where the panel has the keyboard",
    ),
    Command(
        "view.previous_function",
        "Previous function",
        "tabs.previous",
        "View/Functions",
        ("Ctrl+PgUp",),
        "tabs.possible",
        tip="Turn to the tab on the left; to the page before where the panel has the keyboard",
    ),
)
