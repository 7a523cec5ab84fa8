"""The list of runs on a server: each session on a worker says there, again and again, what it runs and for whom.

An entry is sealed with the project's key and lives a few seconds longer than the beat that renews it; how a run has
ended is kept for some minutes. Whoever has not the key can neither read anything into the list nor be taken in by it.
Until when it counts is sealed, too, so nobody can put an old one back for long.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, get_args

from redis import Redis
from redis.exceptions import ResponseError
from rq.job import Job

from flodesk.engine.places.server.once import CLOCK_SECONDS
from flodesk.engine.places.server.signing import RefusedError, seal, unseal
from flodesk.engine.places.server.stream import Keys
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
    told = asdict(entry) | {"until": time.time() + seconds}
    to.set(entry_key(entry.session), json.dumps(seal(key, "run", told)), ex=max(1, int(seconds)))
    to.zadd(INDEX, {entry.session: time.time()})


def forget_entry(to: Any, session: str) -> None:
    """Take a session out of the list, by a connection or a pipeline."""
    to.delete(entry_key(session))
    to.zrem(INDEX, session)


def last_sign(connection: Redis, session: str) -> float:
    """Return when a session was there last, in s since 1970: it wrote its entry, or a frame; 0 where nothing tells.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    written: Any = connection.zscore(INDEX, session)
    signs = [float(written or 0.0)]
    for stream in (Keys(session).events, Keys(session).values):
        with suppress(ResponseError):  # it has none
            told: Any = connection.xinfo_stream(stream)
            signs.append(int(_text(told["last-generated-id"]).partition("-")[0]) / 1000)
    return max(signs)


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
    """Return the runs on a server that are signed with this key, the newest first; none that was dropped.

    Raises
    ------
    RedisError
        It does not answer.
    """
    runs = entries_on(connection, key)
    with connection.pipeline(transaction=False) as pipe:
        for run in runs:
            pipe.hmget(Job.key_for(run.session), "status", "aside")
        jobs: list[Any] = pipe.execute(raise_on_error=False) if runs else []
    kept = [run for run, job in zip(runs, jobs, strict=True) if not _dropped(run, job)]
    return sorted(kept, key=lambda run: run.since, reverse=True)


def entries_on(connection: Redis, key: bytes) -> list[RunOn]:
    """Return all runs that have an entry that is signed with this key, also of jobs that were dropped.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    names: Any = connection.zrevrange(INDEX, 0, MOST - 1)
    found: Any = connection.mget([entry_key(_text(name)) for name in names]) if names else []
    gone = [name for name, text in zip(names, found, strict=True) if text is None]
    if gone:
        connection.zrem(INDEX, *gone)
    entries = [_entry(text, _text(name), key) for name, text in zip(names, found, strict=True) if text is not None]
    return [entry for entry in entries if entry is not None]


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
    """Return those that a word means: those that are on, else the newest.

    It is the beginning of a run's id, or a file; a bare name is also that of a file in another folder.
    """
    named = [run for run in runs if len(word) >= 4 and (run.run.startswith(word) or run.session.startswith(word))]
    if not named:
        path = str(Path(word).resolve()) if word else ""
        named = [run for run in runs if not word or run.is_of(path)]
    if not named and word == Path(word).name and not Path(word).exists():
        named = [run for run in runs if word in (PurePosixPath(run.path).name, PureWindowsPath(run.path).name)]
        return [run for run in named if not run.over] or _newest_of_each(named)
    on = [run for run in named if not run.over]
    return on or named[:1]


def _newest_of_each(runs: Sequence[RunOn]) -> list[RunOn]:
    """Return the first run of each file."""
    found: dict[tuple[str, str], RunOn] = {}
    for run in runs:
        found.setdefault((run.host, run.path), run)
    return list(found.values())


def _dropped(run: RunOn, job: Any) -> bool:
    """Return whether nobody will ever run it, or somebody has dropped it.

    A waiting one is dropped, or taken off the queue, with its job; one whose session waits, by a note there.
    """
    if isinstance(job, Exception):
        return False  # what stands in the place of the job is none, and says nothing
    status, aside = job
    if run.waits:
        return status in (None, b"canceled")
    return run.over and aside == run.run.encode()


def _entry(text: Any, session: str, key: bytes) -> RunOn | None:
    """Return an entry as it was sealed; None for what is none, or not signed, or not of this session, or long over."""
    try:
        head = unseal(key, "run", *json.loads(text))
        if _checked(head["until"], "float") + CLOCK_SECONDS < time.time():
            return None
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
