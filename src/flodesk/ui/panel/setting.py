"""What a view of the panel shows, worked out from the flow: a setting that a hand turns, a reading, or what is gone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from flodesk.flow import forms
from flodesk.flow.edit import Edit, EditError, SetParameter
from flodesk.flow.finite import is_number, make_range
from flodesk.flow.forms import Form
from flodesk.flow.graph import Field, Graph, Node, Port
from flodesk.flow.model import Address, Call, Flow, Literal, Loop, Region, Symbol, View
from flodesk.flow.syntax import literal
from flodesk.flow.types import PortType
from flodesk.flow.viewed import binder_of, box_of, title_of
from flodesk.ui.panel.written import written

_CHOICES = ("choices", "options", "entries")
_BY_NAME = 1_000_000
"""Place of a parameter that is never passed by position."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A literal of the flow that a control sets.

    Attributes
    ----------
    function, id, statement, parameter : str
        Where the literal stands: the node's id, and that of its statement.
    order : int
        The parameter's place among those of the call, for a literal that is passed by position.
    value : Any
        As it stands there; a `Symbol` if it is a name.
    minimum, maximum, step : float or None
        Limits, both included, and what one key press changes, in `unit`.
    widget : str
        The form of its control (`flodesk.flow.forms`).
    type : PortType
        Type of the value.
    own : str
        The form that it has where its view asks for none.
    ends : tuple
        The least and the most that the node takes: no hand sets anything beyond, whatever its scale and its steps are.
    latch : bool
        Of a button: it springs back once the flow has read it; else when the hand lets go.
    log : bool
        Of a knob: a part of a turn is a factor.
    asks : str
        Of a path: ``open`` or ``save`` for a file, or ``folder``.
    endings : tuple of str
        Of a path that is written: endings that its name may have, the usual one first.
    plain : bool
        It is no control's own: no node gives it a title, and its view can.
    told : mapping
        What the other parameters of a control say, for those forms that know more of them than are listed here.
    wired : str
        The variable that sets it instead of a hand; the control then only shows.
    variable : str
        ``function.variable`` of what the control gives out, or of what sets it by a wire: watched where it is wired.
    """

    function: str
    id: str
    statement: str
    parameter: str
    order: int
    value: Any
    widget: str
    title: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Any, ...] = ()
    integer: bool = False
    latch: bool = False
    log: bool = False
    asks: str = "open"
    endings: tuple[str, ...] = ()
    help: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    wired: str = ""
    variable: str = ""
    type: PortType = "any"
    own: str = ""
    ends: tuple[float | None, float | None] = (None, None)
    plain: bool = False

    @property
    def node(self) -> str:
        """``function.statement``, as the engine names it."""
        return f"{self.function}.{self.statement}"

    @property
    def where(self) -> tuple[str, str, str]:
        """Function, statement and parameter."""
        return self.function, self.statement, self.parameter

    def edit(self, flow: Flow, value: Any) -> Edit:
        """Return the edit that writes another value.

        Raises
        ------
        EditError
            The flow has no such call any more.
        """
        found = flow.index.get(Address(self.function, self.statement))
        statement = found[0] if found else None
        if not isinstance(statement, Call | Loop):
            raise EditError(f"“{self.id}” cannot be set: its line is no longer in the flow.")
        by_position = self.order < sum(not argument.keyword for argument in statement.arguments)
        position = self.order if by_position else None
        text = written(value, _indent(flow, found[1]) if found else "")
        return SetParameter(self.function, self.statement, self.parameter, Literal(text), position)

    def within(self, value: Any) -> Any:
        """Return a number, or each of several, within what the node takes; anything else as it is."""
        low, high = self.ends
        if low is None and high is None:
            return value
        if isinstance(value, list | tuple):
            return type(value)(map(self.within, value))
        if not is_number(value):
            return value
        if low is not None and high is not None and low > high:
            return value  # the node refuses them, and says so
        if isinstance(value, int):
            low, high = (math.ceil(low) if low is not None else None), (math.floor(high) if high is not None else None)
        value = value if low is None or value >= low else type(value)(low)
        return value if high is None or value <= high else type(value)(high)

    def with_value(self, value: Any) -> Setting:
        """Return the same with another value."""
        return replace(self, value=value)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value of the flow that an indicator shows.

    Attributes
    ----------
    variable : str
        ``function.variable``, under which the engine gives the value.
    form : str
        The indicator's form (`flodesk.flow.forms`), to be prepared before the first value is there; empty if that
        decides.
    chosen : bool
        The view asks for this form: it shows every value that it can show, else the value's own kind decides.
    type : PortType
        Type of the port that gives the value.
    own : str
        The key of the form that it has where its view asks for none; empty if the value decides.
    turned : tuple, optional
        Of a control that is shown only: type, whether it has choices, and the key of its own form.
    options : mapping
        What the view says of its looks; of a face as far as its form knows it.
    names : tuple of str
        Names for curves that have none: of a node that shows what it is given the variables that feed it, in the order
        of its inputs; of any other value its own.
    written : Setting, optional
        The literal that is shown, where no run makes the value: it stands in the script.
    settings : tuple of Setting
        Literals of the node that a hand can set on the face.
    plain : bool
        No node of the panel gives it a title: its view can.
    called : str
        The title that the view says, before the one that the value brings along.
    """

    variable: str
    title: str
    form: str = ""
    chosen: bool = False
    type: PortType = "any"
    own: str = ""
    turned: tuple[PortType, bool, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""
    written: Setting | None = None
    settings: tuple[Setting, ...] = ()
    plain: bool = False
    called: str = ""

    def setting(self, parameter: str) -> Setting | None:
        """Return what sets a parameter of the node; None if a hand cannot."""
        return next((setting for setting in self.settings if setting.parameter == parameter), None)


@dataclass(frozen=True, slots=True)
class Gone:
    """What the view shows is no longer in the flow."""

    message: str
    title: str = ""


Shown: TypeAlias = Setting | Reading | Gone


def variable_of(what: Shown) -> str:
    """Return the value (``function.variable``) that what a view shows needs; empty if none."""
    match what:
        case Reading():
            return what.variable
        case Setting():
            return what.variable if what.wired else ""
        case Gone():
            return ""


def shown(view: View, graph: Graph) -> Shown:
    """Work out what a view shows in the picture of its function."""
    name, _, part = view.shows.partition(".")
    options = dict(view.options)
    asked = _asked(options)
    node = box_of(graph, name)
    if node is None and not part and (bound := binder_of(graph, name)) is not None:
        return _as_asked(_bound(graph, *bound), asked, options)
    if node is None:
        return Gone(f"The flow “{graph.function}” has no node “{name}” any more.", name)
    if node.switched == "off":
        return Gone(f"“{name}” is switched off: it gives nothing, and takes nothing.", view.shows)
    if not part:
        what = _setting(node, graph, _first_field(node), asked) if node.role == "control" else _reading(node, graph)
        return _settled(what, node, asked, options)
    field = next((f for f in node.fields if f.name == part), None)
    output = next((port for port in node.outputs if part in (port.name, port.variable)), None)
    if field is not None and (output is None or asked is None or asked.role == "control"):
        return _settled(_setting(node, graph, field, asked), node, asked, options)
    if output is None and any(port.name == part for port in node.inputs):
        return Gone(f"“{name}.{part}” is open: nothing is wired to it.", f"{name}.{part}")
    if output is None:
        return Gone(f"The node “{name}” has no parameter and no output “{part}” any more.", f"{name}.{part}")
    return _as_asked(_port_reading(graph, node, output, view.shows), asked, options)


def _settled(what: Shown, node: Node, asked: Form | None, options: Mapping[str, Any]) -> Shown:
    """Return a setting as its view asks for it: to be turned, or shown only, within the limits that it has."""
    if isinstance(what, Setting) and asked is not None and asked.role == "indicator":
        limits = {"minimum": what.minimum, "maximum": what.maximum}
        options = {**{name: limit for name, limit in limits.items() if limit is not None}, **options}
        what = _only_shown(what, node)
    return _as_asked(what, asked, options)


def _bound(graph: Graph, node: Node, port: Port) -> Reading:
    """Return the value of a variable that code binds: its node has a name of its own, or none that the script shows."""
    found = _port_reading(graph, node, port, port.variable)
    return replace(found, title=title_of(node) or found.title) if port.type == "indicator" else found


def _port_reading(graph: Graph, node: Node, port: Port, name: str) -> Reading:
    """Return the value of one output, under a name."""
    return Reading(
        graph.value(node.id, port),
        name,
        type=port.type,
        names=(name,),
        unit=port.unit,
        help=port.help,
        plain=port.type != "indicator",
    )


def _only_shown(setting: Setting, node: Node) -> Reading:
    """Return the value of a control or a field, for a view that shows it and lets nobody turn it."""
    return Reading(
        setting.variable,
        setting.title,
        type=setting.type,
        own=setting.own,
        turned=(setting.type, bool(setting.choices), setting.own),
        unit=setting.unit,
        help=node.spec.summary if node.spec else "",
        written=None if setting.variable else setting,
        plain=setting.plain,
    )


def _asked(options: Mapping[str, Any]) -> Form | None:
    """Return the form that a view asks for by its option `as`; None if it asks for none that there is."""
    wanted = options.get("as", "")
    return forms.named(wanted) if isinstance(wanted, str) else None


def _as_asked(what: Shown, asked: Form | None, options: Mapping[str, Any]) -> Shown:
    """Give a reading the form that its view asks for; and both what the view says of its looks."""
    said = options.get(forms.TITLE.name)
    called = " ".join(said.split()) if isinstance(said, str) and not isinstance(what, Gone) and what.plain else ""
    if isinstance(what, Setting):
        return _narrowed(replace(what, title=called or what.title), options)
    if not isinstance(what, Reading):
        return what
    what = replace(what, title=called or what.title, called=called)
    if asked is None or asked.role != "indicator":
        return replace(what, options=options)
    return replace(what, form=asked.name, chosen=True, options=options)


def _narrowed(setting: Setting, options: Mapping[str, Any]) -> Setting:
    """Return a setting with the limits and the step that its view says, within those of the node."""
    form = forms.control(setting.widget)
    said = form.settled(options) if form is not None else {}
    lows = [low for low in (setting.minimum, said.get("minimum")) if low is not None]
    highs = [high for high in (setting.maximum, said.get("maximum")) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low >= high:
        return _turnable(setting)
    step = said.get("step", 0)
    narrow = replace(setting, minimum=low, maximum=high, step=step if step > 0 else setting.step)
    return _turnable(narrow, (setting.minimum, setting.maximum))


_Ends: TypeAlias = tuple[float | None, float | None]


def _turnable(setting: Setting, otherwise: _Ends = (None, None)) -> Setting:
    """Return a setting without a scale on which nothing can be turned, with another one if that is better."""
    low, high = setting.minimum, setting.maximum
    if low is None or high is None or _is_scale(low, high):
        return setting
    low_else, high_else = otherwise
    if low_else is None or high_else is None or not _is_scale(low_else, high_else):
        low_else = high_else = None
    told = f"Nothing can be turned from {low:g} to {high:g}: its scale is another one."
    return replace(setting, minimum=low_else, maximum=high_else, help=f"{setting.help}\n{told}".strip())


def _is_scale(low: float, high: float) -> bool:
    return low >= high or make_range(low, high)


def after(shown: Shown, edit: SetParameter) -> Shown:
    """Return what a view shows after a literal was changed; the very same if that is none of its own."""
    where = (edit.function, edit.id, edit.parameter)
    if edit.value is None or isinstance(shown, Gone):
        return shown
    value = edit.value.value
    if isinstance(shown, Setting):
        return shown.with_value(value) if shown.where == where else shown
    if shown.written is not None and shown.written.where == where:
        return replace(shown, written=shown.written.with_value(value))
    if all(setting.where != where for setting in shown.settings):
        return shown
    return replace(shown, settings=tuple(s.with_value(value) if s.where == where else s for s in shown.settings))


def offers(graph: Graph, views: Iterable[View]) -> list[Node]:
    """Return the nodes of a function that belong on the panel, and are not there yet."""
    heads = {view.shows for view in views if "." not in view.shows}
    present = {node.id for node in (box_of(graph, head) for head in heads) if node is not None}
    shown = [node for node in graph.nodes.values() if node.spec is not None and node.spec.viewed]
    return [node for node in shown if node.id not in present]


def _first_field(node: Node) -> Field | None:
    """Return the field that holds what a hand sets: the type's first parameter."""
    first = node.spec.parameters[0].name if node.spec and node.spec.parameters else ""
    return next((field for field in node.fields if field.name == first), node.fields[0] if node.fields else None)


def _setting(node: Node, graph: Graph, field: Field | None, asked: Form | None = None) -> Shown:
    if field is None:
        return Gone(f"The node “{node.id}” has no parameter to set.", node.id)
    if field.module:
        return Gone(f"“{node.id}.{field.name}” belongs to what functions share: set it in the inspector.", node.id)
    if node.switched:
        return Gone(f"“{node.id}” is bypassed: what is set here does nothing.", node.id)
    parameter = node.spec.parameter(field.name) if node.spec else None
    is_control = node.role == "control" and field == _first_field(node)
    told = {f.name: _value(f.text) for f in node.fields} if is_control else {}
    value = _value(field.text)
    named = node.spec.name if node.spec and is_control else ""
    form = own = forms.of_parameter(parameter, named, value)
    if asked is not None and asked.role == "control" and set(asked.types) & set(form.types):
        form = asked
    entries = next((told[name] for name in _CHOICES if isinstance(told.get(name), tuple | list)), None)
    title = told.get("label") or (node.id if is_control else f"{node.id}.{field.name}")
    source = next((wire.source for wire in graph.wires if wire.target == (node.id, field.name)), None)
    method = parameter.method if parameter else ""
    names = [p.name for p in node.spec.parameters if p.method == method] if node.spec else []
    by_name = parameter is not None and parameter.passing == "keyword"
    order = names.index(field.name) if field.name in names and not by_name else _BY_NAME
    kind = parameter.type if parameter is not None and parameter.type != "any" else (own.types or ("any",))[0]
    low = _number(told.get("minimum"), parameter.minimum if parameter else None)
    high = _number(told.get("maximum"), parameter.maximum if parameter else None)
    return Setting(
        graph.function,
        node.id,
        field.statement,
        field.name,
        order,
        value,
        form.name,
        str(title),
        unit=str(told.get("unit") or (parameter.unit if parameter else "")),
        minimum=low,
        maximum=high,
        ends=(low, high),
        step=_number(told.get("step"), parameter.step if parameter else None) or None,
        choices=tuple(entries) if entries is not None else (parameter.choices if parameter else ()),
        integer=parameter is not None and parameter.type == "integer",
        latch=told.get("action", "latch") == "latch",
        log=told.get("scale") == "log",
        asks=str(told.get("asks") or ("save" if parameter is not None and parameter.widget == "save" else "open")),
        endings=parameter.endings if parameter is not None else (),
        help=(parameter.help if parameter else "") or (node.spec.summary if node.spec else ""),
        told=told,
        wired=_source(graph, source) if source is not None else "",
        variable=_given(node, graph) if is_control and node.outputs else _brought(graph, source),
        type=kind,
        own=own.key,
        plain=not is_control,
    )


def _given(node: Node, graph: Graph) -> str:
    """Return the name of all that a control gives: of several outputs not that of the first, but of what has them."""
    name = graph.value(node.id, node.outputs[0])
    return name.rpartition(".")[0] if len(node.outputs) > 1 and "." in node.outputs[0].variable else name


def _reading(node: Node, graph: Graph) -> Shown:
    if not node.outputs:
        return Gone(f"The node “{node.id}” gives no value to show.", node.id)
    feeding = {wire.target[1]: _source(graph, wire.source) for wire in graph.wires if wire.target[0] == node.id}
    output = next((port for port in node.outputs if port.type == "indicator"), node.outputs[0])
    named = _named(node, output)
    form = forms.of_node(node.spec) if node.spec is not None and node.spec.viewed else None
    return Reading(
        graph.value(node.id, output),
        title_of(node) or named,
        form=form.name if form is not None else "",
        type=output.type,
        own=form.key if form is not None else "",
        names=tuple(feeding[port.name] for port in node.inputs if port.name in feeding) if form else (named,),
        unit=output.unit,
        help=node.spec.summary if node.spec else "",
        settings=_settings(node, graph, form),
        plain=node.spec is None or not node.spec.viewed,
    )


def _named(node: Node, output: Port) -> str:
    """Return the name of what a node gives: of one with state the variable, and not that of its object."""
    own = node.spec is not None and node.spec.viewed
    return node.id if own or len(node.outputs) > 1 or not output.variable else output.variable


def _brought(graph: Graph, source: tuple[str, str] | None) -> str:
    """Return the value that a wire gives to a field; empty where there is none."""
    node = graph.nodes.get(source[0]) if source is not None else None
    port = next((p for p in node.outputs if source is not None and p.name == source[1]), None) if node else None
    return graph.value(node.id, port) if node is not None and port is not None else ""


def _settings(node: Node, graph: Graph, form: Form | None) -> tuple[Setting, ...]:
    """Return the literals of a node that a hand can set on its own form."""
    fields = [field for field in node.fields if form is not None and field.name in form.sets]
    found = [_setting(node, graph, field) for field in fields]
    return tuple(setting for setting in found if isinstance(setting, Setting))


def _source(graph: Graph, source: tuple[str, str]) -> str:
    node = graph.nodes.get(source[0])
    port = next((p for p in node.outputs if p.name == source[1]), None) if node else None
    return port.variable if port and port.variable else source[0]


def _value(text: str) -> Any:
    try:
        return literal(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return Symbol(text)


def _indent(flow: Flow, region: Region) -> str:
    """Return what the statements of a region begin with."""
    own = flow.block(region).indent
    if own is not None:
        return own
    deep = 1
    while region.owner:
        region = flow.index[Address(region.function, region.owner)][1]
        deep += 1
    return "    " * deep


def _number(told: Any, otherwise: float | None) -> float | None:
    return told if is_number(told) else otherwise
