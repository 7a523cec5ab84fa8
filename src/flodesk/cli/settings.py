"""What is wrong with a value of ``--set`` that the checker has no word for: an unknown name, a value out of limits."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.flow.boxes import Node
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Address, Call, Flow
from flodesk.flow.syntax import literal


def mistakes(flow: Flow, catalog: Catalog, settings: Mapping[tuple[str, str], str]) -> list[str]:
    """Return a sentence for each setting that names no parameter, or leaves the limits of a control.

    Parameters
    ----------
    settings : by (``function.node``, parameter), the value as Python text
    """
    found = []
    for (address, parameter), text in settings.items():
        function, _, name = address.rpartition(".")
        node = picture(flow, catalog, function).nodes.get(name)
        if node is None or node.spec is None:
            continue
        known = _names(flow, function, node)
        if known and parameter not in known:
            found.append(f"{name} has no parameter “{parameter}”; it has {', '.join(known)}")
        elif node.role == "control" and parameter == "value":
            found += _beyond(node, text)
    return found


def _names(flow: Flow, function: str, node: Node) -> tuple[str, ...]:
    """Return the parameters that can be set; empty where that is not known: the node has several lines."""
    statement, _ = flow.index.get(Address(function, node.id), (None, None))
    if not isinstance(statement, Call) or len(node.statements) > 1 or node.spec is None:
        return ()
    fields = (field.name for field in node.fields)
    return tuple(dict.fromkeys((*(p.name for p in node.spec.parameters), *fields)))


def _beyond(node: Node, text: str) -> list[str]:
    limits = {field.name: _number(field.text) for field in node.fields if field.name in ("minimum", "maximum")}
    low, high, value = limits.get("minimum"), limits.get("maximum"), _number(text)
    if value is None or ((low is None or value >= low) and (high is None or value <= high)):
        return []
    bounds = " to ".join(f"{bound:g}" for bound in (low, high) if bound is not None)
    said = f"{node.id}.value = {value:g} is beyond what the control allows, {bounds}"
    return [f"{said}: set another value, or its minimum or maximum, too"]


def _number(text: str) -> float | None:
    try:
        value = literal(text)
    except (ValueError, SyntaxError):
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
