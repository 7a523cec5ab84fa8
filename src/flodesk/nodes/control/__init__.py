"""Controls: what a hand sets on the panel. The first parameter is the value; the function limits it and gives it on."""

from __future__ import annotations

from flodesk.nodes.control.moments import date, date_time, time
from flodesk.nodes.control.numbers import knob, number, range, slider
from flodesk.nodes.control.plain import button, choice, color, paragraph, path, radio, switch, text
from flodesk.nodes.control.tables import table

__all__ = [
    "button",
    "choice",
    "color",
    "date",
    "date_time",
    "knob",
    "number",
    "paragraph",
    "path",
    "radio",
    "range",
    "slider",
    "switch",
    "table",
    "text",
    "time",
]

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
