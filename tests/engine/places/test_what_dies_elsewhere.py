"""A worker that is killed, a server that goes: what has no effects runs again, nothing is lost or told twice."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from flodesk.engine.events import RunStarted
from flodesk.engine.places.session import job_queue
from flodesk.engine.places.session.following import Following

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
WAITS = """
import flodesk
import os
import time
from pathlib import Path


PURE
def wait(folder: str) -> int:
    Path(folder, f"{os.getpid()}-{os.getppid()}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return os.getpid()


def flow():
    pid = wait(FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""
COUNTS = """
import flodesk
from flodesk.nodes import control, maths, timing


def said(number):
    print("turn", int(number))
    return number


def flow():
    gain = control.number(1.0)
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more
        told = said(number)
        big = maths.scale(number, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


@pytest.fixture(scope="module")
def workers(server, start_lasting_worker):
    return [start_lasting_worker(server.url) for _ in range(2)]


@pytest.fixture
def editor(server, workers, editors):
    return editors(server.url)


def begun(editor, folder: Path, *, pure: bool = True) -> tuple[int, int]:
    """Start a flow that waits; returns the process that it is in, and that of the worker."""
    text = WAITS.replace("PURE", "" if pure else "@flodesk.node(pure=False)").replace("FOLDER", repr(str(folder)))
    editor.engine.watch({"flow.pid"}, set())
    editor.start(text)
    editor.wait_for(lambda: list(folder.iterdir()), "the node")
    (found,) = folder.iterdir()
    run, _, worker = found.name.partition("-")
    states = editor.engine.states
    editor.wait_for(lambda: [s for n, s in states().items() if n == "flow.pid" and s.state == "running"], "it")
    return int(run), int(worker)


def test_what_has_no_effects_is_run_again_once_where_its_process_was_killed(editor, tmp_path: Path, wait_for) -> None:
    run, _ = begun(editor, tmp_path)
    os.kill(run, signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second time")
    (tmp_path / "go").touch()
    assert editor.over().reason == "succeeded"
    wait_for(lambda: editor.value("flow.pid") not in (None, run), "its value")  # it may be asked for after the end
    assert len(editor.lines("It has no effects: it is run again")) == 1
    assert sum(isinstance(event, RunStarted) for event in editor.events) == 1


def test_what_dies_again_and_what_has_effects_is_told_and_not_run_again(editor, tmp_path: Path, wait_for) -> None:
    for pure in (True, False):
        folder = tmp_path / str(pure)
        folder.mkdir()
        run, _ = begun(editor, folder, pure=pure)
        os.kill(run, signal.SIGKILL)
        if pure:
            wait_for(lambda: len(list(folder.iterdir())) == 2, "the second time")  # noqa: B023 - at once
            (second,) = {int(path.name.partition("-")[0]) for path in folder.iterdir()} - {run}
            os.kill(second, signal.SIGKILL)
        wait_for(lambda: editor.end, "the end")
        assert editor.end.reason == "crashed"
        assert "The job ended without a word" in editor.end.message
        if not pure:
            assert (
                "It has effects, or a loop, so it is not run again by itself. Run the flow again." in editor.end.message
            )
        assert "running" not in {state.state for state in editor.engine.states().values()}, "no card shows that it runs"
        assert len(editor.lines("run again")) == pure
        assert len(list(folder.iterdir())) == 1 + pure


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_is_killed_takes_its_run_along_and_another_one_has_it(
    editor, workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wait_for
) -> None:
    monkeypatch.setattr(job_queue, "SILENT_SECONDS", 1.0)
    run, worker = begun(editor, tmp_path)
    assert worker in [process.pid for process in workers]
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not alive(run), "the end of its run")
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second time")
    (tmp_path / "go").touch()
    assert editor.over().reason == "succeeded"
    assert editor.lines("its worker has died. It has no effects: it is run again")


def test_who_runs_again_after_the_only_worker_was_killed_is_told_to_start_one(
    mortal, start_worker, editors, wait_for
) -> None:
    worker = start_worker(mortal.url)
    editor = editors(mortal.url)
    editor.start(COUNTS)
    wait_for(lambda: editor.lines("turn"), "turns")
    worker.kill()
    assert editor.over().reason == "crashed"
    editor.start(COUNTS)
    wait_for(lambda: editor.lines("No worker listens on the queue"), "what to do", 10.0)  # RQ lists it for minutes
    start_worker(mortal.url)
    wait_for(lambda: editor.lines("turn"), "the turns of the new one")
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    assert len(editor.lines("No worker listens")) == 1


def test_both_ends_wait_for_a_server_and_lose_nothing(mortal, start_worker, editors, tmp_path: Path, wait_for) -> None:
    start_worker(mortal.url)
    editor = editors(mortal.url)
    engine = editor.engine
    engine.watch({"flow.big"}, set())
    editor.start(COUNTS)
    wait_for(lambda: len(editor.lines("turn")) > 3, "turns")
    mortal.kill()
    wait_for(lambda: editor.lines("does not answer"), "that it is told")
    engine.set_parameter("flow.gain", "value", "-1.0")
    before = len(editor.lines("turn"))
    time.sleep(0.5)  # turns that nobody can be told of yet
    mortal.start()
    wait_for(lambda: editor.lines("answers again"), "that it is told")
    wait_for(lambda: engine.values()["flow.big"].value < 0, "what was changed meanwhile")
    wait_for(lambda: len(editor.lines("turn")) > before + 10, "the turns meanwhile, and more")
    engine.stop()
    assert editor.over().reason == "stopped"
    numbers = [int(line.split()[1]) for line in editor.lines("turn")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(editor.lines("does not answer")) == 1
    (tmp_path / "go").touch()
    assert editor.run(WAITS.replace("PURE", "").replace("FOLDER", repr(str(tmp_path)))).reason == "succeeded"


def test_what_a_server_has_lost_is_sent_again_and_told_in_order(
    editor, monkeypatch: pytest.MonkeyPatch, wait_for
) -> None:
    take, lost = Following._hand_over, []

    def forgetful(self: Following, key: bytes, entry: bytes, fields: dict[bytes, bytes]) -> None:
        if b"turn 3" in fields[b"h"] and not lost:
            lost.append(entry)
        else:
            take(self, key, entry, fields)

    monkeypatch.setattr(Following, "_hand_over", forgetful)
    editor.start(COUNTS)
    wait_for(lambda: len(editor.lines("turn")) > 10, "turns")
    editor.engine.stop()
    editor.over()
    numbers = [int(line.split()[1]) for line in editor.lines("turn")]
    assert lost
    assert numbers == list(range(1, len(numbers) + 1))
