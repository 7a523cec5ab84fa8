"""What a view of the panel shows, worked out from the flow: a setting that a hand turns, a reading, or what is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from typing import Literal as OneOf

from flodesk.flow.edit import Edit, EditError, SetParameter
from flodesk.flow.graph import Field, Graph, Node
from flodesk.flow.model import Address, Call, Flow, Literal, Loop, Symbol, View
from flodesk.flow.spec import Parameter
from flodesk.flow.syntax import literal

Widget = OneOf["slider", "number", "switch", "button", "choice", "text"]
_WIDGETS: tuple[Widget, ...] = ("slider", "number", "switch", "button", "choice", "text")
_SHOWN = frozenset({"control", "indicator"})
_CHOICES = ("choices", "options", "entries")


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
    latch : bool
        Of a button: it springs back once the flow has read it; else when the hand lets go.
    wired : str
        The variable that sets it instead of a hand; the control then only shows.
    variable : str
        ``function.variable`` of what the control gives out, watched where it is wired.
    """

    function: str
    id: str
    statement: str
    parameter: str
    order: int
    value: Any
    widget: Widget
    title: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Any, ...] = ()
    integer: bool = False
    latch: bool = False
    help: str = ""
    wired: str = ""
    variable: str = ""

    @property
    def node(self) -> str:
        """``function.statement``, as the engine names it."""
        return f"{self.function}.{self.statement}"

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
        return SetParameter(self.function, self.statement, self.parameter, Literal(_text(value)), position)

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
    likely : str
        The last part of the node type's name (``line``, ``number``): what to prepare before the first value is there.
    names : tuple of str
        The variables that feed the node, in the order of its inputs: names for curves that have none.
    """

    variable: str
    title: str
    likely: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """What the view shows is no longer in the flow."""

    message: str
    title: str = ""


Shown: TypeAlias = Setting | Reading | Gone


def shown(view: View, graph: Graph) -> Shown:
    """Work out what a view shows in the picture of its function."""
    name, _, part = view.shows.partition(".")
    node = graph.nodes.get(name)
    if node is None:
        return Gone(f"The flow “{graph.function}” has no node “{name}” any more.", name)
    if not part:
        return _setting(node, graph, _first_field(node)) if node.role == "control" else _reading(node, graph)
    field = next((f for f in node.fields if f.name == part), None)
    if field is not None:
        return _setting(node, graph, field)
    output = next((port for port in node.outputs if part in (port.name, port.variable)), None)
    if output is None:
        return Gone(f"The node “{name}” has no parameter and no output “{part}” any more.", f"{name}.{part}")
    return Reading(f"{graph.function}.{output.variable}", view.shows, unit=output.unit, help=output.help)


def offers(graph: Graph, views: Iterable[View]) -> list[Node]:
    """Return the controls and indicators of a function that the panel does not show yet."""
    present = {view.shows for view in views}
    shown = [node for node in graph.nodes.values() if node.spec is not None and node.spec.role in _SHOWN]
    return [node for node in shown if node.id not in present]


def _first_field(node: Node) -> Field | None:
    """Return the field that holds what a hand sets: the type's first parameter."""
    first = node.spec.parameters[0].name if node.spec and node.spec.parameters else ""
    return next((field for field in node.fields if field.name == first), node.fields[0] if node.fields else None)


def _setting(node: Node, graph: Graph, field: Field | None) -> Shown:
    if field is None:
        return Gone(f"The node “{node.id}” has no parameter to set.", node.id)
    parameter = node.spec.parameter(field.name) if node.spec else None
    is_control = node.role == "control"
    told = {f.name: _value(f.text) for f in node.fields} if is_control else {}
    value = _value(field.text)
    widget = _widget(node, parameter, value)
    entries = next((told[name] for name in _CHOICES if isinstance(told.get(name), tuple | list)), None)
    title = told.get("label") or (node.id if is_control else f"{node.id}.{field.name}")
    wired = next((_source(graph, wire.source) for wire in graph.wires if wire.target == (node.id, field.name)), "")
    method = parameter.method if parameter else ""
    names = [p.name for p in node.spec.parameters if p.method == method] if node.spec else []
    order = names.index(field.name) if field.name in names else len(names)
    return Setting(
        graph.function,
        node.id,
        field.statement,
        field.name,
        order,
        value,
        widget,
        str(title),
        unit=str(told.get("unit") or (parameter.unit if parameter else "")),
        minimum=_number(told.get("minimum"), parameter.minimum if parameter else None),
        maximum=_number(told.get("maximum"), parameter.maximum if parameter else None),
        step=_number(told.get("step"), parameter.step if parameter else None) or None,
        choices=tuple(entries) if entries is not None else (parameter.choices if parameter else ()),
        integer=parameter is not None and parameter.type == "integer",
        latch=told.get("action", "latch") == "latch",
        help=(parameter.help if parameter else "") or (node.spec.summary if node.spec else ""),
        wired=wired,
        variable=f"{graph.function}.{node.outputs[0].variable}" if is_control and node.outputs else "",
    )


def _widget(node: Node, parameter: Parameter | None, value: Any) -> Widget:
    named = node.spec.path.rpartition(".")[2] if node.spec and node.role == "control" else ""
    for hint in (parameter.widget if parameter else "", named):
        for widget in _WIDGETS:
            if hint == widget:
                return widget
    if parameter is not None and parameter.choices:
        return "choice"
    if isinstance(value, bool) or (parameter is not None and parameter.type == "truth"):
        return "switch"
    if isinstance(value, int | float) or (parameter is not None and parameter.type in ("number", "integer")):
        limited = parameter is not None and parameter.minimum is not None and parameter.maximum is not None
        return "slider" if limited else "number"
    return "text"


def _reading(node: Node, graph: Graph) -> Shown:
    if not node.outputs:
        return Gone(f"The node “{node.id}” gives no value to show.", node.id)
    feeding = {wire.target[1]: _source(graph, wire.source) for wire in graph.wires if wire.target[0] == node.id}
    titles = [_value(f.text) for f in node.fields if f.name in ("title", "label") and f.text]
    title = next((t for t in titles if isinstance(t, str) and t), node.id)
    return Reading(
        f"{graph.function}.{node.outputs[0].variable}",
        title,
        likely=node.spec.path.rpartition(".")[2] if node.spec else "",
        names=tuple(feeding[port.name] for port in node.inputs if port.name in feeding),
        unit=node.outputs[0].unit,
        help=node.spec.summary if node.spec else "",
    )


def _source(graph: Graph, source: tuple[str, str]) -> str:
    node = graph.nodes.get(source[0])
    port = next((p for p in node.outputs if p.name == source[1]), None) if node else None
    return port.variable if port and port.variable else source[0]


def _value(text: str) -> Any:
    try:
        return literal(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return Symbol(text)


def _number(told: Any, otherwise: float | None) -> float | None:
    return told if isinstance(told, int | float) and not isinstance(told, bool) else otherwise


def _text(value: Any) -> str:
    """Write a value out, texts in double quotes as the rest of the file has them."""
    text = Literal.of(value).text
    if isinstance(value, str) and text.startswith("'") and '"' not in text:
        return f'"{text[1:-1]}"'
    return text
