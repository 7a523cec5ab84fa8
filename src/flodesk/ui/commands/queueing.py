"""The commands about places elsewhere."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

QUEUEING: tuple[Command, ...] = (
    Command(
        "view.queues",
        "Queues",
        "queues.toggle",
        "View/Docks",
        ("Ctrl+Alt+Q",),
        checked="queues.is_open",
        icon="list",
        tip="Show or hide the queues, jobs and workers of the Redis server",
    ),
)
PREFERENCES = Command(
    "file.preferences",
    "Preferences…",
    "dialogs.show_preferences",
    "File",
    ("Ctrl+,",),
    tip="Set what holds for all flows: the Redis server, the key, the names of queues, the Dask cluster, updates",
    line_before=True,
)
