"""Wires that lead from nowhere, or to a node of which nobody knows what it is: kept in the picture, with the reason."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from flodesk.flow.binding_rules import outside_names
from flodesk.flow.boxes import Field, Graph, Lost, Node, Port
from flodesk.flow.model import Code, Expression, Flow, Statement, Switch
from flodesk.flow.names import Names, names_of
from flodesk.flow.packs import OURS
from flodesk.flow.problem import quoted
from flodesk.flow.types import PortType


def with_lost(flow: Flow, graph: Graph, names: Names, doubtful: Sequence[Node]) -> Graph:
    """Return a picture with the wires that have lost an end; only `doubtful` nodes can have one (`may_be_lost`).

    An input that reads a name which nothing gives has a port for it, whether it is required or not.
    """
    if not graph.function or not doubtful:
        return graph
    reader = _Reader(flow, graph.function, names)
    lost = [*_of_fields(doubtful, reader), *_of_code(doubtful, reader)]
    wires = graph.wires
    strange = {node.id: why for node in doubtful if (why := reader.why_unknown(node))}
    if strange:
        wires = tuple(
            replace(wire, problem=strange[end], astray=True)
            if not wire.problem and (end := next((e for e in (wire.target[0], wire.source[0]) if e in strange), ""))
            else wire
            for wire in wires
        )
    if not lost:
        return replace(graph, wires=wires) if strange else graph
    nodes = dict(graph.nodes)
    for one in lost:
        node = nodes[one.target[0]]
        if all(port.name != one.target[1] for port in node.inputs):
            nodes[node.id] = replace(node, inputs=(*node.inputs, _port_for(node, one)))
    return Graph(graph.function, nodes, wires, tuple(lost))


def may_be_lost(node: Node) -> bool:
    """Say whether anything that a node reads may be given by nothing, whatever else stands in the file."""
    unknown = node.spec is None and node.kind in ("call", "object", "producer")
    return unknown or node.kind in ("code", "switch") or any(_is_in_doubt(field) for field in node.fields)


def _is_in_doubt(field: Field) -> bool:
    return field.given and not field.wired and not field.module and _is_name(field.text)


class _Reader:
    """Knows which names there are; what the module gives is looked for only if something is in doubt."""

    def __init__(self, flow: Flow, function: str, names: Names) -> None:
        self._flow = flow
        self._function = function
        self._names = names
        self._outside: tuple[frozenset[str], bool] | None = None

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """The statements of the function by their ids."""
        return {standing.statement.id: standing.statement for standing in reversed(self._names.standings)}

    def gives(self, name: str) -> bool:
        """Say whether anything here may give a name a value."""
        if self._names.is_variable(name) or name in self._flow.imports or name in self._flow.functions:
            return True
        if self._outside is None:
            self._outside = outside_names(self._flow)
        known, certain = self._outside
        return name in known or not certain

    def why(self, name: str) -> str:
        """Say why nothing gives a name a value."""
        for other in self._flow.mains:
            if other != self._function and name in names_of(self._flow, other).bound:
                return f"{quoted(name)} is of {quoted(other)}: between functions that run side by side goes no wire."
        return f"Nothing gives {quoted(name)} a value."

    def why_unknown(self, node: Node) -> str:
        """Say why it is not known what a node calls; empty if it is, or may be."""
        if node.spec is not None or node.kind not in ("call", "object", "producer") or not node.type:
            return ""
        if node.type.startswith(f"{OURS}."):
            return f"There is no {node.type.removeprefix(f'{OURS}.')}: nothing takes or gives this value."
        head = node.type.partition(".")[0]
        if node.type in node.title and not self.gives(head):
            return f"Nothing defines {quoted(head)}: nothing takes or gives this value."
        return ""


def _of_fields(nodes: Iterable[Node], reader: _Reader) -> Iterator[Lost]:
    for node in nodes:
        for field in node.fields:
            if not _is_in_doubt(field):
                continue
            head = field.text.partition(".")[0]
            if node.kind != "constant" and not reader.gives(head):
                yield Lost(field.text, (node.id, field.name), reader.why(head))


def _of_code(nodes: Iterable[Node], reader: _Reader) -> Iterator[Lost]:
    for node in nodes:
        if node.kind not in ("code", "switch"):
            continue
        for name in _reads(reader.statements.get(node.id)):
            if not reader.gives(name):
                yield Lost(name, (node.id, name), reader.why(name))


def _reads(statement: Statement | None) -> tuple[str, ...]:
    """Return the names that the text of a code node, or the tests of a switch, read."""
    if isinstance(statement, Code):
        return statement.reads
    if isinstance(statement, Switch):
        tests = [arm.test for arm in statement.arms if isinstance(arm.test, Expression) and not _is_name(arm.test.text)]
        return tuple(dict.fromkeys(name for test in tests for name in test.reads))
    return ()


def _port_for(node: Node, lost: Lost) -> Port:
    name = lost.target[1]
    parameter = node.spec.parameter(name) if node.spec is not None else None
    kind: PortType = parameter.type if parameter is not None else "any"
    field = next((f for f in node.fields if f.name == name), None)
    statement = field.statement if field is not None else node.statements[0]
    return Port(name, kind, name, statement, "", False, parameter.unit if parameter is not None else "")


def _is_name(text: str) -> bool:
    """Say whether a text is a name, or a part of one, and no value."""
    return text[:1].isidentifier() and all(
        part.isidentifier() and not keyword.iskeyword(part) for part in text.split(".")
    )
