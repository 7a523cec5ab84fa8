"""Where nodes run: what the header says of it, and what of that cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path

from flodesk.flow.boxes import Graph, Node
from flodesk.flow.model import Address, Code, Flow
from flodesk.flow.problem import did_you_mean, quoted
from flodesk.flow.script import toml

GROUP = "flodesk.places"
"""Entry points of this group are places of other packages."""
LOCAL = "local"
_OURS = (LOCAL, "process", "dask", "rq")

_CANNOT = {
    "control": "a control is set by hand while the flow runs",
    "indicator": "an indicator shows its value here",
    "producer": "a producer drives its loop from here",
}
_CANNOT_BE = {
    "switch": "a switch decides here",
    "merge": "a merge runs nothing",
    "feedback": "feedback runs nothing",
    "constant": "a constant runs nothing",
    "jump": "it may leave what it stands in",
}


def known_places() -> tuple[str, ...]:
    """Return the names of the places that there are, the local one first.

    Looking through all installed packages takes 12 ms: it is done anew only where one has come or gone.
    """
    return _places_in(tuple(sys.path), tuple(map(_changed, sys.path)))


@lru_cache(4)
def _places_in(_folders: tuple[str, ...], _times: tuple[int, ...]) -> tuple[str, ...]:
    return (*_OURS, *sorted({entry.name for entry in entry_points(group=GROUP)} - set(_OURS)))


def _changed(folder: str) -> int:
    """Return when an entry of a folder came or went, in ns; 0 of a folder that is not there."""
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0


def places(flow: Flow, function: str) -> Mapping[str, str]:
    """Return the place of each node of a function that the header names one for."""
    table = flow.header.settings.get("places", {})
    found = table.get(function, {}) if isinstance(table, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def queue_of(flow: Flow, function: str, node: str) -> str:
    """Return the queue that the header names for a node on the Redis queue; empty where it is the usual one."""
    settings = flow.header.settings.get("rq", {})
    queues = settings.get("queues", {}) if isinstance(settings, Mapping) else {}
    table = queues.get(function, {}) if isinstance(queues, Mapping) else {}
    queue = table.get(node, "") if isinstance(table, Mapping) else ""
    return queue if isinstance(queue, str) else ""


def why_local(box: Node) -> str:
    """Say why a node cannot run anywhere but here; empty if it can."""
    role = "" if box.spec is None else "indicator" if box.spec.shows else box.spec.role
    return _CANNOT_BE.get(box.kind, "") or ("" if box.kind == "code" else _CANNOT.get(role or box.kind, ""))


def check_places(flow: Flow, graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Find places that cannot be; gives (box, message, hint) of each."""
    wanted = places(flow, graph.function)
    known = known_places() if wanted else ()
    detached = flow.header.settings.get("detached", {})
    aside = detached.get(graph.function, {}) if isinstance(detached, Mapping) else {}
    for name, place in wanted.items():
        box = graph.nodes.get(name)
        if place not in known:
            hint = did_you_mean(toml.said(place), known) or f"There are: {', '.join(known)}."
            yield name, f"{quoted(name)} is to run in {quoted(toml.said(place))}, and there is no such place.", hint
        elif box is None:
            said = f"The header says where {quoted(name)} runs, but {quoted(graph.function)} has no such node."
            yield name, said, "Take the line out of the header."
        elif place != LOCAL and (why := why_local(box)):
            said = f"{quoted(name)} cannot run in {quoted(place)}: {why}."
            yield name, said, "Set “Runs in” to local."
        elif place != LOCAL and _leaves(flow, graph.function, name):
            said = f"{quoted(name)} cannot run in {quoted(str(place))}: it may leave what it stands in."
            yield name, said, "Set “Runs in” to local."
        elif place != LOCAL and name in aside:
            said = f"{quoted(name)} is detached, and cannot run in {quoted(place)} as well."
            yield name, said, "Take one of the two back."
    yield from _shared(graph, wanted)


def _leaves(flow: Flow, function: str, node: str) -> bool:
    found = flow.index.get(Address(function, node))
    return found is not None and isinstance(found[0], Code) and found[0].leaves


def _shared(graph: Graph, wanted: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Find calls of an object in another place than that in which it was made, where it stays."""
    for wire in graph.wires:
        source, target = wire.source[0], wire.target[0]
        if wire.target[1] != "object" or graph.nodes[source].kind != "object":
            continue
        here = wanted.get(source, LOCAL)
        if (there := wanted.get(target, here)) != here:
            said = f"{quoted(target)} is to run in {quoted(there)}, but its object {quoted(source)} stays in"
            yield (
                target,
                f"{said} {quoted(here)}.",
                f"An object is called where it was made: let both run in {quoted(here)}.",
            )
