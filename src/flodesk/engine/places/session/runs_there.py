"""The list of runs on a server: each session on a worker says there, again and again, what it runs and for whom.

An entry is sealed with the project's key and lives a few seconds longer than the beat that renews it; how a run has
ended is kept for some minutes. Whoever has not the key can neither read anything into the list nor be taken in by it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, get_args

from redis import Redis
from rq.job import Job

from flodesk.engine.places.server.signing import RefusedError, seal, unseal
from flodesk.engine.places.session.run_on import RunOn, State
from flodesk.engine.writable import writable

INDEX = "flodesk:runs"
"""Names of the sessions that have an entry, by when they wrote it last."""
RENEW_SECONDS = 2.0
"""How often an entry is written while nothing changes."""
ENTRY_SECONDS = 10
"""How long it lives without."""
SILENT_MS = 4000
"""If it has no longer to live, its session has been silent for some seconds."""
WAITS_SECONDS = 24 * 3600
"""How long that of a run that no worker has taken yet."""
MOST = 1000
_LONGEST = 4096


def entry_key(session: str) -> str:
    """Return the key of a session's entry."""
    return f"flodesk:run:{session}"


def write_entry(to: Any, key: bytes, entry: RunOn, seconds: float) -> None:
    """Write an entry for so many s, by a connection or a pipeline."""
    to.set(entry_key(entry.session), json.dumps(seal(key, "run", asdict(entry))), ex=max(1, int(seconds)))
    to.zadd(INDEX, {entry.session: time.time()})


def keep_entry(connection: Redis, key: bytes, session: str) -> None:
    """Keep the entry of a session that hangs, for whoever looks after its process: it is there, and silent.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    left: Any = connection.pttl(entry_key(session))
    if 0 < left < SILENT_MS and (entry := entry_of(connection, key, session)) is not None and not entry.over:
        write_entry(connection, key, replace(entry, state="silent"), ENTRY_SECONDS)


def runs_on(connection: Redis, key: bytes) -> list[RunOn]:
    """Return the runs on a server that are signed with this key, the newest first.

    Raises
    ------
    RedisError
        It does not answer.
    """
    names: Any = connection.zrevrange(INDEX, 0, MOST - 1)
    found: Any = connection.mget([entry_key(_text(name)) for name in names]) if names else []
    gone = [name for name, text in zip(names, found, strict=True) if text is None]
    if gone:
        connection.zrem(INDEX, *gone)
    entries = [_entry(text, _text(name), key) for name, text in zip(names, found, strict=True) if text is not None]
    runs = [entry for entry in entries if entry is not None]
    waiting = [run for run in runs if run.waits]
    with_job = {
        run.session for run in waiting if connection.exists(Job.key_for(run.session))
    }  # one that was dropped does not wait
    kept = [run for run in runs if not run.waits or run.session in with_job]
    return sorted(kept, key=lambda run: run.since, reverse=True)


def entry_of(connection: Redis, key: bytes, session: str) -> RunOn | None:
    """Return the entry of a session; None where it has none that is signed with this key.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    text: Any = connection.get(entry_key(session))
    return None if text is None else _entry(text, session, key)


def chosen(runs: Sequence[RunOn], word: str) -> list[RunOn]:
    """Return those that a word means, the beginning of a run's id or a file: those that are on, else the newest."""
    named = [run for run in runs if len(word) >= 4 and (run.run.startswith(word) or run.session.startswith(word))]
    if not named:
        path = str(Path(word).resolve()) if word else ""
        named = [run for run in runs if not word or run.is_of(path)]
    on = [run for run in named if not run.over]
    return on or named[:1]


def _entry(text: Any, session: str, key: bytes) -> RunOn | None:
    """Return an entry as it was sealed; None for what is none, or not signed, or not of this session."""
    try:
        head = unseal(key, "run", *json.loads(text))
        kinds = {field.name: field.type for field in fields(RunOn)}
        entry = RunOn(**{name: _checked(head[name], kinds[name]) for name in kinds if name in head})
    except (RefusedError, KeyError, TypeError, ValueError, RecursionError):
        return None
    return entry if entry.session == session else None


def _checked(value: Any, kind: Any) -> Any:
    if kind == "str" and isinstance(value, str):
        return "".join(
            sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in writable(value[:_LONGEST])
        )
    if kind == "float" and isinstance(value, int | float):
        return float(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "State" and value in get_args(State):
        return value
    raise ValueError(f"{value!r} is no {kind}")


def _text(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
