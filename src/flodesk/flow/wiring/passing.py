"""How a call passes its arguments: required ones by position, the others by keyword, and what a hand chose is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flodesk.flow.edit import Connect, Disconnect, Edit, SetArguments, SetParameter
from flodesk.flow.model import Argument, Call, Literal, Loop, Ref
from flodesk.flow.slots import Slot, slots
from flodesk.flow.spec import Parameter
from flodesk.flow.wiring.refused import Refused


def slot_of(statement: Call | Loop, parameters: Sequence[Parameter] | None, port: str) -> Slot | None:
    """Return what a port or a field of a box is in a call; None if it has no such thing."""
    found = slots(statement.arguments, parameters)
    for slot in found:
        if slot.name == port:
            return slot
    name, bracket, _ = port.partition("[")  # ``values[n]``: the open one at the end
    return next((s for s in reversed(found) if bracket and s.name.startswith(f"{name}[") and s.argument is None), None)


def position_of(statement: Call | Loop, argument: Argument) -> int | None:
    """Return the place of an argument that is passed by position; None for a keyword."""
    return None if argument.keyword else next(n for n, a in enumerate(statement.arguments) if a is argument)


def pass_value(
    function: str,
    statement: Call | Loop,
    parameters: Sequence[Parameter] | None,
    port: str,
    value: Ref | Literal,
) -> Edit:
    """Return the edit that writes an argument, in the place of what is there.

    Raises
    ------
    Refused
        There is no such parameter, or one that must be passed before it is open.
    """
    slot = slot_of(statement, parameters, port)
    if slot is None:
        raise Refused(f"“{statement.id}” has no input “{port}”.")
    if slot.argument is not None:
        position = position_of(statement, slot.argument)
        if isinstance(value, Ref):
            return Connect(function, statement.id, port, value, position)
        if isinstance(slot.argument.value, Literal):
            return SetParameter(function, statement.id, port, value, position)
        return SetArguments(
            function,
            statement.id,
            _replaced(statement.arguments, slot.argument, value),
            f"Change {port} of {statement.id}",
        )
    arguments = _added(statement, parameters, slot, value)
    position, keyword = _new_place(statement.arguments, arguments)
    if position is None and keyword is None:
        words = (
            f"Connect {value.text} to {statement.id}" if isinstance(value, Ref) else f"Change {port} of {statement.id}"
        )
        return SetArguments(function, statement.id, arguments, words)
    if isinstance(value, Ref):
        return Connect(function, statement.id, keyword or port, value, position)
    return SetParameter(function, statement.id, keyword or port, value, position)


def _replaced(arguments: tuple[Argument, ...], old: Argument, value: Ref | Literal) -> tuple[Argument, ...]:
    return tuple(replace(a, value=value) if a is old else a for a in arguments)


def _new_place(old: tuple[Argument, ...], new: tuple[Argument, ...]) -> tuple[int | None, str | None]:
    """Say where one argument was added: its position, or its keyword; neither if others changed too."""
    end = sum(not a.keyword for a in old)
    if len(new) == len(old) + 1:
        if new[:-1] == old and new[-1].keyword:
            return None, new[-1].keyword
        if new[:end] + new[end + 1 :] == old and not new[end].keyword:
            return end, None
    return None, None


def _added(
    statement: Call | Loop, parameters: Sequence[Parameter] | None, slot: Slot, value: Ref | Literal
) -> tuple[Argument, ...]:
    """Return the arguments with one more, passed as its parameter wants it."""
    parameter = slot.parameter
    assert parameter is not None
    assert parameters is not None
    by_position = [a for a in statement.arguments if not a.keyword]
    by_keyword = [a for a in statement.arguments if a.keyword]
    before = [p for p in parameters if p.passing not in ("keyword", "many")]
    if parameter.passing == "many":
        if len(by_position) < len(before):
            raise Refused(f"Connect “{before[len(by_position)].name}” of “{statement.id}” first.")
        return (*by_position, Argument(value), *by_keyword)
    place = before.index(parameter) if parameter in before else None
    wanted = place is not None and (parameter.required or parameter.passing == "position")
    if not wanted or place is None:
        return (*statement.arguments, Argument(value, parameter.name))
    if place > len(by_position):
        if parameter.passing == "position":
            raise Refused(f"Connect “{before[len(by_position)].name}” of “{statement.id}” first.")
        return (*statement.arguments, Argument(value, parameter.name))
    by_position.append(Argument(value))
    given = {a.keyword: a for a in by_keyword}
    for following in before[place + 1 :]:  # what had to go by keyword while this was open
        if not following.required or following.name not in given:
            break
        by_position.append(replace(given[following.name], keyword=""))
        by_keyword.remove(given[following.name])
    return (*by_position, *by_keyword)


def take_value(function: str, statement: Call | Loop, parameters: Sequence[Parameter] | None, port: str) -> Edit:
    """Return the edit that takes an argument out; those behind it go by keyword, if that is needed.

    Raises
    ------
    Refused
        There is no such argument, or those behind it can only be passed by position.
    """
    arguments, slot = without(statement, parameters, {port})
    position = position_of(statement, slot.argument) if slot.argument else None
    last = position is None or position == sum(not a.keyword for a in statement.arguments) - 1
    if last and slot.argument is not None and isinstance(slot.argument.value, Ref):
        return Disconnect(function, statement.id, port, position)
    if last and slot.argument is not None:
        return SetParameter(function, statement.id, port, None, position)
    return SetArguments(function, statement.id, arguments, f"Disconnect {port} of {statement.id}")


def without(
    statement: Call | Loop, parameters: Sequence[Parameter] | None, ports: set[str]
) -> tuple[tuple[Argument, ...], Slot]:
    """Return the arguments without some of them, and the last slot that was taken out.

    Raises
    ------
    Refused
        There is no such argument, or those behind it can only be passed by position.
    """
    found = slots(statement.arguments, parameters)
    gone = [slot for slot in found if slot.name in ports and slot.argument is not None]
    if len(gone) < len(ports):
        raise Refused(f"“{'”, “'.join(sorted(ports))}” of “{statement.id}” is not connected.")
    by_position: list[Argument] = []
    by_keyword: list[Argument] = []
    hole = ""
    for slot in found:
        argument = slot.argument
        many = slot.parameter is not None and slot.parameter.passing == "many"
        if argument is None:
            continue
        if slot in gone:
            if not argument.keyword and not many:
                hole = slot.name
        elif argument.keyword:
            by_keyword.append(argument)
        elif not hole:
            by_position.append(argument)
        elif many or slot.parameter is None or slot.parameter.passing == "position":
            raise Refused(
                f"“{hole}” of “{statement.id}” cannot be left open: what comes after it is passed by its place."
                " Connect something else to it instead."
            )
        else:
            by_keyword.append(replace(argument, keyword=slot.parameter.name))
    in_order = [a for a in statement.arguments if a.keyword]
    moved = [a for a in by_keyword if a not in in_order]
    kept = [a for a in in_order if a in by_keyword]
    return (*by_position, *moved, *kept), gone[-1]
