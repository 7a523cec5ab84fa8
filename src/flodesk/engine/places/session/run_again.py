"""What is done about a run whose worker has died: it is run again if it has no effects, else told to have failed.

Editors that follow it see that it has died, and so do workers that are on: whoever comes first decides, in one step of
the server, and signs what was decided. The others do what it says. A repeat has a mark that hangs on the session alone
and is used up with it, so that of one session there is never more than one, whatever somebody writes on the server.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from redis import Redis, WatchError

from flodesk.engine.events import RunFinished, to_json
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.once import KEPT_SECONDS, repeat_mark
from flodesk.engine.places.server.signing import RefusedError, seal, unseal
from flodesk.engine.places.server.stream import ENDED, FAILED_SECONDS, Keys
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.account import write_account
from flodesk.engine.places.session.job import WORK, FlowJob
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.last_words import End, write_end
from flodesk.engine.places.session.lost_run import LostRun, lost_run
from flodesk.engine.places.session.run_on import RunOn, digest
from flodesk.engine.places.session.runs_there import WAITS_SECONDS, forget_entry, last_sign, write_entry

_KIND = "decided"


def decided_key(session: str) -> str:
    """Return the key of what was decided about a session that has died."""
    return f"flodesk:{session}:decided"


def see_to(connection: Redis, key: bytes, session: str, why: str, end: End = "dead") -> str:
    """Do what is to be done about a session that has died, if nobody has; returns the one that has its run now.

    Parameters
    ----------
    why : str
        What it has died of.
    end : str
        *lost* where nobody has seen that.

    Returns
    -------
    str
        Empty where its run is not run again, or none was on.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    name = decided_key(session)
    while True:
        pipe: Any = connection.pipeline()
        with pipe:
            try:
                pipe.watch(name)
                if (decided := _decided(pipe.get(name), key, session)) is not None:
                    return decided
                lost = lost_run(connection, key, session)
                if lost is None:
                    pipe.multi()
                    pipe.exists(name)
                    pipe.execute()  # unless somebody else has just taken it away with what was to be known of it
                    return ""
                reason = "Its worker was asked to end" if why == ENDED else lost.why_not()
                again = "" if reason else f"{session}-again"
                told: Any = connection.hmget(FlowJob.key_for(session), "origin", "worker_name", "description", "meta")
                last = last_sign(connection, session)
                pipe.multi()
                if again:
                    _put_again(pipe, connection, key, lost, again, why, told)
                else:
                    _tell_end(pipe, key, lost, f"{why}. {reason}", told, last)
                write_end(pipe, key, session, end, why)
                sealed = json.dumps(seal(key, _KIND, {"session": session, "again": again}))
                pipe.set(name, sealed, ex=KEPT_SECONDS)
                for stream in (Keys(session).commands, Keys(session).events):
                    pipe.expire(stream, FAILED_SECONDS)
                pipe.execute()
                return again
            except WatchError:
                continue  # somebody else was here meanwhile


def why_not_again(connection: Redis, key: bytes, session: str, why: str) -> str:
    """Say why a run whose session has died is not to be run again by itself; empty if it is, or nothing tells of it.

    Raises
    ------
    RedisError
        The server does not answer.
    """
    lost = None if why == ENDED else lost_run(connection, key, session)  # that says it already
    return lost.why_not() if lost is not None else ""


def _decided(text: Any, key: bytes, session: str) -> str | None:
    """Return the session that has the run now; None where nobody with this key has decided anything."""
    try:
        head = unseal(key, _KIND, *json.loads(text)) if text is not None else {}
    except (RefusedError, TypeError, ValueError, RecursionError):
        return None
    return str(head["again"]) if head.get("session") == session else None


def _put_again(
    pipe: Any, connection: Redis, key: bytes, lost: LostRun, session: str, why: str, told: list[bytes | None]
) -> None:
    queue, _, words, meta = told
    idle, patience, megabytes = (float(lost.job[name]) for name in ("idle", "patience", "megabytes"))
    wire = Wire(idle, patience, megabytes)
    where = JobQueue(connection, line(queue), key, wire)
    again = {
        "mark": repeat_mark(key, lost.session),
        "commands": lost.asked.again(),
        "by": {"who": secrets.token_hex(8), "host": lost.host, "here": True},
        "again": why,
    }
    where.enqueue(WORK, session, again, f"{line(words)}, again", lost.asked.path, by=meta, pipe=pipe)
    text = digest(lost.asked.text)
    there = RunOn(session, lost.run, lost.asked.path, lost.host, time.time(), where.name, text=text, attended=False)
    write_entry(pipe, key, there, WAITS_SECONDS)
    forget_entry(pipe, lost.session)


def _tell_end(pipe: Any, key: bytes, lost: LostRun, why: str, told: list[bytes | None], last: float) -> None:
    """Tell those who come later how and when it has ended, as its session would have: at its last sign."""
    queue, worker, _, _ = told
    asked, heard, now = lost.asked, lost.heard, time.time()
    since = heard.since or float(lost.job["made"])
    ended = min(now, max(since, last)) if last else now
    message = f"{lost.culprit}{why[:1].upper()}{why[1:]}."
    heard.so_far.take(
        {"f": "event", **to_json(RunFinished(lost.run, "crashed", message, ended - since))}, heard.number + 1
    )
    account = {
        "run": lost.run,
        "text": asked.text,
        "path": asked.path,
        "changes": asked.changes,
        "after": heard.number + 1,
        "events": heard.so_far.events(),
        "states": lost.states,
        "values": lost.values or None,
    }
    write_account(pipe, key, Keys(lost.session).end, account, lost.buffers, FAILED_SECONDS)
    entry = RunOn(
        lost.session, lost.run, asked.path, lost.host, since, line(queue), line(worker), "failed", digest(asked.text),
        attended=False, ended=ended, why=line(message), about=True,
    )  # fmt: skip
    write_entry(pipe, key, entry, FAILED_SECONDS)
