"""What stays when the producer of its loop, or the if above its arm, goes or is copied alone; and how that is said."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flodesk.flow.graph import Graph, Node
from flodesk.flow.wiring.clipboard import bare_switches

_NAMED = 4


def bare_loops(graph: Graph, ids: Iterable[str]) -> dict[str, list[str]]:
    """Return, by each producer among some nodes, what stands in its loop and is not among them; only where that is."""
    wanted = set(ids)
    found = {}
    for node in (graph.nodes[name] for name in graph.nodes if name in wanted):
        if node.kind == "producer" and (inside := [key for key in _in_loop(graph, node) if key not in wanted]):
            found[node.id] = inside
    return found


def words_of_what_stays(graph: Graph, ids: Collection[str]) -> str:
    """Say what becomes of the body of a loop or an if when some nodes go and it stays; empty if none is left so."""
    said = []
    for producer, inside in bare_loops(graph, ids).items():
        outer = [loop for loop in graph.nodes[producer].loops[:-1] if loop not in ids]
        how = f"once in each turn of “{outer[-1]}”" if outer else "once"
        said.append(f"“{producer}” went without what stood in its loop ({some(inside)}): that runs {how} now.")
    said += [
        f"“{switch}” went without what stood in its arms ({some(inside)}): that runs always now."
        for switch, inside in bare_switches(graph, ids).items()
    ]
    return " ".join((*said[:2], "Select both to take them together.")) if said else ""


def words_of_unjoined(before: Graph, after: Graph, ids: Collection[str]) -> str:
    """Say which value is read where a merge has gone with the if above its arms: that of one arm alone; empty if none.

    Parameters
    ----------
    ids : collection of str
        What was taken out.
    """
    said: list[str] = []
    if not any(before.nodes[name].kind == "switch" for name in ids):
        return ""
    for merge in before.nodes.values():
        still = after.nodes.get(merge.id)
        if merge.kind != "merge" or merge.id in ids or (still is not None and still.kind == "merge"):
            continue
        targets = {wire.target for wire in before.wires if wire.source[0] == merge.id}
        now = [wire for wire in after.wires if wire.target in targets]
        for giver in dict.fromkeys(wire.source[0] for wire in now):
            readers = list(dict.fromkeys(wire.target[0] for wire in now if wire.source[0] == giver))
            verb = "reads" if len(readers) == 1 else "read"
            named = some([f"“{reader}”" for reader in readers])
            said.append(f"“{merge.outputs[0].variable}” is joined no more: {named} {verb} “{giver}” alone.")
    return " ".join(said[:2])


def some(names: list[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _in_loop(graph: Graph, producer: Node) -> list[str]:
    loop = producer.loops[-1] if producer.loops else producer.id
    return [key for key, node in graph.nodes.items() if loop in node.loops and key != producer.id]


__all__ = ["bare_loops", "some", "words_of_unjoined", "words_of_what_stays"]
