"""Under which name a node goes on that something was noted of: through new names, of its function too, and undo."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow.document import Change
from flodesk.flow.edit import Rename, RenameFunction, each_edit

Place = tuple[str, str]
"""Function and id of a node."""


class Renames:
    """The new names that nodes and functions were given since `forget`."""

    def __init__(self) -> None:
        self._names: list[tuple[str, str, str]] = []
        """(function, old, new); of a function itself ("", old, new)."""

    def forget(self) -> None:
        """Begin anew."""
        self._names.clear()

    def take(self, change: Change) -> Callable[[Place], Place]:
        """Take note of a change; return what leads from the place of a node before it to that after it.

        What takes a new name back says nothing of names: after an undo ask `back`.
        """
        new: list[tuple[str, str, str]] = []
        for edit in each_edit(change.edit) if change.edit is not None else ():
            if isinstance(edit, Rename):
                new.append((edit.function, edit.old, edit.new))
            elif isinstance(edit, RenameFunction):
                new.append(("", edit.old, edit.new))
        self._names += new

        def now(place: Place) -> Place:
            for name in new:
                place = _renamed(place, *name)
            return place

        return now

    def back(self, place: Place, there: Callable[[Place], bool]) -> Place | None:
        """Return where a node is that is not in its place (any more), of several the newest; None if nowhere."""
        for owner, old, new in reversed(self._names):
            for one, other in ((new, old), (old, new)):
                found = _renamed(place, owner, one, other)
                if found != place and there(found):
                    return found
        return None


def _renamed(place: Place, owner: str, old: str, new: str) -> Place:
    function, node = place
    if not owner:
        return (new if function == old else function), node
    return function, (new if (function, node) == (owner, old) else node)


__all__ = ["Place", "Renames"]
