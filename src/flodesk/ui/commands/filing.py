"""The commands about files that are more than opening and saving."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

WINDOWS: tuple[Command, ...] = (
    Command(
        "file.new_window",
        "New window",
        "company.new_window",
        "File",
        ("Ctrl+Alt+N",),
        "company.can_open",
        tip="Open another window with an empty flow; nodes are copied from one to the other",
    ),
    Command(
        "file.open_beside",
        "Open in a new window…",
        "files.ask_open_beside",
        "File",
        ("Ctrl+Alt+O",),
        "company.can_open",
        tip="Open a flow in a window of its own",
    ),
)
CLOSING: tuple[Command, ...] = (
    Command(
        "file.environment",
        "Environment…",
        "packages.environments.show",
        "File",
        tip="Show and change the packages that the flows of this project run with",
    ),
    Command(
        "file.close",
        "Close the window",
        "close",
        "File",
        ("Ctrl+W",),
        tip="Close this window; unsaved changes are asked about",
        line_before=True,
    ),
    Command(
        "file.quit",
        "Quit",
        "company.quit",
        "File",
        ("Ctrl+Q",),
        tip="Close all windows; unsaved changes are asked about",
    ),
)
HELP_KEY = "F1"
HELPING: tuple[Command, ...] = (
    Command(
        "help.guide",
        "User guide",
        "guide.open",
        "Help",
        tip="Read the guide: chapters, all node types, and a search over both",
    ),
    Command(
        "help.selected",
        "Help on the selected node",
        "guide.help",
        "Help",
        (HELP_KEY,),
        tip="Show the page of the selected node in the guide; its start if no node is selected",
    ),
    Command(
        "help.examples",
        "Examples…",
        "start.gallery.open",
        "Help",
        ("Shift+F1",),
        tip="Look through the examples, and open a copy of one",
        line_before=True,
    ),
    Command(
        "help.tour",
        "Tour",
        "start.take_tour",
        "Help",
        tip="Six short steps through the window; Esc leaves",
    ),
)
FILING: tuple[Command, ...] = (
    Command(
        "file.start",
        "Start page",
        "start.toggle",
        "File",
        ("Ctrl+Home",),
        checked="start.is_open",
        tip="Show or hide the start page: recent flows, the gallery of examples",
    ),
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
