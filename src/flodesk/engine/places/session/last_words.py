"""How a job came to its end, in the words of whoever has the project's key.

RQ's own note of that is text that anybody can write who can write to the server: it is believed where nothing speaks
against it, and never while the session shows that it is alive. What stands here is signed, and believed at once: but
for *lost*, which nobody has seen, and which counts where nothing is heard of the session.
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from redis import Redis

from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.signing import RefusedError, seal, unseal
from flodesk.engine.places.server.stream import EXPIRE_SECONDS

End = Literal["refused", "stopped", "dead", "lost"]
"""A worker did not want it; somebody has stopped it on the server; its process, or its worker, has died; its worker is
dead by what stands on the server, and may not be."""
LAST_SIGNS = " ;."
"""What RQ's words for an end may end with, and a sentence that has them inside does not."""
_KIND = "end"


def words_key(job: str) -> str:
    """Return the key of what is told of the end of a job."""
    return f"flodesk:{job}:over"


def write_end(to: Any, key: bytes, job: str, end: End, why: str) -> None:
    """Tell how a job has ended, by a connection or a pipeline."""
    sealed = json.dumps(seal(key, _KIND, {"id": job, "end": end, "why": line(why)}))
    to.set(words_key(job), sealed, ex=EXPIRE_SECONDS)


def read_end(connection: Redis, key: bytes, job: str) -> tuple[End, str] | None:
    """Return how a job has ended and why; None where nobody with this key has told it.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    text: Any = connection.get(words_key(job))
    if text is None:
        return None
    try:
        head = unseal(key, _KIND, *json.loads(text))
        id, end, why = head["id"], head["end"], head["why"]
    except (RefusedError, KeyError, TypeError, ValueError, RecursionError):
        return None
    return (end, line(why)) if id == job and end in get_args(End) else None
