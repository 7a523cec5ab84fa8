"""Runs side by side on one Dask cluster: each has its own values, its own objects, and hears of itself alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.events import Event
from flodesk.engine.run import Run
from flodesk.engine.table import Table

RUNS = range(1, 9)
TURNS = 4
TOP = """

SEEN = []


def meet(folder):
    SEEN.clear()  # of this process: it stays at home
    Path(folder, str(time.monotonic_ns())).touch()
    while len(list(Path(folder).iterdir())) < 8:
        time.sleep(0.005)
    return 0


def see(*values):
    SEEN.append(values)
"""


@pytest.mark.parametrize("place", ["local", "dask"])
def test_eight_runs_of_one_flow_side_by_side_never_mix(
    there: Any, flow: Callable[..., str], tmp_path: Path, place: str
) -> None:
    body = f"""\
    m = meet({str(tmp_path)!r})
    a = inc(0, by=m)
    w = where(m)
    s = Sum(0.0)
    for k in count({TURNS}):
        b = mul(a, a)
        c = inc(b, by=k)
        t = s(a)
        y = see(a, b, c, t, w)
"""
    text = flow(body, *(() if place == "dask" else ("a", "w", "b", "c", "s")), top=TOP)
    runs: dict[int, Run] = {}
    told: dict[int, list[Event]] = {x: [] for x in RUNS}
    for x in RUNS:
        runs[x] = Run(
            f"run of {x}", text, "", emit=told[x].append, table=Table(memoryview(bytearray(1 << 16))),
            places=there.places, place=place, overrides={("flow.a", "x"): str(x)},
        )  # fmt: skip
        runs[x].start()
    for x, run in runs.items():
        assert run.join(100), told[x]
        assert run.report.reason == "succeeded", run.report.message
        assert run.loaded is not None
        seen = run.loaded.namespace["SEEN"]
        assert [found[:-1] for found in seen] == [(x, x * x, x * x + k, float(x * (k + 1))) for k in range(TURNS)]
        assert os.getpid() not in {found[-1] for found in seen}, "on the cluster"
        assert {getattr(event, "run", "") for event in told[x]} <= {f"run of {x}", ""}, "it hears of itself alone"
