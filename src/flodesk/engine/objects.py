"""Objects with an end: noted down as they are made, closed when what has made them is over, the last one first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from flodesk.engine.awaiting import close
from flodesk.engine.calls import Slots
from flodesk.engine.plan import Bare


class Objects(dict[str, Any]):
    """Those of a function, or of one call of a subflow, by the statement that has made each."""

    def note(self, id: str, made: Any) -> None:
        """Note down an object, and close the one that it replaces."""
        old = self.pop(id, None)
        self[id] = made
        if old is not None:
            close(old)

    def make_way(self, id: str) -> None:
        """Close the object of a statement that is about to make another one, if both cannot be there at once.

        An object says so by ``ends_first``: a recorder has its file until it ends.
        """
        if getattr(self.get(id), "ends_first", False):
            close(self.pop(id))

    def keep(self, ids: Collection[str]) -> None:
        """Close those of all other statements."""
        for id in [id for id in self if id not in ids]:
            close(self.pop(id))

    def close(self) -> Iterator[tuple[str, Exception]]:
        """Close all, the last one made first; gives the statements of those that raised, and what."""
        while self:
            id, made = self.popitem()
            try:
                close(made)
            except Exception as error:  # noqa: BLE001 - the border of a node's call
                yield id, error


def making(bare: Bare, id: str, objects: Callable[[Slots], Objects]) -> Bare:
    """Make the step that makes an object of the one that only calls its class: it is noted down, too.

    Parameters
    ----------
    objects : callable
        Gives where, of the slots that the step runs over.
    """
    fn, a, b, out = bare

    def make(s: Slots) -> Any:
        objects(s).make_way(id)
        made = fn(s[a], s[b]) if b >= 0 else fn(s[a]) if a >= 0 else fn(s)
        objects(s).note(id, made)
        return made

    return make, -1, -1, out


def ends_with_its_name(made: Any) -> bool:
    """Return whether objects of a class end something when they go: in a script they last as long as their variable."""
    return hasattr(made, "__exit__") or hasattr(made, "__del__")
