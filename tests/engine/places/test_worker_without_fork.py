"""A worker that cannot fork hands each run to a process that it has started ahead, and outlives whatever runs there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.cli.exits import Exit
from flodesk.engine.lifeline import OUT_OF_MEMORY
from flodesk.engine.places.server.key import Key
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.workers import job_deeds, job_list

SECONDS = 60.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
WITHOUT_QT = Path(__file__).parents[2] / "headless" / "without_qt"
FLOW = """
import flodesk
import os
import time
from pathlib import Path


@flodesk.node(pure=False)
def work(folder: str) -> int:
    Path(folder, "pid").write_text(f"{os.getpid()} {os.getppid()}")
    HOW
    return os.getpid()


def flow():
    pid = work(FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""
# also where two exceptions are put into it together, the second while it takes the first
SPINS = """while True:
        try:
            while True:
                try:
                    while True: time.sleep(0)
                except BaseException: pass
        except BaseException: pass"""
WAITS = "time.sleep(1000)"
PATIENT = """
import sys
import time
import rq.worker.base
from flodesk.engine.places.workers import flow_worker

flow_worker.STOP_SECONDS = 1000.0
now = rq.worker.base.now


def slowly():
    time.sleep(0.3 if sys._getframe(1).f_code.co_name == "request_stop" else 0.0)
    return now()


rq.worker.base.now = slowly
"""


def flow(folder: Path, how: str = "pass") -> str:
    return FLOW.replace("FOLDER", repr(str(folder))).replace("HOW", how)


@pytest.fixture(scope="module")
def worker(server: Any, start_lasting_worker: Callable[..., Any]) -> Any:
    return start_lasting_worker(server.url, "--no-fork", heard=True)


@pytest.fixture
def begun(editor: Any, wait_for: Callable[..., None], tmp_path: Path) -> Callable[[str], int]:
    """Give a function that starts a flow that does not end; returns its process."""

    def start(how: str) -> int:
        editor.start(flow(tmp_path, how))
        pid = tmp_path / "pid"
        wait_for(lambda: pid.exists() and pid.read_text(), "the node")
        return int(pid.read_text().split()[0])

    return start


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_run_is_in_a_process_of_the_worker_and_each_session_has_its_own(
    editor: Any, editors: Callable[..., Any], server: Any, worker: Any, tmp_path: Path
) -> None:
    assert editor.run(flow(tmp_path)).reason == "succeeded"
    first, parent = map(int, (tmp_path / "pid").read_text().split())
    assert parent == worker.pid
    assert first != worker.pid
    assert editor.run(flow(tmp_path)).reason == "succeeded"
    assert int((tmp_path / "pid").read_text().split()[0]) == first, "the session stays"
    other = editors(server.url)
    assert other.run(flow(tmp_path)).reason == "succeeded"
    assert int((tmp_path / "pid").read_text().split()[0]) not in (first, worker.pid)


@pytest.mark.parametrize(
    "how", [pytest.param(WAITS, id="sleeps", marks=pytest.mark.long), pytest.param(SPINS, id="swallows all")]
)
def test_a_node_that_never_returns_is_ended_and_the_worker_lives_on(
    how: str, begun: Callable[[str], int], editor: Any, wait_for: Callable[..., None], worker: Any, tmp_path: Path
) -> None:
    pid = begun(how)
    editor.engine.stop()
    assert editor.over().reason in ("stopped", "killed")
    assert editor.run(flow(tmp_path)).reason == "succeeded"
    assert int((tmp_path / "pid").read_text().split()[1]) == worker.pid
    wait_for(lambda: gone(pid), "the end of that process")


def test_a_process_that_is_killed_is_told_and_the_worker_lives_on(
    begun: Callable[[str], int], editor: Any, connection: Redis, worker: Any, tmp_path: Path
) -> None:
    os.kill(begun(WAITS), signal.SIGKILL)
    end = editor.over()
    assert end.reason == "crashed"
    assert f"the process of the run was killed (SIGKILL; {OUT_OF_MEMORY})" in end.message
    assert f"the process of the run was killed (SIGKILL; {OUT_OF_MEMORY})" in [
        job.why for job in job_list.look(connection).jobs
    ]
    assert editor.run(flow(tmp_path)).reason == "succeeded"
    assert worker.poll() is None


def test_who_looks_after_the_server_can_stop_it(
    begun: Callable[[str], int], editor: Any, connection: Redis, wait_for: Callable[..., None]
) -> None:
    pid = begun(WAITS)
    (job,) = [job for job in job_list.look(connection).jobs if job.state == "running"]
    assert job_deeds.stop(connection, job, seconds=0.2) == "ended"
    assert editor.over().reason in ("killed", "stopped")
    wait_for(lambda: gone(pid), "the end of that process")


def test_what_is_forged_is_refused_there_too(
    editors: Callable[..., Any], server: Any, worker: Any, tmp_path: Path
) -> None:
    end = editors(server.url, key=Key(b"somebody else's key", "a test")).run(flow(tmp_path))
    assert end.reason == "failed"
    assert "its signature is not that of the project's key" in end.message
    assert not (tmp_path / "pid").exists()


def test_asked_to_end_it_stops_its_run_and_a_second_signal_ends_both_at_once(
    start_worker: Callable[..., Any], server: Any, editors: Callable[..., Any], wait_for: Callable[..., None],
    tmp_path: Path,
) -> None:  # fmt: skip
    # however busy the machine: the second signal comes before the worker ends by itself what does not stop, and while
    # it still takes the first
    (tmp_path / "sitecustomize.py").write_text(PATIENT)
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    for number in (1, 2):
        queue = f"own{number}"
        patient = {"PYTHONPATH": paths} if number == 2 else {}
        worker = start_worker(server.url, "--no-fork", "--queue", queue, heard=True, **patient)
        editor = editors(server.url, queue=queue)
        folder = tmp_path / queue
        folder.mkdir()
        editor.start(flow(folder, SPINS if number == 2 else "time.sleep(0.2)\n    " + WAITS))
        pid = folder / "pid"
        wait_for(lambda: pid.exists() and pid.read_text(), "the node")  # noqa: B023 - at once
        worker.send_signal(signal.SIGTERM)
        if number == 2:
            wait_for(lambda: editor.events, "a word")  # noqa: B023 - at once
            signal_again(worker, wait_for)
        assert worker.wait(SECONDS) == (130 if number == 2 else 0)
        wait_for(lambda: gone(int(pid.read_text().split()[0])), "the end of the run")  # noqa: B023 - at once
        assert editor.over().reason in ("stopped", "crashed", "killed")


def signal_again(worker: Any, wait_for: Callable[..., None]) -> None:
    """Send the second signal once the first was heard: two of one kind at the same time are one."""
    pending = Path(f"/proc/{worker.pid}/status")
    wait_for(
        lambda: not pending.exists() or "ShdPnd:\t0000000000000000" in pending.read_text(), "the first to be heard"
    )
    worker.send_signal(signal.SIGINT)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_is_killed_takes_its_processes_along(
    start_worker: Callable[..., Any], server: Any, wait_for: Callable[..., None]
) -> None:
    worker = start_worker(server.url, "--no-fork", "--queue", "nobody", heard=True)
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    wait_for(lambda: children.read_text().split(), "the process that waits")
    spare = int(children.read_text().split()[0])
    worker.kill()
    wait_for(lambda: gone(spare), "its end")


def test_nothing_that_only_some_systems_have_is_called_on_that_way_and_no_qt(tmp_path: Path, server: Any) -> None:
    """It runs where these are not there at all."""
    script = "\n".join(
        [
            "import os, signal, sys",
            "for name in ('fork', 'forkpty', 'wait4', 'setpgrp', 'killpg', 'getpgid', 'setsid', 'wait3'):",
            "    if hasattr(os, name):",
            "        delattr(os, name)",
            "for name in ('SIGALRM', 'alarm', 'setitimer', 'SIGHUP', 'pthread_kill'):",
            "    if hasattr(signal, name):",
            "        delattr(signal, name)",
            "from flodesk.cli import main",
            f"sys.exit(main(['worker', '--redis', {server.url!r}, '--queue', 'poor', '--burst', '--no-fork']))",
        ]
    )
    client = connect(server.url)
    opened = {"c": "open", "text": flow(tmp_path), "path": "", "files": {}}
    queue = JobQueue(client, "poor", os.environ["FLODESK_KEY"].encode(), Wire(idle=0.0))
    queue.put("poor", [opened, {"c": "start", "run": "poor"}], "flow")
    paths = os.pathsep.join([str(WITHOUT_QT), os.environ.get("PYTHONPATH", "")])
    known = {**os.environ, "PYTHONPATH": paths, "FLODESK_DATA": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=SECONDS, env=known)
    assert ended.returncode == Exit.OK, ended.stderr
    assert (tmp_path / "pid").exists()
    assert "Traceback" not in ended.stderr
    (job,) = [job for job in job_list.look(client).jobs if job.queue == "poor"]
    assert job.state == "finished"
    client.close()
