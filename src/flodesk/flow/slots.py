"""Which argument of a call goes into which parameter of its type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flodesk.flow.model import Argument, Call, Flow, Loop
from flodesk.flow.spec import NodeSpec, Parameter


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter with the argument that sets it.

    Attributes
    ----------
    name : str
        As the port goes by: the parameter, ``values[2]``, or for an argument of an unknown type ``args[0]``.
    parameter : Parameter or None
        None for an argument that no parameter takes: the type is unknown, or has no such parameter.
    argument : Argument or None
        None if it is left out.
    """

    name: str
    parameter: Parameter | None
    argument: Argument | None


def parameters_of(flow: Flow, spec: NodeSpec | None, statement: Call | Loop) -> tuple[Parameter, ...] | None:
    """Return the parameters of what a statement calls: of a function, a constructor or a method; None if unknown."""
    if spec is None:
        return None
    if not spec.methods:
        return spec.inputs("")
    if flow.resolve(statement.callee) in (spec.path, spec.name):
        return spec.inputs("__init__")
    return spec.inputs(statement.callee.partition(".")[2] or "__call__")


def slots(arguments: Sequence[Argument], parameters: Sequence[Parameter] | None) -> list[Slot]:
    """Match arguments with parameters as Python does, those of `parameters` first, in their order.

    ``*values`` gives a slot for each argument and an open one after them. With None for `parameters` every argument
    has a slot of its own.
    """
    by_position = [argument for argument in arguments if not argument.keyword]
    by_keyword = {argument.keyword: argument for argument in arguments if argument.keyword}
    found: list[Slot] = []
    position = 0
    for parameter in parameters or ():
        name, passing = parameter.name, parameter.passing
        if passing == "many":
            rest = by_position[position:]
            found += [Slot(f"{name}[{n}]", parameter, argument) for n, argument in enumerate(rest)]
            found.append(Slot(f"{name}[{len(rest)}]", parameter, None))
            position = len(by_position)
        elif passing != "keyword" and position < len(by_position):
            found.append(Slot(name, parameter, by_position[position]))
            position += 1
        elif passing != "position":
            found.append(Slot(name, parameter, by_keyword.pop(name, None)))
        else:
            found.append(Slot(name, parameter, None))
    found += [Slot(f"args[{n}]", None, by_position[n]) for n in range(position, len(by_position))]
    found += [Slot(argument.keyword, None, argument) for argument in by_keyword.values()]
    return found
