"""The commands of comparing flows."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

COMPARING: tuple[Command, ...] = (
    Command(
        "view.compare_saved",
        "Compare with the saved file",
        "comparing.with_saved",
        "View/Compare",
        when="comparing.has_file",
        icon="compare",
        tip="Show on the canvas what is different from the file as it was saved",
    ),
    Command(
        "view.compare_git",
        "Compare with git HEAD",
        "comparing.with_git",
        "View/Compare",
        when="comparing.in_a_file",
        tip="Show on the canvas what is different since the last commit",
    ),
    Command(
        "view.compare_file",
        "Compare with another file…",
        "comparing.with_file",
        "View/Compare",
        tip="Show on the canvas what is different from another flow",
    ),
    Command(
        "view.compare_next",
        "Next difference",
        "comparing.next",
        "View/Compare",
        ("F4",),
        "comparing.steps",
        tip="Go to the next difference",
    ),
    Command(
        "view.compare_previous",
        "Previous difference",
        "comparing.previous",
        "View/Compare",
        ("Shift+F4",),
        "comparing.steps",
        tip="Go to the difference before",
    ),
    Command(
        "view.compare_back",
        "Take this difference back",
        "comparing.take_back",
        "View/Compare",
        ("Ctrl+Alt+Z",),
        "comparing.at_one",
        tip="Make the difference that was gone to as it was before; undo brings it back",
    ),
    Command(
        "view.compare_stop",
        "Stop comparing",
        "comparing.stop",
        "View/Compare",
        when="comparing.on",
        tip="Take the marks of the differences away",
    ),
)
"""In the order in which they stand in the menu."""
