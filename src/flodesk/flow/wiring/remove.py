"""Taking boxes out, and what becomes of all that had to do with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.edit import Edit, Move, MoveNode, RemoveNode, RemoveNodes, ReplaceStatement, SetArguments, SetView
from flodesk.flow.edit.tree import find
from flodesk.flow.ends import shared_by
from flodesk.flow.graph import Graph
from flodesk.flow.model import Bind, Call, Code, Flow, Literal, Loop, Ref, Region, Return, Switch
from flodesk.flow.names import binds_of
from flodesk.flow.packs import OURS
from flodesk.flow.script import keep_text
from flodesk.flow.slots import parameters_of, slots
from flodesk.flow.spec import NodeSpec
from flodesk.flow.switched import how
from flodesk.flow.wiring.connect import without_test
from flodesk.flow.wiring.lines import Line, Lines, exclusive
from flodesk.flow.wiring.naming import drop_imports, taken, unique, used_names
from flodesk.flow.wiring.passing import without
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views import left_behind


def remove(flow: Flow, graph: Graph, ids: Iterable[str]) -> Edit:
    """Take boxes out, with their lines, places, and the imports that nothing needs any more.

    The views of controls and indicators go with them; those of other values and fields stay, and say what is gone.

    What read their values is left with open inputs. When a producer goes and nodes of its loop stay, these move out to
    where the loop was, with nothing lost; so do the nodes in the arms of a switch that goes. Feedback of a loop that
    goes ends: its start value stays, as a constant. A switch whose test goes is left with an arm that is never taken.

    Raises
    ------
    Refused
        There is no such box, or what stays could not stand without it.
    """
    wanted = list(dict.fromkeys(ids))
    for name in wanted:
        if name not in graph.nodes:
            raise Refused(f"There is no “{name}” in “{graph.function}”.")
    if not wanted:
        raise Refused("Nothing is selected.")
    held = next((graph.nodes[name] for name in wanted if is_carried_by_code(graph.nodes[name])), None)
    wanted = [name for name in wanted if graph.nodes[name].statements or graph.nodes[name].kind == "merge"]
    if not wanted and held is not None:
        by = held.outputs[0].statement
        raise Refused(f"“{held.id}” holds what “{by}” gives the next turn in its own text: remove that, or change it.")
    if not wanted:
        raise Refused(f"What “{graph.function}” takes and gives belongs to it: change it in the script.")
    used = used_names(flow)
    remover = _Remover(flow, graph, wanted)
    remover.run()
    steps = remover.steps
    for kept in left_behind(flow, steps.flow, graph):
        steps.do(kept)
    for name in {shared.id for n in wanted if (shared := shared_by(flow, graph.nodes[n].spec)) is not None}:
        if name not in used_names(steps.flow):  # nobody is left at either end of it
            steps.do(RemoveNode("", name))
    free = used - used_names(steps.flow)
    imports = {name for name, path in flow.imports.items() if name in free and (path + ".").startswith(OURS + ".")}
    imports |= {name for name in free if name in flow.imports and _foreign_node(graph, wanted, flow.imports[name])}
    if imports:
        steps.do(drop_imports(steps.flow, imports))
    return steps.edit(f"Remove {wanted[0] if len(wanted) == 1 else f'{len(wanted)} nodes'}")


def _foreign_node(graph: Graph, wanted: list[str], path: str) -> bool:
    """Say whether an import is of one of the removed nodes' types."""
    return any(graph.nodes[name].type == path or graph.nodes[name].type.startswith(f"{path}.") for name in wanted)


