"""Whoever asks `flodesk run` to end, and however: it is stopped, objects are closed, and no process stays behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flodesk.engine.history import store
from flodesk.engine.history.past import history

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no signals between processes")
STOPPED = 130
HEAD = """
import os
import subprocess
import sys
import time
from pathlib import Path
import flodesk
from flodesk.nodes import timing

HERE = Path(__file__).parent


def note(name, *pids):
    part = HERE / (name + ".part")
    part.write_text(" ".join(str(pid) for pid in (os.getpid(), os.getppid(), *pids)))
    part.replace(HERE / name)


class Door:
    def __init__(self):
        note("opened")

    def step(self, k):
        note("begun")
        return k

    def close(self):
        note("closed")


def wait(k):
    note("begun")
    time.sleep(1000)


def start(k):
    other = subprocess.Popen(["sleep", "1000"])
    note("begun", other.pid)
    other.wait()


def checked(k):
    other = subprocess.Popen(["sleep", "1000"])
    note("begun", other.pid)
    if code := other.wait():
        raise subprocess.CalledProcessError(code, "sleep")


def away(k):
    nothing = subprocess.DEVNULL
    other = subprocess.Popen(["sleep", "1000"], stdout=nothing, stderr=nothing, start_new_session=True)
    note("begun", other.pid)
    return k


"""
ELSEWHERE = '# /// script\n# [tool.flodesk.places.flow]\n# a = "process"\n# ///\n'


@pytest.fixture(autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a history of its own, also where these tests run without the others."""
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path_factory.mktemp("data")))


@pytest.fixture
def flow(tmp_path: Path) -> Callable[..., Path]:
    def make(node: str, *, before: str = "", where: str = "") -> Path:
        file = tmp_path / "flow_of_test.py"
        body = f"def flow():\n{before}    for k in timing.every(0.01):\n        a = {node}(k)\n\n\n"
        file.write_text(f'{where}{HEAD}{body}if __name__ == "__main__":\n    flodesk.main(flow)\n', encoding="utf-8")
        return file

    return make


Gone = Callable[[int], bool]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started() -> Iterator[Start]:
    processes: list[subprocess.Popen[str]] = []

    def start(file: Path) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "flodesk", "run", str(file)]
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def noted(file: Path, name: str = "begun") -> list[int]:
    """Wait until the node has left word; returns its process, the one above, and those that it names."""
    end = time.monotonic() + 60.0
    while not (note := file.with_name(name)).exists():
        assert time.monotonic() < end, f"no word of {name}"
        time.sleep(0.01)
    return [int(word) for word in note.read_text().split()]


def recorded() -> str:
    with history() as connection:
        return store.listed(connection)[0].state


def ends(process: subprocess.Popen[str]) -> str:
    """See to it that the run has been stopped, and said nothing else; returns what it has said."""
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == STOPPED, stderr
    assert "Traceback" not in stderr
    assert "failed" not in stderr
    assert "crashed" not in stderr
    assert recorded() == "stopped", stderr
    return stderr


@pytest.mark.parametrize(
    ("number", "node"), [(signal.SIGTERM, "start"), (signal.SIGINT, "wait"), (signal.SIGHUP, "wait")]
)
def test_a_group_that_is_told_to_end_was_stopped_also_in_worker_processes(
    flow: Callable[..., Path], started: Start, number: signal.Signals, node: str, gone: Gone
) -> None:
    file = flow(node, where=ELSEWHERE)
    process = started(file)
    worker, engine, *others = noted(file)
    assert engine != process.pid  # the node is in a worker of the process that is watched
    os.killpg(process.pid, number)
    ends(process)
    assert [pid for pid in (worker, engine, *others) if not gone(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process tells its children")
def test_ctrl_c_while_the_run_still_loads_is_told_once(flow: Callable[..., Path], started: Start) -> None:
    process = started(flow("wait"))
    children, end = Path(f"/proc/{process.pid}/task/{process.pid}/children"), time.monotonic() + 60.0
    while not children.read_text():
        assert time.monotonic() < end, "no process of the run"
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: both are told
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (STOPPED, "flodesk: interrupted\n")


def test_a_program_that_ctrl_c_has_ended_is_no_failure(flow: Callable[..., Path], started: Start) -> None:
    file = flow("checked")
    process = started(file)
    noted(file)
    os.killpg(process.pid, signal.SIGINT)
    ends(process)


@pytest.mark.parametrize(
    ("to", "where"),
    [("the one that watches", ""), ("the one that runs", ""), ("the one that watches", ELSEWHERE)],
    ids=["watches", "runs", "watches a process node"],
)
def test_no_program_that_a_node_waits_for_stays(
    flow: Callable[..., Path], started: Start, to: str, where: str, gone: Gone
) -> None:
    file = flow("start", where=where)
    process = started(file)
    runs, above, other = noted(file)
    engine = above if where else runs
    os.kill(process.pid if to == "the one that watches" else engine, signal.SIGTERM)
    ends(process)
    assert [pid for pid in (runs, engine, other) if not gone(pid)] == []


def test_what_has_a_session_of_its_own_stays(flow: Callable[..., Path], started: Start) -> None:
    file = flow("away")
    process = started(file)
    *_, other = noted(file)
    try:
        os.kill(process.pid, signal.SIGTERM)
        ends(process)
        os.kill(other, 0)
    finally:
        os.kill(other, signal.SIGKILL)


@pytest.mark.parametrize(
    ("number", "to"),
    [
        (signal.SIGHUP, "the one that watches"),
        (signal.SIGHUP, "the one that runs"),
        (signal.SIGTERM, "the one that runs"),
        (signal.SIGINT, "the one that runs"),
    ],
)
def test_objects_are_closed_whoever_is_told_to_end(
    flow: Callable[..., Path], started: Start, number: signal.Signals, to: str
) -> None:
    file = flow("door.step", before="    door = Door()\n")
    process = started(file)
    engine, _ = noted(file)
    os.kill(process.pid if to == "the one that watches" else engine, number)
    ends(process)
    assert noted(file, "closed")[0] == engine


def test_nohup_is_obeyed(flow: Callable[..., Path]) -> None:
    file = flow("door.step", before="    door = Door()\n")
    command = ["nohup", sys.executable, "-m", "flodesk", "run", "--for", "3s", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    noted(file)
    os.killpg(process.pid, signal.SIGHUP)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the number of a terminal's descriptor is made for Linux here")
def test_a_terminal_that_is_closed_closes_the_objects(flow: Callable[..., Path]) -> None:
    import pty

    file = flow("door.step", before="    door = Door()\n")
    pid, terminal = pty.fork()
    if pid == 0:  # the leader of the terminal's session, as a shell would be
        os.execv(sys.executable, [sys.executable, "-m", "flodesk", "run", str(file)])
    engine, _ = noted(file)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == STOPPED
    assert noted(file, "closed")[0] == engine
    assert recorded() == "stopped"
