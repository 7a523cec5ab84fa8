"""The queues of a run that do not lie in memory: opened before its functions begin."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from typing import Protocol

from flodesk.engine.errors import PlanError
from flodesk.engine.live import SwapError
from flodesk.engine.load import Loaded
from flodesk.engine.places.queues.queue_settings import FarQueue, far_queues
from flodesk.public import Bounds, FarLine, Shared


class Ends(Protocol):
    """A shared object of a run, its name, and the functions at its ends."""

    object: Shared
    name: str
    writers: set[str]
    readers: set[str]


class QueuePlaces:
    """Opens the queues of a run that live elsewhere.

    Parameters
    ----------
    path : callable
        Gives the flow's file.
    """

    def __init__(self, path: Callable[[], str]) -> None:
        self._path = path
        self._said: Mapping[str, FarQueue] = {}
        self._open: dict[str, FarLine] = {}
        self._over = False
        self._lock = threading.Lock()

    def begin(self, loaded: Loaded, uses: Collection[Ends], here: Collection[str], *, part: bool) -> None:
        """Open those that the header names.

        Parameters
        ----------
        here : collection of str
            The functions that this process runs.
        part : bool
            Only a part of the flow runs: what it reads stays in the queues.

        Raises
        ------
        PlanError
            One of them cannot be had, or lies in memory and has one end in another process.
        """
        self.close()
        self._said, self._over = self._wanted(loaded), False
        for use in uses:
            where = self._said.get(use.name)
            if where is None:
                use.object.move(None)
                if not part:
                    _check_together(use, loaded.flow.mains, here)
            elif not use.object.move(self._opener(use, where, part=part)):
                raise PlanError("", f"“{use.name}” cannot live on a Redis server: only a queue can")
        self._take_part(uses, here)

    def exchange(self, loaded: Loaded, uses: Collection[Ends], here: Collection[str]) -> None:
        """Go on with a changed flow.

        Raises
        ------
        SwapError
            A queue lives elsewhere now.
        PlanError
            The server is away.
        """
        wanted = self._wanted(loaded)
        with self._lock:
            if self._over:
                return  # the run has come to its end meanwhile
            if wanted != self._said or {use.name for use in uses} & wanted.keys() != self._open.keys():
                raise SwapError("a queue lives elsewhere now")
            self._take_part(uses, here)

    def close(self) -> None:
        """Let go of all of them."""
        with self._lock:
            self._over = True
            for line in self._open.values():
                line.close()
            self._open.clear()

    # -------------------------------------------------------------- inside
    def _wanted(self, loaded: Loaded) -> dict[str, FarQueue]:
        return far_queues(loaded.flow.header.settings, self._path())

    def _take_part(self, uses: Collection[Ends], here: Collection[str]) -> None:
        for use in uses:
            if use.name in self._open:
                try:
                    self._open[use.name].begin(use.writers, use.readers, here)
                except RuntimeError as error:
                    raise PlanError("", f"“{use.name}” lives on a Redis server: {error}") from error

    def _opener(self, use: Ends, where: FarQueue, *, part: bool) -> Callable[[Bounds], FarLine]:
        def opened(bounds: Bounds) -> FarLine:
            try:
                # not by an import statement: a flow whose queues lie in memory does not need the package
                module = import_module("flodesk.engine.places.queues.redis_queue")
            except ModuleNotFoundError as error:
                raise PlanError(
                    "", f"“{use.name}” lives on a Redis server, and {error.name} is not installed: "
                    "pip install 'flodesk[redis]'"
                ) from error  # fmt: skip
            try:
                line: FarLine = module.RedisQueue(where, bounds, use.name, keep=part)
            except RuntimeError as error:
                raise PlanError("", f"“{use.name}” lives on a Redis server: {error}") from error
            self._open[use.name] = line
            return line

        return opened


def _check_together(use: Ends, mains: Collection[str], here: Collection[str]) -> None:
    """Refuse a queue in memory of which only some of the ends are in this process."""
    away = sorted((use.writers | use.readers) & {*mains} - {*here})
    if away and (use.writers | use.readers) & {*here}:
        raise PlanError("", "".join(_apart(use.name, away)))


def _apart(name: str, away: Collection[str]) -> Iterator[str]:
    others = " and ".join(f"“{function}”" for function in away)
    yield f"“{name}” lies in memory, so {others} would have to run in the same process. "
    yield f'Let it live on a Redis server: under [tool.flodesk.queues] write {name} = {{ on = "redis" }}'
