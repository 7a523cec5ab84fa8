"""Rules on what runs beside its loop: the header names it, and nothing else in the loop may hang on it."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.flow.binding_rules import Report
from flodesk.flow.detached import branches
from flodesk.flow.model import Address, Flow
from flodesk.flow.names import names_of
from flodesk.flow.problem import About, quoted


def check_detached(flow: Flow, function: str, report: Report) -> None:
    """Report what the header lets run beside a loop and what cannot."""
    found, faults = branches(flow, function)
    for fault in faults:
        entry = flow.index.get(Address(function, fault.node))
        at = entry[0] if entry is not None else None
        report("detached", at, fault.message, fault.hint, about=About(name=fault.node))
    if not found or flow.header.settings.get("on_error") not in ("reject", "continue"):
        return
    carried = names_of(flow, function).carried
    for branch in found:
        held = sorted(name for name, places in carried.items() if any(branch.loop in place.loops for place in places))
        entry = flow.index.get(Address(function, branch.nodes[0]))
        if held:
            report("detached", entry[0] if entry is not None else None,
                   f"A turn that {quoted(branch.nodes[0])} loses beside its loop has been gone on from: "
                   f"{quoted(held[0])} keeps what it got in that turn, where in the loop it would be taken back.",
                   "Let it run in the loop, if the values after a lost turn have to be the script's.",
                   "warning", About(name=branch.nodes[0]))  # fmt: skip


def check_detached_tables(flow: Flow, report: Report) -> None:
    """Report tables of the header that are none, or of functions that are not there."""
    tables = flow.header.settings.get("detached", {})
    if not isinstance(tables, Mapping):
        report("detached", None, "The header says in “detached” what runs beside a loop: it has to be a table.",
               "Write: [tool.flodesk.detached.FUNCTION], and below it a line: node = 4")  # fmt: skip
        return
    for function, table in tables.items():
        if not isinstance(table, Mapping) or function not in flow.functions:
            name = quoted(function)
            report("detached", None, f"The header lets nodes of {name} run beside a loop: there is no such function.",
                   "Take the table out, or write the function's name.", "warning")  # fmt: skip
