"""The part of ``flodesk queues`` that is about workers and jobs: who listens, what runs, what has failed and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from flodesk.cli.exits import Exit
from flodesk.engine.glance import duration
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.workers import job_deeds, jobs_told
from flodesk.engine.places.workers.job_deeds import AGAIN, DeedError
from flodesk.engine.places.workers.job_list import MOST, JobState, ServerState
from flodesk.engine.writable import json_of

WIDEST = 60
"""Characters of a cell: what is longer is shown by ``--json``."""


def do(action: str, words: Sequence[str], connection: Any, options: argparse.Namespace) -> int:
    """Do what is asked about workers and jobs.

    Parameters
    ----------
    words : sequence of str
        Ids of jobs, or beginnings of them; of ``jobs`` names of queues.
    """
    if action in ("workers", "jobs"):
        there = look(connection, options)
        return _workers(there, as_json=options.json) if action == "workers" else _jobs(there, words, options)
    try:
        if action == "traceback":
            return _traceback(connection, words, options)
        return _deeds(action, words, connection, options)
    except DeedError as error:
        print(f"flodesk queues {action}: {error}", file=sys.stderr)
        return Exit.MISSING


def look(connection: Any, options: argparse.Namespace, most: int = MOST) -> ServerState:
    """Return what is on a server; its jobs as the runs on them are, where the project's key is here."""
    return jobs_told.look(connection, jobs_told.key_here(options.key_file), most)


def overview(state: ServerState) -> None:
    """Print the queues of jobs, the workers and how many jobs there are, in a few lines."""
    if not state.queues and not state.workers:
        print("No worker listens, and there are no jobs. Start one: flodesk worker")
        return
    if state.queues:
        rows: list[Sequence[str]] = [("jobs on", "waiting", "running", "failed", "stopped", "workers")]
        for queue in state.queues:
            counts = queue.depth, queue.running, queue.failed, queue.stopped, len(queue.workers)
            rows.append((queue.name, *map(str, counts)))
        table(rows)
    for queue in state.queues:
        if queue.depth and not queue.workers:
            print(f"{queue.name}: nobody listens to it. Start a worker: flodesk worker --queue {queue.name}")
    if lost := sum(job.state == "lost" for job in state.jobs):
        print(f"{_count(lost)} of workers that have died: flodesk queues jobs --failed")
    if state.workers:
        print()
        _workers(state, as_json=False)


def table(rows: Sequence[Sequence[str]], left: int = 1) -> None:
    """Print rows below one another, the first as the head: so many columns are words, the others numbers."""
    shown = [[line(text, WIDEST) for text in row] for row in rows]
    wide = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (text.ljust(wide[n]) if n < left else text.rjust(wide[n]) for n, text in enumerate(row))
        print("  ".join(cells).rstrip())


# ------------------------------------------------------------------ inside
def _workers(state: ServerState, *, as_json: bool) -> int:
    if as_json:
        print(json_of([{**asdict(worker), "alive": worker.alive} for worker in state.workers]))
        return Exit.OK
    if not state.workers:
        print("There are no workers. Start one: flodesk worker")
        return Exit.OK
    rows = [("worker", "queues", "does", "for", "heard of", "done", "failed")]
    named = {job.id: job.named for job in state.jobs}
    for worker in state.workers:
        does = "idle, kept for the next run" if worker.kept else named.get(worker.job, worker.job) or worker.state
        does = does if worker.alive else "died"
        heard = "now" if 0 <= worker.beat < 2 else f"{duration(worker.beat)} ago" if worker.alive else "no more"
        since = duration(max(0.0, state.at - worker.since)) if worker.since else "?"
        rows.append((worker.name, ", ".join(worker.queues), does, since, heard, str(worker.done), str(worker.failed)))
    table(rows, left=3)
    return Exit.OK


def _jobs(state: ServerState, queues: Sequence[str], options: argparse.Namespace) -> int:
    jobs = [job for job in state.jobs if not queues or job.queue in queues]
    jobs = [job for job in jobs if job.state in AGAIN] if options.failed else jobs
    if options.json:
        print(json_of([asdict(job) for job in jobs]))
        return Exit.OK
    if not jobs:
        print("No job has failed." if options.failed else "There are no jobs.")
        return Exit.OK
    rows = [("job", "queue", "state", "what", "by", "worker", "since")]
    for job in jobs:
        since = f"{duration(max(0.0, state.at - job.since))} ago" if job.since else "?"
        how = "idle" if job.kept and job.state == "running" else job.state
        rows.append((job.named, job.queue, how, job.what, job.by, job.worker, since))
    table(rows, left=6)
    for job in jobs:
        if job.why:
            print(f"{job.named}: {f'{job.node}: ' if job.node else ''}{job.why}")
    if state.left_off:
        print(f"{_count(state.left_off)} more are not shown.")
    return Exit.OK


def _traceback(connection: Any, words: Sequence[str], options: argparse.Namespace) -> int:
    for word in words:
        job = job_deeds.find(connection, word, options.key_file)
        text = jobs_told.traceback_of(connection, job.id, jobs_told.key_here(options.key_file))
        print(text.rstrip() or f"{job.named} is {job.state}, and has no traceback.")
    return Exit.OK


def _deeds(action: str, words: Sequence[str], connection: Any, options: argparse.Namespace) -> int:
    """Run again, drop or stop jobs."""
    if options.all:
        jobs = [job for job in look(connection, options, 10_000).jobs if job.state in AGAIN]
    else:
        jobs = [job_deeds.find(connection, word, options.key_file) for word in words]
    if action == "drop" and options.all and jobs and not options.yes and (refused := _asked(jobs)):
        return refused
    code = Exit.OK
    for job in jobs:
        try:
            print(f"{job.named}: {_DEEDS[action](connection, job, options)}", flush=True)
        except DeedError as error:
            print(f"flodesk queues {action}: {error}", file=sys.stderr)
            code = Exit.FAILED
    if not jobs:
        print("No job has failed.")
    return code


def _retry(connection: Any, job: JobState, options: argparse.Namespace) -> str:
    return f"put on {job.queue} again, as {job_deeds.retry(connection, job, options.key_file)}"


def _drop(connection: Any, job: JobState, options: argparse.Namespace) -> str:
    job_deeds.drop(connection, job)
    return "dropped"


def _stop(connection: Any, job: JobState, options: argparse.Namespace) -> str:
    return _STOPPED[job_deeds.stop(connection, job, options.key_file)]


_DEEDS: dict[str, Callable[[Any, JobState, argparse.Namespace], str]] = {
    "retry": _retry, "drop": _drop, "stop": _stop,
}  # fmt: skip
_STOPPED = {
    "stopped": "stopped",
    "ended": "its process is ended, as it did not stop by itself",
    "dropped": "taken off the queue before a worker had begun it",
}


def _asked(jobs: Sequence[JobState]) -> int:
    """Ask whether all are to be dropped; 0 if so."""
    try:
        answer = input(f"Drop {_count(len(jobs))} with their tracebacks? They do not come back. [y/N] ")
    except EOFError:
        print("\nflodesk queues: nothing was dropped. Without a terminal, say --yes", file=sys.stderr)
        return Exit.USAGE
    if answer.strip().lower() in ("y", "yes"):
        return 0
    print("Nothing was dropped.")
    return Exit.FAILED


def _count(jobs: int) -> str:
    return f"{jobs:,} job{'' if jobs == 1 else 's'}"
