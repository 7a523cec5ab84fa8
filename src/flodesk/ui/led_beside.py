"""What comes onto a canvas may become a flow of its own: an eye is led there, and told why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flodesk.flow.problem import quoted
from flodesk.ui.canvases import Canvases


def lead_beside(canvases: Canvases, say: Callable[[str], None], function: str, added: Sequence[str]) -> None:
    """Say which of the new nodes went into a new function, and show them there unless others came to where the hand is.

    Parameters
    ----------
    say : callable
        Takes the sentence.
    function : str
        Whose canvas they were added on.
    added : sequence of str
        The ids of the new boxes; with their function before them (``flow_2.tick``) where that is a new one.
    """
    apart = [name for name in added if "." in name]
    there = apart[0].partition(".")[0]
    inside = [name for name in apart if name.startswith(f"{there}.")]
    what = quoted(apart[0].partition(".")[2]) if len(apart) == 1 else f"{len(apart)} nodes"
    new = list(dict.fromkeys(name.partition(".")[0] for name in apart))
    flows = f"{quoted(there)}, a new flow" if len(new) == 1 else f"{len(new)} new flows, {', '.join(map(quoted, new))},"
    verb = "is" if len(apart) == 1 else "are"
    if len(apart) < len(added):
        say(f"{what} {verb} in {flows} side by side with {quoted(function)}: they were functions of their own.")
        return
    if canvases.tabs.open(there):
        canvases.current.select(inside)
        canvases.current.setFocus()
    say(
        f"{what} {verb} in {flows} that runs side by side with {quoted(function)}: there the new loop would wait for"
        " the other to end."
    )


__all__ = ["lead_beside"]
