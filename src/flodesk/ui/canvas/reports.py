"""What a run and the checker report of a node, told to its card: painted only where a reader sees a difference."""

from __future__ import annotations

from dataclasses import replace

from flodesk.engine.client import NodeState
from flodesk.engine.preview import Preview
from flodesk.ui.canvas.card import Live
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.earlier import Mark


def show_state(card: NodeItem, state: NodeState) -> None:
    """Show the newest state; paint only if a reader would see a difference."""
    live = card.live
    before = _seen(card)
    progress = None if state.progress is None else round(state.progress, 2)
    if state.state == "waiting":
        live.anew = f"Starts anew after {state.seconds:g} s, failed {state.failures} ×"
    elif state.count != live.count or state.state != "running":
        live.anew = ""  # while it is asked again nobody knows better
    live.state, live.count, live.progress, live.seconds = state.state, state.count, progress, state.seconds
    live.behind, live.items, live.of = state.behind, state.items, state.of
    after = _seen(card)
    if after != before:
        card.follow_live(resized=(live.state == "failed") != (before[0] == "failed") or live.anew != before[1])


def _seen(card: NodeItem) -> tuple[object, ...]:
    """Return what a reader sees of the state on a card."""
    live = card.live
    count = live.count if card.node.kind == "producer" else 0
    return live.state, live.anew, live.progress, count, live.behind, live.items, live.of


def show_preview(card: NodeItem, port: str, preview: Preview) -> None:
    """Show the newest value of an output."""
    if card.live.previews.get(port) != preview:
        card.live.previews[port] = preview
        card.follow_live()


def show_mark(card: NodeItem, port: str, mark: Mark | None) -> None:
    """Show that the value of an output is not of the newest run; None: it is."""
    if mark is not None:
        card.live.earlier[port] = mark
    else:
        card.live.earlier.pop(port, None)
    card.follow_live()


def show_problem(card: NodeItem, problem: str, warning: str = "") -> None:
    """Show what is wrong with the node, or else may be; empty texts take it away."""
    if (problem, warning) != (card.live.problem, card.live.warning):
        card.live.problem, card.live.warning = problem, warning
        card.follow_live(resized=True)


def show_failure(card: NodeItem, words: str) -> None:
    """Take note of what was raised when the node failed."""
    if words != card.live.failure:
        card.live.failure = words
        card.follow_live(resized=card.live.state == "failed" or bool(card.live.anew))


def show_ahead(card: NodeItem, ahead: bool) -> None:
    """Show that the run is held and has not come here again: what the card tells is of before."""
    if ahead != card.live.ahead:
        card.live.ahead = ahead
        card.follow_live()


def forget_run(card: NodeItem) -> None:
    """Show nothing of an earlier run any more."""
    card.live = replace(Live(), problem=card.live.problem, warning=card.live.warning)
    card.follow_live(resized=True)
