"""What each node of a picture does, as a number: which values are no longer those of the flow as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Flow
from flodesk.flow.surroundings import Surroundings, words
from flodesk.flow.value_names import handed_on


class Signatures:
    """What the nodes of some functions do; `graphs` is asked for their pictures when somebody wants to know.

    What nodes call and name of the file around them (of the `flow`, if one is given) counts, too: subflows, functions,
    constants.

    Names, notes and places of nodes do not count, nor does what a node is called that a value comes from: a flow in
    which nothing but these has changed gives the same values.
    """

    def __init__(self, graphs: Callable[[], Iterable[Graph]], flow: Flow | None = None) -> None:
        self._ask = graphs
        self._flow = flow

    @cached_property
    def _graphs(self) -> tuple[Graph, ...]:
        return tuple(self._ask())

    @cached_property
    def makers(self) -> dict[str, tuple[str, ...]]:
        """The statements (``function.statement``) that each value (``function.variable``) can come from."""
        found: dict[str, tuple[str, ...]] = {}
        for graph in self._graphs:
            for node in graph.nodes.values():
                several = handed_on(node)
                for port in node.outputs:
                    if name := graph.value(node.id, port):
                        statements = dict.fromkeys((port.statement, *several, *graph.makers(node.id, port)))
                        found[name] = tuple(f"{graph.function}.{s}" for s in statements)
        return found

    @cached_property
    def of_node(self) -> dict[str, int]:
        """The signature of each node (``function.node``): what it does, and what it is given directly."""
        found: dict[str, int] = {}
        around = Surroundings(self._flow) if self._flow is not None else None
        for graph in self._graphs:
            alone = {
                key: hash((_deed(node), around.number(_names(node)) if around is not None else 0))
                for key, node in graph.nodes.items()
            }
            given: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
            for wire in graph.wires:
                given[wire.target[0]].append((wire.target[1], alone.get(wire.source[0], 0), wire.source[1]))
            for key, own in alone.items():
                found[f"{graph.function}.{key}"] = hash((own, *sorted(given[key])))
        return found

    def changed_since(self, before: Signatures) -> set[str]:
        """Return the values (``function.variable``) that hang on what has changed since another picture."""
        was, stale = before.of_node, set[str]()
        for graph in self._graphs:
            now = {key: self.of_node[f"{graph.function}.{key}"] for key in graph.nodes}
            # one that is new has no value yet; what it gives is told by what takes it
            waiting = [key for key, own in now.items() if was.get(f"{graph.function}.{key}", own) != own]
            if not waiting:
                continue
            stale |= _given_after(graph, waiting)
        return stale

    def hanging_on(self, statements: Iterable[str]) -> set[str]:
        """Return the values (``function.variable``) that hang on some statements (``function.statement``)."""
        named, found = set(statements), set[str]()
        for graph in self._graphs:
            own = {n.removeprefix(f"{graph.function}.") for n in named if n.startswith(f"{graph.function}.")}
            found |= _given_after(graph, [k for k, node in graph.nodes.items() if own & {k, node.id, *node.statements}])
        return found


def _given_after(graph: Graph, waiting: list[str]) -> set[str]:
    """Return the values that some nodes give, and all that come after them."""
    after: dict[str, list[str]] = defaultdict(list)
    for wire in graph.wires:
        after[wire.source[0]].append(wire.target[0])
    found = set(waiting)
    while waiting:
        new = [key for key in after[waiting.pop()] if key not in found]
        found.update(new)
        waiting += new
    return {graph.value(key, p) for key in found for p in graph.nodes[key].outputs if p.variable}


def _deed(node: Node) -> tuple[object, ...]:
    fields = tuple((field.name, field.text) for field in node.fields if not field.wired)
    code = node.spec.code if node.spec is not None else 0
    return node.kind, node.type, node.text, fields, len(node.loops), tuple(number for _, number in node.arms), code


def _names(node: Node) -> set[str]:
    """Return the words of a node that may be names of the file around it."""
    return words((node.type, node.text, *(field.text for field in node.fields if not field.wired)))
