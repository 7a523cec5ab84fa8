"""Stretches of a flow on a real Dask cluster: the values of the script, and all ways in which a cluster goes wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.places.dask.dask_chosen import Chosen
from flodesk.engine.places.dask.dask_client import Cluster
from flodesk.engine.places.known import Places
from flodesk.engine.settings import keep

Flow = Callable[..., str]


def test_values_are_those_of_the_script_and_come_from_a_process_of_the_cluster(
    there: Any, flow: Flow, plain: Callable[[str], dict[str, Any]]
) -> None:
    body = """\
    a = big(3)
    b = inc(a, by=2)
    c = mul(a, b)
    s = Sum(1.0)
    for k in count(4):
        n = inc(k, by=10)
        t = s(n)
    w = where()
"""
    text = flow(body, "b", "c", "s", "n", "w")
    got, want = there.values(text), plain(text)
    for name in "bc":
        assert got[name].dtype == want[name].dtype
        assert (got[name] == want[name]).all()
    assert got["t"] == want["t"] == 47.0
    assert got["w"] != os.getpid()
    got["b"][0] = 7.0  # a result is its reader's own: it can be written to
    assert [line.text for line in there.lines() if "closed" in line.text] == ["closed at 47.0"]
    assert there.state("flow.n").count == 4


def test_a_big_value_goes_to_the_cluster_once(there: Any, flow: Flow) -> None:
    body = "    a = big(5)\n    for k in count(4):\n        b = mul(a, k)\n        m = float(b[0])\n"
    got = there.values(flow(body, "b"))
    assert got["m"] == 15.0
    sent = there.places.place("dask", there.run.runners["flow"].plan)._held.now.sent
    assert sent <= 2  # one array of this test and one of the test before, whatever the number of turns


def test_a_failure_names_the_node_the_line_and_what_it_was_given(there: Any, flow: Flow) -> None:
    top = "\n\ndef bad(x):\n    y = 1\n    raise KeyError('gone')\n"
    text = flow("    a = inc(1)\n    b = bad(a)\n    c = inc(b)\n", "a", "b", "c", top=top)
    told = there.failure(text)
    assert (told.node, told.type, told.code, told.inputs) == (
        "flow.b", "KeyError", "raise KeyError('gone')", (("x", "2"),),
    )  # fmt: skip
    assert text.splitlines()[told.line - 1].strip() == told.code


def test_a_node_that_crashes_is_an_error_of_that_node_and_the_next_run_succeeds(there: Any, flow: Flow) -> None:
    text = flow("    a = inc(1)\n    b = crash(a)\n", "b", top="\n\ndef crash(x):\n    os.kill(os.getpid(), 9)\n")
    told = there.failure(text)
    assert told.node == "flow.b"
    assert "SIGKILL" in told.message
    assert there.values(text.replace("os.kill(os.getpid(), 9)", "return 3"))["b"] == 3


def test_what_a_node_says_and_how_it_is_doing_arrive_while_it_runs(there: Any, flow: Flow, tmp_path: Path) -> None:
    top = f"""

def work(x):
    print("hello")
    flodesk.context().log("logged", "warning")
    flodesk.context().progress(0.25)
    while not Path({str(tmp_path / "go")!r}).exists():
        time.sleep(0.01)
    return x
"""
    there.start(flow("    a = work(1)\n", "a", top=top))
    there.until(lambda: ("flow.a", "warning", "logged") in [(e.node, e.level, e.text) for e in there.lines()])
    there.until(lambda: there.state("flow.a").state == "running" and there.state("flow.a").progress == 0.25)
    (tmp_path / "go").touch()
    assert there.join() == "succeeded"
    assert there.state("flow.a").state == "done"


@pytest.mark.parametrize("kind", ["polite", "deaf"])
def test_stop_ends_what_runs_on_the_cluster(there: Any, flow: Flow, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "polite":  # however busy the machine: it ends by itself, and nobody has to end its process
        monkeypatch.setattr("flodesk.engine.places.round.END_SECONDS", 1000.0)
    wait = {
        "polite": "    flodesk.context().sleep(300)\n",
        "deaf": "    while True:\n        try:\n            time.sleep(300)\n        except BaseException: pass\n",
    }[kind]
    top = f"\n\ndef hang(x):\n    flodesk.context().log(str(os.getpid()))\n{wait}"
    there.start(flow("    a = hang(1)\n", "a", top=top))
    said = there.until(lambda: [e.text for e in there.lines() if e.text.isdigit()])
    before = time.monotonic()
    there.run.stop()
    assert there.join() == {"polite": "stopped", "deaf": "killed"}[kind]
    assert time.monotonic() - before < 30  # measured: 0.1 and 1.1 s; it would sleep on for 300
    if kind == "deaf":
        there.until(lambda: not alive(int(said[0])))
    assert there.values(flow("    a = inc(1)\n", "a"))["a"] == 2


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


DIE = """

@flodesk.node(pure=PURE)
def die(x, folder):
    tries = len(list(Path(folder).iterdir()))
    Path(folder, str(tries)).touch()
    if tries == 0:
        os.kill(os.getppid(), 9)
        time.sleep(300)
    return x + tries
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
@pytest.mark.parametrize("pure", [True, False])
def test_what_a_worker_was_doing_that_died_runs_again_if_it_is_pure_and_is_told_otherwise(
    there: Any, flow: Flow, tmp_path: Path, pure: bool
) -> None:
    text = flow(f"    a = die(1, {str(tmp_path)!r})\n", "a", top=DIE.replace("PURE", str(pure)))
    if pure:
        assert there.values(text)["a"] == 2
        assert any("has died; what it was doing runs again" in line.text for line in there.lines())
    else:
        told = there.failure(text)
        assert told.node == "flow.a"
        assert "the Dask worker" in told.message
        assert "not run again by itself" in told.message
        assert len(list(tmp_path.iterdir())) == 1
    assert there.values(flow("    a = inc(1)\n", "a"))["a"] == 2


