"""What the tour says, and what it points at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    target : str
        The part of the window that it is about: the name of a widget, or the id of a command that has a tool.
    """

    title: str
    text: str
    target: str


STEPS = (
    Step(
        "A flow is a picture of Python",
        "Each box calls a Python function, each wire carries a value from one to the next. Click a box: the inspector "
        "on the right shows its fields, its help and where it comes from.",
        "canvases",
    ),
    Step(
        "Run, stop, change",
        "Run starts the flow, Stop ends it at once. You need not stop to change something: fields, wires and new "
        "nodes count from the next turn.",
        "run_bar",
    ),
    Step(
        "Play on the control panel",
        "Drag a slider while the flow runs, and the curves follow. New controls and indicators come here by "
        "themselves; Arrange lets you move them.",
        "control_panel",
    ),
    Step(
        "Add a node",
        "Double-click the canvas and type what you want, or drag a node from the library. Then draw a wire from port "
        "to port: the ports that fit light up. Ctrl+Z takes any step back.",
        "library",
    ),
    Step(
        "The file is a script",
        "What you draw is written as plain Python. Look at it beside the canvas, and change it there if you like. "
        "It runs without flodesk's window, too: python FILE.",
        "view.script",
    ),
    Step(
        "Go on with an example",
        "Signals, instruments, control, simulation, statistics, tables, images, learning: each example opens as a copy "
        "that you can take apart. You find them, and this tour, in the Help menu.",
        "",
    ),
)

__all__ = ["STEPS", "Step"]
