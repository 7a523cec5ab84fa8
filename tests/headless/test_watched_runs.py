"""``flodesk run`` always ends and says in which node it was: one that keeps the interpreter, crashes, leaves, hangs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.records import NodeRecord, RunRecord

FAILED, STOPPED = 1, 130
Gone = Callable[[int], bool]
HEAD = """
import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
import flodesk
from flodesk.nodes import timing

BEGUN = Path(__file__).with_name("begun")


def keep(x):
    BEGUN.write_text(str(os.getpid()))
    return sum(range(10**11))


def swallow(x):
    BEGUN.write_text(str(os.getpid()))
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass


def sleep(x):
    BEGUN.write_text(str(os.getpid()))
    time.sleep(1000)


def leave(x):
    os._exit(0)


def crash(x):
    ctypes.string_at(0)


def start(x):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    BEGUN.write_text(f"{os.getpid()} {other.pid}")
    return sum(range(10**11))


def innocent():
    for i in timing.every(0.01):
        n = abs(i)


"""


@pytest.fixture(autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a history of its own, also where these tests run without the others."""
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path_factory.mktemp("data")))


@pytest.fixture
def flow(tmp_path: Path) -> Callable[..., Path]:
    def make(node: str, *, beside: bool = False) -> Path:
        file = tmp_path / "flow_of_test.py"
        functions = "flow, innocent" if beside else "flow"
        body = f"def flow():\n    for k in timing.count(3):\n        a = {node}(k)\n\n\n"
        file.write_text(f'{HEAD}{body}if __name__ == "__main__":\n    flodesk.main({functions})\n', encoding="utf-8")
        return file

    return make


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []

    def start(*command: str | Path) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *map(str, command)], stdout=pipe, stderr=pipe, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def begun(file: Path) -> list[int]:
    """Wait until the node has begun; returns the processes that it names."""
    note = file.with_name("begun")
    end = time.monotonic() + 60.0
    while not (note.exists() and (text := note.read_text())):
        assert time.monotonic() < end, "the node did not begin"
        time.sleep(0.01)
    return [int(word) for word in text.split()]


def recorded() -> tuple[RunRecord, dict[str, NodeRecord]]:
    with history() as connection:
        run = store.listed(connection)[0]
        return run, {node.node: node for node in store.nodes_of(connection, run.id)}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flodesk", "run", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("node", ["keep", "swallow"])
def test_a_time_limit_ends_a_run_whose_node_does_not_return(flow: Any, node: str) -> None:
    done = run("--timeout", "300ms", flow(node, beside=True))
    assert done.returncode == FAILED
    said = "The run did not end within its time limit of 0.3 s: “flow.a” did not return"
    assert f"flodesk: the run failed: {said}\n" in done.stderr
    of_history, nodes = recorded()
    assert (of_history.state, of_history.message) == ("failed", said)
    if node == "keep":
        assert nodes["flow.a"].state == "failed"
        assert nodes["innocent.n"].state != "failed"


@pytest.mark.parametrize("node", ["keep", "swallow"])
def test_a_run_that_its_time_cannot_end_has_failed_everywhere(flow: Any, node: str) -> None:
    file = flow(node)
    text = file.read_text(encoding="utf-8")
    text = text.replace(f"def {node}(x):\n", f"def {node}(x):\n    if x < 2:\n        return x\n")
    file.write_text(text, encoding="utf-8")
    done = run("--for", "300ms", "--events", "jsonl", file)
    assert done.returncode == FAILED
    said = "“flow.a” did not return when its time was over"
    assert f"flodesk: the run failed: {said}\n" in done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(e["reason"], e["message"]) for e in events if e["event"] == "RunFinished"] == [("failed", said)]
    assert [(e["reason"], e["iterations"]) for e in events if e["event"] == "LoopFinished"] == [("failed", 3)]
    of_history, _ = recorded()
    assert (of_history.state, of_history.message, of_history.iterations) == ("failed", said, 3)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("node", ["keep", "swallow", "sleep"])
def test_ctrl_c_ends_a_run_whose_node_does_not_return(
    flow: Any, started: Any, node: str, signal_: int, gone: Gone
) -> None:
    file = flow(node, beside=True)
    process = started("-m", "flodesk", "run", file)
    pids = begun(file)
    process.send_signal(signal_)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == STOPPED
    said = "“flow.a” did not return when the run was stopped"
    assert f"flodesk: the run was ended: {said}\n" in stderr
    assert "Traceback" not in stderr
    assert gone(pids[0])
    of_history, _ = recorded()
    assert (of_history.state, of_history.message) == ("stopped", said), stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
def test_whoever_presses_ctrl_c_twice_does_not_wait(flow: Any, started: Any) -> None:
    file = flow("swallow")
    process = started("-m", "flodesk", "run", file)
    begun(file)
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)  # two signals at once are one
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == STOPPED
    assert "“flow.a” did not return when the run was stopped" in stderr


def test_a_process_that_leaves_is_no_success(flow: Any) -> None:
    done = run(flow("leave"))
    assert done.returncode == FAILED
    said = "The process ended (exit code 0) while “flow.a” was running"
    assert f"flodesk: the run failed: {said}\n" in done.stderr
    of_history, nodes = recorded()
    assert (of_history.state, of_history.message) == ("failed", said), done.stderr
    assert nodes["flow.a"].state == "failed"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals")
def test_a_crash_names_the_node_and_its_line(flow: Any) -> None:
    done = run(flow("crash", beside=True))
    assert done.returncode == FAILED
    assert "The process crashed (SIGSEGV) while “flow.a” was running\n" in done.stderr
    assert "flow_of_test.py, line 38, in crash" in done.stderr
    assert recorded()[0].state == "failed"


def test_what_a_program_reads_comes_to_its_end(flow: Any) -> None:
    done = run("--json", "--timeout", "300ms", flow("keep"))
    result = json.loads(done.stdout)
    assert (result["reason"], result["limited"]) == ("failed", False)
    assert "“flow.a” did not return" in result["message"]
    done = run("--events", "jsonl", flow("leave"))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events[-2:]] == ["LoopFinished", "RunFinished"]
    assert {event["reason"] for event in events[-2:]} == {"crashed"}
    assert events[-1]["run"] == events[0]["run"]


def test_a_script_is_watched_too(flow: Any) -> None:
    done = subprocess.run(
        [sys.executable, flow("leave")], capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    assert done.returncode == FAILED
    assert "while “flow.a” was running" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends a child with its parent on Linux alone")
def test_a_run_ends_with_the_process_that_watches_it(flow: Any, started: Any, gone: Gone) -> None:
    file = flow("keep")
    process = started("-m", "flodesk", "run", file)
    (pid,) = begun(file)
    assert recorded()[0].state in ("queued", "running")  # it is in the history before its first node runs
    process.kill()
    assert gone(pid)
    assert recorded()[0].state == "interrupted"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
def test_what_a_node_has_started_ends_with_it(flow: Any, started: Any, gone: Gone) -> None:
    file = flow("start")
    process = started("-m", "flodesk", "run", file)
    pids = begun(file)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert [gone(pid) for pid in pids] == [True, True]
