"""What a job on a server says that was signed with the project's key."""

from __future__ import annotations

import json
from typing import Any

from redis import Redis

from flodesk.engine.places.server.foreign_text import inflated, line
from flodesk.engine.places.server.signing import RefusedError, unseal
from flodesk.engine.places.session.job import KINDS, FlowJob

LARGEST = 64 << 20
"""Bytes of a job that are looked at."""


def signed_job(connection: Redis, id: str, key: bytes) -> tuple[str, dict[str, Any]]:
    """Return (function, head) of a job: what it calls, and what was signed for it.

    Raises
    ------
    RefusedError
        There is nothing that was signed with this key for this job; the text goes on after its name.
    RedisError
        The server does not answer.
    """
    packed: Any = connection.hget(FlowJob.key_for(id), "data")
    if packed is None:
        raise RefusedError("is gone from the server")
    try:
        function, _, arguments, _ = json.loads(inflated(packed, LARGEST))
        text, signed = arguments
        kind = KINDS[function]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RefusedError(f"is no job of flodesk: {error}") from error
    try:
        head = unseal(key, kind, text, signed)
    except RefusedError as error:
        raise RefusedError(f"is not signed anew: {error}") from error
    if head["id"] != id:
        raise RefusedError(f"is not signed anew: it was signed as {line(head['id'])}")
    return function, head
