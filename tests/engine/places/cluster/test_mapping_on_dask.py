"""A call for each item on a real Dask cluster: on all workers, in the order of the items, whatever fails or dies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.places.spread import SHARES

Flow = Callable[..., str]
TOP = """

@flodesk.node(pure=True)
def at(x, y=0):
    time.sleep(0.02)
    return os.getppid(), x + y


@flodesk.node(pure=True)
def root(x, plus=0.0):
    if x < 0:
        raise ValueError(f"{x} has no root")
    return x**0.5 + plus


@flodesk.node(pure=True)
def wait(x, folder):
    if not Path(folder, str(x)).exists():
        Path(folder, str(x)).touch()
        while x > 20 and not Path(folder, "go").exists():
            flodesk.context().sleep(0.01)
    return x


@flodesk.node(pure=True)
def dies(x, folder):
    time.sleep(0.01)
    with Path(folder, str(x)).open("a") as out:
        out.write("x")
    if x == 7 and Path(folder, "7").stat().st_size == 1:
        os.kill(os.getppid(), 9)
        time.sleep(300)
    return x * x
"""


def test_items_go_to_all_workers_and_come_in_their_order(there: Any, flow: Flow) -> None:
    body = f"    r = list({(*range(30),)})\n    k = list({(*range(100, 130),)})\n"
    body += "    a = [at(x, y) for x, y in zip(r, k, strict=True)]\n"
    there.until(lambda: there.workers() == there.cluster.threads)  # one that was killed is there again
    got = there.values(flow(body, "a", top=TOP))["a"]
    assert [value for _, value in got] == [100 + 2 * n for n in range(30)]
    assert len({worker for worker, _ in got}) == there.cluster.threads
    assert (there.state("flow.a").items, there.state("flow.a").of) == (30, 30)


@pytest.mark.parametrize("count", [0, 1, SHARES + 1])
def test_any_number_of_items(there: Any, flow: Flow, count: int) -> None:
    body = f"    r = list({(*range(count),)})\n    a = [root(x) for x in r]\n"
    assert there.values(flow(body, "a", top=TOP))["a"] == [n**0.5 for n in range(count)]


def test_cheap_items_are_few_tasks_and_one_where_that_is_known(there: Any, flow: Flow) -> None:
    body = f"    r = list({(*range(2000),)})\n    for k in count(3):\n        a = [root(x, plus=k) for x in r]\n"
    before = there.cluster.tasks
    assert there.values(flow(body, "a", top=TOP))["a"] == [n**0.5 + 2 for n in range(2000)]
    assert there.cluster.tasks - before <= 3 * SHARES


def test_items_that_fail(there: Any, flow: Flow) -> None:
    items = (4, -1, 9, *range(40), -2)
    for how, errors in (("skip", None), ("collect", [2, 44])):
        body = f"    r = list({items})\n    a = flodesk.each(lambda x: root(x), r, on_item_error={how!r})\n"
        got = there.values(flow(body, "a", top=TOP))["a"]
        results = got if errors is None else got.results
        assert results == [n**0.5 for n in items if n >= 0]
        if errors is not None:
            assert [(e.item, e.error) for e in got.errors] == [(n, "ValueError") for n in errors]
        assert any("2 of 44 items failed and were left out: 2, 44" in line.text for line in there.lines())
    told = there.failure(flow(f"    r = list({items})\n    a = [root(x) for x in r]\n", "a", top=TOP))
    assert told.message == "item 2 of 44: -1 has no root"
    told = there.failure(
        flow("    r = [1, 2]\n    k = [3]\n    a = [root(x, y) for x, y in zip(r, k, strict=True)]\n", "a", top=TOP)
    )
    assert "r has 2, k has 1" in told.message


@pytest.mark.parametrize("how", ["skip", "collect", "fail"])
def test_a_bad_item_of_two_ports_and_what_each_rule_makes_of_it(there: Any, flow: Flow, how: str) -> None:
    items = [*(n * n for n in range(24)), -1, *(n * n for n in range(25, 40))]
    body = f"    r = list({items})\n    k = list({(*range(40),)})\n"
    if how == "fail":
        body += "    a = [root(x, plus=y) for x, y in zip(r, k, strict=True)]\n"
    else:
        body += f"    a = flodesk.each(lambda x, y: root(x, plus=y), r, k, on_item_error={how!r})\n"
    text = flow(body, "a", top=TOP)
    if how == "fail":
        assert there.failure(text).message == "item 25 of 40: -1 has no root"
        return
    got = there.values(text)["a"]
    assert (got if how == "skip" else got.results) == [2.0 * n for n in range(40) if n != 24]
    assert how == "skip" or [(error.item, error.error) for error in got.errors] == [(25, "ValueError")]
    assert (there.state("flow.a").items, there.state("flow.a").of) == (39, 40)


def test_how_far_it_is_comes_while_it_runs_and_it_can_be_stopped(there: Any, flow: Flow, tmp_path: Path) -> None:
    body = f"    r = list({(*range(64),)})\n    a = [wait(x, {str(tmp_path)!r}) for x in r]\n"
    there.start(flow(body, "a", top=TOP))
    state = there.until(lambda: (s := there.state("flow.a")) and s.items and s)
    assert state.state == "running"
    assert 0 < state.items < state.of == 64
    there.run.stop()
    assert there.join() == "stopped"
    (tmp_path / "go").touch()
    assert there.values(flow(body, "a", top=TOP))["a"] == [*range(64)]


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_items_of_a_worker_that_dies_run_again(there: Any, flow: Flow, tmp_path: Path) -> None:
    body = f"    r = list({(*range(20),)})\n    a = [dies(x, {str(tmp_path)!r}) for x in r]\n"
    assert there.values(flow(body, "a", top=TOP))["a"] == [n * n for n in range(20)]
    assert (tmp_path / "7").stat().st_size == 2
    assert any("runs again on another" in line.text for line in there.lines())


def test_items_that_need_what_no_worker_has_say_so(there: Any, flow: Flow) -> None:
    told = there.failure(flow(f"    r = list({(*range(20),)})\n    gpu = [root(x) for x in r]\n", "gpu", top=TOP))
    assert told.node == "flow.gpu"
    assert "offers GPU=1" in told.message
