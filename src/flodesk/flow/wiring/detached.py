"""Whether a node runs in its loop or beside it, as a hand chooses it."""

from __future__ import annotations

from flodesk.flow.detached import BEHIND, branches
from flodesk.flow.edit import Edit, SetSetting
from flodesk.flow.edit.header import setting
from flodesk.flow.graph import Graph
from flodesk.flow.model import Flow
from flodesk.flow.wiring.refused import Refused


def runs_beside(flow: Flow, function: str, node: str) -> bool:
    """Say whether the header lets a node run beside its loop."""
    return node in setting(flow, "detached", function)


def run_beside(flow: Flow, graph: Graph, node: str, behind: int | None = BEHIND) -> Edit:
    """Let a node, with all that is downstream of it, run beside its loop; None takes it back into the loop.

    Parameters
    ----------
    behind : int, optional
        How many turns it may be behind the loop.

    Raises
    ------
    Refused
        It stands in no loop, or something else in the loop hangs on it.
    """
    if node not in graph.nodes:
        raise Refused(f"There is no “{node}” in “{graph.function}”.")
    where = "beside" if behind is not None else "in"
    edit = SetSetting("detached", graph.function, node, behind, f"Run {node} {where} the loop")
    if behind is not None:
        _, faults = branches(edit.apply(flow)[0], graph.function)
        for fault in faults:
            if fault.node == node:
                raise Refused(f"{fault.message} {fault.hint}")
    return edit
