"""A run whose process hangs, or was out of reach: it is listed, can be ended, and ends where it was given up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import BEAT_KEPT_SECONDS
from flodesk.engine.places.session.last_words import write_end
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import runs_on
from flodesk.engine.places.workers import job_deeds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, and looks into /proc")
KEY = os.environ["FLODESK_KEY"].encode()
COUNTS = """
import flodesk
import os
from flodesk.nodes import maths, timing
from pathlib import Path


def noted(number):
    Path(FOLDER, str(os.getpid())).write_text(str(number))
    return number


def flow():
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more
        told = noted(number)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def begun(editor: Any, folder: Path, wait_for: Callable[..., None]) -> tuple[str, int]:
    """Start a flow that counts; returns the run, and its process."""
    run = editor.start(COUNTS.replace("FOLDER", repr(str(folder))))
    wait_for(lambda: list(folder.iterdir()), "the run")
    return run, int(next(folder.iterdir()).name)


def there(connection: Redis, run: str) -> RunOn | None:
    return next((one for one in runs_on(connection, KEY) if one.run == run), None)


def state(connection: Redis, run: str) -> str:
    found = there(connection, run)
    return found.state if found is not None else ""


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def stop_by_name(server: LocalServer, run: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "flodesk", "stop", run],
        env={**os.environ, "FLODESK_REDIS_URL": server.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_run_that_hangs_is_listed_and_its_process_ended(
    server: LocalServer, editor: Any, connection: Redis, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    run, process = begun(editor, tmp_path, wait_for)
    wait_for(lambda: state(connection, run) == "running", "the list")
    editor.engine.leave()
    os.kill(process, signal.SIGSTOP)
    wait_for(lambda: state(connection, run) == "silent", "the list to say so")
    code, out = stop_by_name(server, run)
    assert (code, out) == (0, f"{run} did not answer, so its process was ended.\n")
    wait_for(lambda: not alive(process), "its end")


def test_a_run_that_was_given_up_while_it_was_out_of_reach_ends_when_it_is_back(
    editor: Any, connection: Redis, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    run, process = begun(editor, tmp_path, wait_for)
    wait_for(lambda: state(connection, run) == "running", "the list")
    os.kill(process, signal.SIGSTOP)
    write_end(connection, KEY, run, "dead", "its worker has died")
    assert editor.over().reason == "crashed"
    time.sleep(BEAT_KEPT_SECONDS + 0.5)  # so long it is out of reach
    os.kill(process, signal.SIGCONT)
    wait_for(lambda: not alive(process), "its end")
    assert state(connection, run) == "failed", "what was told of it stays"


def test_a_run_that_stops_by_itself_keeps_its_process_for_who_follows_it(
    editor: Any, connection: Redis, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    run, process = begun(editor, tmp_path, wait_for)
    assert job_deeds.stop(connection, job_deeds.find(connection, run), seconds=30.0) == "stopped"
    assert editor.over().reason == "stopped"
    assert alive(process)
