"""Who calls a function of a flow: the way to it from a function that is run."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator

from flodesk.flow.model import Call, Flow, Loop, Region, walk


def calls(flow: Flow, function: str) -> Iterator[tuple[str, str]]:
    """Give what a function calls of its own file: the id of the node that does, and the function's name."""
    for statement, _ in walk(flow.functions[function].body, Region(function)):
        if isinstance(statement, Call | Loop) and statement.callee in flow.functions:
            yield statement.id, statement.callee


def way_to(flow: Flow, function: str) -> tuple[tuple[str, str], ...]:
    """Return the shortest way to a function: each function on it, with the node of the one before that calls it.

    It begins with a function that is run, whose node is empty; a function that nobody calls is a way of its own.
    """
    ways: dict[str, tuple[tuple[str, str], ...]] = {name: ((name, ""),) for name in flow.mains}
    left = deque(ways)
    while left and function not in ways:
        here = left.popleft()
        for node, called in calls(flow, here):
            if called not in ways:
                ways[called] = (*ways[here], (called, node))
                left.append(called)
    return ways.get(function, ((function, ""),))


def is_way(flow: Flow, way: tuple[tuple[str, str], ...]) -> bool:
    """Say whether each function of a way is still called where it says."""
    if not way or any(function not in flow.functions for function, _ in way):
        return False
    pairs = itertools.pairwise(way)
    return all((node, called) in set(calls(flow, here)) for (here, _), (called, node) in pairs)
