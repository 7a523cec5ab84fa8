"""``flodesk attach --list`` in a pipe: a run is a line, however long the names of its file and its failure are."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.session.runs_there import runs_on

FAILS = """
import flodesk


def broken():
    raise ValueError("the pressure is out of its range, " * 5 + "at last")


def flow():
    value = broken()


if __name__ == "__main__":
    flodesk.main(flow)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell with cut and grep")


def test_a_run_is_a_line(
    server: LocalServer, worker: object, connection: Redis, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    flodesk = shlex.join([sys.executable, "-m", "flodesk"])

    def said(command: str) -> list[str]:
        return subprocess.run(
            ["sh", "-c", command],
            env={**os.environ, "FLODESK_REDIS_URL": server.url, "COLUMNS": "80"},
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout.splitlines()  # fmt: skip

    folder = tmp_path / "/".join(["measurements of the second quarter"] * 4)
    folder.mkdir(parents=True)
    files = [folder / "first.py", folder / "second.py"]
    runs = []
    for file in files:
        file.write_text(FAILS, encoding="utf-8")
        runs += said(f"{flodesk} run {shlex.quote(str(file))} --on rq --detach")
    wait_for(
        lambda: [run.state for run in runs_on(connection, find_or_make_key().secret)] == ["failed"] * 2, "their ends"
    )

    first, second = runs
    assert said(f"{flodesk} attach --list | tail -n +2 | cut -d' ' -f1") == [second, first], "a line each, newest first"
    (line,) = said(f"{flodesk} attach --list | grep {first}")
    assert str(files[0]) in line
    assert line.endswith("at last"), "with why it failed"
