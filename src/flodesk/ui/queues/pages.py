"""A job or a worker in words, as a page beside the list; where a line of the open flow failed it is a link."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from html import escape
from typing import Any

from flodesk.ui.queues.columns import ago, count, flow_name
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import code_font

_FRAME = re.compile(r'^( *)File "([^"\n]+)", line (\d+)', re.MULTILINE)
_MEANS = {
    "waiting": "It waits for a worker.",
    "running": "A worker runs it.",
    "lost": "Its worker has died, or has never begun it. It can be put back.",
    "failed": "It failed.",
    "stopped": "It was stopped.",
    "finished": "It has ended well.",
    "deferred": "It waits for other jobs.",
}


def job_page(job: Any, trace: str, paths: Collection[str]) -> str:
    """Write down all that is known of a job.

    Links are ``line:N`` for a line of the flow that is open, ``flow:PATH`` for a flow that is not, ``worker:NAME``.

    Parameters
    ----------
    paths : collection of str
        What the file of the open flow is called.
    """
    color = theme().error if job.state in ("failed", "lost") else theme().muted
    said = job.why if job.state in ("failed", "stopped") and job.why else _MEANS.get(job.state, job.state)
    session = "Idle, kept for the next run of its editor; it makes room where a job waits" if job.kept else ""
    here = job.file in paths and bool(job.file)
    flow = job.file and (escape(job.file) if here else f"{escape(job.file)} ({_link(f'flow:{job.file}', 'open it')})")
    parts = [
        f"<p style='margin:0 0 4px 0'><b>{escape(flow_name(job))}</b><br><span style='color:{color}'>{escape(said)}"
        "</span></p>",
        _facts(
            ("Flow", flow),
            ("Node", escape(job.node)),
            ("Job", escape(job.named)),
            ("Queue", escape(job.queue)),
            ("Put there", _moment(job.put)),
            ("By", escape(job.by)),
            (f"{job.state.capitalize()} since", _moment(job.since)),
            ("Session", session),
            ("Worker", _link(f"worker:{job.worker}", job.worker) if job.worker else ""),
        ),
    ]
    if trace.strip():
        parts.append(_title("Traceback"))
        parts.append(_pre(_linked(trace.rstrip(), paths)))
    return "".join(parts)


def worker_page(worker: Any, job: Any) -> str:
    """Write down all that is known of a worker; `job` is what it runs, if that is known. ``job:ID`` is a link."""
    runs = _link(f"job:{worker.job}", flow_name(job) if job is not None else worker.job) if worker.job else "nothing"
    if worker.kept:
        runs = f"nothing: kept for the next run of {runs}"
    version = f"flodesk {worker.version}" if worker.version else "not known"
    heard = ago(worker.beat) if worker.alive else "silent for too long: it is taken for dead"
    return "".join(
        (
            f"<p style='margin:0 0 4px 0'><b>{escape(worker.name)}</b></p>",
            _facts(
                ("Runs", runs),
                ("Host", escape(f"{worker.host}, process {worker.pid}" if worker.pid else worker.host)),
                ("Queues", escape(", ".join(worker.queues))),
                ("Heard of", escape(heard)),
                ("Since", _moment(worker.since)),
                ("Jobs", f"{count(worker.done)} done, {count(worker.failed)} failed"),
                ("Program", escape(version)),
                ("Packs", escape(", ".join(worker.packs))),
            ),
        )
    )


def plain_jobs(jobs: Collection[Any]) -> str:
    """Write jobs as text, a line each."""
    rows = ((j.state, flow_name(j), j.queue, _moment(j.since), j.by, j.worker, j.why, j.named) for j in jobs)
    return "\n".join("\t".join(row) for row in rows)


def _linked(trace: str, paths: Collection[str]) -> str:
    """Return a traceback as HTML, in which the lines of the open flow are links."""
    made, at = [], 0
    for found in _FRAME.finditer(trace):
        made.append(escape(trace[at : found.start()]))
        words = found[0][len(found[1]) :]
        shown = _link(f"line:{found[3]}", words) if found[2] in paths else escape(words)
        made.append(f"{found[1]}{shown}")
        at = found.end()
    return "".join([*made, escape(trace[at:])])


def _facts(*facts: tuple[str, str]) -> str:
    muted = theme().muted
    rows = "".join(
        f"<tr><td style='color:{muted}'>{escape(name)}&nbsp;&nbsp;</td><td>{value}</td></tr>"
        for name, value in facts
        if value
    )
    return f"<table cellspacing=0 cellpadding=1>{rows}</table>"


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)) if at else ""


def _link(to: str, words: str) -> str:
    return f"<a style='color:{theme().accent}' href='{escape(to)}'>{escape(words)}</a>"


def _title(words: str) -> str:
    return f"<p style='margin:8px 0 2px 0; color:{theme().muted}'>{escape(words)}</p>"


def _pre(inside: str) -> str:
    family = code_font().family()
    style = f'color:{theme().text}; font-family:"{family}"; white-space:pre-wrap; margin:2px 0 2px 0'
    return f"<pre style='{style}'>{inside}</pre>"
