"""Buttons that spring back: a press is read by exactly one call of its node, however fast the loop turns.

The step of such a node looks at a queue that is empty but for a press. Who presses puts one in; the first call that
begins after it takes it out and is given True, and the calls after it are given what the flow says, False. A button is
such a node, and so is any call, also of an object, of which a parameter is marked with `Press`.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from flodesk.engine.calls import Fetch, Given, Slots
from flodesk.flow.annotation import hints_of
from flodesk.flow.syntax import signature
from flodesk.public import Facts, Press


@dataclass(slots=True)
class Latch:
    """What holds the presses of one button, in one plan.

    Attributes
    ----------
    parameter : str
        What a press sets.
    position : int
        Its place among those that are passed by position; -1 where it is passed by name only.
    presses : deque
        Holds one item for a press that no call has read yet.
    read : callable
        Called when a call that has read one has ended.
    """

    parameter: str
    position: int = 0
    presses: deque[str] = field(default_factory=deque)
    read: Callable[[], None] = lambda: None


def is_pressed(target: Any) -> bool:
    """Return whether something is a button, or may have a parameter that is marked as one."""
    facts = getattr(target, "__flodesk__", None)
    button = isinstance(facts, Facts) and facts.widget == "button"
    return not inspect.isclass(target) and (button or _marked(target))


def latch_of(target: Any, givens: list[Given]) -> Latch | None:
    """Return the latch of a call; None if no hand presses anything of it, or if a wire sets that instead of a hand."""
    if not is_pressed(target):
        return None
    try:
        parameters = list(signature(target).parameters.values())
    except (TypeError, ValueError):
        return None
    hints = hints_of(target) if _marked(target) else {}
    pressed = [p for p in parameters if any(isinstance(m, Press) for m in get_args(hints.get(p.name)))]
    parameter = next(iter(pressed or parameters[:1]), None)
    if parameter is None:
        return None
    by_name = parameter.kind is parameter.KEYWORD_ONLY
    latch = Latch(parameter.name, -1 if by_name else parameters.index(parameter))
    given = next((given for number, given in enumerate(givens) if _sets(latch, given, number)), None)
    return latch if given is None or not given.name else None


def _marked(target: Any) -> bool:
    return any("Press" in str(hint) for hint in getattr(target, "__annotations__", {}).values())


def latched(latch: Latch, make: Callable[[list[Given]], Fetch], givens: list[Given], true: int) -> Fetch:
    """Make the step of a call that a press changes; `true` is a slot that holds True, `make` makes one of arguments."""
    plain = make(givens)
    others = [given for number, given in enumerate(givens) if not _sets(latch, given, number)]
    by_place = [given for given in givens if not given.keyword]
    if 0 <= latch.position < len(by_place):  # what stands behind it by position stays there
        by_place[latch.position] = Given(true)
        pressed = make([*by_place, *(given for given in givens if given.keyword)])
    else:
        pressed = make([*others, Given(true, keyword=latch.parameter)])

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


def _sets(latch: Latch, given: Given, number: int) -> bool:
    return given.keyword == latch.parameter or (number == latch.position and not given.keyword)
