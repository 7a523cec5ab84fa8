"""A function of a Python file as a node: imported where the file stands beside the flow, else copied."""

from __future__ import annotations

from flodesk.flow.declared import own_specs
from flodesk.flow.model import Flow, Import, Statement
from flodesk.flow.script.writer import whole_text
from flodesk.flow.wiring.add import new_lines
from flodesk.flow.wiring.snippet import names_at_top, reads_at_top, top_closed


def function_text(flow: Flow, name: str, module: str) -> str:
    """Return the Python that makes a node of a function or a class of a file.

    Parameters
    ----------
    module : str
        The name by which a flow can import the file; empty if it cannot: then its text is copied, with all that it
        needs of the file.
    """
    lines = new_lines(own_specs(flow)[name], name, {name}).statements
    calls = "".join(whole_text(line) for line in lines)
    if module:
        return f"from {module} import {name}\n\n{calls}"
    own = [s for s in flow.module.statements if name in names_at_top(s)]
    others = [s for s in flow.module.statements if s not in own and not isinstance(s, Import)]
    needed = [*own, *top_closed(own, others)]
    wanted = {id(s) for s in needed}
    read = {other for s in needed for other in reads_at_top(s)}
    kept: list[Statement] = [
        s
        for s in flow.module.statements
        if id(s) in wanted or (isinstance(s, Import) and (read & {n for n, _ in s.names} or s.module == "__future__"))
    ]
    return "\n\n".join([*(whole_text(s) for s in kept), calls])
