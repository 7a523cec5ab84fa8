"""The commands of the panel's presets."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

PRESETTING: tuple[Command, ...] = (
    Command(
        "panel.preset_save",
        "Save the controls as a preset…",
        "panel.presets.ask",
        "Run/Presets",
        ("Alt+0",),
        "panel.presets.possible",
        tip="Keep what the controls of the panel are set to, under a name",
    ),
    *(
        Command(
            f"panel.preset_{number}",
            f"Preset {number}",
            f"panel.presets.slot_{number}.use",
            "Run/Presets",
            (f"Alt+{number}",),
            f"panel.presets.slot_{number}.there",
            suffix=f"panel.presets.slot_{number}.name",
            tip="Set the controls of the panel to what the preset holds",
            line_before=number == 1,
        )
        for number in range(1, 10)
    ),
)
