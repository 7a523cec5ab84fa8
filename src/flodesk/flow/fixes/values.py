"""Values for fields: the one that is suggested, and one that is nearly what stands there."""

from __future__ import annotations

import difflib
from typing import Any

from flodesk.flow.call_rules import writable
from flodesk.flow.model import Literal, Symbol
from flodesk.flow.spec import Parameter
from flodesk.flow.types import PortType

_FIRST: dict[PortType, object] = {"number": 0.0, "integer": 0, "truth": False, "text": "", "list": []}
_TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def suggested(parameter: Parameter) -> Literal | None:
    """Return a value that a field may begin with; None if none can be written out."""
    if parameter.choices:
        return Literal.of(parameter.choices[0])
    if parameter.default:
        return Literal(parameter.default)
    if not writable(parameter) or parameter.type not in _FIRST:
        return None
    first = _FIRST[parameter.type]
    return Literal.of(limited(first, parameter) if parameter.type in ("number", "integer") else first)


def start_of(kind: PortType) -> Literal:
    """Return a start value for what has a type: a number where it may be anything, None where no value is plain."""
    return Literal.of(_FIRST.get("number" if kind == "any" else kind))


def limited(value: Any, parameter: Parameter) -> Any:
    """Return the nearest value that the limits of a parameter allow."""
    whole = parameter.type == "integer"
    if parameter.minimum is not None and value < parameter.minimum:
        return int(-(-parameter.minimum // 1)) if whole else float(parameter.minimum)
    if parameter.maximum is not None and value > parameter.maximum:
        return int(parameter.maximum // 1) if whole else float(parameter.maximum)
    return value


def nearly(value: Any, parameter: Parameter) -> Literal | None:
    """Return what was probably meant by a value that a parameter does not take; None if that cannot be told."""
    if isinstance(value, Symbol):
        return None
    if parameter.choices:
        words = {str(c.text if isinstance(c, Symbol) else c).lower(): c for c in parameter.choices}
        found = difflib.get_close_matches(str(value).lower(), words, 1, 0.5)
        return Literal.of(words[found[0]]) if found else None
    try:
        made = _as(parameter.type, value)
    except (ValueError, TypeError, OverflowError):
        return None
    if made is None:
        return None
    return Literal.of(limited(made, parameter) if parameter.type in ("number", "integer") else made)


def _as(kind: PortType, value: Any) -> Any:
    match kind:
        case "number":
            return float(value.replace(",", ".")) if isinstance(value, str) else float(value)
        case "integer":
            return round(float(value))
        case "truth":
            return _TRUTHS.get(str(value).strip().lower())
        case "text" | "path" | "instrument" if isinstance(value, int | float):
            return str(value)
        case "list" if isinstance(value, int | float | str):
            return [value]
        case _:
            return None
