"""The commands of the flow as an app: the panel alone, for operators."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

APPS: tuple[Command, ...] = (
    Command(
        "file.app",
        "App…",
        "as_app.ask",
        "File",
        tip="Say how operators see this flow: title, screen, size for fingers, start at once, password",
    ),
    Command(
        "view.app",
        "Show as an app",
        "as_app.show",
        "View/Panel",
        checked="as_app.is_open",
        tip="Try the flow as operators see it: the control panel alone, with Start, Pause and Stop",
    ),
)
