"""The user's settings of what goes to workers: ``[queue]`` in ``settings.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from flodesk.engine.places.server.stream import NODES, OLD, QUEUE
from flodesk.engine.settings import section


@dataclass(frozen=True, slots=True)
class Wire:
    """How flows and values travel.

    Attributes
    ----------
    idle : float
        How long in s a session on a worker waits for another run of the same editor.
    patience : float
        How long in s both ends wait for a server that has gone.
    megabytes : float
        How large a value may be that goes from a worker to the window, or to or from a node on a worker, in MB.
    flows, nodes : str
        The queues that whole runs and single nodes are put on.
    """

    idle: float = 60.0
    patience: float = 120.0
    megabytes: float = 64.0
    flows: str = QUEUE
    nodes: str = NODES


def usual_queue() -> str:
    """Return the queue that whole runs are put on."""
    return section("queue", Wire()).flows


def usual_queues() -> list[str]:
    """Return what a worker listens to that is told nothing else: nodes first, as runs wait for them."""
    wire = section("queue", Wire())
    return list(dict.fromkeys((wire.nodes, wire.flows, OLD)))
