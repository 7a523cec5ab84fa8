"""What the gallery shows of each control, and what a scene of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shot:
    """One card: its size in cells, what it shows, and what its view says of the looks."""

    size: tuple[int, int]
    value: Any
    title: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    setting: Mapping[str, Any] = field(default_factory=dict)


CONTROLS: dict[str, tuple[Shot, ...]] = {
    "control.slider": (
        Shot((5, 2), 21.0, "Wanted", setting={"minimum": 5.0, "maximum": 30.0, "unit": "°C"}),
        Shot((5, 1), 0.3, "Gain", setting={"minimum": 0.0, "maximum": 1.0}),
    ),
    "control.range": (
        Shot((6, 2), (20.0, 80.0), "Band", setting={"minimum": 0.0, "maximum": 200.0, "unit": "Hz"}),
        Shot((5, 1), (0.25, 0.75), "Window", setting={"minimum": 0.0, "maximum": 1.0}),
        Shot((3, 3), (-3.0, 12.0), "Limits", setting={"minimum": -5.0, "maximum": 10.0, "unit": "°C"}),
    ),
    "control.number": (
        Shot((3, 2), 0.0015, "Period", setting={"unit": "s"}),
        Shot((4, 1), 12, "Count", setting={"integer": True}),
    ),
    "control.knob": (
        Shot((2, 4), 440.0, "Pitch", setting={"minimum": 20.0, "maximum": 20000.0, "unit": "Hz", "log": True}),
        Shot((3, 4), -6.0, "Gain", setting={"minimum": -40.0, "maximum": 10.0, "unit": "dB"}),
        Shot((4, 2), 0.3, "Mix", setting={"minimum": 0.0, "maximum": 1.0}),
    ),
    "control.radio": (
        Shot((3, 3), "square", "Shape", setting={"choices": ("sine", "square", "saw")}),
        Shot((5, 2), "fast", "Speed", setting={"choices": ("slow", "fast", "as it comes")}),
    ),
    "control.paragraph": (Shot((5, 3), "Sample 7, washed twice.\nKept dry over night.", "Notes"),),
    "control.date_time": (
        Shot((6, 2), "2026-11-22T14:30:00", "Start", setting={"told": {"zone": "Europe/Berlin"}}),
        Shot((5, 1), "2026-03-01T06:00:00+01:00", "Until"),
    ),
    "control.date": (Shot((3, 2), "2026-11-22", "Day"),),
    "control.time": (Shot((3, 2), "14:30:00", "Daily at"), Shot((4, 1), "06:00:00", "Dawn")),
    "control.table": (
        Shot(
            (6, 5),
            [
                {"part": "text", "mass in g": "number", "count": "integer", "steel": "truth"},
                ["bolt", 4.21, 12, True],
                ["nut", 1.1, 12, True],
                ["washer", 0.35, 24, False],
                ["pin", None, 2, True],
            ],
            "Parts",
        ),
        Shot((5, 4), None, "Nothing yet"),
    ),
    "control.path": (Shot((5, 2), "/data/run 7/volts.csv", "Recording"), Shot((5, 1), "", "Folder")),
    "control.color": (Shot((3, 2), "#c43d3d", "Trace"), Shot((4, 1), "#2f9e62", "Fill")),
    "control.switch": (Shot((2, 2), True, "Heater"), Shot((2, 2), False, "Pump"), Shot((3, 1), True, "Light")),
    "control.button": (Shot((2, 1), False, "Fire"), Shot((3, 2), False, "Start the sweep")),
    "control.choice": (Shot((4, 2), "sine", "Shape", setting={"choices": ("sine", "square")}),),
    "control.text": (Shot((4, 2), "Sample 7", "Name"),),
}
"""What is shown of each, by its key."""
