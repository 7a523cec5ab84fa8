"""The two ends of a function's picture: the box of its parameters, and that of what it returns."""

from __future__ import annotations

from functools import lru_cache

from flodesk.flow.boxes import Field, Port
from flodesk.flow.jumps import yields
from flodesk.flow.model import Block, Call, Code, Expression, Flow, Function, Literal, Ref, Region, Return, walk
from flodesk.flow.names import binds_of
from flodesk.flow.script.names import kept_names, nonlocal_names, outer_names, usage
from flodesk.flow.sketch import Box, Origin, Sketch
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import parse_tree

INPUTS = "def"
"""Id of the box of the parameters; like ``return`` a word of Python, so that no variable can have it."""
RETURN = "return"


def draw_inputs(sketch: Sketch, function: Function, spec: NodeSpec | None) -> None:
    """Draw the parameters of a function as a box with an output for each."""
    if not sketch.names.parameters:
        return
    box = Box(INPUTS, "inputs", "Inputs", spec=spec)
    known = {parameter.name: parameter for parameter in spec.inputs("")} if spec is not None else {}
    listed = [*known, *sorted(sketch.names.parameters - known.keys())]
    for name in listed:
        parameter = known.get(name)
        kind = parameter.type if parameter is not None and parameter.passing != "many" else "any"
        unit, words = (parameter.unit, parameter.help) if parameter is not None else ("", "")
        box.outputs.append(Port(name, kind, name, "", name, unit=unit, help=words))
        sketch.origins[name] = Origin(INPUTS, {"": kind}, name)
    box.text = function.parameters.strip()
    sketch.put(box)


def draw_return(sketch: Sketch, statement: Return | None) -> None:
    """Draw what a function returns; None for one that has no return yet."""
    box = Box(RETURN, "return", "Return", statements=[] if statement is None else [statement.id])
    sketch.put(box)
    values = statement.values if statement is not None else ()
    box.note = statement.note if statement is not None else ""
    if not values:
        box.inputs["value"] = Port("value", "any", "value", RETURN)
    for number, value in enumerate(values):
        port = "value" if len(values) == 1 else f"value[{number}]"
        match value:
            case Ref():
                box.inputs[port] = Port(port, "any", value.text, RETURN, required=True)
                box.fields.append(Field(port, value.text, True, True, RETURN))
                sketch.read(value, RETURN, port, "any")
            case Literal():
                box.fields.append(Field(port, value.text, True, False, RETURN))
            case Expression():
                box.text = value.text
                box.fields.append(Field(port, value.text, True, False, RETURN))
                for name in value.reads:
                    if sketch.names.is_variable(name):
                        box.inputs[name] = Port(name, "any", name, RETURN, required=True)
                        sketch.read(Ref(name), RETURN, name, "any")


def is_open_end(function: Function, flow: Flow) -> bool:
    """Say whether a function takes something, returns nothing yet, and could: it is no flow and no producer."""
    takes = bool(function.parameters.strip()) and function.name not in flow.mains
    return takes and not returns(function.body) and not is_opaque(function)


def returns(body: Block) -> bool:
    """Say whether a function ends with a return."""
    return bool(body.statements) and isinstance(body.statements[-1], Return)


def has_steps(function: Function) -> bool:
    """Say whether a function is a subflow: it has nodes, and nothing that only a call of the whole does right."""
    called = (s for s, _ in walk(function.body, Region(function.name)) if isinstance(s, Call) and s.name)
    return any(True for _ in called) and goes_in_steps(function)


def goes_in_steps(function: Function) -> bool:
    """Say whether a function has nothing that only a call of the whole does right.

    That is code that yields, declares a name global, looks at its own variables, or makes a function of a variable
    that gets another value later.
    """
    found = list(walk(function.body, Region(function.name)))
    for number, (statement, region) in enumerate(found):
        if isinstance(statement, Code):
            later = {name for other, _ in found[number:] for name in binds_of(other)}
            if yields(statement.text) or not _can_be_a_step(statement.text, later, bool(region.owner)):
                return False
        elif isinstance(statement, Call) and statement.callee in _OWN_NAMES:
            return False
    return True


_OWN_NAMES = frozenset({"locals", "vars", "eval", "exec", "dir"})


@lru_cache(maxsize=4096)
def _facts(text: str) -> tuple[bool, frozenset[str]]:
    """Return whether code can be a step wherever it stands, and the names that functions made in it read later."""
    found = usage(body := parse_tree(text).body)
    return not outer_names(body) and not nonlocal_names(body) and _OWN_NAMES.isdisjoint(found.reads), kept_names(body)


def _can_be_a_step(text: str, later: set[str], inside: bool) -> bool:
    fine, kept = _facts(text)
    return fine and (not kept or (not inside and later.isdisjoint(kept)))


def is_opaque(function: Function) -> bool:
    """Say whether code in a function leaves it, or yields: it is not for the picture to say what it returns."""
    return any(isinstance(s, Code) and s.leaves for s, _ in walk(function.body, Region(function.name)))
