"""A worker says of each job where it was started when it begins, and how it has ended; and nothing in RQ's words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.lifeline import OUT_OF_MEMORY
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.workers.worker import OwnWorker

ONCE = """
import flodesk


def flow():
    made = divmod(7, 2)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NODE = """
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# made = "rq"
# ///
import flodesk


def flow():
    made = divmod(7, 2)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LIVE = """
import flodesk
from flodesk.nodes import timing


def flow():
    for tick in timing.every(0.02):
        seen = abs(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
KILLS = """
import os
import flodesk


def killed():
    os.kill(os.getpid(), 9)


def flow():
    made = killed()


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_each_run_of_a_session_is_said_and_an_idle_one_ends_with_its_worker_quietly_and_soon(
    server: LocalServer,
    start_worker: Callable[..., Any],
    editors: Callable[..., Any],
    wait_for: Callable[..., None],
    tmp_path: Path,
) -> None:
    said = tmp_path / "said"
    process = start_worker(server.url, "--queue", "told", said=said)
    editor = editors(server.url, queue="told")
    assert editor.run(ONCE, "/lab/once.py").reason == "succeeded"
    first = editor.engine._run.id
    assert editor.run(ONCE.replace("(7, 2)", "(7, 0)"), "/lab/once.py").reason == "failed"
    second = editor.engine._run.id
    editor.start(LIVE, "/lab/live.py")
    wait_for(lambda: editor.engine.states(), "it to be on")
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    asked = time.monotonic()
    process.terminate()
    assert process.wait(20) == 0
    assert time.monotonic() - asked < 3.5, "its session ends by itself, and was not waited for"
    lines = said.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("flodesk worker: run ") for line in lines), "nothing else is said"
    assert lines[0] == f"flodesk worker: run {first} of once.py begins"
    assert re.fullmatch(rf"flodesk worker: run {first} of once.py succeeded after [\d.]+ .?s", lines[1])
    assert f"run {second} of once.py failed after" in lines[3]
    assert "of live.py was stopped after" in lines[5]
    assert len(lines) == 6


def test_single_nodes_are_said_and_a_process_that_was_killed_in_words(
    server: LocalServer,
    start_worker: Callable[..., Any],
    editors: Callable[..., Any],
    wait_for: Callable[..., None],
    tmp_path: Path,
) -> None:
    said, file = tmp_path / "said", tmp_path / "node.py"
    start_worker(server.url, said=said)
    file.write_text(NODE, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "flodesk", "run", str(file)],
        env={**os.environ, "FLODESK_REDIS_URL": server.url}, check=True, timeout=60,
    )  # fmt: skip
    wait_for(lambda: "is over after" in said.read_text(encoding="utf-8"), "the end of its job")
    begins, ends = said.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"flodesk worker: job \S+ \(.*node\.py\) begins", begins), begins
    assert ends.startswith(f"{begins.removesuffix('begins')}is over after ")

    editor = editors(server.url)
    assert editor.run(KILLS, "/lab/kills.py").reason == "crashed"
    run = editor.engine._run.id
    words = f"job {run}: its process was killed (SIGKILL; {OUT_OF_MEMORY})"
    wait_for(lambda: words in said.read_text(encoding="utf-8"), "the worker to say so", 20.0)
    assert "Work-horse" not in said.read_text(encoding="utf-8")


def test_a_worker_of_our_own_says_nothing_of_runs_also_where_their_process_is_killed(
    editors: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    with LocalServer() as server, OwnWorker(server.url, "own"):
        editor = editors(server.url, queue="own")
        end = editor.run(KILLS, "/lab/kills.py")
        assert f"the process of the run was killed (SIGKILL; {OUT_OF_MEMORY})" in end.message
        assert editor.run(ONCE, "/lab/once.py").reason == "succeeded"
        editor.engine.close()
    assert capfd.readouterr().err == ""
