"""The commands of the panel's pages, and of the screens that it is on."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

PAGING: tuple[Command, ...] = (
    Command(
        "panel.add_page",
        "New page of the panel",
        "panel.pages.add",
        "View/Panel",
        tip="Add an empty page to the control panel, behind the others",
        line_before=True,
    ),
    Command(
        "panel.rename_page",
        "Rename the page…",
        "panel.page_row.rename_shown",
        "View/Panel",
        tip="Give the page of the control panel that is shown another name",
    ),
    Command(
        "panel.remove_page",
        "Remove the page and its views",
        "panel.pages.remove",
        "View/Panel",
        (),
        "panel.pages.several",
        tip="Take the page that is shown off the control panel, with its views; their nodes stay",
    ),
    Command(
        "panel.next_page",
        "Next page of the panel",
        "panel.pages.next",
        "View/Panel",
        (),
        "panel.pages.several",
        tip="Turn to the page on the right; Ctrl+PgDown does so where the panel has the keyboard",
        line_before=True,
    ),
    Command(
        "panel.previous_page",
        "Previous page of the panel",
        "panel.pages.previous",
        "View/Panel",
        (),
        "panel.pages.several",
        tip="Turn to the page on the left; Ctrl+PgUp does so where the panel has the keyboard",
    ),
    Command(
        "panel.full_screen",
        "Panel on the whole screen",
        "screens.full.toggle",
        "View/Panel",
        ("Ctrl+F11",),
        checked="screens.full.on",
        tip="Show the control panel alone on the screen; Esc leaves",
        line_before=True,
    ),
    Command(
        "panel.own_window",
        "Page in its own window",
        "screens.toggle_shown",
        "View/Panel",
        checked="screens.shown_has_window",
        tip="Show the page of the control panel in a window of its own, on a second monitor for example",
    ),
)
