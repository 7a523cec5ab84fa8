"""What the control panel shows: values that say of themselves what is to be seen, whatever draws them."""

from __future__ import annotations

from typing import Any

from flodesk.indicators.base import Indicator
from flodesk.indicators.charts import Bars, Scatter
from flodesk.indicators.curves import Line, Steps, Trace
from flodesk.indicators.history import History, Kept
from flodesk.indicators.pictures import Fall, Heat, Image
from flodesk.indicators.recording import Recording
from flodesk.indicators.scales import (
    Bar,
    Compass,
    Gauge,
    Lamp,
    Meter,
    Number,
    Progress,
    Segments,
    Tank,
    Thermometer,
    Zone,
)
from flodesk.indicators.solids import Scatter3D, Surface
from flodesk.indicators.streams import ScopeSweep, SpectrumPlot, StripChart
from flodesk.indicators.telling import Lane, Lines, Timeline
from flodesk.indicators.words import Markdown, Note, Sheet

ALL: tuple[type[Any], ...] = (
    Line,
    Number,
    Lamp,
    Sheet,
    Note,
    Gauge,
    Meter,
    Bar,
    Tank,
    Thermometer,
    Progress,
    Segments,
    Compass,
    Image,
    Heat,
    Fall,
    Surface,
    Scatter3D,
    Scatter,
    Bars,
    Markdown,
    Lines,
    Timeline,
    StripChart,
    ScopeSweep,
    SpectrumPlot,
    Recording,
)
"""The kinds of indicators. No other travels to a screen: what a pack adds to them is shown by its summary."""
PARTS: tuple[type[Any], ...] = (Trace, Zone, Lane)
"""What they are made of, and travels with them."""

__all__ = [
    "Timeline",
    "Markdown",
    "Lines",
    "Lane",
    "ALL",
    "Bar",
    "Bars",
    "Compass",
    "Fall",
    "Gauge",
    "Heat",
    "History",
    "Image",
    "Indicator",
    "Kept",
    "Lamp",
    "Line",
    "Meter",
    "Note",
    "Number",
    "PARTS",
    "Progress",
    "Recording",
    "Scatter",
    "Scatter3D",
    "ScopeSweep",
    "Segments",
    "Sheet",
    "Steps",
    "SpectrumPlot",
    "StripChart",
    "Surface",
    "Tank",
    "Thermometer",
    "Trace",
    "Zone",
]
