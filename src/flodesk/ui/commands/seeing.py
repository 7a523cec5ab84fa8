"""The commands about values that somebody looks at."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

SEEING: tuple[Command, ...] = (
    Command(
        "panel.show",
        "Show on the panel…",
        "binding.ask",
        "View/Panel",
        ("Ctrl+Alt+P",),
        "binding.possible",
        tip="Show the selected node, port or field on the control panel, in a form that fits it",
    ),
    Command(
        "run.probe",
        "Probe",
        "probing.toggle_selected",
        "Run",
        icon="probe",
        tip="Keep the last values of what is selected, turn by turn, or keep them no more (P on the canvas)",
        line_before=True,
    ),
    Command(
        "run.clear_probes",
        "Clear the probes",
        "probing.desk.clear",
        "Run",
        (),
        "probing.desk.any",
        tip="Probe nothing any more",
    ),
    Command(
        "view.probes",
        "Probes",
        "probing.toggle_dock",
        "View/Docks",
        ("Ctrl+Shift+Y",),
        checked="probing.dock_open",
        tip="Show or hide the probes: the last values of ports, and a bar of time",
    ),
    Command(
        "view.heat_time",
        "Heat: time",
        "heating.toggle_time",
        "View/On the canvas",
        checked="heating.by_time",
        tip="Colour the cards by their share of the time; a mouse on a card says the time a call and in all",
        line_before=True,
    ),
    Command(
        "view.heat_memory",
        "Heat: memory",
        "heating.toggle_memory",
        "View/On the canvas",
        checked="heating.by_memory",
        tip="Colour the cards by what their newest outputs take in memory",
    ),
)
