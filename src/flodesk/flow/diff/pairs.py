"""What is known of two functions that are matched: which statement became which, what names are called now."""

from __future__ import annotations

from collections.abc import Hashable

from flodesk.flow.diff.side import Item, Side
from flodesk.flow.model import Arm, Code, Expression, Function, Import, Literal, Ref, Switch
from flodesk.flow.names import binds_of


class Pairs:
    """The pairs of statements of two functions.

    Attributes
    ----------
    old, new : Side
    outer : Pairs or None
        Those of the module around them.
    names : dict
        What a variable of the old function is called in the new one.
    """

    def __init__(self, old: Side, new: Side, outer: Pairs | None = None) -> None:
        self.old, self.new, self.outer = old, new, outer
        self.names: dict[str, str] = {}
        self._new_of: dict[int, Item] = {}
        self._old_of: dict[int, Item] = {}
        self._arms: dict[tuple[int, int], int] = {}
        self._steady: bool | None = None
        mine, its = old.parameters, new.parameters
        self.names.update({name: name for name in mine if name in its})
        if len(mine) == len(its):
            self.names.update((a, b) for a, b in zip(mine, its, strict=True) if a not in its and b not in mine)

    # -------------------------------------------------------------- statements
    def new_of(self, item: Item) -> Item | None:
        """Return what a statement of the old function is in the new one."""
        return self._new_of.get(item.number)

    def old_of(self, item: Item) -> Item | None:
        """Return what a statement of the new function was in the old one."""
        return self._old_of.get(item.number)

    def left(self, old: bool) -> list[Item]:
        """Return the statements of one side that have no partner yet, in the order of the text."""
        known = self._new_of if old else self._old_of
        return [item for item in self.side(old).items if item.number not in known]

    def side(self, old: bool) -> Side:
        """Return the old side or the new one."""
        return self.old if old else self.new

    def new_arm(self, switch: int, arm: int) -> int | None:
        """Return the number that an arm of an old switch has in the new one."""
        return self._arms.get((switch, arm))

    def home(self, item: Item) -> tuple[int, int] | None:
        """Return loop or switch, and arm, of the new function that an old statement's own became; None if none."""
        if item.parent < 0:
            return -1, 0
        before = self.old.items[item.parent]
        after = self.new_of(before)
        if after is None or type(after.statement) is not type(before.statement):
            return None
        arm = self.new_arm(item.parent, item.arm) if isinstance(after.statement, Switch) else 0
        return None if arm is None else (after.number, arm)

    def pair(self, old: Item, new: Item) -> None:
        """Say that two statements are one, and learn from it what its names are called now."""
        self._new_of[old.number], self._old_of[new.number] = new, old
        before, after = old.statement, new.statement
        if isinstance(before, Switch) and isinstance(after, Switch):
            self._pair_arms(old.number, before, after)
        if isinstance(before, Function) and isinstance(after, Function):
            self.names.setdefault(before.name, after.name)
            return
        mine, its = binds_of(before), binds_of(after)
        if isinstance(before, Import | Code) or isinstance(after, Code) or len(mine) != len(its):
            same = [name for name in mine if name in its]
            for name in same:
                self.names.setdefault(name, name)
            mine = tuple(name for name in mine if name not in same)
            its = tuple(name for name in its if name not in same)
        if len(mine) == len(its):
            for name, other in zip(mine, its, strict=True):
                self.names.setdefault(name, other)

    def _pair_arms(self, switch: int, before: Switch, after: Switch) -> None:
        left = dict(enumerate(after.arms))
        mine = dict(enumerate(before.arms))

        def take(old: int, new: int) -> None:
            self._arms[switch, old] = new
            del mine[old], left[new]

        for number, arm in tuple(mine.items()):
            wanted = self.test(True, arm)
            fits = next((n for n, other in left.items() if self.test(False, other) == wanted), None)
            if fits is not None:
                take(number, fits)
        for number, arm in tuple(mine.items()):  # tests that say something else now, in their order; else is else
            fits = next((n for n, other in left.items() if (other.test is None) == (arm.test is None)), None)
            if fits is not None:
                take(number, fits)

    def steady(self) -> bool:
        """Say whether every name stands for what it stood for."""
        if self._steady is None:
            own = all(self.name(name) == name for name in (*self.old.bound, *self.names))
            self._steady = own and (self.outer is None or self.outer.steady())
        return self._steady

    # -------------------------------------------------------------- names: the same text where it is the same thing
    def name(self, name: str) -> str:
        """Return what an old name is called in the new flow; one that stands for something else there gets a ``?``."""
        if name in self.names:
            return self.names[name]
        if name in self.old.bound:
            return f"?{name}" if name in self.new.bound else name
        return self.outer.names.get(name, name) if self.outer is not None else name

    def ref(self, old: bool, ref: Ref) -> str:
        """Name a variable, or a field of it."""
        name = self.name(ref.name) if old else ref.name
        return f"{name}.{ref.field}" if ref.field else name

    def callee(self, old: bool, text: str) -> str:
        """Name what is called."""
        side = self.side(old)
        head, dot, rest = text.partition(".")
        if head in side.bound:
            return f"·{self.name(head) if old else head}{dot}{rest}"
        if head in side.flow.imports:
            return side.flow.resolve(text)
        return f"{self.name(head) if old else head}{dot}{rest}"

    def value(self, old: bool, value: Ref | Literal | Expression) -> Hashable:
        """Make a key of what stands for a value."""
        if isinstance(value, Ref):
            return "ref", self.ref(old, value)
        if isinstance(value, Literal) and value.text.replace(".", "").isidentifier():
            # a name that is bound elsewhere, or nowhere any more: that it is gone is told where it was bound
            return "ref", self.ref(old, Ref(*value.text.split(".", 1)))
        return type(value).__name__, value.text

    def test(self, old: bool, arm: Arm) -> Hashable:
        """Make a key of the test of an arm."""
        return "else" if arm.test is None else self.value(old, arm.test)
