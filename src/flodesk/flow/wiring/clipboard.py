"""Nodes that travel as Python: copied, they are a small flow file. See `pasting` for the way back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from flodesk.flow.edit import ReplaceStatement, SetDrawn
from flodesk.flow.edit.header import setting, wire_ends
from flodesk.flow.edit.imports import renumbered
from flodesk.flow.edit.tree import find
from flodesk.flow.graph import Graph, Node
from flodesk.flow.jumps import needs_loop, returns, yields
from flodesk.flow.model import (
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Flow,
    Function,
    Header,
    Import,
    Loop,
    Return,
    Statement,
    Switch,
)  # fmt: skip
from flodesk.flow.pieces import Key
from flodesk.flow.script import write
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import used_names
from flodesk.flow.wiring.pieces import drawn_along
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.remove import remove
from flodesk.flow.wiring.snippet import NAME, top_for

_ENDS = {"def", "return"}
"""The ends of a function on its canvas."""


def copy(flow: Flow, graph: Graph, ids: Iterable[str], drawn: Collection[Key] = (), wired: bool = False) -> str:
    """Return some nodes as the text of a small flow, with the wires among them and their places, and no other wires.

    What they need of the top of the file (functions that they call, queues) goes along, so that the text means the same
    in another file. Notes and frames go along that are in `drawn`. What makes the function what it is stays: its ends,
    and what `left_out` names.

    Parameters
    ----------
    wired : bool
        Let the calls read what they read now, also of nodes that do not go along: for a copy in the same function.

    Raises
    ------
    Refused
        Nothing is selected, or nothing that can be copied.
    """
    selected = set(ids) & set(graph.nodes)
    if not selected and not drawn:
        raise Refused("Nothing is selected.")
    wanted = selected - set(left_out(flow, graph, selected)) - _ENDS
    if not wanted and not drawn:
        raise Refused(f"What “{graph.function}” takes, returns, yields or leaves by belongs to it: it is not copied.")
    merges = bare_merges(flow, graph, wanted)
    if merges and not drawn and wanted <= merges.keys():
        raise Refused(f"A merge goes with its if: select “{next(iter(merges.values()))}”, too.")
    unwanted = [name for name in graph.nodes if name not in wanted]
    unwanted = [name for name in unwanted if not _joins_calls(flow, graph.nodes[name])]
    kept = flow
    if unwanted:
        kept, _ = remove(flow, graph, unwanted).apply(flow)
        own = {statement for name in wanted for statement in graph.nodes[name].statements}
        kept = _wired(flow, kept, graph.function, own) if wired else kept
    body = kept.functions[graph.function].body
    statements = tuple(s for s in body.statements if not isinstance(s, Docstring | Return))
    function = Function(id=NAME, name=NAME, body=replace(body, statements=_first_lead(statements), indent=body.indent))
    others = [s for s in kept.module.statements if not (isinstance(s, Function) and s.name == graph.function)]
    module = Block(statements=(*others, function))
    top = [s for s in top_for(replace(kept, module=module), [NAME]) if s is not function]
    top.sort(key=lambda s: next(n for n, other in enumerate(others) if other is s))
    used = used_names(replace(kept, module=Block(statements=(*top, function))))
    imports = [s for s in kept.module.statements if isinstance(s, Import) and any(n in used for n, _ in s.names)]
    imports = [
        replace(s, names=tuple(p for p in s.names if p[0] in used), raw=None, lead="")
        if s.module
        else replace(s, lead="")
        for s in imports
    ]
    places = {name: place for name, place in flow.header.canvas.get(graph.function, {}).items() if name in wanted}
    canvas = {NAME: places} if places else {}
    canvas |= {
        s.name: dict(flow.header.canvas[s.name])
        for s in top
        if isinstance(s, Function) and s.name in flow.header.canvas
    }
    header = _with_drawn(Header(canvas=canvas), flow, graph.function, wanted, drawn)
    numbered = [statement for _, statement in renumbered(enumerate(imports))]
    if top:
        function = replace(function, lead="\n\n")
    return write(Flow(header=header, module=Block(statements=(*numbered, *top, function))))


def left_out(flow: Flow, graph: Graph, ids: Iterable[str]) -> list[str]:
    """Return the lines among some nodes that `copy` leaves out: they yield, return, or leave a loop that stays."""
    lines, wanted = Lines(flow, graph.function), set(ids)
    found = []
    for node in (graph.nodes[name] for name in graph.nodes if name in wanted):
        codes = [lines.by_id[s].statement for s in node.statements if s in lines.by_id]
        loop_stays = not node.loops or node.loops[-1] not in wanted
        for code in codes:
            if isinstance(code, Code) and (
                yields(code.text) or returns(code) or (loop_stays and code.leaves and needs_loop(code.text))
            ):
                found.append(node.id)
    return found


def with_arms(flow: Flow, graph: Graph, ids: Iterable[str]) -> list[str]:
    """Return some nodes, and with each switch whose merge is among them all that stands in its arms.

    A switch and what joins its arms are an `if` as a whole: without what is between them the merge would have nothing
    to join.
    """
    wanted = dict.fromkeys(name for name in ids if name in graph.nodes)
    lines = Lines(flow, graph.function)
    merges = [graph.nodes[name] for name in wanted if graph.nodes[name].kind == "merge"]
    switches = {name for name in wanted if graph.nodes[name].kind == "switch"}
    whole = {switch for merge in merges for switch in _switches_of(graph, lines, merge)} & switches
    return [*wanted, *(key for key in _in_arms(graph, whole) if key not in wanted)]


def bare_switches(graph: Graph, ids: Iterable[str]) -> dict[str, list[str]]:
    """Return, by each switch among some nodes, what stands in its arms and is not among them; none is without that."""
    wanted = set(ids)
    switches = [name for name in graph.nodes if name in wanted and graph.nodes[name].kind == "switch"]
    missing = {switch: [key for key in _in_arms(graph, {switch}) if key not in wanted] for switch in switches}
    return {switch: found for switch, found in missing.items() if found}


def bare_merges(flow: Flow, graph: Graph, ids: Iterable[str]) -> dict[str, str]:
    """Return, by each merge among some nodes that is there without its switch, that switch: it joins nothing alone."""
    wanted, lines = set(ids), Lines(flow, graph.function)
    found = {}
    for name in (name for name in graph.nodes if name in wanted and graph.nodes[name].kind == "merge"):
        switches = _switches_of(graph, lines, graph.nodes[name])
        if switches and wanted.isdisjoint(switches):
            found[name] = switches[0]
    return found


def _joins_calls(flow: Flow, node: Node) -> bool:
    """Say whether a merge has no line of its own: where nothing that it joins is left, it is not there."""
    own = (find(flow, node.function, name)[1] for name in node.statements)
    return node.kind == "merge" and not any(isinstance(statement, Bind) for statement in own)


def _switches_of(graph: Graph, lines: Lines, merge: Node) -> list[str]:
    """Return the switches whose arms a merge joins."""
    names = {port.variable for port in merge.outputs}
    binders = [line for name in names for line in lines.bound.get(name, ())]
    owners = dict.fromkeys(region.owner for line in binders for region in line.chain)
    switches = [graph.nodes[owner] for owner in owners if owner in graph.nodes and graph.nodes[owner].kind == "switch"]
    return [switch.id for switch in switches if (switch.loops, switch.arms) == (merge.loops, merge.arms)]


def _in_arms(graph: Graph, switches: Collection[str]) -> list[str]:
    return [key for key, node in graph.nodes.items() if any(switch in switches for switch, _ in node.arms)]


def _wired(flow: Flow, kept: Flow, function: str, own: Collection[str]) -> Flow:
    """Let calls, and the tests of switches, read again what went with the nodes that are not copied.

    `own` are the ids of the lines that are copied, as they were.
    """
    was = _as_they_were(Lines(flow, function), Lines(kept, function), own)
    for line in Lines(kept, function).all:
        old, now = was.get(line.id), line.statement
        new: Statement = now
        if (isinstance(old, Call) and isinstance(now, Call)) or (isinstance(old, Loop) and isinstance(now, Loop)):
            new = replace(now, arguments=old.arguments, raw=None)
        elif isinstance(old, Switch) and isinstance(now, Switch) and len(old.arms) == len(now.arms):
            arms = (replace(a, test=b.test, raw=None) for a, b in zip(now.arms, old.arms, strict=True))
            new = replace(now, arms=tuple(arms))
        if getattr(new, "arguments", ()) != getattr(now, "arguments", ()) or _tests(new) != _tests(now):
            body = find(kept, function, line.id)[1]  # as it stands now: what is below it may have changed
            if isinstance(body, Loop) and isinstance(new, Loop):
                new = replace(new, body=body.body)
            elif isinstance(body, Switch) and isinstance(new, Switch):
                pairs = zip(new.arms, body.arms, strict=True)
                new = replace(new, arms=tuple(replace(a, body=b.body) for a, b in pairs))
            kept, _ = ReplaceStatement(function, line.id, new).apply(kept)
    return kept


def _as_they_were(before: Lines, after: Lines, own: Collection[str]) -> dict[str, Statement]:
    """Return by the ids of now what statements were before others went: one that joined others may have its name now.

    What has another id is in the order of the text as it was.
    """
    found = {line.id: before.by_id[line.id].statement for line in after.all if line.id in before.by_id}
    new = [line for line in after.all if line.id not in found and isinstance(line.statement, Call)]
    old = [line for line in before.all if line.id in own and line.id not in found and isinstance(line.statement, Call)]
    if len(new) == len(old):
        found |= {line.id: line_before.statement for line, line_before in zip(new, old, strict=True)}
    return found


def _tests(statement: Statement) -> list[object]:
    return [arm.test for arm in statement.arms] if isinstance(statement, Switch) else []


def _with_drawn(header: Header, flow: Flow, function: str, ids: set[str], drawn: Collection[Key]) -> Header:
    """Return the header with the notes and frames of a selection, and with the way and the pins of what is in it."""
    there = Flow(header=header)
    for edit in drawn_along(flow, function, there, NAME, (0.0, 0.0), drawn):
        there, _ = edit.apply(there)
    inner = ids - _ENDS  # the ends of the function stay where they are: no wire to them goes along
    for name, line in setting(flow, "wires", function).items():
        if inner.issuperset(wire_ends(name)):
            there, _ = SetDrawn("wires", NAME, name, line, "").apply(there)
    for name, line in setting(flow, "pins", function).items():
        if name in ids:
            there, _ = SetDrawn("pins", NAME, name, line, "").apply(there)
    return there.header


def _first_lead(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Take the blank lines off before the first statement."""
    if not statements:
        return statements
    first = replace(statements[0], lead=statements[0].lead.lstrip("\n"))
    return (first, *statements[1:])
