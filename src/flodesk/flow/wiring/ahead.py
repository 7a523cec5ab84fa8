"""A new node that is to feed another comes before it: that one stays where it is, in its order among calls that act."""

from __future__ import annotations

from flodesk.flow.edit import MoveNode
from flodesk.flow.graph import Graph
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.meaning import giver_at
from flodesk.flow.wiring.step import Steps


def put_ahead(steps: Steps, graph: Graph, node: str, target: str) -> None:
    """Move the lines of a node to right before the first line of another, as far as what they read stands above.

    Lines of other regions, and those that stand before it already, stay.
    """
    if node not in graph.nodes or target not in graph.nodes:
        return
    for name in graph.nodes[node].statements:
        lines = Lines(steps.flow, graph.function)
        line = lines.by_id.get(name)
        readers = [lines.by_id[s] for s in graph.nodes[target].statements if s in lines.by_id]
        reader = next((r for r in sorted(readers, key=lambda r: r.order) if line and r.region == line.region), None)
        if line is None or reader is None or line.order < reader.order or not _made_before(lines, line, reader):
            continue
        steps.do(MoveNode(graph.function, line.id, reader.region, reader.index))


def _made_before(lines: Lines, line: Line, reader: Line) -> bool:
    """Say whether all that a line reads means the same before another, and has a value there."""
    return all(
        giver_at(lines, read, reader.order, reader.chain, line) == giver_at(lines, read, line.order, line.chain, line)
        for read in line.reads
    )


__all__ = ["put_ahead"]
