"""What a run has given, taken as what is expected from then on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flodesk.engine.expected.forms import Form
from flodesk.engine.expected.steady import left_out
from flodesk.flow.catalog import Catalog
from flodesk.flow.model import Call, Flow, Region, walk
from flodesk.flow.names import binds_of
from flodesk.flow.script.writer import statement_lines


def taken(
    flow: Flow, forms: Mapping[str, Form], formless: Mapping[str, str], catalog: Catalog
) -> tuple[dict[str, Form], dict[str, str]]:
    """Take the values that are the same in each run, and say of the others why they are left out.

    Parameters
    ----------
    forms, formless : mapping
        What the run has left, by ``function.variable``, as `flodesk.engine.expected.forms.forms_of` writes it down.
    catalog : Catalog
        The node types, with those of the flow.
    """
    changing, objects = left_out(flow, catalog), _objects(flow, catalog)
    nodes: dict[str, Form] = {}
    out: dict[str, str] = {}
    for name, _ in variables_of(flow):
        if name in objects:
            continue
        if name in changing and (name in forms or name in formless):
            out[name] = changing[name]
        elif name in forms:
            nodes[name] = forms[name]
        elif name in formless:
            out[name] = formless[name]
    return nodes, out


def _objects(flow: Flow, catalog: Catalog) -> set[str]:
    """Return the variables that hold a node with state: what its calls give is compared, and no more."""
    found = set()
    for statement, region in walk(flow.module, Region("")):
        spec = catalog.specs.get(flow.resolve(statement.callee)) if isinstance(statement, Call) else None
        if spec is not None and spec.role in ("state", "collector", "shared"):
            found.add(f"{region.function}.{statement.id}")
    return found


def variables_of(flow: Flow) -> Iterator[tuple[str, int]]:
    """Give each variable of the functions that run (``function.variable``) with its first line, in their order."""
    lines, seen = statement_lines(flow), set()
    for statement, region in walk(flow.module, Region("")):
        for variable in binds_of(statement) if region.function in flow.mains else ():
            name = f"{region.function}.{variable}"
            if name not in seen:
                seen.add(name)
                yield name, lines.get(id(statement), 0)


__all__ = ["taken", "variables_of"]
