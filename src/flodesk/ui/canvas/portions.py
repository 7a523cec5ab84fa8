"""Many items in portions: what is made of a portion is made anew only when one of its items has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

SIZE = 64
"""Items of a portion: what one change makes anew, while there is still little to go through."""


class Portions(Generic[Item, Made]):
    """Keeps what `make` makes of some items at a time."""

    def __init__(self, make: Callable[[Collection[Item]], Made]) -> None:
        self._make = make
        self._items: list[dict[Item, None]] = []
        self._made: list[Made | None] = []
        self._of: dict[Item, int] = {}
        self._changed: set[int] = set()

    def __iter__(self) -> Iterator[Item]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, item: Item) -> bool:
        return item in self._of

    def add(self, item: Item) -> None:
        """Take an item in; one that is there already stays where it is."""
        if item in self._of:
            return
        if not self._items or len(self._items[-1]) >= SIZE:
            self._items.append({})
            self._made.append(None)
        self._items[-1][item] = None
        self._of[item] = len(self._items) - 1
        self.touch(item)

    def discard(self, item: Item) -> Made | None:
        """Give an item away; returns what `touch` does."""
        stale = self.touch(item)
        number = self._of.pop(item, None)
        if number is not None:
            del self._items[number][item]
            if not self._of:
                self._items.clear()
                self._made.clear()
                self._changed.clear()
        return stale

    def touch(self, item: Item) -> Made | None:
        """Note that an item has changed; return what was made of its portion, if that held until now."""
        number = self._of.get(item)
        if number is None:
            return None
        self._changed.add(number)
        stale, self._made[number] = self._made[number], None
        return stale

    def changed(self) -> list[Made]:
        """Return what is made of the portions that have changed since this was asked last."""
        numbers, self._changed = self._changed, set()
        every = self.made() if numbers else []
        return [every[number] for number in sorted(numbers)]

    def where(self, wanted: Callable[[Made], bool]) -> Iterator[Item]:
        """Give the items of those portions of which what is made is `wanted`."""
        for items, one in zip(self._items, self.made(), strict=True):
            if wanted(one):
                yield from items

    def touch_all(self) -> None:
        """Note that all may have changed: the theme is another."""
        self._made = [None] * len(self._made)

    def made(self) -> list[Made]:
        """Return what the portions make, in order."""
        found: list[Made] = []
        for number, items in enumerate(self._items):
            one = self._made[number]
            if one is None:
                one = self._made[number] = self._make(items)
            found.append(one)
        return found


__all__ = ["SIZE", "Portions"]
