"""Indicators: what the control panel shows, and a run without a screen tells in words."""

from __future__ import annotations

from flodesk.nodes.show.charts import Histogram, bars, scatter
from flodesk.nodes.show.curves import line, xy
from flodesk.nodes.show.pictures import Spectrogram, Waterfall, heat, image
from flodesk.nodes.show.scales import (
    bar,
    compass,
    gauge,
    lamp,
    meter,
    number,
    progress,
    seven_segment,
    tank,
    thermometer,
)
from flodesk.nodes.show.solids import scatter3d, surface
from flodesk.nodes.show.streams import Scope, Spectrum, Strip
from flodesk.nodes.show.telling import Log, States
from flodesk.nodes.show.words import markdown, table, text

__all__ = [
    "Histogram",
    "Log",
    "Scope",
    "Spectrogram",
    "Spectrum",
    "States",
    "Strip",
    "Waterfall",
    "bar",
    "bars",
    "compass",
    "gauge",
    "heat",
    "image",
    "lamp",
    "line",
    "markdown",
    "meter",
    "number",
    "progress",
    "scatter",
    "scatter3d",
    "seven_segment",
    "surface",
    "table",
    "tank",
    "text",
    "thermometer",
    "xy",
]

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
