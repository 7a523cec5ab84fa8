"""The user's settings of Dask clusters: ``[dask]`` in ``settings.toml``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where the cluster is.

    Attributes
    ----------
    address : str
        Of the scheduler (``tcp://HOST:8786``); empty starts a cluster of our own.
    """

    address: str = ""
