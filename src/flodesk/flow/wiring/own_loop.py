"""A statement stays in its own loop: outside it would run another number of times, and feedback would be none."""

from __future__ import annotations

from flodesk.flow.model import Bind, Loop, Switch
from flodesk.flow.wiring.lines import Chain, Line, Lines, leaves_loop
from flodesk.flow.wiring.refused import Refused


def keep_in_loop(lines: Lines, line: Line, chain: Chain, *, asked: bool = False) -> None:
    """Refuse to move a statement out of a loop, or the next value of feedback into one further in.

    Parameters
    ----------
    line : Line
        What would move, with all below it.
    chain : tuple of Region
        Where it would stand.
    asked : bool
        It is what the wire goes to, and does not merely come along: then a next value may be given further in.

    Raises
    ------
    Refused
        It would leave a loop, or the feedback would be carried in another one.
    """
    loops, others = _loops(lines, line.chain), _loops(lines, chain)
    if loops == others:
        return
    carried = next((inner for inner in lines.inside(line) if _carries_on(lines, inner, line)), None)
    leaves = others[: len(loops)] != loops
    if not leaves and (carried is None or (asked and carried is line)):
        return
    if carried is None:
        what = f"“{line.id}” is"
    else:
        assert isinstance(carried.statement, Bind)
        what = f"The next value of “{carried.statement.name}” is given"
    where = f"in {place(lines, line.chain)}" if loops else "after a start value that stays where it is"
    further = len(others) > len(loops) or bool(set(others) - set(loops))
    if further:
        advice = f"Put a collector into the loop of “{others[-1]}” and wire its result."
    else:
        advice = "Join the value with those of the other arms, and wire that."
    raise Refused(f"{what} {where}, and cannot go into {place(lines, chain)} for what is made there. {advice}")


def place(lines: Lines, chain: Chain) -> str:
    """Return the words for the innermost region of a chain."""
    owner = chain[-1].owner
    line = lines.by_id.get(owner)
    kind = "the switch" if line and isinstance(line.statement, Switch) else "the loop of"
    return f"{kind} “{owner}”" if owner else "the flow"


def _loops(lines: Lines, chain: Chain) -> list[str]:
    return [r.owner for r in chain if r.owner and isinstance(lines.by_id[r.owner].statement, Loop)]


def _carries_on(lines: Lines, inner: Line, moved: Line) -> bool:
    """Say whether a statement is the next value of feedback whose start does not move along."""
    if not isinstance(inner.statement, Bind):
        return False
    return any(
        start.order < inner.order and not moved.holds(start) and leaves_loop(inner.chain, start.chain, lines)
        for start in lines.bound[inner.statement.name]
    )


__all__ = ["keep_in_loop", "place"]
