"""What a node is that runs once for each item of an input: it takes a list there, and gives a list.

With ``collect`` it gives two: the results, and beside them what failed (`flodesk.Collected`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flodesk.flow.model import Call
from flodesk.flow.spec import NodeSpec, Output
from flodesk.flow.types import WORDS, PortType, compatible

RESULTS, ERRORS = "results", "errors"
"""The outputs of a node that collects what failed."""
LISTS: tuple[PortType, ...] = ("list", "array")
"""What is offered to be mapped over, unasked."""
_RESULTS_HELP = "The results of the items that did not fail, in their order."
_ERRORS_HELP = "Those that failed: for each its number (item, from 1), the class of the error, and its message."


def outputs_of_items(call: Call, outputs: Iterable[Output]) -> tuple[Output, ...]:
    """Return what a call gives: with an argument that it is mapped over a list, or what `flodesk.each` collects."""
    found = call.mapped
    if found is None or found.each is None:
        return tuple(outputs)
    if found.each.on_error == "collect":
        return Output(RESULTS, "list", help=_RESULTS_HELP), Output(ERRORS, "list", help=_ERRORS_HELP)
    return (Output("", "list", help="One result for each item, in their order."),)


def spec_of_items(call: Call, spec: NodeSpec | None) -> NodeSpec | None:
    """Return the type of the box of a call: mapped, it shows nothing and is no control, as its result is a list."""
    if spec is None or call.mapped is None:
        return spec
    return replace(spec, role="function", outputs=outputs_of_items(call, spec.outputs))


def items_given(call: Call, outputs: Iterable[Output]) -> dict[str, PortType]:
    """Return what the items of the lists are that a mapped call gives, by the name of the output."""
    found = call.mapped
    if found is None or found.each is None:
        return {}
    whole = [output.type for output in outputs if not output.name]
    return {RESULTS if found.each.on_error == "collect" else "": whole[0] if whole else "any"}


def why_not_items(source: PortType, target: PortType) -> str:
    """Return a sentence that says why the items of a list do not fit, or an empty text if they may."""
    if compatible(source, target):
        return ""
    return f"Each item of the list is {WORDS[source]}, the input takes {WORDS[target]} for each."


__all__ = ["ERRORS", "LISTS", "RESULTS", "items_given", "outputs_of_items", "spec_of_items", "why_not_items"]
