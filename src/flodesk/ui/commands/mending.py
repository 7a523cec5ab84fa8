"""The commands about problems: from one to the next, and what can be done."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

MENDING: tuple[Command, ...] = (
    Command(
        "run.next_problem",
        "Next problem",
        "mending.next",
        "Run",
        ("Alt+F8",),
        tip="Go to the next thing that the checker has found, on its canvas",
    ),
    Command(
        "run.previous_problem",
        "Previous problem",
        "mending.previous",
        "Run",
        ("Alt+Shift+F8",),
        tip="Go to the one before",
    ),
    Command(
        "run.fix",
        "Fix a problem…",
        "mending.open_menu",
        "Run",
        ("Alt+Return",),
        tip="List what can be done about the problems of the selected nodes",
    ),
)
