"""Switching nodes off and on, and bypassing them: see `flow.switched` for how the script says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from flodesk.flow.edit import Edit, Move, ReplaceStatement, SetDrawn
from flodesk.flow.edit.header import setting
from flodesk.flow.edit.tree import find, ids
from flodesk.flow.graph import Graph, Node, Wire
from flodesk.flow.idle import idle
from flodesk.flow.model import Address, Bind, Call, Code, Flow, Literal, Ref, Statement
from flodesk.flow.names import parameters_of
from flodesk.flow.script.ids import anonymous, numbered
from flodesk.flow.script.writer import whole_text
from flodesk.flow.switched import LAYOUT, NOTHING, NOTHING_TOO, How, how, laid_out, original
from flodesk.flow.types import compatible
from flodesk.flow.wiring.lines import Lines, exclusive
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps

_KINDS = ("call", "object", "code")
_VERBS: dict[How, str] = {"off": "Switch off", "bypass": "Bypass", "": "Switch on"}


class Switched(NamedTuple):
    """What switching came to.

    Attributes
    ----------
    nodes : tuple of str
        The ids of the chosen boxes then: code goes by a number, and by its variable where it is switched off.
    along : dict
        What is off as well, and the node that it needs, by the names of their cards.
    back : tuple of str
        What runs again as well: what it needs is on; by the names of their cards, too.
    """

    edit: Edit
    nodes: tuple[str, ...]
    along: dict[str, str]
    back: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say what else is off or on now; an empty text if nothing is."""
        if self.along:
            first, needed = next(iter(self.along.items()))
            others = [name for name in self.along if name != first]
            more = f", and so {_listed(others)}" if others else ""
            return f"“{first}” needs “{needed}”: it is off as well{more}."
        return f"{_listed(self.back, 'on again')} as well." if self.back else ""


def _listed(names: Sequence[str], then: str = "") -> str:
    """Return some names with the verb that they take: ``are “a”, “b” and 3 more``, ``“a” is on again``."""
    shown = [f"“{name}”" for name in names[: 2 if len(names) > 3 else 3]]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    words = " and ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else shown[0]
    verb = "is" if len(names) == 1 else "are"
    return f"{words} {verb} {then}" if then else f"{verb} {words}"


def switch(flow: Flow, graph: Graph, chosen: Iterable[str], wanted: How, *, too: bool = False) -> Switched:
    """Switch nodes off, bypass them, or let them run again; what needs one that is off goes and comes with it.

    With `too` they themselves come back with what they need.

    Raises
    ------
    Refused
        One of them begins or joins what runs, or has no input that could stand for what it gives; a loop would get
        nothing; or it needs what is off.
    """
    nodes = [graph.nodes[name] for name in chosen if name in graph.nodes]
    if not nodes:
        raise Refused("Select the nodes that shall be switched off.")
    changed = _as_switched(graph, nodes, wanted)
    along, back = _follow(flow, graph, changed, [node.id for node in nodes] if not wanted else [])
    lines: dict[str, Callable[[Steps, str], str]] = {}

    def change(line: str, how: How, through: Ref | None = None, too: bool = False) -> None:
        lines[line] = lambda steps, goal: _switch(steps, graph.function, line, how, through, too=too, goal=goal)

    for node in nodes:
        if node.switched == wanted:
            continue
        if wanted:
            _may_be_switched(node)
        through = _through(graph, node) if wanted == "bypass" else None
        giver = next((port.statement for port in node.outputs if port.variable), "")
        for line in node.statements:
            change(line, wanted, through if line == giver else None, too)
    for line in (line for name in along for line in graph.nodes[name].statements):
        change(line, "off", too=True)
    for line in (line for name in back for line in graph.nodes[name].statements):
        change(line, "")
    steps, ids_then = _done(flow, graph.function, lines)
    names = ", ".join(node.name for node in nodes[:3]) + (" …" if len(nodes) > 3 else "")
    now = tuple(ids_then.get(node.id, node.id) for node in nodes)
    called = {name: graph.nodes[name].name for name in (*along, *along.values(), *back)}
    along = {called[name]: called[needed] for name, needed in along.items()}
    return Switched(steps.edit(f"{_VERBS[wanted]} {names}"), now, along, tuple(called[name] for name in back))


