"""The cluster of a place: the one that is named when a run begins, and that one to the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flodesk.engine.places.dask.dask_client import Cluster, Holds, address_from


class Chosen:
    """Holds a cluster, and another one as soon as a run begins after another was named.

    The address is also a setting of this machine, which is changed while the place stands.

    Parameters
    ----------
    settings : mapping
        ``address`` and ``workers``, as of `flodesk.engine.places.dask.dask_place.DaskPlace`.
    lost : callable
        Told, in the thread of the client, which worker has died.
    """

    def __init__(self, settings: Mapping[str, Any], lost: Callable[[str], None]) -> None:
        self._settings = settings
        self._lost = lost
        self._run = ""
        self._address, self._holds = self._named()

    def _named(self) -> tuple[str, Holds]:
        address = address_from(self._settings)
        return address, Holds.of(address, int(self._settings.get("workers", 0)))

    def cluster(self, run: str, said: Callable[[str, str], None]) -> Cluster:
        """Return that of a run: the one that was named when the run asked first.

        Parameters
        ----------
        said : callable
            Takes a sentence about it: (level, text).
        """
        if run != self._run:
            self._run = run
            if address_from(self._settings) != self._address:
                self.let_go()
                self._address, self._holds = self._named()
        cluster = self._holds.cluster(said)
        cluster.meet(self, said)  # another place may have reached it before, or reaches for it just now
        if self._lost not in cluster.lost:
            cluster.lost.append(self._lost)
        return cluster

    @property
    def now(self) -> Cluster | None:
        """The cluster, if it was reached for."""
        return self._holds.now

    def let_go(self) -> None:
        """Hold none any more; one of our own ends with the last that holds it."""
        cluster = self._holds.now
        if cluster is not None and self._lost in cluster.lost:
            cluster.lost.remove(self._lost)
        self._holds.let_go()
