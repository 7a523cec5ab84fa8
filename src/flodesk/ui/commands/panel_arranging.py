"""The commands that arrange the panel. Their keys are those of the panel while it is arranged, and stand there."""

from __future__ import annotations

from flodesk.flow.aligning import ALIGNMENTS
from flodesk.ui.commands.one import Command

_HOME = "panel.arranging"


def _verb(verb: str, title: str, when: str, tip: str) -> Command:
    return Command(f"panel.{verb.rpartition('.')[2]}", title, f"{_HOME}.{verb}", "", (), f"{_HOME}.{when}", tip=tip)


PANEL_ARRANGING: tuple[Command, ...] = (
    Command(
        "panel.arrange",
        "Arrange the panel",
        f"{_HOME}.toggle",
        "View/Panel",
        checked=f"{_HOME}.on",
        tip="Move, resize, group and remove the views of the control panel; again to use them",
        line_before=True,
    ),
    _verb("groups.group", "Group views of the panel", "chosen", "Put a titled box round the selected views"),
    _verb(
        "groups.ungroup",
        "Ungroup views of the panel",
        "selected.grouped",
        "Take them out of their groups",
    ),
    _verb(
        "groups.as_tabs",
        "Lay views of the panel on tabs",
        "several",
        "Put them in one place, on a tab each",
    ),
    _verb("groups.to_new_tab", "Put views on a new tab of their group", "selected.grouped", "It is named at once"),
    _verb(
        "copy", "Copy views of the panel", "chosen", "Put the selected views on the clipboard, as lines of the header"
    ),
    _verb("paste", "Paste views on the panel", "on", "Put the views of the clipboard on the page that is shown"),
    _verb("duplicate", "Duplicate views of the panel", "chosen", "Show the selected views a second time"),
    _verb("remove", "Remove views from the panel", "chosen", "What they show stays in the flow"),
    *(
        Command(
            f"panel.align_{name}",
            f"{how.title} on the panel",
            f"{_HOME}.lines.{name}",
            "",
            (),
            f"{_HOME}.{'three' if how.least > 2 else 'several'}",
            tip=how.tip,
        )
        for name, how in ALIGNMENTS.items()
    ),
)
