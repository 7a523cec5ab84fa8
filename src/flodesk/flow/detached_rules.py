"""Rules on what runs beside its loop: the header names it, and nothing else in the loop may hang on it."""

from __future__ import annotations

from collections.abc import Mapping

from flodesk.flow.binding_rules import Report
from flodesk.flow.detached import branches
from flodesk.flow.model import Address, Flow
from flodesk.flow.problem import quoted


def check_detached(flow: Flow, function: str, report: Report) -> None:
    """Report what the header lets run beside a loop and what cannot."""
    for fault in branches(flow, function)[1]:
        entry = flow.index.get(Address(function, fault.node))
        report("detached", entry[0] if entry is not None else None, fault.message, fault.hint)


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
