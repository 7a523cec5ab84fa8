"""Another node in the place of one: it keeps place, wires and fields, as far as its type has them.

It keeps the name, too, if a hand has given it; one that was made from the type gives way to that of the new type.
A call becomes another call on its own line, a producer another one before the same loop, and an object another one
with the same methods, each on its own line: all that reads or names it stays as it is. Where lines come or go (objects,
code) the new node is put beside the old one, each of its lines where it belongs (an object is made before the loop,
what it gathered is read behind it), takes over its wires, and then its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, Edit, Move, ReplaceStatement, SetDrawn, SetSetting, SetView
from flodesk.flow.edit.header import TABLES, setting
from flodesk.flow.edit.rename import Rename
from flodesk.flow.edit.tree import find
from flodesk.flow.ends import shared_by
from flodesk.flow.graph import Graph, Node, Port, Wire, picture
from flodesk.flow.model import Call, Flow, Loop
from flodesk.flow.packs import OURS
from flodesk.flow.script import keep_text
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.syntax import literal
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.add import first_arguments, new_lines
from flodesk.flow.wiring.asynchronous import make_async
from flodesk.flow.wiring.connect import connect, disconnect
from flodesk.flow.wiring.fields import rename, set_field
from flodesk.flow.wiring.lines_of_objects import homes, results_of, same_lines
from flodesk.flow.wiring.naming import callee_of, drop_imports, snake, taken, unique, used_names
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.remove import remove
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views import first_view

_KINDS = ("call", "object", "producer", "code", "constant")


@dataclass(frozen=True, slots=True)
class Replacement:
    """One step, the id of the new box, and in words what could not be kept."""

    edit: Edit
    node: str
    lost: tuple[str, ...]


def replace_node(flow: Flow, catalog: Catalog, graph: Graph, node: str, path: str) -> Replacement:
    """Put a node of a type in the place of another; its wires go to ports of the same name, else of a type that fits.

    Raises
    ------
    Refused
        There is no such node or type, or the one cannot stand where the other does.
    """
    old = graph.nodes.get(node)
    catalog = catalog.with_flow(flow)
    spec = catalog.find(path)
    if old is None or spec is None:
        raise Refused(f"There is no {f'“{node}”' if old is None else f'node type “{path}”'} here.")
    why = why_not_replaced(old, spec)
    if why or path == graph.function:
        raise Refused(why or f"“{path}” would call itself then, without end.")
    making = _Replacing(Steps(flow), catalog, graph, old, spec)
    making.run()
    return Replacement(making.steps.edit(f"Replace {old.id}"), making.node, tuple(dict.fromkeys(making.lost)))


def replaceable(old: Node) -> bool:
    """Say whether another node can stand in the place of one at all."""
    return (
        not old.switched
        and old.kind in _KINDS
        and (old.spec is None or old.spec.role != "shared")
        and bool(old.statements)
    )


def kept_wires(graph: Graph, old: Node, spec: NodeSpec) -> float:
    """Return how much a node of a type would keep of another's wires; the same shelf counts a little, too."""
    worth, used = 0.0, set[str]()
    known = {p.name: p for p in spec.parameters}
    for wire in graph.wires:
        if wire.target[0] == old.id:
            same = known.get(wire.target[1].partition("[")[0])
            if same is not None and compatible(wire.type, same.type):
                worth += 1.0
                used.add(same.name)
            elif free := [p for p in spec.parameters if _is_open(p, used) and compatible(wire.type, p.type)]:
                best = max(free, key=lambda p: p.type == wire.type)
                worth += 0.6 if best.type == wire.type else 0.4
                used.add(best.name)
        elif wire.source[0] == old.id and spec.outputs:
            target = next((p for p in graph.nodes[wire.target[0]].inputs if p.name == wire.target[1]), None)
            kind: PortType = target.type if target is not None else "any"
            worth += max(1.0 if o.type == kind else 0.5 * compatible(o.type, kind) for o in spec.outputs)
    return worth + (0.3 if old.spec is not None and old.spec.category == spec.category else 0.0)


def _is_open(parameter: Parameter, used: set[str]) -> bool:
    return parameter.passing == "many" or (parameter.required and parameter.name not in used)


