"""Where the lines of a node belong that takes the place of another: an object is made once, before the loop.

What is called on it each turn stands in the loop, and what it has gathered is read behind that.
"""

from __future__ import annotations

from collections.abc import Iterable

from flodesk.flow.boxes import Node
from flodesk.flow.model import Call, Flow, Loop, Region
from flodesk.flow.spec import NodeSpec
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.refused import Refused


def same_lines(flow: Flow, function: str, old: Node, spec: NodeSpec) -> tuple[Call, ...] | None:
    """Return the lines of an object that another one can stand in, method by method; None if lines come or go.

    Raises
    ------
    Refused
        Lines that are no part of the box call methods of the object which the other one does not have.
    """
    if old.kind != "object":
        return None
    lines = Lines(flow, function)
    maker = lines.by_id[old.statements[0]].statement
    name = getattr(maker, "name", "")
    calls = lines.calling[name] if name else []
    missing = [line for line in calls if _method(line) not in spec.methods]
    others = [line for line in calls if line.id not in old.statements]
    if others and (missing or not spec.methods):
        raise Refused(
            f"“{old.id}” is called in several places ({', '.join(line.id for line in calls[:4])}), and “{spec.title}”"
            f" has no “{_method((missing or others)[0])}”: delete these first, or change them in the script."
        )
    if missing or not spec.methods or (not others and {_method(line) for line in calls} != set(spec.methods)):
        return None
    own = [lines.by_id[statement].statement for statement in old.statements]
    return tuple(statement for statement in own if isinstance(statement, Call))


def homes(flow: Flow, function: str, old: Node, spec: NodeSpec) -> list[tuple[Region, int]]:
    """Return where each line of a new node is to be added, one after the other, that takes the place of an old one."""
    lines = Lines(flow, function)
    own = [lines.by_id[statement] for statement in old.statements]
    turn = max(own, key=lambda line: len(line.chain))
    if not spec.methods:
        return [(turn.region, turn.index)]
    first = own[0] if old.kind == "object" else _outermost_loop(lines, turn) or turn
    around = lines.ancestor(turn, first.region) or first
    found = [(first.region, first.index)]
    for number, method in enumerate(spec.methods, 1):
        before = sum(region == turn.region for region, _ in found)  # the lines that were added before it there
        gathered = method != "__call__" and bool(spec.results(method))
        if gathered and around is not turn:
            found.append((around.region, around.index + number))
        else:
            found.append((turn.region, turn.index + before))
    return found


def results_of(flow: Flow, function: str, statements: Iterable[str]) -> list[str]:
    """Return the names that the calls of an object's methods give their results."""
    lines = Lines(flow, function)
    found = [lines.by_id[statement] for statement in statements]
    made = {line.statement.name for line in found if isinstance(line.statement, Call)}
    return [
        line.statement.name
        for line in found
        if isinstance(line.statement, Call) and line.object in made and line.statement.name
    ]


def _method(line: Line) -> str:
    assert isinstance(line.statement, Call | Loop)
    return line.statement.callee.partition(".")[2] or ("__iter__" if isinstance(line.statement, Loop) else "__call__")


def _outermost_loop(lines: Lines, line: Line) -> Line | None:
    around = [lines.by_id[region.owner] for region in line.chain if region.owner]
    return next((other for other in around if isinstance(other.statement, Loop)), None)
