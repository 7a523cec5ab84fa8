"""What a node has given, on the server for the jobs that read it: small values whole, big ones by their hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis

from flodesk.engine.places.part.far_values import KEPT_SECONDS, MissingError
from flodesk.engine.places.server.signing import Reading, RefusedError, Writing

Parcels = Mapping[str, Any]


class Records:
    """The records on a server. They are signed, and gone after a while."""

    def __init__(self, connection: Redis, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def write(self, name: str, parcels: Parcels | None, parts: Sequence[Any]) -> None:
        """Write what a node has given by variable; None where it has not come to its end."""
        fields = Writing(self._key, f"{name} record").entry({"values": parcels}, parts)
        with self._connection.pipeline() as pipe:
            pipe.delete(f"flodesk:{name}:record")
            pipe.hset(f"flodesk:{name}:record", mapping=fields)
            pipe.expire(f"flodesk:{name}:record", KEPT_SECONDS)
            pipe.execute()

    def read(self, name: str) -> tuple[Parcels | None, list[bytes]]:
        """Return it, with the small buffers of its values.

        Raises
        ------
        MissingError
            It is not there, or was not written by one of ours.
        """
        fields: Any = self._connection.hgetall(f"flodesk:{name}:record")
        try:
            head, buffers = Reading(self._key, f"{name} record").command(fields)
            return head["values"], buffers
        except (RefusedError, KeyError, ValueError) as error:
            raise MissingError(f"what {name} has given is gone from the server") from error
