"""The picture of a flow: which boxes the canvas shows, their ports, and the wires between them.

`picture(flow, catalog, function)` derives it from the tree of statements; it is never edited. What an edit has left
alone is taken over from the picture before (`flow.drawing`).
Boxes:

========== ==================================================================== =========================
kind       statements                                                           id
========== ==================================================================== =========================
call       ``clean = dsp.butterworth(noisy)``                                   ``clean``
object     ``average = RunningMean()`` with the lines that call it              ``average``
producer   ``for tick in timing.every(0.05):`` / ``for value in jobs:``         ``tick`` / ``value``
switch     ``if high:``                                                         ``if_1``
merge      ``level = ...`` in the arms (also a call that binds it in each arm)  ``level``
feedback   ``total = 0.0`` before a loop and ``total = longer`` in it           ``total``
feedback   ``total += x`` in a loop: a code node, and a box of no statements    ``total~tick``
constant   ``k = 5.0`` that no bare line in a loop rebinds                      ``k``
code       a code node                                                          ``code_1``
inputs     the parameters of the function                                       ``def``
return     ``return clean`` at its end                                          ``return``
========== ==================================================================== =========================

What code in a loop binds anew and reads before that goes round through a box of feedback, too: it starts with what the
name means above the loop, and the code gives the next value. It is named after the variable and the loop.

An object is one box with its constructor's fields, its methods' inputs and outputs, if each of its methods is called
once. One that is called more often has a box of its own with an output port of the object, and a box for each call,
wired to it. A module-level object (a queue) has no box in a function; the boxes that use it name it in their title.

Ports are named as the parameters are; an argument of an unknown type ``args[0]`` or by its keyword. Others: ``object``
(the object that a call is made on), ``test[0]`` (a switch's first test), ``arm[0]`` (what a merge takes from the first
arm, and a switch's first arm), ``start`` and ``next`` (feedback; ``next[1]`` if there are several), ``value``.

The box of the parameters has an output for each; that of what is returned an input ``value``, or ``value[0]``,
``value[1]`` ... of a tuple. A function with parameters that is no flow of its own has that box also where it returns
nothing yet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flodesk.flow.boxes import Field, Graph, Lost, Node, NodeKind, Port, Wire
from flodesk.flow.catalog import Catalog
from flodesk.flow.drawing import Drawing
from flodesk.flow.model import Address, Bind, Block, Flow, Ref, Region, walk
from flodesk.flow.parts import Drawn
from flodesk.flow.switched import How, is_along, of_lines, switched_on


def picture(flow: Flow, catalog: Catalog, function: str = "flow") -> Graph:
    """Draw one function of a flow, or with ``""`` the module's own statements.

    Parameters
    ----------
    catalog : Catalog
        The node types that are known; those that the file itself defines are read from it here.

    Raises
    ------
    KeyError
        The file has no such function.
    """
    known = catalog.with_flow(flow)
    for kept in tuple(_recent):
        if kept.is_of(flow, known, function):
            return kept.graph
    before = next((kept.drawn for kept in tuple(_recent) if kept.is_like(flow, function)), None)
    whole, switched = switched_on(flow, function)
    drawn = Drawing(whole, known, function, before).drawn()
    graph = drawn.graph
    if switched:
        graph = replace(graph, nodes={name: _marked(node, flow, graph, switched) for name, node in graph.nodes.items()})
    _recent.appendleft(_Picture(flow.module, flow.header.settings, known, function, graph, drawn))
    return graph


def _marked(node: Node, flow: Flow, graph: Graph, switched: Mapping[str, How]) -> Node:
    """Return a box as it is switched."""
    how = of_lines(node.statements, switched)
    if not how:
        return node
    lines = [flow.index[Address(node.function, line)][0] for line in node.statements]
    values = {s.value.text for s in lines if isinstance(s, Bind) and isinstance(s.value, Ref)}
    into = [w for w in graph.wires if w.target[0] == node.id]
    given = {(n, p.name): p.variable for n in {w.source[0] for w in into} for p in graph.nodes[n].outputs}
    passing = next((w.target[1] for w in into if given.get(w.source) in values), "")
    return replace(node, switched=how, passing=passing, along=how == "off" and any(map(is_along, lines)))


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture, and all that it was drawn from: where its nodes stand and what the panel shows is none of it."""

    module: Block
    settings: Mapping[str, object]
    catalog: Catalog
    function: str
    graph: Graph
    drawn: Drawn

    def is_of(self, flow: Flow, catalog: Catalog, function: str) -> bool:
        """Return whether a flow has this picture, as far as can be told at once."""
        return (
            self.module is flow.module
            and self.settings is flow.header.settings
            and self.function == function
            and (self.catalog is catalog or self.catalog.specs == catalog.specs)
        )

    def is_like(self, flow: Flow, function: str) -> bool:
        """Return whether it is of the same function of a flow that this one was made from, or that was made from it."""
        if self.function != function or function not in flow.functions:
            return False
        known = self.drawn.names.places
        return any(id(statement) in known for statement, _ in walk(flow.functions[function].body, Region(function)))


_recent: deque[_Picture] = deque(maxlen=8)
"""The newest pictures: canvas, inspector, panel and others ask for the same one after each change, and what an edit has
left alone is taken over from the one before it."""


__all__ = ["Field", "Graph", "Lost", "Node", "NodeKind", "Port", "Wire", "picture"]
