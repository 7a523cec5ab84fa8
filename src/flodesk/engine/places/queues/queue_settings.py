"""What a flow's header says of queues that do not lie in memory: ``[tool.flodesk.queues]``, a line for each.

    jobs = { on = "redis", name = "lab.jobs", capacity = 1000, timeout = 30.0, connection = "plant" }

The address of the server does not stand there: it is that of a connection, or that of the environment or the keyring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from flodesk.engine.errors import PlanError
from flodesk.engine.places.server.server_address import VARIABLE, named_server
from flodesk.flow.queue_tables import TIMEOUT, queue_problems
from flodesk.public import is_secret, secret


@dataclass(frozen=True, slots=True)
class FarQueue:
    """Where a queue lives: on which server, under which name, for how many values; 0 is as many as the flow says.

    Attributes
    ----------
    timeout : float
        Seconds without a word from a reader after which others take over what it has not finished.
    open : bool
        Values that are not signed with the project's key are read, too.
    """

    url: str
    name: str
    capacity: int
    timeout: float
    open: bool = False


def far_queues(settings: Mapping[str, Any], path: str) -> dict[str, FarQueue]:
    """Return the queues of a flow that live elsewhere, by their names in it.

    Parameters
    ----------
    settings : mapping
        What the header says under ``[tool.flodesk]``.
    path : str
        The flow's file, whose name begins those of its queues.

    Raises
    ------
    PlanError
        What it says makes no sense, or nobody says where the server is.
    """
    for message, hint, _ in queue_problems(settings):
        raise PlanError("", f"{message} {hint}")
    stem = Path(path).stem
    found = {}
    for called, said in settings.get("queues", {}).items():
        name = said.get("name") or (f"{stem}.{called}" if stem else called)
        url = _address(called, str(said.get("connection", "")), settings.get("connections", {}))
        timeout, open_to_all = float(said.get("timeout", TIMEOUT)), bool(said.get("open", False))
        found[called] = FarQueue(url, name, int(said.get("capacity", 0)), timeout, open_to_all)
    return found


def _address(called: str, connection: str, connections: Any) -> str:
    """Return the address of the server, with what is secret in it."""
    try:
        if not connection:
            return usual_address()
        address = connections.get(connection) if isinstance(connections, Mapping) else None
        if not isinstance(address, str):
            raise LookupError(
                f"there is no connection {connection} in the header: write its address under [tool.flodesk.connections]"
            )
        return with_secret(address)
    except (LookupError, ValueError) as error:
        raise PlanError("", f"The queue “{called}” lives on a Redis server: {error}") from error


def usual_address() -> str:
    """Return the address of the server that the environment names, or the keyring.

    Raises
    ------
    LookupError
        Neither does.
    """
    found = named_server()
    if found is not None:
        return found.url
    raise LookupError(
        f"nobody says where that is. Set the environment variable {VARIABLE} (redis://HOST:6379/0), or name it in "
        "Preferences → Queue and cluster, which keep it in the system's keyring as the secret REDIS_URL"
    )


def with_secret(address: str) -> str:
    """Return an address with the password that it refers to (``redis://:secret:NAME@HOST``), or that it is itself.

    Raises
    ------
    ValueError
        A password stands in it.
    LookupError
        The secret is not here.
    """
    if is_secret(address):
        return secret(address)
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, word = user.partition(":")
    if not at or not colon or not word:
        return address
    return urlunsplit(parts._replace(netloc=f"{name}:{quote(secret(word), safe='')}@{host}"))
