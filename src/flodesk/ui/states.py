"""What the newest states of the nodes tell about a run."""

from __future__ import annotations

from flodesk.engine.client import Engine
from flodesk.flow.model import Flow, Loop


def busy(engine: Engine, flow: Flow) -> list[str]:
    """Return the nodes that are being called now (``function.statement``), of a call of a subflow those in it."""
    running = [name for name, state in engine.states().items() if state.state == "running"]
    inner = [name for name in running if name.partition(".")[0] not in flow.mains]
    return inner or running


def has_run(engine: Engine, node: str) -> bool:
    """Say whether a node has run to its end, in this engine process or in one before it."""
    state = engine.states().get(node)
    return state is not None and state.count > 0


def turns(engine: Engine, flow: Flow) -> int:
    """Return how many turns the outermost loops of all functions took so far."""
    states = engine.states()
    loops = [f"{f}.{s.id}" for f in flow.mains for s in flow.functions[f].body.statements if isinstance(s, Loop)]
    return sum(states[loop].count for loop in loops if loop in states)
