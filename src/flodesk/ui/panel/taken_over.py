"""What a new control takes over from the field that it is wired to: its value, its unit, and its limits."""

from __future__ import annotations

from typing import Any

from flodesk.flow import forms
from flodesk.flow.edit import Edit, SetParameter
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow, Literal, Symbol, View
from flodesk.flow.spec import Parameter
from flodesk.flow.syntax import literal
from flodesk.ui.panel.first_limits import LIMITED, first_limits
from flodesk.ui.panel.setting import Setting, shown
from flodesk.ui.panel.written import written

_FORM = (("as", "control.number"),)


def taken_over(flow: Flow, before: Graph, now: Graph, field: tuple[str, ...], control: str) -> list[Edit]:
    """Return the edits that let a new control begin where the field stood, so that to wire it changes no value.

    Parameters
    ----------
    before, now : Graph
        The picture before the control was there, and with it.
    field : tuple of str
        Node and parameter that it is wired to.
    control : str
        The new node's id.
    """
    what = shown(View("", ".".join(field), 0, 0, 1, 1, options=_FORM), before)
    made = shown(View("", control, 0, 0, 1, 1), now)
    spec = now.nodes[control].spec if control in now.nodes else None
    if not isinstance(what, Setting) or not isinstance(made, Setting) or spec is None or what.value is None:
        return []
    if isinstance(what.value, Symbol) or what.wired or type(made.value) not in _alike(what.value):
        return []
    edits: list[Edit] = []
    if what.value != made.value:
        edits.append(made.edit(flow, what.value))
    own = forms.of_node(spec)
    limits: dict[str, Any] = {"minimum": what.minimum, "maximum": what.maximum, "unit": what.unit or None}
    if own is not None and own.name in LIMITED:
        limits |= first_limits(what)
    for name, value in limits.items():
        parameter = spec.parameter(name)
        if value is not None and parameter is not None and not _is_default(parameter, value):
            edits.append(SetParameter(made.function, made.statement, name, Literal(written(value))))
    return edits


def _alike(value: Any) -> tuple[type, ...]:
    """Return the types of a control's value that stand for the same as this one does."""
    return (int, float) if type(value) in (int, float) else (type(value),)


def _is_default(parameter: Parameter, value: Any) -> bool:
    try:
        return bool(literal(parameter.default) == value)
    except (ValueError, SyntaxError):
        return False
