"""What a run takes from the disk, and what it leaves there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flodesk.engine.cache.last import fetch_last, store_last
from flodesk.engine.cache.memory import Memory, Say, memory_for
from flodesk.engine.cache.shelf import Shelf
from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.load import Loaded
from flodesk.engine.part import Remembered
from flodesk.engine.plan import Plan


class Keeping:
    """The cache of one run.

    Parameters
    ----------
    asked : bool
        Keep results of pure nodes, and the last values, also where the flow does not ask for it.
    say : callable
        Takes (node, level, text).

    Attributes
    ----------
    memory : Memory or None
        Where pure nodes are looked up; None if they are not.
    """

    def __init__(self, asked: bool, say: Say) -> None:
        self.memory: Memory | None = None
        self._asked = asked
        self._say = say

    def begin(self, loaded: Loaded) -> None:
        """See whether a flow that was loaded is to be looked up."""
        wanted = self._asked or loaded.flow.header.settings.get("cache") is True
        self.memory = memory_for(loaded, self._say) if wanted else None

    @property
    def notes(self) -> Mapping[str, str]:
        """What became of each node that was looked up."""
        return self.memory.notes if self.memory is not None else {}

    def fetch(self, path: str, function: str, name: str) -> Remembered | None:
        """Look for the value of a variable that an earlier run of a file has left."""
        try:
            return fetch_last(Shelf(data_folder("cache")), path, function, name)
        except FolderError:
            return None

    def store(self, path: str, plans: Iterable[Plan]) -> None:
        """Keep what a run has left for one that only wants a part of it."""
        if self.memory is None:
            return
        try:
            refused = store_last(self.memory.shelf, path, plans)
            self.memory.shelf.prune()
        except OSError as error:
            self._say("", "warning", f"The last values are not kept: {error.strerror or error}")
        else:
            if refused:
                self._say("", "info", f"These values have no form on disk: {', '.join(sorted(refused))}")
