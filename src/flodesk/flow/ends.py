"""The two ends of what functions share, as node types: putting into a queue of the file, and each value out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from flodesk.flow.boxes import Field
from flodesk.flow.declared import SHELF
from flodesk.flow.model import Call, Flow
from flodesk.flow.slots import slots
from flodesk.flow.spec import NodeSpec
from flodesk.public import Role

SETTINGS = "shared"
"""The method under which an end lists what is set where the object is made."""
_ROLES: dict[str, tuple[Role, str, str]] = {
    "put": ("function", "Put into {}", "Put a value into {} for the functions that read it."),
    "get": ("function", "Latest of {}", "Get the latest value of {}."),
    "__iter__": ("producer", "From {}", "Run the loop once for each value that is put into {}."),
}


def ends_of(flow: Flow, specs: Mapping[str, NodeSpec]) -> dict[str, NodeSpec]:
    """Describe the ends of each shared object at the top of a file: ``jobs.put``, ``level.get``, and ``jobs``."""
    found: dict[str, NodeSpec] = {}
    for statement in flow.shared:
        if statement.name:
            spec = specs.get(flow.resolve(statement.callee))
            if spec is not None and spec.role == "shared":
                found |= {end.path: end for end in _ends(statement.name, spec)}
    return found


@lru_cache(maxsize=256)
def _ends(name: str, spec: NodeSpec) -> tuple[NodeSpec, ...]:
    """Make the ends of one object; the same ones each time, so that what is drawn of them is found again."""
    settings = tuple(replace(p, method=SETTINGS) for p in spec.inputs("__init__"))
    found = []
    for method in spec.methods:
        role, title, summary = _ROLES[method]
        end = replace(
            spec,
            path=name if role == "producer" else f"{name}.{method}",
            name={"put": "sent", "get": f"{name}_now"}.get(method, name),
            title=title.format(name),
            category=SHELF,
            role=role,
            parameters=(*(replace(p, method="") for p in spec.inputs(method)), *settings),
            outputs=tuple(replace(o, method="") for o in spec.results(method)),
            methods=(),
            summary=summary.format(name),
            help=f"{summary.format(name)}\n\n{spec.help}",
            tags=(*spec.tags, spec.title),
            pure=False,
        )
        found.append(end)
    return tuple(found)


def shared_by(flow: Flow, spec: NodeSpec | None) -> Call | None:
    """Return the statement that makes the object whose end a node type is; None if it is none."""
    if spec is None or spec.category != SHELF:
        return None
    head = spec.path.partition(".")[0]
    found = next((s for s in flow.shared if s.name == head), None)
    return found if found is not None and found.name not in flow.functions else None


def settings_of(made: Call, spec: NodeSpec) -> list[Field]:
    """Return the fields of an end that are set where the object is made, at the top of the file."""
    fields = []
    for slot in slots(made.arguments, spec.inputs(SETTINGS)):
        if slot.parameter is not None:
            given = slot.argument is not None
            text = slot.argument.value.text if slot.argument is not None else slot.parameter.default
            fields.append(Field(slot.name, text, given, False, made.id, module=True))
    return fields
