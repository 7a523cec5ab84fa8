"""Draws the picture of one function: a walk over its statements in the order of the text.

Each statement's part of the picture is remembered. After an edit only what the edit may have changed is drawn again:
the statements that are others now, those that mention a name of which anything is different, and those that read what
comes from somewhere else (`flow.parts`). Where feedback is among them, whose types go round in circles, where the file
around the function is another, or where too much is different, all is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter

from flodesk.flow.apart import apart
from flodesk.flow.boxes import Graph, Node, Wire
from flodesk.flow.catalog import Catalog
from flodesk.flow.detached import beside_marked, branches
from flodesk.flow.function_ends import draw_inputs, draw_return, is_open_end
from flodesk.flow.lost import may_be_lost, with_lost
from flodesk.flow.model import Block, Flow, Loop, Statement, Switch
from flodesk.flow.names import binds_of, block_of, names_of
from flodesk.flow.names_after import names_after
from flodesk.flow.parts import Drawn, Left, Outside, Part, left
from flodesk.flow.pen import Pen, bound_below
from flodesk.flow.pins import with_pins
from flodesk.flow.place_rules import places
from flodesk.flow.script import toml
from flodesk.flow.sketch import Box, Sketch

_BOXES, _WIRES, _LATE = attrgetter("boxes"), attrgetter("wires"), attrgetter("late")
_ORIGINS, _STATEMENT = attrgetter("origins"), attrgetter("statement")
_WALKS = 3
"""How often at most a picture is drawn anew, as feedback hands on another type than its start has."""


class Drawing:
    """The walk; `graph` gives its result, `drawn` also what it is made of.

    Parameters
    ----------
    catalog : Catalog
        All node types that are known, those that the file itself defines among them.
    before : Drawn, optional
        The picture before an edit.

    Raises
    ------
    KeyError
        The file has no such function.
    """

    def __init__(self, flow: Flow, catalog: Catalog, function: str, before: Drawn | None = None) -> None:
        self._flow = flow
        self._catalog = catalog
        self._function = function
        self._block, _, _ = block_of(flow, function)
        self._outside = Outside.of(flow, catalog, function)
        self._before = before
        self._left: Left | None = None
        after = names_after(before.names, self._block) if before is not None else None
        if before is not None and after is not None:
            self._left = left(before, self._outside, *after)
        self.names = after[0] if self._left is not None and after is not None else names_of(flow, function)
        """What each name stands for; the checker asks it too."""
        self._pen = Pen(flow, catalog, function, self.names)
        self._parts: dict[int, Part] = {}
        self._fresh: list[Part] = []
        """Those of them that are drawn now."""
        self._unmoved: Mapping[int, Part] = {}

    def graph(self) -> Graph:
        """Draw."""
        return self.drawn().graph

    def drawn(self) -> Drawn:
        """Draw, and return the parts as well."""
        pen = self._pen
        self._walk()
        if pen.sketch.clashes and self._left is not None:  # boxes in each other's place: nothing stands for itself
            self._left = None
            pen.sketch = Sketch(self.names)
            self._walk()
        for _ in range(_WALKS if self._left is None else 0):
            # what the next iteration gets stands further down than those that take it
            found = {box: pen.kind_of_feedback(box) for box in pen.starts if box in pen.sketch.boxes}
            if found == {**pen.starts, **pen.carried}:
                break
            pen.carried = found
            pen.sketch = Sketch(self.names)
            self._walk()
        nodes = self._finished()
        given = self.names.parameters
        several = frozenset(name for name, bound in self.names.bound.items() if len(bound) > 1 or name in given)
        drawn = Graph(self._function, nodes, tuple(self._wires(nodes)), several=several)
        graph = self._as_the_header_says(drawn)
        parts = self._parts if not pen.sketch.clashes and self._function else {}
        return Drawn(self._outside, self.names, parts, pen.sketch.origins, nodes, self._settled(graph))

    # -------------------------------------------------------------- statements
    def _walk(self) -> None:
        self._parts, self._fresh = {}, []
        self._unmoved = self._left.unmoved() if self._left is not None else {}
        own = self._flow.functions.get(self._function)
        if own is not None:
            draw_inputs(self._pen.sketch, own, self._catalog.find(own.name))
        self._draw(self._block, ())
        if own is not None and is_open_end(own, self._flow):
            draw_return(self._pen.sketch, None)

    def _draw(self, block: Block, loops: tuple[str, ...]) -> None:
        sketch, left = self._pen.sketch, self._left
        row: list[Part] = []
        for statement in block.statements:
            part = self._unmoved.get(id(statement))
            if part is not None and part.plain:
                row.append(part)
                continue
            self._take(row)
            row = []
            part = left.part(statement, sketch.origins) if left is not None else None
            if part is None:
                part = self._parts[id(statement)] = self._part(statement, loops)
                self._fresh.append(part)
            else:
                self._take([part])
            if isinstance(statement, Loop):
                self._draw(statement.body, (*loops, statement.id))
        self._take(row)

    def _part(self, statement: Statement, loops: tuple[str, ...]) -> Part:
        """Draw a statement, and all that stands in a switch."""
        sketch = self._pen.sketch
        boxes, wires, late = len(sketch.boxes), len(sketch.wires), len(sketch.late)
        self._pen.draw(statement, loops, ())
        begun = [*islice(reversed(sketch.boxes), len(sketch.boxes) - boxes)][::-1]
        own = [*(bound_below(statement) if isinstance(statement, Switch) else binds_of(statement))]
        own += self.names.rebound_in(statement.id) if isinstance(statement, Loop) else []
        origins = tuple((name, sketch.origins[name]) for name in own if name in sketch.origins)
        ends = tuple(name for name in own if name not in sketch.origins)
        return Part(statement, tuple(begun), tuple(sketch.wires[wires:]), tuple(sketch.late[late:]), origins, ends)

    def _take(self, row: Sequence[Part]) -> None:
        """Put in what statements drew before that stand one below the other; one that is not plain comes alone."""
        if not row or self._left is None:
            return
        sketch, nodes = self._pen.sketch, self._left.before.nodes
        names = [*chain.from_iterable(map(_BOXES, row))]
        wanted = len(sketch.boxes) + len(names)
        sketch.boxes.update(zip(names, map(nodes.__getitem__, names), strict=True))
        sketch.clashes = sketch.clashes or len(sketch.boxes) < wanted
        sketch.wires += chain.from_iterable(map(_WIRES, row))
        sketch.late += chain.from_iterable(map(_LATE, row))
        sketch.origins.update(chain.from_iterable(map(_ORIGINS, row)))
        self._parts.update(zip(map(id, map(_STATEMENT, row)), row, strict=True))
        for name in row[0].ends:
            sketch.origins.pop(name, None)

    # -------------------------------------------------------------- the whole
    def _finished(self) -> dict[str, Node]:
        """Return the finished boxes, and note which of them are doubtful or faulty."""
        made = self._pen.sketch.boxes
        nodes = {name: box.node(self._function) if isinstance(box, Box) else box for name, box in made.items()}
        for part in self._fresh:
            begun = [nodes[name] for name in part.boxes]
            part.doubtful = tuple(node.id for node in begun if may_be_lost(node))
            part.faulty = tuple(node.id for node in begun if any(p.problem for p in (*node.inputs, *node.outputs)))
        return nodes

    def _wires(self, nodes: Mapping[str, Node]) -> list[Wire]:
        """Return the wires, those of what was bound late among them, and those of ports that cannot be as broken."""
        sketch = self._pen.sketch
        for reading in sketch.late:
            if (origin := sketch.origins.get(reading.ref.name)) is not None:
                sketch.wire(origin, reading)
        strange = {
            (side, node.id, port.name): port.problem
            for node in [nodes[name] for part in self._parts.values() for name in part.faulty]
            for side, ports in (("in", node.inputs), ("out", node.outputs))
            for port in ports
            if port.problem
        }
        return [_with_problem(wire, strange) for wire in sketch.wires] if strange else sketch.wires

    def _as_the_header_says(self, graph: Graph) -> Graph:
        """Return the picture with what the header says of its nodes, and with the wires that have lost an end."""
        found_branches, _ = branches(self._flow, self._function)
        doubtful = [graph.nodes[name] for part in self._parts.values() for name in part.doubtful]
        graph = with_pins(self._flow, with_lost(self._flow, graph, self.names, doubtful))
        graph = beside_marked(graph, {name for one in found_branches for name in one.statements})
        if not (wanted := places(self._flow, self._function)):
            return graph
        nodes = {name: replace(node, place=toml.said(wanted[name])) if name in wanted else node
                 for name, node in graph.nodes.items()}  # fmt: skip
        return replace(graph, nodes=nodes)

    def _settled(self, graph: Graph) -> Graph:
        """Return the picture with the very nodes of before where they are equal: nobody looks at those again."""
        if self._left is None or self._before is None:
            return graph
        was, now = self._before.graph.nodes, list(graph.nodes.values())
        _, changed = apart(list(map(id, was.values())), list(map(id, now)))
        other = [(was.get(node.id), node) for node in now[changed] if was.get(node.id) is not node]
        same = {old.id: old for old, node in other if old == node and old is not None}
        return replace(graph, nodes={**graph.nodes, **same}) if same else graph


def _with_problem(wire: Wire, strange: Mapping[tuple[str, str, str], str]) -> Wire:
    problem = strange.get(("out", *wire.source)) or strange.get(("in", *wire.target)) or ""
    return replace(wire, problem=problem, astray=True) if problem else wire
