"""Buttons that spring back: a press is read by exactly one call of its node, however fast the loop turns.

The step of such a node looks at a queue that is empty but for a press. Who presses puts one in; the first call that
begins after it takes it out and is given True, and the calls after it are given what the flow says, False.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.calls import Fetch, Given, Slots, call
from flodesk.flow.syntax import signature
from flodesk.public import Facts


@dataclass(slots=True)
class Latch:
    """What holds the presses of one button, in one plan.

    Attributes
    ----------
    parameter : str
        What a press sets.
    presses : deque
        Holds one item for a press that no call has read yet.
    read : callable
        Called when a call that has read one has ended.
    """

    parameter: str
    presses: deque[str] = field(default_factory=deque)
    read: Callable[[], None] = lambda: None


def latch_of(target: Any, givens: list[Given]) -> Latch | None:
    """Return the latch of a call of a button; None if it is none, or if a wire sets it instead of a hand."""
    facts = getattr(target, "__flodesk__", None)
    if not isinstance(facts, Facts) or facts.widget != "button" or inspect.isclass(target):
        return None
    try:
        parameter = next(iter(signature(target).parameters), "")
    except (TypeError, ValueError):
        return None
    given = next((given for number, given in enumerate(givens) if _sets(given, number, parameter)), None)
    return Latch(parameter) if parameter and (given is None or not given.name) else None


def latched(latch: Latch, target: Any, givens: list[Given], true: int) -> Fetch:
    """Make the step of a button's call; `true` is a slot that holds True."""
    plain = call(target, givens)
    others = [given for number, given in enumerate(givens) if not _sets(given, number, latch.parameter)]
    if any(given.keyword == "" for given in others):  # what stands behind it by position stays there
        by_place = [given for given in givens if not given.keyword]
        named = [given for given in others if given.keyword]
        pressed = call(target, [Given(true), *by_place[1:], *named])
    else:
        pressed = call(target, [Given(true, keyword=latch.parameter), *others])

    def step(s: Slots) -> Any:
        if not latch.presses:
            return plain(s)
        try:
            latch.presses.popleft()
        except IndexError:
            return plain(s)  # another function that calls it was quicker
        try:
            return pressed(s)
        finally:
            latch.read()

    return step


def _sets(given: Given, number: int, parameter: str) -> bool:
    return given.keyword == parameter or (number == 0 and not given.keyword)
