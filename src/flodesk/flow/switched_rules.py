"""A rule on nodes that are switched off: None has no named values that could be read."""

from __future__ import annotations

from flodesk.flow.binding_rules import Report
from flodesk.flow.facts import Lines
from flodesk.flow.model import Bind, Flow
from flodesk.flow.names import Names
from flodesk.flow.problem import About, quoted
from flodesk.flow.switched import how, original


def check_switched(flow: Flow, function: str, names: Names, lines: Lines, report: Report) -> None:
    """Report what reads a part of what a node gives that is switched off."""
    found = [standing.statement for standing in names.standings]
    off = {s.name: s for s in found if lines.of(s).switched and isinstance(s, Bind) and how(s) == "off"}
    for statement in found if off else ():
        for ref in lines.of(statement).parts:
            switched = off.get(ref.name)
            if switched is not None and original(flow, function, switched) is not None:
                report(
                    "unknown-output", statement,
                    f"{quoted(statement.id)} reads {quoted(ref.text)}, but {quoted(ref.name)} is switched off: "
                    "there is None in its place, which has no such part.",
                    f"Switch {quoted(ref.name)} on again, or switch off what reads it, too.",
                    about=About(name=ref.text, owner=switched.id),
                )  # fmt: skip
