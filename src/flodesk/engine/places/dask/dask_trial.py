"""Whether a Dask cluster can be reached from here, and what it has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from distributed import Client

from flodesk.engine.places.dask.dask_address import AddressError, check_address

PATIENCE = 4
"""Seconds that the scheduler may take to answer."""


class UnreachableError(RuntimeError):
    """No cluster answers; the text says where, and why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that answers: its workers, their threads, and where its dashboard is, if it has one."""

    workers: int
    threads: int
    dashboard: str


def try_cluster(address: str) -> Cluster:
    """Connect to a scheduler, and leave it again.

    Raises
    ------
    UnreachableError
        None answers there, or it is no address.
    """
    try:
        check_address(address)
        return asyncio.run(_asked(address))
    except AddressError as error:
        raise UnreachableError(str(error)) from error
    except Exception as error:
        # whatever Dask, TLS and the network raise: the sentence says it
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreachableError(f"No Dask scheduler answers at {address}: {words}") from error


async def _asked(address: str) -> Cluster:
    # in an event loop that ends with this: one of Dask's own goes on in its thread where nobody has answered
    async with Client(address, timeout=PATIENCE, set_as_default=False, name="flodesk", asynchronous=True) as client:
        told = await client.scheduler.identity(n_workers=-1)
        threads = sum(int(worker["nthreads"]) for worker in told["workers"].values())
        return Cluster(len(told["workers"]), threads, str(client.dashboard_link or ""))
