"""Arrays that a node fills again and again: who held on to one of them would see the past change."""

from __future__ import annotations

from typing import Any

COMPARED = 1_000_000
"""Bytes up to which an array that came at a known place is compared with the copy of before rather than copied anew."""
FIRST = 16
"""So many values long an array is remembered that may come again: a node that goes round some comes back to it."""

Place = tuple[int, int]
"""Which array it is, if it owns its memory; else where it is, and how many bytes it has."""


class Reused:
    """Says of each array whether it is held as it is, or as a copy.

    Those of the first value are copied, as are those that come at a place where one is held. An array that is held as
    it is lives on, so that its place cannot become another one's meanwhile.

    Attributes
    ----------
    always : bool
        Copy all: a statement of the flow changes them in place.
    views : bool
        Some of what is held as it is looks at the memory of other arrays.
    met : Place or None
        An array has come again: what is held as it is has to be copied before it is gone, and of that array it is gone
        already. Whoever holds them sees to it, and calls `part`.
    """

    def __init__(self) -> None:
        self.always = False
        self.views = False
        self.met: Place | None = None
        self._held: dict[Place, Any] = {}
        self._again: dict[Place, tuple[Any, Any]] = {}
        """The arrays that are filled again and again, and the copy of what was in each last; None of one that may
        only come again."""
        self._until = FIRST
        self._count = 0

    def kept(self, array: Any, *, first: bool) -> Any:
        """Return what is to be held of an array; `first`: it is of the first value of all."""
        place = place_of(array)
        self._count += 1
        if self._count == self._until:
            self._again = {place: pair for place, pair in self._again.items() if pair[1] is not None}
        before = self._again.get(place)
        if place in self._held or (before is not None and before[1] is None and self._held):
            self.met = place
        elif before is None and not self.always:
            if not first:
                self._held[place] = array
                self.views = self.views or place[1] > 0
                return array
            kept = _copied(array)
            self._again[place] = (array, None)
            return kept
        return self._copy(place, array)

    def _copy(self, place: Place, array: Any) -> Any:
        import numpy

        _, before = self._again.get(place, (None, None))
        there = isinstance(before, numpy.ndarray) and before.dtype == array.dtype and array.nbytes <= COMPARED
        if there and numpy.array_equal(before, array):
            return before
        kept = _copied(array)
        if not self.always:
            self._again[place] = (array, kept)
        return kept

    def part(self) -> Place | None:
        """Note that copies are held of all from now on that was held as it is; return which one is gone already."""
        gone = self.met if self.met in self._held else None
        self._again.update({place: (array, None) for place, array in self._held.items() if place not in self._again})
        self._held.clear()
        self.met, self._until = None, self._count + FIRST
        return gone

    def let_go(self, place: Place, array: Any = None) -> None:
        """Forget an array that is not held any more; of a view it has to be the very one."""
        if array is None or self._held.get(place) is array:
            self._held.pop(place, None)


def _copied(array: Any) -> Any:
    kept = array.copy()
    kept.flags.writeable = False
    return kept


def place_of(array: Any) -> Place:
    """Return where an array is in memory: one that owns its memory is where it is as long as somebody holds it."""
    if array.base is None:
        return id(array), 0
    return array.__array_interface__["data"][0], array.nbytes


__all__ = ["Place", "Reused", "place_of"]
