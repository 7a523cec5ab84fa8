"""How a run is doing, in words."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.engine.events import Paused, RunFinished
from flodesk.engine.places.anywhere import Anywhere
from flodesk.ui.run import Run
from flodesk.ui.states import busy

_ENDS = {
    "succeeded": ("Succeeded", "ok"),
    "failed": ("Failed", "error"),
    "stopped": ("Stopped", "muted"),
    "killed": ("Ended by force", "warning"),
    "crashed": ("Crashed", "error"),
    "left": ("Left running", "running"),
}

_SOON = 1.0
"""Seconds that a run may take to begin before it is said for how long it is waited."""


def run_words(run: Run, called: Callable[[str], str], *, operated: bool = False) -> tuple[str, str]:
    """Return the state of a run in words, and the theme's colour that goes with it.

    Parameters
    ----------
    called : callable
        Gives for ``function.statement`` what a card is called on the canvas.
    operated : bool
        Who reads it sees no canvas: of a run that is held it says after which turn, and not at which node.
    """
    if isinstance(run.engine, Anywhere) and run.engine.waiting:
        stopping = "Stopping: waiting" if run.phase == "stopping" else "Waiting"
        return f"{stopping} for the server …  {clock(run.seconds)}", "warning"
    if run.phase == "starting":
        words = "Waiting for a worker …" if run.place == "rq" else "Starting …"
        return (words if run.seconds < _SOON else f"{words}  {clock(run.seconds)}"), "running"
    if run.phase == "stopping":
        return "Stopping …", "warning"
    if run.phase == "running" and run.paused is not None:
        return (paused_words(run.paused) if operated else held_words(run.paused, called)), "warning"
    if run.phase == "running":
        if run.pausing:
            on = busy(run.engine, run.document.flow)
            waits = f": waits for {called(on[0])} to return" if on else " …"
            return f"Pausing{waits}", "warning"
        if run.edits.behind:
            return f"Running as it was  {clock(run.seconds)}", "warning"
        return f"Running  {clock(run.seconds)}{_turns(run.iterations)}", "running"
    if run.refused is not None:
        return f"Not run: run to {called(run.refused.giver)} first", "warning"
    if run.last is None:
        return "Not run yet", "muted"
    words, role = _ENDS[run.last.reason]
    lost = _lost(run.last)
    role = "warning" if lost and role == "ok" else role
    if not run.began:
        return ("Left waiting for a worker" if run.last.reason == "left" else f"{words} before it began"), role
    return f"{words} after {clock(run.last.seconds)}{_turns(run.iterations)}{lost}", role


def held_words(held: Paused, called: Callable[[str], str]) -> str:
    """Say in short where a run is held, by the name that its card has on the canvas."""
    turn = f"  ·  iteration {held.iteration}" if held.iteration else ""
    return f"Held {'after' if held.wire else 'before'} {called(held.node)}{turn}"


def paused_words(held: Paused) -> str:
    """Say in short after which whole turn a run is held: the one that it is in, or about to begin, is not over."""
    over = held.iteration - 1
    return f"Paused after turn {_number(over)}" if over > 0 else "Paused in the first turn" if over == 0 else "Paused"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _turns(count: int) -> str:
    number = _number(count)
    return f"  ·  {number} iteration{'' if count == 1 else 's'}" if count else ""


def _lost(end: RunFinished) -> str:
    count = sum(count for _, _, count in end.lost)
    number = _number(count)
    return f"  ·  {number} value{'' if count == 1 else 's'} lost" if count else ""


def clock(seconds: float) -> str:
    """Return a time as a stopwatch shows it: ``0.8 s``, ``12 s``, ``3:05``, ``1:02:03``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
