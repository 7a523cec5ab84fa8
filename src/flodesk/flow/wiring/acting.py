"""What an edit does to the order of calls that may act: print, write, send. That of mere computing nobody sees."""

from __future__ import annotations

from itertools import accumulate

from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Call, Code, Flow
from flodesk.flow.packs import OURS
from flodesk.flow.spec import NodeSpec
from flodesk.flow.wiring.lines import Lines

_MOST = 3
"""Names in a list of them."""
_QUIET = ("object", "collector", "indicator", "control", "producer", "shared")
"""Roles that keep or show something, and act on nothing that another call could read."""


def order_words(before: Flow, after: Flow, graph: Graph) -> str:
    """Say in a sentence which calls that may act run after others now that they ran before; empty if none does.

    Parameters
    ----------
    graph : Graph
        The picture before the edit.
    """
    nodes = {statement: node for node in graph.nodes.values() for statement in node.statements}
    was = [line.id for line in Lines(before, graph.function).all if _may_act(line.statement, nodes.get(line.id))]
    place = {line.id: line.order for line in Lines(after, graph.function).all}
    was = [name for name in was if name in place]
    if was == sorted(was, key=place.__getitem__):
        return ""
    places = [place[name] for name in was]
    highest = [-1, *accumulate(places, max)]  # of those before each
    lowest = [*list(accumulate(reversed(places), min))[-2::-1], len(place)]  # of those behind it
    late = {name for name, at, least in zip(was, places, lowest, strict=True) if least < at}
    passed = {name for name, at, most in zip(was, places, highest[:-1], strict=True) if most > at}
    movers = [name for name in was if name in late and name not in passed]
    others = [name for name in was if name in passed]
    verb, reads = ("runs", "it reads") if len(movers) == 1 else ("run", "they read")
    them = "it" if len(others) == 1 else "them"
    return (
        f"{_listed(movers, nodes)} {verb} after {_listed(others, nodes)} now, no longer before {them}: "
        f"what {reads} is made only then."
    )


def _may_act(statement: object, node: Node | None) -> bool:
    """Say whether a statement may do more than compute: of a function that says nothing nobody knows."""
    if isinstance(statement, Code):
        return True
    return isinstance(statement, Call) and node is not None and not _keeps_quiet(node.spec)


def _keeps_quiet(spec: NodeSpec | None) -> bool:
    if spec is None:
        return False
    return spec.says_pure or spec.role in _QUIET or (spec.pure and spec.path.startswith(f"{OURS}."))


def _listed(names: list[str], nodes: dict[str, Node]) -> str:
    found = [f"“{name}”" for name in dict.fromkeys(nodes[name].id if name in nodes else name for name in names)]
    more = [f"{len(found) - _MOST} more"] if len(found) > _MOST else []
    found = found[:_MOST] + more
    return " and ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else found[0]


__all__ = ["order_words"]