def _done(flow: Flow, function: str, lines: Mapping[str, Callable[[Steps, str], str]]) -> tuple[Steps, dict[str, str]]:
    """Change lines; return their ids then, which are those that a reader of the text gives them, if that can be."""
    steps = Steps(flow)
    then = {line: change(steps, "") for line, change in lines.items()}
    host = steps.flow.functions[function]
    natural = dict(zip(anonymous(host.body), numbered(host.body, host.parameters), strict=True))
    goals = {line: natural.get(name, name) if name != line else line for line, name in then.items()}
    others = set(ids(host.body)) - set(then.values())
    if goals == then or not others.isdisjoint(goals.values()):
        return steps, then
    again, left, named = Steps(flow), dict(lines), {}
    while left:
        known = set(ids(again.flow.functions[function].body))
        ready = [line for line in left if goals[line] == line or goals[line] not in known]
        if not ready:
            return steps, then
        named[ready[0]] = left.pop(ready[0])(again, goals[ready[0]])
    return again, named


# ------------------------------------------------------------------ what hangs on it
def _as_switched(graph: Graph, nodes: Sequence[Node], wanted: How) -> Graph:
    """Return the picture with nodes switched; the rest of it does not change by that."""
    new = dict(graph.nodes)
    for node in nodes:
        if node.switched != wanted:
            passing = ""
            if wanted == "bypass":
                _may_be_switched(node)
                through = _through(graph, node).text
                into = (w for w in graph.wires if w.target[0] == node.id)
                passing = next((w.target[1] for w in into if _variable(graph, w) == through), "")
            new[node.id] = replace(node, switched=wanted, passing=passing, along=False)
    return replace(graph, nodes=new)


def _variable(graph: Graph, wire: Wire) -> str:
    ports = graph.nodes[wire.source[0]].outputs
    return next((port.variable for port in ports if port.name == wire.source[1]), "")


