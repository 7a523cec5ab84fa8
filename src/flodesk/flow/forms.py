"""The forms that a value or a setting can have on the control panel: one table, of which all else is worked out.

A form needs a line here and a widget in `flodesk.ui.panel.kinds`, an indicator besides a class in
`flodesk.indicators` and a node in `flodesk.nodes.show`; nothing else lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from flodesk.flow.finite import is_number
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.types import PortType
from flodesk.indicators import (
    Bar,
    Bars,
    Compass,
    Fall,
    Gauge,
    Heat,
    Image,
    Indicator,
    Lamp,
    Line,
    Lines,
    Markdown,
    Meter,
    Note,
    Number,
    Progress,
    Recording,
    Scatter,
    Scatter3D,
    ScopeSweep,
    Segments,
    Sheet,
    SpectrumPlot,
    StripChart,
    Surface,
    Tank,
    Thermometer,
    Timeline,
)  # fmt: skip
from flodesk.indicators.pictures import COLORS, Raster
from flodesk.indicators.scales import Scale

FormRole = Literal["control", "indicator"]
_SHELVES: Mapping[FormRole, str] = {"control": "control", "indicator": "show"}
OTHER: Mapping[FormRole, tuple[int, int]] = {"control": (4, 2), "indicator": (6, 4)}
"""Columns and rows of a first view of a node that no form is known of."""


@dataclass(frozen=True, slots=True)
class Option:
    """What a view can say of its looks alone, a key of its `options`; the flow never hears of it."""

    name: str
    title: str
    type: Literal["number", "text", "truth"]
    help: str = ""
    choices: tuple[str, ...] = ()

    def accepts(self, value: Any) -> bool:
        """Say whether a value written there makes sense."""
        if self.choices:
            return value in self.choices
        if self.type == "number":
            return is_number(value)
        return isinstance(value, bool if self.type == "truth" else str)


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes
    ----------
    name : str
        Unique among the forms of its role.
    size : tuple of int
        Columns and rows of a first view.
    kind : type of Indicator, optional
        Of an indicator: the kind of value that finds this form by itself.
    takes : tuple of type
        Further kinds that it can show where a view asks for it.
    types : tuple of PortType
        Plain values that it can show, or of a control that it can set; none where a node has to remember before.
    nodes : tuple of str
        The node types that begin with it, by the last part of their name; the form's own name is always one.
    options : tuple of Option
        What a view with this form can say of its looks.
    sets : tuple of str
        Of an indicator: the parameters of its node that a hand can set on it.
    lays_out : tuple of PortType
        Of an indicator whose node takes anything: the types of which it makes something to see; empty for all.
    """

    name: str
    title: str
    role: FormRole
    size: tuple[int, int]
    kind: type[Indicator] | None = None
    takes: tuple[type[Indicator], ...] = ()
    types: tuple[PortType, ...] = ()
    nodes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    sets: tuple[str, ...] = ()
    lays_out: tuple[PortType, ...] = ()

    @property
    def key(self) -> str:
        """The name by which a view asks for it: that of its node type (``show.number``, ``control.number``)."""
        return f"{_SHELVES[self.role]}.{self.name}"

    def shows(self, kind: type) -> bool:
        """Say whether it can show an indicator of some class."""
        return any(issubclass(kind, one) for one in (self.kind, *self.takes) if one is not None)

    def makes_of(self, kind: PortType) -> bool:
        """Say whether its node makes something to see of values of a type that it takes."""
        return not self.lays_out or kind == "any" or kind in self.lays_out

    def settled(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of a view's options that are its own, and make sense."""
        known = {option.name: option for option in self.options}
        return {name: value for name, value in options.items() if name in known and known[name].accepts(value)}


_NUMBERS: tuple[PortType, ...] = ("number", "integer")
_ZONES = tuple(
    Option(f"{level}_{side}", f"{level.capitalize()} {side}", "number", f"From where on it shows {words}.")
    for level, words in (("warning", "a warning"), ("alarm", "an alarm"))
    for side in ("below", "above")
)
_FIGURES = (
    Option("unit", "Unit", "text", "Unit of the value."),
    Option("digits", "Digits", "number", "How many digits are shown."),
)
_SCALE = (
    Option("minimum", "Minimum", "number", "Lower end of the scale."),
    Option("maximum", "Maximum", "number", "Upper end of the scale."),
    Option("unit", "Unit", "text", "Unit of the value."),
    *_ZONES,
)
"""What a view says of a scale; before what the value brings along."""
_TURNED = (
    Option("minimum", "Minimum", "number", "The least that a hand can set here; never less than the node takes."),
    Option("maximum", "Maximum", "number", "The most that a hand can set here; never more than the node takes."),
    Option("step", "Step", "number", "What one key press changes."),
)
"""What a view says of a control of numbers; within what the node takes."""
_COLORED = (
    Option("colors", "Colours", "text", "The colour map.", COLORS),
    Option("minimum", "First colour", "number", "The value that the first colour stands for."),
    Option("maximum", "Last colour", "number", "The value that the last colour stands for."),
)
"""What a view says of values that are shown as colours; before what the value brings along."""
_SEEN_FROM = (
    Option("azimuth", "Seen from", "number", "Degrees around, from which it is seen at first; 0 for the front."),
    Option("elevation", "Seen from above", "number", "Degrees above the ground, from which it is seen at first."),
)
NEWEST = ("top", "left")
"""Where the newest row of a waterfall can be; a view that says nothing has the first."""
_SPARK = (
    Option("sparkline", "Seconds of sparkline", "number", "So many seconds of what was shown are drawn below it."),
)
LAMP_SHAPES = ("round", "square", "label")
"""What a lamp can look like; a view that says nothing has the first."""
_LINKED = Option("linked", "Linked axis", "truth", "Moves along with the other linked plots that have its unit.")
_UPRIGHT = (
    Option("minimum", "Minimum", "number", "Lower end of the vertical axis."),
    Option("maximum", "Maximum", "number", "Upper end of the vertical axis."),
)
TITLE = Option("title", "Title", "text", "What stands on the view.")
"""What a view says of a value that no node of the panel gives a title."""
_NAMES = Option("names", "Names of curves", "text", "Separated by commas; one that is left out stays as it is.")
STRIP_MODES = ("scroll", "sweep")
"""How a strip chart goes on; a view that says nothing has the first."""
_ON_SCALES = (Scale, Number)

FORMS: tuple[Form, ...] = (
    # ------------------------------------------------------------------ controls
    Form("slider", "Slider", "control", (5, 2), types=_NUMBERS, options=_TURNED),
    Form("range", "Range slider", "control", (6, 2), options=_TURNED),
    Form("knob", "Knob", "control", (2, 4), types=_NUMBERS, options=_TURNED),
    Form("number", "Number field", "control", (3, 2), types=_NUMBERS, options=_TURNED),
    Form("switch", "Switch", "control", (2, 2), types=("truth",)),
    Form("button", "Button", "control", (2, 2), types=("truth",)),
    Form("choice", "Drop-down", "control", (3, 2), types=("text", "any")),
    Form("radio", "Radio buttons", "control", (3, 3), types=("text", "any")),
    Form("text", "Text field", "control", (4, 2), types=("text",)),
    Form("paragraph", "Text of several lines", "control", (5, 3), types=("text",)),
    Form("date_time", "Date and time", "control", (4, 2), types=("text",)),
    Form("date", "Date", "control", (3, 2), types=("text",)),
    Form("time", "Time of day", "control", (3, 2), types=("text",)),
    Form("table", "Table to fill in", "control", (6, 5)),
    Form("path", "File or folder", "control", (5, 2), types=("text",)),
    Form("color", "Colour", "control", (3, 2), types=("text",)),
    # ------------------------------------------------------------------ indicators
    Form(
        "line",
        "Plot",
        "indicator",
        (8, 6),
        Line,
        types=("array", "signal"),
        nodes=("xy",),
        options=(*_UPRIGHT, _LINKED),
    ),
    Form(
        "strip",
        "Strip chart",
        "indicator",
        (8, 5),
        StripChart,
        options=(
            Option("mode", "Mode", "text", "Whether the curves move, or a line runs over them.", STRIP_MODES),
            _LINKED,
        ),
    ),
    Form("scope", "Scope", "indicator", (8, 6), ScopeSweep, options=(_LINKED,)),
    Form(
        "spectrum",
        "Spectrum",
        "indicator",
        (8, 6),
        SpectrumPlot,
        options=(
            Option("scale", "Scale", "text", "Amplitudes, or levels in decibels.", ("linear", "decibel")),
            Option("frequency", "Frequency axis", "text", "In steps, or in decades.", ("linear", "logarithmic")),
            _LINKED,
        ),
    ),
    Form("scatter", "Scatter plot", "indicator", (6, 6), Scatter, (Line,), types=("array", "signal")),
    Form("bars", "Bar chart", "indicator", (6, 6), Bars, nodes=("histogram",)),
    Form("number", "Number", "indicator", (3, 2), Number, (Scale,), _NUMBERS, options=(*_FIGURES, *_ZONES, *_SPARK)),
    Form("gauge", "Gauge", "indicator", (3, 4), Gauge, _ON_SCALES, _NUMBERS, options=_SCALE),
    Form("meter", "Meter", "indicator", (4, 3), Meter, _ON_SCALES, _NUMBERS, options=_SCALE),
    Form("bar", "Bar", "indicator", (4, 3), Bar, _ON_SCALES, _NUMBERS, options=_SCALE),
    Form("tank", "Tank", "indicator", (3, 5), Tank, _ON_SCALES, _NUMBERS, options=_SCALE),
    Form("thermometer", "Thermometer", "indicator", (2, 5), Thermometer, _ON_SCALES, _NUMBERS, options=_SCALE),
    Form("progress", "Progress", "indicator", (4, 2), Progress, _ON_SCALES, _NUMBERS, options=_SCALE[:2]),
    Form(
        "seven_segment",
        "Seven-segment display",
        "indicator",
        (4, 2),
        Segments,
        _ON_SCALES,
        _NUMBERS,
        options=(Option("unit", "Unit", "text", "Unit of the value."), *_ZONES),
    ),
    Form("compass", "Compass", "indicator", (3, 4), Compass, _ON_SCALES, _NUMBERS),
    Form(
        "lamp",
        "LED",
        "indicator",
        (2, 2),
        Lamp,
        types=("truth",),
        options=(
            Option("shape", "Shape", "text", "A round or square lamp, or a label that lights up.", LAMP_SHAPES),
            Option("on", "Word when on", "text"),
            Option("off", "Word when off", "text"),
        ),
    ),
    Form("image", "Image", "indicator", (6, 6), Image, (Raster,), ("image",), options=_COLORED),
    Form("heat", "Heat map", "indicator", (7, 6), Heat, (Raster,), ("image",), options=_COLORED),
    Form(
        "waterfall",
        "Waterfall",
        "indicator",
        (8, 6),
        Fall,
        nodes=("spectrogram",),
        options=(*_COLORED, Option("newest", "Newest row", "text", "Where the newest row is.", NEWEST)),
    ),
    Form(
        "surface", "3-D surface", "indicator", (7, 7), Surface, (Raster,), ("image",), options=(*_COLORED, *_SEEN_FROM)
    ),
    Form("scatter3d", "3-D scatter plot", "indicator", (7, 7), Scatter3D, options=(*_COLORED, *_SEEN_FROM)),
    Form(
        "table",
        "Table",
        "indicator",
        (8, 5),
        Sheet,
        types=("table",),
        lays_out=("table", "array", "signal", "image", "list"),
    ),
    Form("states", "State timeline", "indicator", (8, 3), Timeline),
    Form("log", "Log", "indicator", (8, 5), Lines),
    Form(
        "recorder",
        "Recorder",
        "indicator",
        (5, 4),
        Recording,
        nodes=("arrow", "csv", "tdms", "hdf5", "sqlite"),
        sets=("recording", "new_file", "path"),
    ),
    Form("text", "Text", "indicator", (6, 2), Note, takes=(Indicator,), types=("text", "any")),
    Form("markdown", "Markdown", "indicator", (6, 4), Markdown, takes=(Note,), types=("text",)),
)
"""All forms. Of two that suit a type the first comes first."""

_NAMED: dict[tuple[str, str], Form] = {(form.role, form.name): form for form in FORMS}
_BY_KEY: dict[str, Form] = {form.key: form for form in FORMS}
_OF_NODES: dict[tuple[str, str], Form] = {
    (form.role, name): form for form in reversed(FORMS) for name in (*form.nodes, form.name)
}
_OF_KINDS: dict[type, Form] = {form.kind: form for form in reversed(FORMS) if form.kind is not None}
KEYS: tuple[str, ...] = tuple(_BY_KEY)
"""The names by which views can ask for forms."""
TEXT = _NAMED["indicator", "text"]
"""What shows any value at last."""


def named(key: str) -> Form | None:
    """Return the form that a view asks for (``show.number``); None if there is none of that name."""
    return _BY_KEY.get(key)


def of_plain(form: Form) -> Form:
    """Return a form with what a view can say besides where no node of the panel says it: a title, names of curves."""
    return replace(form, options=(TITLE, *form.options, *((_NAMES,) if form.kind is Line else ())))


def control(name: str) -> Form | None:
    """Return a control's form by its name."""
    return _NAMED.get(("control", name))


def indicator(name: str) -> Form | None:
    """Return an indicator's form by its name."""
    return _NAMED.get(("indicator", name))


def of_node(spec: NodeSpec) -> Form | None:
    """Return the form that a node type begins with; None if it is none of the panel, or its first value decides."""
    if not spec.viewed:
        return None
    if spec.role == "control" and spec.parameters:
        return of_parameter(spec.parameters[0], spec.name)
    return _OF_NODES.get(("indicator", spec.name.lower()))


def of_parameter(parameter: Parameter | None, name: str = "", value: Any = None) -> Form:
    """Return the control that sets a parameter.

    Parameters
    ----------
    parameter : Parameter, optional
        What the node's type says of it.
    name : str
        Last part of the name of a control's node type.
    value : Any
        What stands there now, where the type says too little.
    """
    hinted = control(parameter.widget) if parameter is not None else None
    if hinted is None and name:
        hinted = control(name)
    if hinted is not None:
        return hinted
    if parameter is not None and parameter.choices:
        return _NAMED["control", "choice"]
    if isinstance(value, bool) or (parameter is not None and parameter.type == "truth"):
        return _NAMED["control", "switch"]
    if isinstance(value, int | float) or (parameter is not None and parameter.type in _NUMBERS):
        limited = parameter is not None and parameter.minimum is not None and parameter.maximum is not None
        return _NAMED["control", "slider" if limited else "number"]
    return _NAMED["control", "text"]


def of_value(kind: type) -> Form:
    """Return the form in which an indicator of some class is shown where nobody asks for another."""
    return next((_OF_KINDS[one] for one in kind.__mro__ if one in _OF_KINDS), TEXT)


def fitting(types: Iterable[PortType], role: FormRole) -> tuple[Form, ...]:
    """Return the forms of a role that can show, or set, values of any of these types."""
    wanted = frozenset(types)
    return tuple(form for form in FORMS if form.role == role and wanted.intersection(form.types))


def first_size(spec: NodeSpec) -> tuple[int, int]:
    """Return the columns and rows of a first view of a node."""
    form = of_node(spec)
    return form.size if form is not None else OTHER["control" if spec.role == "control" else "indicator"]
