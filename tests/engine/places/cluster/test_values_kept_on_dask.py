"""Values that only further nodes on a cluster read stay there, and go when nobody reads them any more."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.places.dask.dask_place import DaskSeat
from flodesk.engine.places.protocol import Answer

Flow = Callable[..., str]
BODY = """\
    a = big(3)
    b = inc(a, by=2)
    c = inc(a, by=5)
    d = mul(b, c)
    e = take(d)
    f = take(c)
"""
TOP = """

def take(x):
    return float(x[0])


def slow(x):
    time.sleep(0.3)
    return x


def bad(x):
    raise KeyError("gone")
"""


def test_branches_read_what_others_have_left_on_the_cluster_and_it_is_freed(there: Any, flow: Flow) -> None:
    text = flow(BODY, *"abcdef", top=TOP)
    sent, before = there.cluster.sent, there.on_the_cluster()
    got = there.values(text, keep=False)
    assert (got["e"], got["f"]) == (40.0, 8.0)
    assert there.cluster.sent == sent, "no array has left the cluster, and none was sent to it"
    there.until(lambda: not any("'flow." in key for key in there.on_the_cluster() - before))
    got = there.values(text.replace("big(3)", "big(4)"))  # all of them are looked at
    assert (got["a"] == 4.0).all()
    assert (got["d"] == 54.0).all()
    assert got["c"].shape == (200_000,)


def test_a_branch_that_fails_ends_what_reads_it_and_the_error_is_its_own(there: Any, flow: Flow) -> None:
    body = "    a = big(3)\n    b = slow(a)\n    c = bad(a)\n    d = mul(b, c)\n    e = mul(c, 2)\n"
    told = there.failure(flow(body, *"abcde", top=TOP), keep=False)
    assert (told.node, told.type) == ("flow.c", "KeyError")
    assert there.values(flow(BODY, *"abcdef", top=TOP), keep=False)["e"] == 40.0


def test_stop_ends_what_waits_for_others(there: Any, flow: Flow) -> None:
    top = TOP.replace("time.sleep(0.3)", "flodesk.context().log('asleep'); flodesk.context().sleep(300)")
    body = "    a = big(3)\n    b = slow(a)\n    c = inc(a)\n    d = mul(b, c)\n    e = take(d)\n"
    there.start(flow(body, *"abcde", top=top), keep=False)
    there.until(lambda: any(line.text == "asleep" for line in there.lines()))
    there.run.stop()
    assert there.join() == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_values_that_are_lost_with_their_worker_are_made_again(there: Any, flow: Flow, tmp_path: Path) -> None:
    top = (
        TOP
        + f"""

@flodesk.node(pure=True)
def last(x, y):
    mark = Path({str(tmp_path / "killed")!r})
    if not mark.exists():
        mark.touch()
        os.kill(os.getppid(), 9)
        time.sleep(300)
    return float(x[0] + y[0])
"""
    )
    body = "    a = big(3)\n    b = inc(a, by=2)\n    c = inc(a, by=5)\n    d = last(b, c)\n"
    assert there.values(flow(body, *"abcd", top=top), keep=False)["d"] == 13.0
    assert (tmp_path / "killed").exists()


def test_what_was_kept_and_came_back_empty_is_made_again(
    there: Any, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a worker dies, and what it kept cannot be made again at once: what reads it does not begin there."""
    take, skipped = DaskSeat.take, []

    def as_if_lost(seat: DaskSeat, task: Any, answer: Answer) -> None:
        if "d" in task.job.items and not skipped:
            skipped.append(task.job.items)
            answer = Answer(skipped=True)
        take(seat, task, answer)

    monkeypatch.setattr(DaskSeat, "take", as_if_lost)
    body = "    a = big(3)\n    b = inc(a, by=2)\n    c = inc(a, by=5)\n    d = mul(b, c)\n    e = take(d)\n"
    assert there.values(flow(body, *"abcde", top=TOP + "\n\nEMPTY = True\n"), keep=False)["e"] == 40.0
    assert skipped == [("d", "e")]


def test_what_did_not_pay_side_by_side_is_one_task_in_the_next_run(there: Any, flow: Flow) -> None:
    body = "    a = where(0)\n    b = where(1)\n    c = where(2)\n    d = mul([a, b], 1)\n"
    text = flow(body, *"abcd", top=f"\n\nAGAIN = {os.getpid()}\n")
    there.values(text, keep=False)
    got = there.values(text)
    assert got["a"] == got["b"] == got["c"], "one process"
