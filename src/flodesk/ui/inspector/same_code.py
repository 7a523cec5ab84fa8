"""Which code node of a function is which after a change: they go by numbers, and a new one above takes the number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from flodesk.flow.graph import Graph
from flodesk.flow.model import Statement
from flodesk.flow.script.writer import statement_text

CODE = ("code", "jump")
"""The kinds of nodes that go by numbers."""


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code node: its id, its source, and the variables that it binds."""

    id: str
    source: str
    binds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a function: those of code, the ids of the others, and the lines of all."""

    codes: list[CodeNode]
    others: frozenset[str]
    lines: frozenset[str]


def nodes_of(graph: Graph, statements: Iterable[Statement]) -> Nodes:
    """Return the nodes of a picture, and of the statements of its function; those of code in the order of the text."""
    codes = [
        CodeNode(node.id, node.text, tuple(port.variable for port in node.outputs))
        for node in graph.nodes.values()
        if node.kind in CODE
    ]
    lines = frozenset(text.strip() for one in statements for text in (one.raw, statement_text(one)) if text)
    return Nodes(codes, frozenset(graph.nodes) - {node.id for node in codes}, lines)


def followed(before: Nodes, after: Nodes) -> dict[str, str]:
    """Return the id that each code node has now by the one that it had; those that are not found are left out.

    The very same source is the same line wherever it stands, also as a node of another kind; only then a line is one
    that was changed in its place.
    """
    was, now = before.codes, after.codes
    here = {node.id: node for node in now}
    if all(here[node.id].source == node.source for node in was if node.id in here):
        return {node.id: node.id for node in was if node.id in here}  # no number means another node now
    matcher = SequenceMatcher(None, [node.source for node in was], [node.source for node in now], autojunk=False)
    codes = matcher.get_opcodes()
    found = {
        old.id: new.id
        for what, first, last, begin, end in codes
        if what == "equal"
        for old, new in zip(was[first:last], now[begin:end], strict=True)
    }
    taken = set(found.values())
    for old in was:
        moved = next((new.id for new in now if new.source == old.source and new.id not in taken), None)
        if old.id not in found and moved is not None:
            found[old.id] = moved
            taken.add(moved)
    for what, first, last, begin, end in codes:
        one, other = was[first:last], now[begin:end]
        if what == "replace" and len(one) == len(other) == 1 and one[0].binds == other[0].binds:
            old, new = one[0], other[0]
            known = old.source.strip() in after.lines or new.source.strip() in before.lines
            if old.id not in found and new.id not in taken and not known:
                found[old.id] = new.id  # the line was changed where it stands
    return found


__all__ = ["CODE", "CodeNode", "Nodes", "followed", "nodes_of"]
