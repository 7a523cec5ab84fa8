"""Switching nodes off and on, and bypassing them: see `flow.switched` for how the script says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flodesk.flow.edit import Edit, Move, ReplaceStatement
from flodesk.flow.edit.tree import find, ids
from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Bind, Block, Call, Code, Flow, Header, Literal, Ref, Statement
from flodesk.flow.script import write
from flodesk.flow.switched import NOTHING, How, original
from flodesk.flow.types import compatible
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps

_KINDS = ("call", "object", "code")
_VERBS: dict[How, str] = {"off": "Switch off", "bypass": "Bypass", "": "Switch on"}


def switch(flow: Flow, graph: Graph, chosen: Iterable[str], wanted: How) -> tuple[Edit, tuple[str, ...]]:
    """Switch nodes off, bypass them, or let them run again.

    Returns
    -------
    edit, nodes
        The ids of the boxes then: code goes by a number, and by its variable where it is switched off.

    Raises
    ------
    Refused
        One of them begins or joins what runs, or has no input that could stand for what it gives.
    """
    nodes = [graph.nodes[name] for name in chosen if name in graph.nodes]
    if not nodes:
        raise Refused("Select the nodes that shall be switched off.")
    steps = Steps(flow)
    now: list[str] = []
    for node in nodes:
        if node.switched == wanted:
            now.append(node.id)
            continue
        if wanted:
            _may_be_switched(node)
        through = _through(graph, node) if wanted == "bypass" else None
        giver = next((port.statement for port in node.outputs if port.variable), "")
        lines = {n: _switch(steps, graph.function, n, wanted, through if n == giver else None) for n in node.statements}
        now.append(lines.get(node.id, node.id))
    names = ", ".join(node.id for node in nodes[:3]) + (" …" if len(nodes) > 3 else "")
    return steps.edit(f"{_VERBS[wanted]} {names}"), tuple(now)


def can_be_switched(node: Node) -> bool:
    """Say whether a node can be switched off, or is."""
    return bool(node.switched) or (node.kind in _KINDS and bool(node.statements))


def _may_be_switched(node: Node) -> None:
    if not can_be_switched(node):
        raise Refused(
            f"“{node.id}” is part of how the flow runs: it cannot be switched off. Switch off what it leads to."
        )


def _switch(steps: Steps, function: str, name: str, wanted: How, through: Ref | None) -> str:
    """Change one line of a node; return its id then."""
    now = find(steps.flow, function, name)[1]
    line: Statement = original(steps.flow, function, now) or now
    if wanted and not isinstance(line, Call | Code):
        raise Refused(f"“{name}” does not stand on a line of its own: it cannot be switched off.")
    if not wanted:
        new = line
        kind = "" if getattr(line, "name", "") else "code" if isinstance(line, Code) else "call"
        if now is not line and kind and not name.startswith(f"{kind}_"):
            new = replace(line, id=_free(steps, function, kind))
    else:
        assert isinstance(line, Call | Code)
        bound = (line.name,) if isinstance(line, Call) else line.binds
        text = _one_line(line)
        if isinstance(line, Code) and (line.leaves or len(bound) > 1):
            raise Refused(f"“{name}” is code that does more than give one value: it cannot be switched off.")
        target, sign, kept = text.partition(" = ")
        if bound and bound[0] and (not sign or target != bound[0]):
            raise Refused(f"“{name}” is code of several lines: it cannot be switched off.")
        if bound and bound[0]:
            value: Ref | Literal = through or Literal("None")
            note = f"{'bypass' if through is not None else 'off'}: {kept}"
            new = Bind(id=bound[0], name=bound[0], value=value, note=note, lead=line.lead, ending=line.ending)
        else:
            free = name if isinstance(line, Code) else _free(steps, function, "code")
            new = Code(id=free, text=f"{NOTHING}{text}", lead=line.lead, ending=line.ending)
    if new is not now:
        place = steps.flow.header.canvas.get(function, {}).get(name)
        steps.do(ReplaceStatement(function, name, new, "Switch"))
        if new.id != name and place is not None:
            steps.do(Move(function, {name: None, new.id: place}))
    return new.id


def _free(steps: Steps, function: str, kind: str) -> str:
    """Return a number for a line that binds nothing by itself."""
    known = ids(steps.flow.functions[function].body)
    return next(f"{kind}_{n}" for n in range(1, len(known) + 2) if f"{kind}_{n}" not in known)


def _one_line(line: Call | Code) -> str:
    """Return a line's text, on one line."""
    raw = line.raw if line.raw is not None and "\n" not in line.raw else None
    if isinstance(line, Code):
        if "\n" in line.text:
            raise Refused(f"“{line.id}” is code of several lines: it cannot be switched off.")
        return raw or line.text
    if raw is None:
        fresh = replace(line, raw=None, lead="")
        raw = write(Flow(header=Header(present=False), module=Block(statements=(fresh,)))).rstrip("\n")
    if "\n" in raw:
        raise Refused(f"“{line.id}” has a text of several lines among its values: it cannot be switched off.")
    return raw


def _through(graph: Graph, node: Node) -> Ref:
    """Return the value that goes on in the place of what a node gives: that of its first input of such a type."""
    if node.role in ("indicator", "collector"):
        does = "shows what it is given" if node.role == "indicator" else "collects values"
        raise Refused(f"“{node.id}” {does}: there is nothing to be bypassed. Switch it off instead.")
    outputs = [port for port in node.outputs if port.variable]
    if len(outputs) != 1 or "." in outputs[0].variable:
        gives = "several values" if outputs else "nothing"
        raise Refused(f"“{node.id}” gives {gives}: there is nothing to be bypassed. Switch it off instead.")
    order = {port.name: number for number, port in enumerate(node.inputs)}
    wires = [w for w in graph.wires if w.target[0] == node.id and not w.feedback and w.target[1] in order]
    found = []
    for wire in sorted(wires, key=lambda w: order[w.target[1]]):
        port = next((p for p in graph.nodes[wire.source[0]].outputs if p.name == wire.source[1]), None)
        usable = port is not None and bool(port.variable) and wire.target[1] != "object"
        if port is not None and usable and compatible(port.type, outputs[0].type):
            found.append((port.type != outputs[0].type, port))
    if not found:
        raise Refused(
            f"“{node.id}” has no wired input whose value could stand for what it gives: it cannot be bypassed."
            " Switch it off instead."
        )
    name, _, part = min(found, key=lambda pair: pair[0])[1].variable.partition(".")
    return Ref(name, part)