class _Remover:
    """Takes out the lines of some boxes, step by step."""

    def __init__(self, flow: Flow, graph: Graph, wanted: list[str]) -> None:
        self.function = graph.function
        self.graph = graph
        self.wanted = wanted
        self.steps = Steps(flow)
        self.specs: dict[str, NodeSpec | None] = {
            statement: node.spec
            for node in graph.nodes.values()
            if node.kind != "merge"  # what it joins is of nodes that have types of their own
            for statement in node.statements
        }
        self.gone: set[str] = set()
        """Ids of the lines that go."""

    @property
    def lines(self) -> Lines:
        """The function as it is now."""
        return Lines(self.steps.flow, self.function)

    def run(self) -> None:
        lines = self.lines
        nodes = [self.graph.nodes[name] for name in self.wanted]
        going = {statement for node in nodes if node.kind != "merge" for statement in node.statements}
        for node in nodes:
            parts = [lines.by_id[statement] for statement in node.statements if statement in lines.by_id]
            if node.kind == "merge":
                own = [line for line in parts if isinstance(line.statement, Bind)]
                if not own and not going.issuperset(line.id for line in parts):
                    raise Refused(f"“{node.id}” is what the nodes in the arms give: remove or rename these.")
                parts = own
            self.gone |= {line.id for line in parts}
        self._follow(lines)
        names = self._names(lines)
        for line in lines.all:
            if line.id not in self.gone:
                self._forget(line, names | self._lost(lines, line))
        compounds = [line for line in lines.all if line.id in self.gone and isinstance(line.statement, Loop | Switch)]
        for line in compounds:
            self._may_go(lines, line)
        simple = self.gone - {line.id for line in compounds}
        self.steps.do(RemoveNodes(self.function, tuple(line.id for line in lines.all if line.id in simple)))
        for line in reversed(compounds):
            self._unwrap(line.id)
        self._forget_boxes()

    def _follow(self, lines: Lines) -> None:
        """Add the lines that cannot stand without those that go: calls on an object, lines that hand a value on."""
        grown = True
        while grown:
            before = len(self.gone)
            names = self._names(lines)
            for line in lines.all:
                statement = line.statement
                calls = isinstance(statement, Call | Loop) and line.object in names
                hands_on = isinstance(statement, Bind) and not names.isdisjoint(line.reads) and not how(statement)
                if (
                    (calls and not isinstance(statement, Loop))
                    or (hands_on and not lines.carries(line))
                    or (isinstance(statement, Bind) and lines.carries(line) and self._loses_its_loop(lines, line))
                ):
                    self.gone.add(line.id)
            grown = len(self.gone) > before

    def _loses_its_loop(self, lines: Lines, line: Line) -> bool:
        """Say whether the loop that a line carries a value round goes."""
        loops = [r.owner for r in line.chain if r.owner and isinstance(lines.by_id[r.owner].statement, Loop)]
        return bool(loops) and loops[-1] in self.gone

    def _names(self, lines: Lines) -> set[str]:
        """Return the names that nothing binds once the lines are gone."""
        found: set[str] = set()
        for name, binders in lines.bound.items():
            left = [line for line in binders if line.id not in self.gone]
            if not left or all(lines.carries(line) for line in left):
                found.add(name)
        return found

    def _lost(self, lines: Lines, line: Line) -> set[str]:
        """Return the names that have a value elsewhere only: in another arm, or further down."""
        found = set()
        for name in line.reads:
            before = [b for b in lines.bound.get(name, ()) if b.order < line.order and not exclusive(b, line)]
            if before and all(binder.id in self.gone for binder in before):
                found.add(name)
        return found

    # -------------------------------------------------------------- those that stay
    def _forget(self, line: Line, names: set[str]) -> None:
        """Take what reads one of the names out of a statement that stays."""
        statement = line.statement
        if names.isdisjoint(line.reads):
            return
        match statement:
            case Call() | Loop():
                if isinstance(statement, Loop) and line.object in names:
                    raise Refused(f"The loop of “{line.id}” takes its values from “{line.object}”: remove it too.")
                parameters = parameters_of(self.steps.flow, self.specs.get(line.id), statement)
                ports = {
                    slot.name
                    for slot in slots(statement.arguments, parameters)
                    if slot.argument and isinstance(slot.argument.value, Ref) and slot.argument.value.name in names
                }
                arguments, _ = without(statement, parameters, ports)
                self.steps.do(SetArguments(self.function, line.id, arguments))
            case Bind():
                value = self._start(line)
                self.steps.do(
                    ReplaceStatement(self.function, line.id, keep_text(statement, replace(statement, value=value)))
                )
            case Return(values=values):
                open_values = tuple(Literal("None") if isinstance(v, Ref) and v.name in names else v for v in values)
                if open_values != values:
                    left = open_values if len(values) > 1 else ()
                    self.steps.do(
                        ReplaceStatement(self.function, line.id, keep_text(statement, replace(statement, values=left)))
                    )
            case Switch():
                current = statement
                for number, arm in enumerate(statement.arms):
                    if isinstance(arm.test, Ref) and arm.test.name in names:
                        current = without_test(current, number)
                if current is not statement:
                    found = find(self.steps.flow, self.function, line.id)[1]
                    assert isinstance(found, Switch)
                    arms = tuple(replace(new, body=old.body) for new, old in zip(current.arms, found.arms, strict=True))
                    self.steps.do(ReplaceStatement(self.function, line.id, replace(found, arms=arms)))
            case _:
                pass  # code that reads it stays as it was written; the checker says what is missing

    def _start(self, line: Line) -> Literal:
        """Return what feedback gets that has lost its next value: the one from the start."""
        for other in self.lines.bound[getattr(line.statement, "name", "")]:
            if isinstance(other.statement, Bind) and isinstance(other.statement.value, Literal):
                return other.statement.value
        return Literal("None")

    # -------------------------------------------------------------- loops and switches that go
    def _may_go(self, lines: Lines, line: Line) -> None:
        """Refuse to take a loop away from what leaves it."""
        staying = [inner for inner in lines.inside(line)[1:] if inner.id not in self.gone]
        leaving = [inner for inner in staying if isinstance(inner.statement, Code) and inner.statement.leaves]
        if isinstance(line.statement, Loop) and leaving:
            raise Refused(
                f"“{leaving[0].id}” leaves the loop of “{line.id}”, so it cannot stand without it: remove it too."
            )

    def _unwrap(self, name: str) -> None:
        """Take a loop or a switch out, and put what stays of its body into its place."""
        lines = self.lines
        line = lines.by_id[name]
        statement = line.statement
        blocks = [Region(self.function, name)]
        if isinstance(statement, Switch):
            blocks = [Region(self.function, name, number) for number in range(len(statement.arms))]
        index = line.index
        bound_before: set[str] = set()
        for region in blocks:
            for child in list(self.steps.flow.block(region).statements):
                twice = bound_before & set(binds_of(child))
                bound_before |= set(binds_of(child))
                self.steps.do(MoveNode(self.function, child.id, line.region, index))
                index += 1
                if twice and isinstance(child, Call | Bind):
                    self._rename_binding(child)
        self.steps.do(RemoveNode(self.function, name))

    def _rename_binding(self, child: Call | Bind) -> None:
        """Give one of two lines that bind the same name in two arms a name of its own."""
        flow = self.steps.flow
        name = unique(child.name, taken(flow, self.function))
        current = next(
            line.statement
            for line in reversed(self.lines.bound[child.name])
            if line.statement.__class__ is child.__class__
        )
        assert isinstance(current, Call | Bind)
        renamed = keep_text(current, replace(current, id=name, name=name))
        self.steps.do(ReplaceStatement(self.function, current.id, renamed))

    # -------------------------------------------------------------- the header
    def _forget_boxes(self) -> None:
        """Take out the places and views of boxes that go by a variable rather than by one of their lines."""
        header = self.steps.flow.header
        left = {line.id for line in self.lines.all}
        names = [name for name in self.wanted if name not in left]
        places = header.canvas.get(self.function, {})
        if any(name in places for name in names):
            self.steps.do(Move(self.function, {name: None for name in names if name in places}))
        for view in list(header.panel.get(self.function, {}).values()):
            if view.shows.partition(".")[0] in names:
                self.steps.do(SetView(self.function, view.id, None))
