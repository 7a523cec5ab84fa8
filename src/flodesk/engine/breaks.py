"""Where a running function is held: its values there, and the breakpoints of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.condition import Condition, ConditionError, read_condition
from flodesk.engine.errors import Interruption, one_line
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.table import PAUSED
from flodesk.flow.model import Loop

ARROW = " -> "


@dataclass(frozen=True, slots=True)
class Frame:
    """A function on its way: its plan, its values, the cell of the step that it is at, and those of all its steps.

    `ends` says of the steps that are held when they had begun and ended before.
    """

    plan: Plan
    slots: Slots
    cell: int
    cells: Sequence[int] | memoryview = ()
    ends: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def item(self) -> Item:
        """The statement that it is at."""
        return self.plan.by_cell[self.cell]

    def variables(self) -> dict[str, Any]:
        """Return what is bound, in the order in which it is bound first."""
        items = sorted(self.plan.items.values(), key=lambda item: item.line)
        order = dict.fromkeys(name for item in items for name in binds_of(item))
        names = [*(name for name in self.plan.names if name not in order), *order]
        found = {name: self.slots[self.plan.names[name]] for name in names if name in self.plan.names}
        return {name: value for name, value in found.items() if value is not UNBOUND}

    def times(self, cell: int) -> tuple[int, int]:
        """Return when a step began last and when it ended, in ns; of one that is held: before it was."""
        begun, ended = self.cells[cell], self.cells[cell + 1]
        return self.ends.get(cell, (begun, ended)) if ended == PAUSED else (begun, ended)


def binds_of(item: Item) -> tuple[str, ...]:
    """Return what a statement binds itself, in order; of a loop its targets, of a switch nothing."""
    if isinstance(item.statement, Loop):
        return item.statement.targets
    return () if item.region is not None else tuple(sorted(item.binds))


@dataclass(frozen=True, slots=True)
class Held:
    """A place where a function is held.

    Attributes
    ----------
    frames : tuple of Frame
        The function, and the subflows that it is in, the innermost last.
    iteration : int
        Turn of the outermost loop, from 1; 0 outside of loops.
    why : str
        What holds it, in words.
    wire : str
        The wire whose value has just been made, where a breakpoint of that one holds it.
    loops : int
        How many loops of the innermost function are around the place.
    turn : bool
        It is held before the next turn of a loop.
    behind : bool
        What is held runs beside its loop, in a turn of its own.
    """

    frames: tuple[Frame, ...]
    iteration: int
    why: str
    wire: str = ""
    loops: int = 0
    turn: bool = False
    behind: bool = False

    @property
    def depth(self) -> int:
        """How many functions deep it is."""
        return len(self.frames)

    @property
    def function(self) -> str:
        """The function that runs by itself."""
        return self.frames[0].plan.function

    @property
    def node(self) -> str:
        """``function.statement`` of the innermost function."""
        last = self.frames[-1]
        return last.plan.node(last.item)


@dataclass(frozen=True, slots=True)
class Point:
    """A breakpoint of a step: its key, and its condition as text and as it was read (or why it is none)."""

    key: str
    condition: str
    read: Condition | None
    wrong: str = ""

    def why(self, frame: Frame, iteration: int) -> str:
        """Return why it holds here, in words; empty if it does not."""
        what = "the value of this wire was made" if ARROW in self.key else "breakpoint"
        if not self.condition:
            return what
        if self.read is None:
            return f"the condition of the breakpoint cannot be read: {self.condition} ({self.wrong})"
        space = {"iteration": iteration, **frame.plan.loaded.namespace, **frame.variables()}
        try:
            return f"{what} ({self.condition})" if self.read.holds(space) else ""
        except Interruption:
            raise
        except BaseException as error:  # noqa: BLE001 - the values may be of any type, and compare as they like
            said = f"{type(error).__name__}: {one_line(error)}"
            return f"the condition of the breakpoint failed: {self.condition} ({said})"


Points = tuple[dict[int, list[Point]], dict[int, list[Point]]]
"""By cell: those before a step, and those after it."""


class Breaks:
    """The breakpoints of a session: conditions by ``function.node``, or ``function.variable -> port``."""

    def __init__(self, conditions: Mapping[str, str]) -> None:
        self._points = [_point(key, condition.strip()) for key, condition in conditions.items()]
        self._known: dict[str, tuple[Plan, Points]] = {}

    def __bool__(self) -> bool:
        return bool(self._points)

    def at(self, plan: Plan) -> Points:
        """Return those of a plan; what names nothing in it is left out."""
        known = self._known.get(plan.function)
        if known is None or known[0] is not plan:
            known = self._known[plan.function] = plan, self._placed(plan)
        return known[1]

    def _placed(self, plan: Plan) -> Points:
        before: dict[int, list[Point]] = {}
        after: dict[int, list[Point]] = {}
        for point in self._points:
            source, arrow, _ = point.key.partition(ARROW)
            # the function of another file has a dot in its name, and so has a field of a variable
            if not source.startswith(f"{plan.function}."):
                continue
            name = source.removeprefix(f"{plan.function}.")
            if arrow:
                for cell in _binders(plan, name.partition(".")[0]):
                    after.setdefault(cell, []).append(point)
            elif name in plan.items:
                item = plan.items[name]
                cell = item.region.cell if isinstance(item.region, LoopRegion) else item.cell
                before.setdefault(cell, []).append(point)
        return before, after


def _binders(plan: Plan, variable: str) -> tuple[int, ...]:
    """Return the cells of the steps that give ``variable``, or ``variable@statement``."""
    name, at, statements = variable.partition("@")
    cells = plan.binders.get(name, ())
    return tuple(cell for cell in cells if not at or plan.by_cell[cell].id in statements.split("|"))


def _point(key: str, condition: str) -> Point:
    if not condition:
        return Point(key, "", None)
    try:
        return Point(key, condition, read_condition(condition))
    except ConditionError as error:
        return Point(key, condition, None, one_line(error))
