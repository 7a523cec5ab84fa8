"""Under which name a node goes on that something was noted of: through new names, of its function too, and undo."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow.document import Change
from flodesk.flow.edit import Rename, RenameFunction, each_edit

Place = tuple[str, str]
"""Function and id of a node, or what else is found there by the names of nodes."""


def _of_node(node: str, old: str, new: str) -> str:
    return new if node == old else node


class Renames:
    """The new names that nodes and functions were given since `forget`.

    Parameters
    ----------
    renamed : callable
        Returns the second part of a place for another name (text, old, new); as it is, that part is the id of a node.
    """

    def __init__(self, renamed: Callable[[str, str, str], str] = _of_node) -> None:
        self._renamed = renamed
        self._names: list[tuple[str, str, str]] = []
        """(function, old, new); of a function itself ("", old, new)."""

    def forget(self) -> None:
        """Begin anew."""
        self._names.clear()

    @property
    def functions(self) -> set[str]:
        """The names that functions had before or after one that was given."""
        return {name for owner, *names in self._names if not owner for name in names}

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
                place = self._place(place, *name)
            return place

        return now

    def back(self, place: Place, there: Callable[[Place], bool]) -> Place | None:
        """Return where a node is that is not in its place (any more), of several the newest; None if nowhere."""
        for owner, old, new in reversed(self._names):
            for one, other in ((new, old), (old, new)):
                found = self._place(place, owner, one, other)
                if found != place and there(found):
                    return found
        return None

    def _place(self, place: Place, owner: str, old: str, new: str) -> Place:
        function, name = place
        if not owner:
            return (new if function == old else function), name
        return function, (self._renamed(name, old, new) if function == owner else name)


__all__ = ["Place", "Renames"]
