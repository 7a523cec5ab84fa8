"""The two ends of what functions share, as node types: putting into a queue of the file, and each value out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flodesk.flow.declared import SHELF
from flodesk.flow.model import Call, Flow
from flodesk.flow.spec import NodeSpec
from flodesk.public import Role

_ROLES: dict[str, tuple[Role, str, str]] = {
    "put": ("function", "Put into {}", "Put a value into {} for the functions that read it."),
    "get": ("function", "Latest of {}", "Get the latest value of {}."),
    "__iter__": ("producer", "From {}", "Run the loop once for each value that is put into {}."),
}


def ends_of(flow: Flow, specs: Mapping[str, NodeSpec]) -> dict[str, NodeSpec]:
    """Describe the ends of each shared object at the top of a file: ``jobs.put``, ``level.get``, and ``jobs``."""
    found: dict[str, NodeSpec] = {}
    for statement in flow.module.statements:
        if not isinstance(statement, Call) or not statement.name:
            continue
        spec = specs.get(flow.resolve(statement.callee))
        if spec is None or spec.role != "shared":
            continue
        name = statement.name
        for method in spec.methods:
            role, title, summary = _ROLES[method]
            path = name if role == "producer" else f"{name}.{method}"
            found[path] = replace(
                spec,
                path=path,
                name="sent" if method == "put" else name if role == "producer" else f"{name}_now",
                title=title.format(name),
                category=SHELF,
                role=role,
                parameters=tuple(replace(p, method="") for p in spec.inputs(method)),
                outputs=tuple(replace(o, method="") for o in spec.results(method)),
                methods=(),
                summary=summary.format(name),
                help=summary.format(name),
                tags=(*spec.tags, spec.title),
                pure=False,
            )
    return found


def is_end(flow: Flow, path: str) -> bool:
    """Say whether a path of the catalog is an end of something at the top of the file."""
    head = path.partition(".")[0]
    return any(isinstance(s, Call) and s.name == head for s in flow.module.statements)
