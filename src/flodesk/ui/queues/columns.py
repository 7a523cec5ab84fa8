"""The columns of the lists: of queues between loops, of jobs, and of workers. The rows are plain data of the engine."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import Any

from flodesk.ui.letters.words import when
from flodesk.ui.queues.listing import Column

NAME, DEPTH, PUT, READ, LOOPS, PENDING, DEAD = range(7)
_STATES = {"failed": "error", "lost": "error", "running": "running", "finished": "ok", "stopped": "warning"}
_SILENT = "not heard of"


def rate(value: float) -> str:
    """Say how many a second."""
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 100 else f"{value:.1f}"


def count(number: int) -> str:
    """Say a number."""
    return f"{number:,}".replace(",", "\u202f")


def flow_name(job: Any) -> str:
    """Say what a job is of."""
    return PurePath(job.file).stem if job.file else job.what or "unsaved flow"


def _why(job: Any) -> str:
    """Say why a job has failed, and which node if that is known."""
    node = job.node.partition(".")[2]
    return f"{node}: {job.why}" if node and job.why else str(job.why)


def ago(seconds: float) -> str:
    """Say how long ago something was."""
    if seconds < 0:
        return _SILENT
    return "now" if seconds < 2 else f"{seconds:.0f} s ago"


def _full(state: Any) -> float:
    return state.depth / state.capacity if state.capacity else 0.0


def _depth(state: Any) -> str:
    of = f" of {count(state.capacity)}" if state.capacity else ""
    return f"{count(state.depth)}{of}"


def _loops(state: Any) -> str:
    """Say who writes and who reads: ``2 → report, plot``."""
    written = "ended" if state.ended else str(state.writers)
    read = ", ".join(f"{group.name}{f' ×{group.readers}' if group.readers != 1 else ''}" for group in state.groups)
    return f"{written} → {read or 'nobody'}"


def _loops_tip(state: Any) -> str:
    one = "loop writes" if state.writers == 1 else "loops write"
    lines = ["All that write have ended" if state.ended else f"{state.writers} {one} now"]
    for group in state.groups:
        waits = f", {count(group.waiting)} wait for it" if group.waiting >= 0 else ""
        lines.append(f"{group.name}: {group.readers} run now, {count(group.pending)} being read{waits}")
    return "\n".join(lines) if state.groups else f"{lines[0]}\nNo loop has read it yet"


def _state(job: Any) -> str:
    """Say how a job is; one of single nodes that waits for their next run is on, and runs nothing."""
    return "idle" if job.kept and job.state == "running" else str(job.state)


def _since(moment: float) -> str:
    return when(moment) if moment else ""


def _day(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment)) if moment else "nobody knows since when"


QUEUES = (
    Column("Queue", 140, lambda s: s.name),
    Column("Depth", 172, _depth, order=lambda s: s.depth, tip=lambda s: f"{_depth(s)} values ({_full(s):.0%})"
           if s.capacity else f"{_depth(s)} values; nobody has said how many it holds"),
    Column("In/s", 84, lambda s: rate(s.rate.put), True, lambda s: s.rate.put,
           tip=lambda s: f"{rate(s.rate.put)} values a second are put in; the curve is the last minute"),
    Column("Out/s", 84, lambda s: rate(s.rate.read), True, lambda s: s.rate.read,
           tip=lambda s: f"{rate(s.rate.read)} values a second are read; the curve is the last minute"),
    Column("Written by → read by", 160, _loops, tip=_loops_tip,
           color=lambda s: "warning" if s.depth and not s.readers else ""),
    Column("Being read", 84, lambda s: count(s.pending), True, lambda s: s.pending,
           tip=lambda s: "Values that a loop was given and has not finished"),
    Column("Dead letters", 84, lambda s: count(s.dead) if s.dead else "", False, lambda s: s.dead,
           color=lambda s: "error", tip=lambda s: "Entries that were no values, and are kept"),
)  # fmt: skip
"""Of queues between loops (`flodesk.engine.places.queues.queue_list.QueueState`)."""

JOBS = (
    Column("State", 86, _state, color=lambda j: _STATES.get(_state(j), "muted")),
    Column("Flow", 150, flow_name, tip=lambda j: f"{j.file or j.what or 'a flow without a file'}\nJob {j.named}"),
    Column("Since", 84, lambda j: _since(j.since), order=lambda j: j.since, tip=lambda j: _day(j.since), beside=True),
    Column("Queue", 100, lambda j: j.queue, beside=True),
    Column("By", 130, lambda j: j.by, beside=True),
    Column("Worker", 130, lambda j: j.worker, beside=True),
    Column("Why", 220, _why, color=lambda j: "error" if j.state in ("failed", "lost") else "muted", beside=True),
)
"""Of jobs (`flodesk.engine.places.workers.job_list.JobState`)."""

WORKERS = (
    Column("Worker", 180, lambda w: w.name, tip=lambda w: f"{w.name}\n{w.host}, process {w.pid}"),
    Column("Host", 120, lambda w: f"{w.host}:{w.pid}" if w.pid else w.host, beside=True),
    Column("State", 76, lambda w: w.state if w.alive else "gone", color=lambda w: "muted" if w.state == "idle" else
           ("running" if w.alive else "error")),
    Column("Runs", 140, lambda w: "kept for the next run" if w.kept else w.job, beside=True),
    Column("Heard of", 84, lambda w: ago(w.beat), order=lambda w: w.beat,
           color=lambda w: "" if w.alive else "error", beside=True),
    Column("Queues", 140, lambda w: ", ".join(w.queues), beside=True),
    Column("Done", 60, lambda w: count(w.done), True, lambda w: w.done, beside=True),
    Column("Failed", 60, lambda w: count(w.failed), True, lambda w: w.failed,
           color=lambda w: "error" if w.failed else "muted", beside=True),
    Column("Since", 84, lambda w: _since(w.since), order=lambda w: w.since, tip=lambda w: _day(w.since), beside=True),
)  # fmt: skip
"""Of workers (`flodesk.engine.places.workers.job_list.WorkerState`)."""
