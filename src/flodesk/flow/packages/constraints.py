"""What scikit-learn declares of its parameters, as limits and choices: read from the class's text, never run.

Of a class that is ``_parameter_constraints``, of a function what its decorator ``validate_params`` is given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flodesk.flow.packages.contents import Contents, Valued
from flodesk.flow.packages.tracing import Defined, Tracer
from flodesk.flow.spec import Parameter
from flodesk.flow.syntax import literal
from flodesk.flow.types import PortType, common

_TABLE = "_parameter_constraints"
_KINDS: dict[str, PortType] = {
    "Integral": "integer", "int": "integer", "Real": "number", "float": "number", "str": "text", "bool": "truth",
    "list": "list", "tuple": "list", "dict": "any", "array-like": "array", "sparse matrix": "array",
    "boolean": "truth", "verbose": "any", "random_state": "any", "cv_object": "any",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constraint:
    """What one parameter may be.

    Attributes
    ----------
    kinds : frozenset of port types
        ``none`` among them if None is allowed.
    choices : tuple
        The values that are allowed; those of all of its sets.
    closed : bool
        Nothing but the choices (and None) is allowed.
    """

    kinds: frozenset[PortType]
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    closed: bool = False


def constraints_of_class(lineage: Iterable[Defined], tracer: Tracer) -> dict[str, Constraint]:
    """Return what a class and its bases declare, by parameter; the nearest counts."""
    found: dict[str, Constraint] = {}
    for one in lineage:
        assert isinstance(one.node, ast.ClassDef)
        for name, constraint in _of_body(one, tracer).items():
            found.setdefault(name, constraint)
    return found


def constraints_of_function(node: ast.AST, home: Contents, tracer: Tracer) -> dict[str, Constraint]:
    """Return what ``validate_params`` is given."""
    for decorator in getattr(node, "decorator_list", ()):
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("validate_params"):
            return _of_table(decorator.args[0], home, tracer) if decorator.args else {}
    return {}


def narrowed(parameter: Parameter, constraint: Constraint) -> Parameter:
    """Return a parameter with what is declared of it in place of what its docstring tells."""
    kinds = constraint.kinds - {"none"}
    optional = parameter.optional or "none" in constraint.kinds
    kind: PortType = common(kinds) if kinds else "any"
    if constraint.closed:
        return replace(
            parameter, type=kind, choices=constraint.choices, optional=optional, minimum=None, maximum=None, loose=True
        )
    if kind not in ("number", "integer"):
        plain = parameter if kind in ("any", parameter.type) else replace(parameter, type=kind)
        if constraint.choices and parameter.choices:  # more than the choices is allowed
            plain = replace(plain, type="any", choices=())
        return replace(plain, optional=optional, loose=True)
    return replace(
        parameter,
        type=kind,
        choices=(),
        optional=optional,
        minimum=constraint.minimum,
        maximum=constraint.maximum,
        loose=True,
    )


def _of_body(one: Defined, tracer: Tracer) -> dict[str, Constraint]:
    assert isinstance(one.node, ast.ClassDef)
    for statement in one.node.body:
        target: ast.expr | None = None
        if isinstance(statement, ast.AnnAssign):
            target = statement.target
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and target.id == _TABLE and value is not None:
            return _of_table(value, one.home, tracer)
    return {}


def _of_table(table: ast.expr, home: Contents, tracer: Tracer) -> dict[str, Constraint]:
    passed: set[str] = set()  # names that stand for each other in a circle mean no table
    while isinstance(table, ast.Name) and table.id not in passed:
        passed.add(table.id)
        bound = home.names.get(table.id)
        if isinstance(bound, Valued) and bound.value is not None:
            table = bound.value
    if not isinstance(table, ast.Dict):
        return {}
    found: dict[str, Constraint] = {}
    for key, value in zip(table.keys, table.values, strict=True):
        if key is None:
            found |= _spread(value, home, tracer)
        elif isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.List):
            found[key.value] = _constraint(value.elts)
    return found


def _spread(value: ast.expr, home: Contents, tracer: Tracer) -> dict[str, Constraint]:
    """Read ``**Base._parameter_constraints``."""
    if not (isinstance(value, ast.Attribute) and value.attr == _TABLE and isinstance(value.value, ast.Name)):
        return {}
    base = tracer.trace(home.place.name, value.value.id)
    if isinstance(base, Defined) and isinstance(base.node, ast.ClassDef):
        return constraints_of_class(tracer.lineage(base)[0], tracer)
    return {}


def _constraint(parts: Iterable[ast.expr]) -> Constraint:
    kinds: set[PortType] = set()
    choices: list[Any] = []
    lows: list[float | None] = []
    highs: list[float | None] = []
    closed = True
    for part in parts:
        if isinstance(part, ast.Constant) and part.value is None:
            kinds.add("none")
            continue
        name = _name(part)
        values = _set_of(part) if name in ("StrOptions", "Options", "Hidden") else ()
        if name == "Hidden":
            continue
        if values:
            choices += [value for value in values if value is not None]
            kinds.update(_kind(value) for value in values)
            continue
        closed = False
        if name == "Interval" and isinstance(part, ast.Call) and len(part.args) >= 3:
            kind, low, high = _interval(part)
            kinds.add(kind)
            lows.append(low)
            highs.append(high)
        else:
            kinds.add(_KINDS.get(name, "any"))
    numbers = bool(lows) and not choices
    least = min((low for low in lows if low is not None), default=None) if numbers and None not in lows else None
    most = max((high for high in highs if high is not None), default=None) if numbers and None not in highs else None
    return Constraint(frozenset(kinds), tuple(dict.fromkeys(choices)), least, most, closed and bool(choices))


def _name(part: ast.expr) -> str:
    """Name what stands in a constraint: a text, a class, the class that is called."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    called = part.func if isinstance(part, ast.Call) else part
    return ast.unparse(called).rpartition(".")[2]


def _set_of(part: ast.expr) -> tuple[Any, ...]:
    """Give the values that ``StrOptions({...})`` and ``Options(type, {...})`` list, sorted: a set has no order."""
    if not isinstance(part, ast.Call):
        return ()
    for given in part.args:
        if isinstance(given, ast.Set):
            try:
                return tuple(dict.fromkeys(literal(each) for each in given.elts))
            except (ValueError, TypeError):  # something that is no value; a list, which no set can hold
                return ()
    return ()


def _interval(part: ast.Call) -> tuple[PortType, float | None, float | None]:
    kind = _KINDS.get(_name(part.args[0]), "number")
    how = next((ast.unparse(k.value) for k in part.keywords if k.arg == "closed"), "")
    low, high = (_number(given) for given in part.args[1:3])
    whole = kind == "integer"
    if low is not None and whole and how in ("'right'", "'neither'"):
        low += 1
    if high is not None and whole and how in ("'left'", "'neither'"):
        high -= 1
    return kind, low, high


def _number(given: ast.expr) -> float | None:
    try:
        value = literal(given)
    except ValueError:
        return None
    return float(value) if isinstance(value, int | float) else None


def _kind(value: Any) -> PortType:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "truth"
    return "text" if isinstance(value, str) else "integer" if isinstance(value, int) else "number"


__all__ = ["Constraint", "constraints_of_class", "constraints_of_function", "narrowed"]