def test_a_node_that_needs_what_no_worker_of_our_own_has_fails_at_once_and_says_how_to_start_one(
    there: Any, flow: Flow
) -> None:
    told = there.failure(flow("    a = inc(1)\n    gpu = inc(a)\n", "gpu"))
    assert told.node == "flow.gpu"
    assert "No worker of the Dask cluster offers GPU=1" in told.message
    assert 'dask worker ADDRESS --resources "GPU=1"' in told.message


GROWS = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, resources={"GPU": 1}) as cluster:
        print(cluster.scheduler_address, flush=True)
        for line in sys.stdin:
            cluster.scale(int(line))
"""


def test_a_node_that_needs_what_no_worker_has_waits_for_one_and_no_longer_than_is_said(
    there: Any, flow: Flow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "grows.py").write_text(GROWS)
    command = [sys.executable, str(tmp_path / "grows.py")]
    text = flow("    a = inc(1)\n    gpu = inc(a)\n", "gpu")
    short = text.replace("# [tool.flodesk.dask.", "# [tool.flodesk.dask]\n# patience = 0.1\n# [tool.flodesk.dask.", 1)
    places = there.places
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as grows:
        assert grows.stdin is not None
        assert grows.stdout is not None
        monkeypatch.setenv("FLODESK_DASK_ADDRESS", grows.stdout.readline().strip())
        there.places = Places()
        try:
            assert "none has come within 0.1 s" in there.failure(short).message
            there.start(text)
            there.until(lambda: any("the nodes wait 60 s for one" in line.text for line in there.lines()))
            assert there.state("flow.gpu").state == "running"
            there.run.stop()
            assert there.join() == "stopped"
            there.start(text)
            there.until(lambda: any("the nodes wait 60 s for one" in line.text for line in there.lines()))
            print(1, file=grows.stdin, flush=True)
            assert there.join() == "succeeded"
            plan = there.run.runners["flow"].plan
            assert plan.slots[plan.names["gpu"]] == 3
        finally:
            there.places.close()
            there.places = places
            grows.stdin.close()


def test_the_dashboard_of_the_cluster_answers(there: Any, flow: Flow) -> None:
    assert there.values(flow("    a = inc(1)\n", "a"))["a"] == 2
    with urllib.request.urlopen(there.cluster.dashboard, timeout=60) as page:
        assert page.status == 200
        assert b"Status" in page.read()


def test_who_uses_a_cluster_that_another_has_reached_is_told_of_it_too_and_once(there: Any, flow: Flow) -> None:
    text = flow("    x = inc(1)\n", "x")
    there.values(text)
    other = type(there)()
    try:
        told = []
        for _ in range(2):
            other.values(text)
            told.append([event.text for event in other.lines() if "Its dashboard: http" in event.text])
        assert other.cluster is there.cluster
    finally:
        other.places.close()
    assert [len(lines) for lines in told] == [1, 0]


def test_all_who_reach_for_a_cluster_at_the_same_time_are_told_of_it_once() -> None:
    told: list[list[str]] = [[], []]
    places = [Chosen({"workers": 1}, lambda worker: None) for _ in told]

    def ask(run: str) -> list[Cluster]:
        said = [lambda level, text, lines=lines: lines.append(text) for lines in told]
        return [place.cluster(run, each) for place, each in zip(places, said, strict=True)]

    try:
        one, other = ask("first")
        assert one is other
        assert not one.dashboard, "it was not reached before both had asked"
        ready: Any = asyncio.run_coroutine_threadsafe(one.ready(), one._loop)
        ready.result(60)
        ask("second")
    finally:
        for place in places:
            place.let_go()
    assert [len(lines) for lines in told] == [1, 1]
    assert "one of our own was started" in told[0][0]


def test_a_cluster_that_does_not_answer_is_told_in_words(
    there: Any, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.engine.places.dask.dask_client.CONNECT_SECONDS", 0.3)
    monkeypatch.setenv("FLODESK_DASK_ADDRESS", "tcp://127.0.0.1:9")
    places, there.places = there.places, Places()
    try:
        told = there.failure(flow("    a = inc(1)\n", "a"))
        assert "No Dask scheduler answers at tcp://127.0.0.1:9" in told.message
        assert "Is it running" in told.message
        assert told.unreached, "no node is to blame"
    finally:
        there.places.close()
        there.places = places


def test_another_address_that_is_kept_counts_from_the_next_run_on(
    there: Any, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.engine.places.dask.dask_client.CONNECT_SECONDS", 0.3)
    monkeypatch.delenv("FLODESK_DASK_ADDRESS", raising=False)
    one = flow("    a = inc(1)\n", "a")
    places, there.places = there.places, Places()
    try:
        assert there.values(one)["a"] == 2
        keep("dask", "address", "tcp://127.0.0.1:9")
        assert "No Dask scheduler answers at tcp://127.0.0.1:9" in there.failure(one).message
        keep("dask", "address", "")
        assert there.values(one)["a"] == 2
    finally:
        there.places.close()
        there.places = places
