"""What decides about some nodes stands before them: it goes up there if nothing means something else then."""

from __future__ import annotations

from flodesk.flow.edit import MoveNode
from flodesk.flow.graph import Graph
from flodesk.flow.names import binds_of
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.subflow import Selection, in_the_way


def bring_before(steps: Steps, graph: Graph, test: str, chosen: Selection) -> bool:
    """Move what gives a test, with what that reads, above the statements that it is to decide about.

    Returns
    -------
    bool
        Whether something had to move.

    Raises
    ------
    Refused
        It hangs on them, or stands in another loop or arm, or what is between them may not change its order.
    """
    function, name = graph.function, test.partition(".")[0]
    lines, first = Lines(steps.flow, function), chosen.lines[0]
    makers = lines.bound[name]
    if "def" in graph.nodes and test in {port.variable for port in graph.nodes["def"].outputs}:
        return False
    if any(one.order < first.order and one.chain == first.chain[: len(one.chain)] for one in makers):
        return False
    why = f"“{test}” cannot be read where “{first.id}” stands, and so it cannot decide about it"
    if len(makers) != 1 or makers[0].region != first.region:
        raise Refused(f"{why}: it has a value in another loop or branch only. Put it beside “{first.id}” first.")
    movers = _with_sources(lines, makers[0], first)
    if both := [one for one in movers if one in chosen.lines]:
        raise Refused(f"{why}: it hangs on “{both[0].id}”. Select only what does not decide about itself.")
    if (tied := in_the_way(steps.flow, graph, lines, movers, first)) is not None:
        raise Refused(
            f"{why}: it would have to run before “{tied.id}”, and their order matters. Put it above that in the script,"
            f" or select only what stands below “{movers[0].id}”."
        )
    for number, line in enumerate(movers):
        steps.do(MoveNode(function, line.id, first.region, first.index + number))
    return True


def _with_sources(lines: Lines, maker: Line, first: Line) -> list[Line]:
    """Return a statement with all that it reads between `first` and itself, in the order of the text."""
    found = [maker]
    for line in reversed(lines.all[first.order : maker.order]):
        names = {name for one in found for inner in lines.inside(one) for name in inner.reads}
        bound = {name for inner in lines.inside(line) for name in binds_of(inner.statement)}
        if line.region == first.region and bound & names:
            found.insert(0, line)
    return found


__all__ = ["bring_before"]
