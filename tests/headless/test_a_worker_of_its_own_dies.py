"""``flodesk run --on rq`` with a worker of its own: one that is killed is replaced, and the run begins again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.engine.places.server.server_address import VARIABLE

TEXT = """import os
import time

import flodesk


def where():
    with open({pids!r}, "a") as file:
        file.write(f"{{os.getppid()}}\\n")
    flodesk.context().log("it is on")
    while not os.path.exists({go!r}):
        time.sleep(0.02)
    return 7.0


def flow():
    made = where()


if __name__ == "__main__":
    flodesk.main(flow)
"""

ON_THE_QUEUE = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# made = "rq"
# ///
"""


pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the process of a run is a child of its worker"
)


def test_the_run_is_begun_again_on_another_worker(tmp_path: Path) -> None:
    out, said = ran_with_a_kill(tmp_path, TEXT, "--on", "rq")
    assert "succeeded" in out
    assert "It has no effects: it is run again." in said
    assert "flodesk worker" not in said


def test_a_single_node_finds_another_worker(tmp_path: Path) -> None:
    out, _ = ran_with_a_kill(tmp_path, ON_THE_QUEUE + TEXT)
    assert "succeeded" in out


def ran_with_a_kill(folder: Path, text: str, *options: str) -> tuple[str, str]:
    """Run a flow whose worker is killed once the flow has told something; return what is said of it."""
    pids, go, file = folder / "pids", folder / "go", folder / "flow.py"
    file.write_text(text.format(pids=str(pids), go=str(go)), encoding="utf-8")
    there = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-m", "flodesk", "run", str(file), *options, "--events", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=there) as run:
        try:
            assert run.stdout is not None
            while "it is on" not in run.stdout.readline():  # what has said nothing yet is not run again
                assert run.poll() is None
            worker = _line(pids, 0, run)
            os.kill(worker, signal.SIGKILL)
            assert _line(pids, 1, run) != worker
            go.touch()
            out, said = run.communicate(timeout=60)
        finally:
            run.kill()
    assert run.returncode == 0, said
    assert "A worker of the local queue was killed (SIGKILL" in said
    return out, said


def _line(file: Path, number: int, run: subprocess.Popen[str]) -> int:
    """Wait for a line that the flow writes."""
    for _ in range(6000):
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) > number:
            return int(lines[number])
        try:
            run.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"no line {number}: {run.poll()}")
