"""The end of a run in the history, told by another process than the one that ran it: that one could not any more."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import select, update

from flodesk.engine.database import Database, StoreError
from flodesk.engine.events import Failure, RunFinished
from flodesk.engine.history import store
from flodesk.engine.history.records import OPEN, STATE_OF
from flodesk.engine.history.schema import FORM, runs
from flodesk.engine.history.times import Times
from flodesk.engine.states import NodeState
from flodesk.engine.writable import json_of


def close_run(
    end: RunFinished,
    states: Mapping[str, NodeState],
    failures: Sequence[Failure],
    iterations: int,
    *,
    folder: Path | None = None,
) -> str:
    """Write the end of a run that is in the history and still open there.

    Parameters
    ----------
    end : RunFinished
        How it has ended.
    states : mapping
        The last states of its nodes.
    failures : sequence of Failure
        What has failed in it, the first first.
    iterations : int
        Turns of its outermost loops.

    Returns
    -------
    str
        Why that could not be written; empty if it could, or if the run is not there.
    """
    times = Times()
    times.look(states, over=True)
    for failure in failures:
        times.fail(failure.node, f"{failure.type}: {failure.message}".removeprefix(": "))
    # somebody who has looked at the history meanwhile has marked it as interrupted
    of_it = runs.c.id == end.run, runs.c.state.in_((*OPEN, "interrupted"))
    try:
        database = Database(FORM, folder)
        try:
            with database.writing() as connection:
                row = connection.execute(select(runs.c.start, runs.c.error).where(*of_it)).first()
                if row is None:
                    return ""
                values = {"state": STATE_OF[end.reason], "message": end.message, "end": time.time()}
                values["seconds"] = end.seconds or values["end"] - row.start
                values["iterations"] = iterations
                raised = next((failure for failure in failures if failure.type), None)
                if raised is not None and not row.error:
                    values["error"] = json_of(asdict(raised))
                connection.execute(update(runs).where(*of_it).values(values))
                store.put_nodes(connection, {end.run: times.records()}, {end.run})
        finally:
            database.close()
    except StoreError as error:
        return str(error)
    return ""
