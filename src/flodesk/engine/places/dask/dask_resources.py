"""What nodes need of a Dask worker (a GPU, memory): the amounts that it must have been started with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from flodesk.engine.places.dask.dask_client import Cluster

Done = TypeVar("Done")
PATIENCE = 60.0
"""How long in s a node waits for a worker that has what it needs."""


class ResourcesError(RuntimeError):
    """No worker has what a node needs; the text says how to start one."""


async def sought(cluster: Cluster, needs: Mapping[str, float], patience: float) -> None:
    """Wait until a worker of a cluster has what a node needs.

    Parameters
    ----------
    patience : float
        How long in s one is waited for. Nobody starts workers of a cluster of our own: there it is not waited.

    Raises
    ------
    ResourcesError
        None has it.
    """
    if not needs or await cluster.offers(needs):
        return
    wanted = " ".join(f"{name}={amount:g}" for name, amount in needs.items())
    said = f"No worker of the Dask cluster offers {wanted}"
    start = f'Start one: dask worker ADDRESS --resources "{wanted}"'
    if cluster.own:
        one = "It is one of our own, whose workers offer nothing: name another one ($FLODESK_DASK_ADDRESS)"
        raise ResourcesError(f'{said}. {one}, and start a worker there: dask worker ADDRESS --resources "{wanted}"')
    cluster.said("warning", f"{said}: the nodes wait {patience:g} s for one. {start}")
    try:
        async with asyncio.timeout(patience):
            with cluster.changes() as changed:
                while not await cluster.offers(needs):
                    await changed.wait()
                    changed.clear()
    except TimeoutError:
        raise ResourcesError(f"{said}, and none has come within {patience:g} s. {start}") from None


async def while_offered(
    work: Awaitable[Done], cluster: Cluster, needs: Mapping[str, float], patience: float, future: Any
) -> Done:
    """Wait for what a worker does that has what a node needs: it may die, and have been the only one.

    Parameters
    ----------
    future : Future
        Dask's future of it, which is cancelled where it cannot be done any more.

    Raises
    ------
    ResourcesError
        No worker has it any more, and none has come.
    """
    if not needs:
        return await work
    doing = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_watched(cluster, needs, patience))
    try:
        await asyncio.wait({doing, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            await future.cancel(force=True)  # else a worker that comes later would do it, for nobody
            await watching
        return await doing
    finally:
        doing.cancel()
        watching.cancel()


async def _watched(cluster: Cluster, needs: Mapping[str, float], patience: float) -> None:
    """See to it that a worker has what a node needs, whoever comes and goes."""
    with cluster.changes() as changed:
        while True:
            await sought(cluster, needs, patience)
            await changed.wait()
            changed.clear()


def needed(table: Any, nodes: Sequence[str]) -> dict[str, float]:
    """Return what a worker must have for some nodes: of each resource the most that one of them needs.

    Parameters
    ----------
    table : mapping
        Amounts of resources by node, as they stand in the header.
    """
    found: dict[str, float] = {}
    for node, amounts in table.items() if isinstance(table, Mapping) else ():
        if node in nodes and isinstance(amounts, Mapping):
            for name, amount in amounts.items():
                found[str(name)] = max(found.get(str(name), 0.0), float(amount))
    return found
