"""What a call is given, by name: to change a literal of it, and to say with what it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flodesk.engine.calls import UNBOUND, Slots, is_fresh
from flodesk.engine.errors import PlanError, one_line
from flodesk.engine.places.travel import Away
from flodesk.engine.plan import Item, Plan
from flodesk.engine.preview import preview
from flodesk.flow.edit import EditError, SetParameter
from flodesk.flow.model import Address, Argument, Bind, Call, Expression, Flow, Literal, Loop, Ref, Switch
from flodesk.flow.script import read, write
from flodesk.flow.syntax import signature
from flodesk.templating import is_template, names_in


def callable_of(plan: Plan, item: Item) -> Callable[..., Any] | None:
    """Return what an item calls; of an object, the method of its class."""
    if item.target is not None:
        found: Callable[..., Any] = item.target
        return found
    statement = item.statement
    if not item.owner or not isinstance(statement, Call | Loop):
        return None
    _, _, method = statement.callee.partition(".")
    made = plan.slots[plan.names[item.owner]]
    if made is UNBOUND or isinstance(made, Away):
        makers = (m.target for m in plan.items.values() if m.kind == "make" and item.owner in m.binds)
        maker = next(makers, None)
        function = getattr(maker, method or "__call__", None)
        return None if function is None else function.__get__(object())
    for name in method.split(".") if method else ():
        made = getattr(made, name, None)
    return made if callable(made) else None


def argument_names(plan: Plan, item: Item) -> list[str]:
    """Return the parameter of each argument of a call, ``values[2]`` for the third of ``*values``."""
    statement = item.statement
    if not isinstance(statement, Call | Loop):
        return ["value"]
    positional = [a for a in statement.arguments if not a.keyword]
    names = [f"argument {n}" for n in range(1, len(positional) + 1)]
    function = callable_of(plan, item)
    try:
        parameters = list(signature(function).parameters.values()) if function else []
    except (TypeError, ValueError):
        parameters = []
    for number in range(len(positional)):
        for place, parameter in enumerate(parameters):
            if parameter.kind is parameter.VAR_POSITIONAL and number >= place:
                names[number] = f"{parameter.name}[{number - place}]"
                break
            if place == number and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names[number] = parameter.name
                break
    return [*names, *(a.keyword for a in statement.arguments if a.keyword)]


def position_of(plan: Plan | None, statement: str, parameter: str) -> int | None:
    """Return the place of an argument that the script passes by position; None for all others."""
    item = plan.items.get(statement) if plan is not None else None
    if plan is None or item is None or not isinstance(item.statement, Call | Loop):
        return None
    positional = sum(not argument.keyword for argument in item.statement.arguments)
    names = argument_names(plan, item)[:positional]
    return names.index(parameter) if parameter in names else None


def set_literal(plan: Plan, statement: str, parameter: str, text: str) -> bool:
    """Store another value for a literal; returns False where the script has no literal there.

    Raises
    ------
    ValueError
        The text is no value.
    """
    item = plan.items.get(statement)
    if item is None:
        return False
    slot = item.literals.get(parameter)
    if slot is None and item.kind in ("bind", "start"):
        slot = item.literals.get("value")
    if slot is None:
        names = argument_names(plan, item)
        place = names.index(parameter) if parameter in names else -1
        slot = item.literals.get(place)
    if slot is None:
        return False
    try:
        value = plan.loaded.value(Literal(text))
    except Exception as error:
        raise ValueError(f"{text!r} is no value for {parameter} of {plan.node(item)}: {one_line(error)}") from error
    if is_fresh(value) != is_fresh(plan.slots[slot]):
        return False
    if is_template(value) or is_template(plan.slots[slot]):
        if is_template(value) != is_template(plan.slots[slot]):
            return False  # what the call does before it is another now
        names_in(value)
    plan.slots[slot] = value
    return True


def with_parameters(flow: Flow, plans: Mapping[str, Plan], unset: Mapping[tuple[str, str], str]) -> tuple[str, Flow]:
    """Write parameters into a flow that its script leaves at their defaults; returns (text, flow).

    Raises
    ------
    PlanError
        There is no such node or parameter, or a wire sets it.
    """
    for (node, parameter), text in unset.items():
        function, _, statement = node.rpartition(".")
        plan = next((inner for plan in plans.values() for inner in plan.plans_of(function)), None)
        item = plan.items.get(statement) if plan is not None else None
        if plan is None or item is None:
            raise PlanError("", f"there is no node “{node}” to set {parameter} of")
        known = parameters_of(plan, item)
        if known is not None and parameter not in known:
            has = f"; it has {', '.join(known)}" if known else ""
            raise PlanError(node, f"{node} has no parameter “{parameter}”{has}")
        try:
            flow, _ = SetParameter(
                function, statement, parameter, Literal(text), position_of(plan, statement, parameter)
            ).apply(flow)
        except EditError as error:
            raise PlanError(node, f"{parameter} of {node} cannot be set: {error}") from error
    text = write(flow)
    return text, read(text)


def parameters_of(plan: Plan, item: Item) -> list[str] | None:
    """Return the names of what a node takes; None where that is not known, or it takes any keyword."""
    function = callable_of(plan, item)
    try:
        parameters = signature(function).parameters.values() if function else None
    except (TypeError, ValueError):
        return None
    if parameters is None or any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.POSITIONAL_ONLY)]


def given_values(plan: Plan, item: Item, slots: Slots) -> tuple[tuple[str, str], ...]:
    """Say what a call was given: (parameter, summary) of each argument, from the slots that it ran over."""
    return tuple((name, summary(value)) for name, value in given(plan, item, slots))


def given(plan: Plan, item: Item, slots: Slots) -> Iterator[tuple[str, Any]]:
    """Give what a call was given: (parameter, value) of each argument, from the slots that it ran over."""
    statement = item.statement
    if isinstance(statement, Call | Loop):
        names = argument_names(plan, item)
        for number, (name, argument) in enumerate(zip(names, statement.arguments, strict=False)):
            yield name, _value(plan, item, slots, argument, argument.keyword or number)
    elif isinstance(statement, Bind):
        yield "value", _value(plan, item, slots, Argument(statement.value), "value")
    elif isinstance(statement, Switch):
        for arm in statement.arms:
            reads = arm.test.reads if isinstance(arm.test, Expression) else (arm.test.name,) if arm.test else ()
            yield from ((n, slots[plan.names[n]]) for n in reads if n in plan.names)
    else:
        yield from ((n, slots[plan.names[n]]) for n in sorted(item.reads) if n in plan.names)


def _value(plan: Plan, item: Item, slots: Slots, argument: Argument, key: str | int) -> Any:
    if isinstance(argument.value, Ref) and argument.value.name in plan.names:
        value = slots[plan.names[argument.value.name]]
        return getattr(value, argument.value.field, UNBOUND) if argument.value.field else value
    slot = item.literals.get(key)
    if slot is not None:
        return slots[slot]
    try:
        return plan.loaded.value(Literal(argument.value.text))  # a name of the module that may change
    except Exception:  # noqa: BLE001 - it may be gone; this only helps to say what a node was given
        return UNBOUND


def summary(value: Any) -> str:
    """Say in a few words what a value is."""
    if value is UNBOUND:
        return "no value"
    seen = preview(value)
    return seen.detail or seen.text


def overrides_of(flow: Flow, settings: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Find the node of each setting.

    Returns
    -------
    dict
        Text of the value by (``function.node``, parameter).

    Raises
    ------
    PlanError
        There is no such node.
    """
    found = {}
    for name, text in settings.items():
        parts = name.split(".")
        if len(parts) not in (2, 3) or not all(parts):
            raise PlanError("", f"“{name}” is no setting: write node.parameter=value, for example cutoff.value=20")
        functions = [parts[0]] if len(parts) == 3 else list(flow.mains)
        node, parameter = parts[-2:]
        owners = [f for f in functions if Address(f, node) in flow.index]
        if not owners:
            known = sorted(a.id for a in flow.index if a.function in flow.mains and a.id.isidentifier())
            raise PlanError("", f"there is no node “{node}” to set {parameter} of; there are: {', '.join(known)}")
        if len(owners) > 1:
            raise PlanError("", f"“{node}” is a node of {' and '.join(owners)}: write {owners[0]}.{node}.{parameter}")
        found[f"{owners[0]}.{node}", parameter] = text
    return found
