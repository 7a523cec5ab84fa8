"""What an arm gives to a merge is a card of its own: it has its tick when that arm ran, and the merge has one, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flodesk.engine.client import NodeState

TEXT = """\
def flow():
    a = abs(3)
    if a > 1:
        out = a + 1
    else:
        out = a - 1
    got = abs(out)
"""


def test_the_arm_that_ran_has_its_tick_and_so_has_the_merge(open_canvas: Callable[..., Any]) -> None:
    board = open_canvas(TEXT).canvas.board
    one, other = (next(k for k, n in board.graph.nodes.items() if n.text == t) for t in ("out = a + 1", "out = a - 1"))
    board.show_states({f"flow.{one}": NodeState("done", 1), f"flow.{other}": NodeState("idle")})
    states = {key: card.live.state for key, card in board.cards.items()}
    assert (states[one], states[other], states["out"]) == ("done", "idle", "done")
    board.show_states({f"flow.{one}": NodeState("idle"), f"flow.{other}": NodeState("failed", 1)})
    states = {key: card.live.state for key, card in board.cards.items()}
    assert (states[one], states[other], states["out"]) == ("idle", "failed", "failed")