def _follow(flow: Flow, before: Graph, after: Graph, on: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what goes off with what is off after, each with the node that it needs, and what comes back.

    Raises
    ------
    Refused
        A loop would get nothing, or one that shall be `on` would.
    """

    def can(node: Node) -> bool:
        if node.switched == "off":
            return node.along
        if node.id in left or not can_be_switched(node):
            return False
        try:
            for line in node.statements:
                _switch(Steps(flow), before.function, line, "off", None)
        except Refused:
            return False
        return True

    off = [[n.id for n in g.nodes.values() if n.switched == "off" and not n.along] for g in (before, after)]
    was = idle(before, off[0], lambda node: node.along)
    left = {wire.target[0] for wire in was.waiting}  # a hand wants them to run all the same
    now = idle(after, off[1], can)
    for wire in now.waiting:
        target = after.nodes[wire.target[0]]
        if target.kind == "producer" and wire not in was.waiting:
            raise Refused(
                f"“{target.id}” begins a loop with what comes from “{now.needs[wire.source[0]]}”: that cannot be"
                " switched off. Switch off what the loop leads to."
            )
    for name in on:
        if name in now.needs:
            raise Refused(f"“{name}” needs “{now.needs[name]}”, which is off: switch that on.")
    along = {
        name: needed
        for name, needed in now.needs.items()
        if name != needed and after.nodes[name].kind in _KINDS and not after.nodes[name].switched
    }
    back = tuple(name for name, node in after.nodes.items() if node.along and name not in now.needs)
    return along, back


def can_be_switched(node: Node) -> bool:
    """Say whether a node can be switched off, or is."""
    return bool(node.switched) or (node.kind in _KINDS and bool(node.statements))


def lost_layouts(flow: Flow) -> Iterator[Edit]:
    """Give the edits that forget how lines were laid out that are not switched off any more, or not there."""
    for function in flow.functions:
        for name in setting(flow, LAYOUT, function):
            found = flow.index.get(Address(function, name))
            if found is None or not how(found[0]):
                yield SetDrawn(LAYOUT, function, name, None, "Switch")


def _may_be_switched(node: Node) -> None:
    if not can_be_switched(node):
        raise Refused(
            f"“{node.id}” is part of how the flow runs: it cannot be switched off. Switch off what it leads to."
        )


def _switch(
    steps: Steps, function: str, name: str, wanted: How, through: Ref | None, *, too: bool = False, goal: str = ""
) -> str:
    """Change one line of a node; return its id then: `goal`, where it has none by nature.

    With `too` it comes back with what it needs.
    """
    now = find(steps.flow, function, name)[1]
    line: Statement = original(steps.flow, function, now) or now
    if wanted and not isinstance(line, Call | Code):
        raise Refused(f"“{name}” does not stand on a line of its own: it cannot be switched off.")
    laid = setting(steps.flow, LAYOUT, function).get(name)
    if not wanted:
        whole = laid_out(steps.flow, function, now, laid) if isinstance(laid, str) else None
        new = whole or line
        kind = "" if getattr(line, "name", "") else "code" if isinstance(line, Code) else "call"
        if now is not line and kind and isinstance(now, Bind):
            new = replace(new, id=goal or _free(steps, function, kind))
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
            note = f"{'bypass' if through is not None else 'off too' if too else 'off'}: {kept}"
            held = steps.flow.functions[function]
            if bound[0] != name and (bound[0] in ids(held.body) or bound[0] in parameters_of(held.parameters)):
                raise Refused(_why_not_alone(Lines(steps.flow, function), name, bound[0]))
            new = Bind(id=bound[0], name=bound[0], value=value, note=note, lead=line.lead, ending=line.ending)
        else:
            new = Code(id=name, text=f"{NOTHING_TOO if too else NOTHING}{text}", lead=line.lead, ending=line.ending)
    if new is not now:
        place = steps.flow.header.canvas.get(function, {}).get(name)
        steps.do(ReplaceStatement(function, name, new, "Switch"))
        if new.id != name and place is not None:
            steps.do(Move(function, {name: None, new.id: place}))
        several = line.raw if wanted and isinstance(line, Call) and line.raw is not None and "\n" in line.raw else None
        if laid is not None and (not wanted or new.id != name):
            steps.do(SetDrawn(LAYOUT, function, name, None, "Switch"))
        if (layout := several or (laid if wanted else None)) is not None:
            steps.do(SetDrawn(LAYOUT, function, new.id, layout, "Switch"))
    return new.id


def _why_not_alone(lines: Lines, name: str, value: str) -> str:
    """Say why a line stays on that gives a name a value which another line gives it, too."""
    others = [line for line in lines.bound.get(value, ()) if line.id != name]
    if others and all(exclusive(line, lines.by_id[name]) for line in others):
        return (
            f"“{name}” gives “{value}” a value, as another arm of its if does, and only one of them can be off."
            " Switch that one on first, or delete this one."
        )
    return (
        f"“{name}” gives “{value}” a new value in the place of the one that it has: it cannot be switched off, as that"
        " would not come back. Delete it, or change its source in the inspector."
    )


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
        raw = whole_text(replace(line, raw=None)).rstrip("\n")
    if "\n" in raw:
        raise Refused(f"“{line.id}” has a text of several lines among its values: it cannot be switched off.")
    return raw


def _through(graph: Graph, node: Node) -> Ref:
    """Return the value that goes on in the place of what a node gives: that of its first input of such a type."""
    shows = node.spec is not None and node.spec.shows
    if shows or node.role == "collector":
        does = "shows what it is given" if shows else "collects values"
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