def why_not_replaced(old: Node, spec: NodeSpec) -> str:
    """Say why a node of a type cannot stand in the place of another; empty if it may."""
    if not replaceable(old):
        return f"“{old.id}” is part of how the flow runs: no other node can stand in its place."
    if spec.role == "shared":
        return f"“{spec.title}” is shared between functions: it stands at the top of the file, and not here."
    if (old.kind == "producer") != (spec.role == "producer"):
        if old.kind == "producer":
            return f"“{old.id}” begins a loop: another producer alone can stand in its place."
        return f"“{spec.title}” begins a loop: it can stand in the place of a producer alone."
    if old.kind == "producer" and len(old.outputs) != 1:
        return f"“{old.id}” gives several values each turn: change its line in the script."
    if old.role == "collector" and old.loops and spec.role != "collector":
        return (
            f"“{old.id}” gathers in a loop and gives one result, which is read behind it: another collector alone can"
            " stand in its place. Or delete it, and wire the other node by hand."
        )
    return ""


@dataclass(slots=True)
class _Replacing:
    steps: Steps
    catalog: Catalog
    graph: Graph
    old: Node
    spec: NodeSpec
    node: str = ""
    lost: list[str] = field(default_factory=list)

    @property
    def function(self) -> str:
        return self.graph.function

    @property
    def takes_the_same(self) -> bool:
        """Whether both types take the same arguments, so that these stay as they are written."""
        old, new = self.old.spec, self.spec
        return old is not None and (old.parameters, old.extra) == (new.parameters, new.extra)

    def now(self) -> Graph:
        """Draw the function as it is by now."""
        return picture(self.steps.flow, self.catalog, self.function)

    def run(self) -> None:
        """Do all of it."""
        used = used_names(self.steps.flow)
        callee, imported = callee_of(self.steps.flow, self.function, self.spec.path)
        self.steps.do(imported)
        statement = find(self.steps.flow, self.function, self.old.statements[0])[1] if self.old.statements else None
        single = isinstance(statement, Call | Loop) and len(self.old.statements) == 1
        if single and self.old.kind in ("call", "producer") and not self.spec.methods:
            assert isinstance(statement, Call | Loop)
            self.in_place(statement, callee)
        elif (kept := same_lines(self.steps.flow, self.function, self.old, self.spec)) is not None:
            self.line_by_line(kept, callee)
        else:
            self.beside(callee)
        self.renamed(callee)
        gone = used - used_names(self.steps.flow)
        imports = self.steps.flow.imports
        ours = {name for name in gone if (imports.get(name, "") + ".").startswith(f"{OURS}.")}
        ours |= {name for name in gone if name in imports and self.old.type in (imports[name], f"{imports[name]}.")}
        self.steps.do(drop_imports(self.steps.flow, ours) if ours else None)

    def renamed(self, callee: str) -> None:
        """Give it the name of its type where it bears that of the type before: a hand gave it none."""
        old, name = self.old, self.node
        before = snake(old.spec.name) if old.spec is not None else ""
        fresh = new_lines(self.spec, callee, taken(self.steps.flow, self.function)).node
        if (
            self.spec.role == "producer"
            or not re.fullmatch(rf"{re.escape(before)}(_\d+)?", name)
            or snake(self.spec.name) == before
            or old.spec is None
        ):
            return
        try:
            self.steps.do(rename(self.steps.flow, self.now(), name, fresh))
        except Refused:  # it has its name in code that cannot follow
            return
        self.node = fresh
        for result in results_of(self.steps.flow, self.function, self.now().nodes[fresh].statements):
            if result.startswith(f"{name}_"):
                follows = unique(fresh + result.removeprefix(name), taken(self.steps.flow, self.function))
                self.steps.do(Rename(self.function, result, follows))

    # -------------------------------------------------------------- on its own line
    def in_place(self, statement: Call | Loop, callee: str) -> None:
        """Write another call into the line."""
        self.node = self.old.id
        awaited = bool(self.spec.awaits)
        arguments = statement.arguments if self.takes_the_same else first_arguments(self.spec)
        plain = replace(statement, callee=callee, arguments=arguments, awaited=awaited, raw=None)
        if isinstance(plain, Loop):
            plain = replace(plain, called=shared_by(self.steps.flow, self.spec) is None)
        into = self.wires_into()
        self.steps.do(ReplaceStatement(self.function, statement.id, plain, f"Replace {self.old.id}"))
        make_async(self.steps, self.function, (plain,))
        if not self.takes_the_same:
            self.fill(into)
        self.laid_out(statement)
        self.give([w for w in self.graph.wires if w.source[0] == self.old.id])
        self.views()

    def line_by_line(self, kept: Sequence[Call], callee: str) -> None:
        """Make another object in the line that makes it; each call of a method stays where it is."""
        self.node = self.old.id
        into = self.wires_into()
        made = []
        for line in kept:
            _, _, method = line.callee.partition(".")
            maker = line.id == self.old.statements[0]
            name = "" if maker else method or "__call__"
            given = line.arguments if self.takes_the_same else first_arguments(self.spec) if maker else ()
            plain = replace(line, callee=callee if maker else line.callee, arguments=given, raw=None)
            plain = replace(plain, awaited=name in self.spec.awaits)
            self.steps.do(ReplaceStatement(self.function, line.id, plain, f"Replace {self.old.id}"))
            made.append(plain)
        make_async(self.steps, self.function, made)
        if not self.takes_the_same:
            self.fill(into)
        for line in kept:
            self.laid_out(line)
        self.give([w for w in self.graph.wires if w.source[0] == self.old.id])
        self.views()

    def laid_out(self, before: Call | Loop) -> None:
        """Lay a call out as the one that stood there over several lines, with the comments between them."""
        if before.raw is None or "\n" not in before.raw:
            return
        now = find(self.steps.flow, self.function, before.id)[1]
        kept = keep_text(before, now)
        if kept.raw is not None:
            self.steps.do(ReplaceStatement(self.function, before.id, kept, f"Replace {self.old.id}"))

    # -------------------------------------------------------------- beside it
    def beside(self, callee: str) -> None:
        """Put the new node beside the old one, hand all over, and take the old one out."""
        steps, old = self.steps, self.old
        lines = new_lines(self.spec, callee, taken(steps.flow, self.function))
        names = results_of(steps.flow, self.function, old.statements)
        for line, (region, index) in zip(
            lines.statements, homes(steps.flow, self.function, old, self.spec), strict=True
        ):
            steps.do(AddNode(region, index, line))
        make_async(steps, self.function, lines.statements)
        self.node = lines.node
        self.fill(self.wires_into())
        self.give([w for w in self.graph.wires if w.source[0] == old.id])
        place = steps.flow.header.canvas.get(self.function, {}).get(old.id)
        views = [v for v in steps.flow.header.panel.get(self.function, {}).values() if v.shows == old.id]
        rows = {t: setting(steps.flow, t, self.function).get(old.id) for t in (*TABLES, "pins")}
        steps.do(remove(steps.flow, self.now(), [old.id]))
        if old.kind != "code":
            steps.do(rename(steps.flow, self.now(), self.node, old.id))
            self.node = old.id
        new = results_of(steps.flow, self.function, self.now().nodes[self.node].statements)
        if len(names) == len(new) == 1 and names != new:  # what the script calls it, it goes on calling it
            steps.do(Rename(self.function, new[0], names[0]))
        steps.do(Move(self.function, {self.node: place}) if place else None)
        for table, row in rows.items():
            if row is not None and table != "pins":
                steps.do(SetSetting(table, self.function, self.node, row, f"Keep {self.node}"))
            elif row is not None:
                steps.do(SetDrawn(table, self.function, self.node, row, f"Keep {self.node}"))
        for view in views if self.spec.viewed else ():
            steps.do(SetView(self.function, view.id, replace(view, shows=self.node)))
        self.views()

    # -------------------------------------------------------------- wires and fields
    def wires_into(self) -> list[Wire]:
        """Return the wires into the old node, in the order of its ports."""
        order = {port.name: number for number, port in enumerate(self.old.inputs)}
        return sorted((w for w in self.graph.wires if w.target[0] == self.old.id), key=lambda w: order[w.target[1]])

    def fill(self, wires: Iterable[Wire]) -> None:
        """Give the new node what the old one took: by name first, then by type, then its written fields."""
        used: set[str] = set()
        left: list[Wire] = []
        known = {p.name: p for p in self.spec.parameters}
        for wire in wires:
            name = wire.target[1]
            base = name.partition("[")[0]
            fits = base in known and compatible(self.type_of(wire), known[base].type)
            if not fits or (known[base].passing != "many" and base in used) or not self.wire(wire, name):
                left.append(wire)
            else:
                used.add(base)
        for wire in left:
            required = next((p.required for p in self.old.inputs if p.name == wire.target[1]), False)
            target = self.free(self.type_of(wire), used, fields=required)
            if target is None or not self.wire(wire, target.name if target.passing != "many" else f"{target.name}[0]"):
                self.lost.append(f"the wire from {wire.source[0]} to {wire.target[1]}")
            elif target.passing != "many":
                used.add(target.name)
        for entry in self.old.fields:
            if entry.wired or not entry.given or entry.module or self.old.kind == "code":
                continue
            if entry.name in used or not self.write(entry.name, entry.text, known.get(entry.name)):
                self.lost.append(f"{entry.name} = {entry.text}")

    def type_of(self, wire: Wire) -> PortType:
        node = self.graph.nodes[wire.source[0]]
        return next((p.type for p in node.outputs if p.name == wire.source[1]), wire.type)

    def free(self, kind: PortType, used: set[str], fields: bool) -> Parameter | None:
        """Return the next best input: of that very type first; a field of that type only where `fields` may be."""
        open_ = [p for p in self.spec.parameters if p.name not in used and compatible(kind, p.type)]
        open_ = [p for p in open_ if p.required or p.passing == "many" or (fields and p.type == kind)]
        open_.sort(key=lambda p: (not p.required, p.type != kind))
        return open_[0] if open_ else None

    def wire(self, wire: Wire, name: str) -> bool:
        try:
            self.steps.do(connect(self.steps.flow, self.now(), wire.source, (self.node, name)))
        except Refused:
            return False
        return True

    def write(self, name: str, text: str, parameter: Parameter | None) -> bool:
        if parameter is None or (parameter.choices and _value(text) not in parameter.choices):
            return False
        try:
            self.steps.do(set_field(self.steps.flow, self.now(), self.node, name, text))
        except Refused:
            return False
        return True

    def give(self, wires: Iterable[Wire]) -> None:
        """Let what read the old node read the new one: the output of the same name, else one that fits."""
        for wire in wires:
            now = self.now()
            if self.node == self.old.id and wire in now.wires:
                continue  # it reads a name that the new node gives, too
            target = now.nodes.get(wire.target[0])
            port = next((p for p in target.inputs if p.name == wire.target[1]), None) if target else None
            output = _output_for(now.nodes[self.node].outputs, wire.source[1], port)
            there = next((w for w in now.wires if w.target == wire.target), None)
            if output is not None and there is not None and there.source == (self.node, output.name):
                continue
            try:
                if output is None or port is None:
                    raise Refused("nothing fits")
                self.steps.do(connect(self.steps.flow, now, (self.node, output.name), wire.target))
            except Refused:
                self.lost.append(f"the wire to {wire.target[1] or 'the input'} of {wire.target[0]}")
                if there is not None:
                    try:
                        self.steps.do(disconnect(self.steps.flow, now, there))
                    except Refused:
                        continue  # what is written in code stays; the checker says what is wrong with it

    def views(self) -> None:
        """Put a control or an indicator on the panel, and take what is neither off it."""
        shown = [v for v in self.steps.flow.header.panel.get(self.function, {}).values() if v.shows == self.node]
        if self.spec.viewed and not shown:
            view = first_view(self.steps.flow, self.function, self.node, self.spec)
            self.steps.do(SetView(self.function, view.id, view, proposed=True) if view else None)
        for view in shown if not self.spec.viewed else ():
            self.steps.do(SetView(self.function, view.id, None))


def _value(text: str) -> object:
    """Return what a written literal says; its text where it is none."""
    try:
        return literal(text)
    except (ValueError, SyntaxError):
        return text


def _output_for(outputs: tuple[Port, ...], name: str, target: Port | None) -> Port | None:
    """Return the output that an input shall read: of the same name, else the first of a type that fits."""
    kind: PortType = target.type if target is not None else "any"
    fitting = [port for port in outputs if compatible(port.type, kind)]
    named = next((port for port in fitting if port.name == name), None)
    return named or next((port for port in fitting if port.type == kind), next(iter(fitting), None))
