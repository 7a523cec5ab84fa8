"""Which widget each form of the panel has (`flodesk.flow.forms`): loaded when the first card needs it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TypeVar

from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.faces.face import Face

T = TypeVar("T")

CONTROLS: Mapping[str, str] = {
    "slider": "slider:Slider",
    "range": "range_slider:RangeSlider",
    "knob": "knob:Knob",
    "number": "switches:NumberControl",
    "switch": "switches:Switch",
    "button": "switches:Button",
    "choice": "switches:Choice",
    "radio": "radio:Radio",
    "text": "switches:TextField",
    "paragraph": "paragraph:Paragraph",
    "date_time": "moment:DateTimeControl",
    "date": "moment:DateControl",
    "time": "moment:TimeControl",
    "table": "table_editor:TableEditor",
    "path": "asking:PathField",
    "color": "asking:ColorField",
}
"""Module and class below `flodesk.ui.panel.controls`, by the name of the form."""
FACES: Mapping[str, str] = {
    "line": "curves.plot:LinePlot",
    "strip": "curves.streams:StripPlot",
    "scope": "curves.streams:ScopePlot",
    "spectrum": "curves.streams:SpectrumFace",
    "scatter": "curves.dots:ScatterPlot",
    "bars": "curves.bars:BarsPlot",
    "number": "small_faces:NumberFace",
    "gauge": "dials.gauge:GaugeFace",
    "meter": "dials.gauge:MeterFace",
    "bar": "dials.bars:BarFace",
    "tank": "dials.bars:TankFace",
    "thermometer": "dials.bars:ThermometerFace",
    "progress": "dials.bars:ProgressFace",
    "seven_segment": "dials.segments:SegmentsFace",
    "compass": "dials.compass:CompassFace",
    "lamp": "lamp:LampFace",
    "image": "pictures.raster:RasterFace",
    "heat": "pictures.raster:HeatFace",
    "waterfall": "pictures.raster:FallFace",
    "surface": "solids.surface:SurfaceFace",
    "scatter3d": "solids.dots:DotsFace",
    "table": "sheet:SheetFace",
    "states": "words.timeline:TimelineFace",
    "log": "words.log:LogFace",
    "recorder": "recorder:RecorderFace",
    "markdown": "words.markdown:MarkdownFace",
    "text": "small_faces:TextFace",
}
"""Module and class below `flodesk.ui.panel.faces`, by the name of the form."""


@cache
def control_class(form: str) -> type[Control]:
    """Return the class of a control by the name of its form.

    Raises
    ------
    KeyError
        There is no such control.
    """
    return _loaded("controls", CONTROLS[form], Control)


@cache
def face_class(form: str) -> type[Face]:
    """Return the class of an indicator by the name of its form.

    Raises
    ------
    KeyError
        There is no such indicator.
    """
    return _loaded("faces", FACES[form], Face)


def _loaded(room: str, place: str, base: type[T]) -> type[T]:
    module, _, name = place.partition(":")
    found = getattr(import_module(f"flodesk.ui.panel.{room}.{module}"), name)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise TypeError(f"{place} is no {base.__name__.lower()}")
    return found
