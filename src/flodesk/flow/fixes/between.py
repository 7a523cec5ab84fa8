"""Fixes for what goes from one function to another: queues, latest values, and the functions that a node calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flodesk.flow.edit import AddNode, Edit, RemoveNode, ReplaceStatement, SetText
from flodesk.flow.fixes.calls import removing
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.fixes.names import reading, unbound
from flodesk.flow.graph import picture
from flodesk.flow.model import Argument, Block, Call, Code, Function, Import, Loop, Main, Region
from flodesk.flow.packs import OURS
from flodesk.flow.problem import quoted
from flodesk.flow.script import read, write
from flodesk.flow.wiring.add import add_node
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import callee_of, taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.step import Steps


def two_loops(broken: Broken) -> Iterator[Fix]:
    """Send the value of the other function through a queue, or, into a loop that turns already, as the latest value."""
    name, other, home = quoted(broken.about.name), quoted(broken.about.owner), quoted(broken.function)
    if not broken.about.owner:
        return
    if _turns(broken):
        title = f"Hand {name} over as the latest value: put it in {other}, get it in {home}"
        yield from broken.step("connect", title, lambda: _latest(broken))
    else:
        title = f"Send {name} through a queue: put it in {other}, loop over it in {home}"
        yield from broken.step("connect", title, lambda: _queue(broken))
    yield from unbound(broken)


def _turns(broken: Broken) -> bool:
    """Say whether the reader stands in a loop."""
    lines = Lines(broken.flow, broken.function)
    line = lines.by_id.get(broken.about.statement)
    owners = [region.owner for region in line.chain if region.owner] if line is not None else []
    return any(isinstance(lines.by_id[owner].statement, Loop) for owner in owners)


def _put(broken: Broken, kind: str) -> tuple[Steps, str]:
    """Make a queue or a latest value, and put the value into it; return what was done, and its name."""
    flow, other, name = broken.flow, broken.about.owner, broken.about.name
    graph = picture(flow, broken.catalog, other)
    ends = [(node.id, port.name) for node in graph.nodes.values() for port in node.outputs if port.variable == name]
    if not ends:
        raise Refused(f"“{name}” is nothing that a wire could take.")
    steps = Steps(flow)
    edit, _ = add_node(flow, broken.catalog, other, f"{OURS}.queue.{kind}", None, ends[0])
    steps.do(edit)
    known = {statement.id for statement in flow.module.statements}
    made = next(s for s in steps.flow.module.statements if isinstance(s, Call) and s.id not in known)
    return steps, made.name


def _latest(broken: Broken) -> Edit:
    steps, made = _put(broken, "Latest")
    name, line = broken.about.name, Lines(steps.flow, broken.function).by_id[broken.about.statement]
    own = unique(name, taken(steps.flow, broken.function))
    steps.do(AddNode(line.region, line.index, Call(id=own, name=own, callee=f"{made}.get")))
    steps.do(reading(broken, name, own))
    return _as_read(broken, steps.edit("Latest"))


def _queue(broken: Broken) -> Edit:
    steps, made = _put(broken, "Queue")
    name, line = broken.about.name, Lines(steps.flow, broken.function).by_id[broken.about.statement]
    own = unique(name, taken(steps.flow, broken.function))
    steps.do(AddNode(line.region, line.index, Loop(id=own, targets=(own,), callee=made, called=False, body=Block())))
    steps.do(reading(broken, name, own))
    whole = Steps(broken.flow)
    whole.do(_as_read(broken, steps.edit("Queue")))
    for reader in reversed(list(Lines(whole.flow, broken.function).readers({own}))):  # each comes to stand first
        moved, edits = settle(whole.flow, broken.function, reader.id)
        whole.took(moved, list(edits))
    return whole.edit("Queue")


def _as_read(broken: Broken, edit: Edit) -> Edit:
    """Return the edit, or one of the text where others read the name, too: what was a mere name is a wire then."""
    made, _ = edit.apply(broken.flow)
    text = write(made)
    again = replace(read(text), encoding=made.encoding)
    return edit if again == made else SetText(text, edit.title, made.encoding, again)


# ------------------------------------------------------------------ queues by themselves
def queue(broken: Broken) -> Iterator[Fix]:
    """Make a queue one of ours, move it to the top of the file, or remove what puts into it in vain."""
    name, made = broken.about.name, broken.statement
    if broken.about.port == "foreign":
        found = next((s for s in broken.flow.module.statements if isinstance(s, Call) and s.name == name), None)
        size = _size(found) if found is not None else None
        if found is not None and size is not None:
            title = f"Make {quoted(name)} a queue that a loop can go over: queue.Queue of {OURS}"
            yield from broken.step("write", title, lambda: _ours(broken, found, size))
    elif broken.about.port == "inside" and isinstance(made, Call) and made.name:
        yield from broken.step(
            "move", f"Move {quoted(made.name)} to the top of the file", lambda: _on_top(broken, made)
        )
    elif isinstance(made, Call | Code):
        yield from removing(broken)


def _size(found: Call) -> tuple[Argument, ...] | None:
    """Return the arguments of our queue for one of Python; None if it is given anything but its size."""
    if not found.arguments:
        return ()
    (first, *more) = found.arguments
    return (replace(first, keyword="size"),) if not more and first.keyword in ("", "maxsize") else None


def _ours(broken: Broken, found: Call, size: tuple[Argument, ...]) -> Edit:
    steps = Steps(broken.flow)
    callee, imported = callee_of(broken.flow, broken.function, f"{OURS}.queue.Queue")
    steps.do(imported)
    steps.do(ReplaceStatement("", found.id, replace(found, callee=callee, arguments=size, raw=None)))
    return steps.edit("Queue")


def _on_top(broken: Broken, made: Call) -> Edit:
    steps = Steps(broken.flow)
    names = set().union(*(taken(broken.flow, name) for name in broken.flow.functions if name != broken.function))
    if made.name in names:
        raise Refused(f"“{made.name}” is something else in another function.")
    steps.do(RemoveNode(broken.function, made.id))
    before = steps.flow.module.statements
    index = next((n for n, s in enumerate(before) if isinstance(s, Function | Main)), len(before))
    lead = "\n" if index and isinstance(before[index - 1], Import) else ""
    steps.do(AddNode(Region(""), index, replace(made, lead=lead)))
    return steps.edit("Move")
