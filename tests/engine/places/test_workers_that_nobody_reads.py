"""What a worker has to say is no matter of its runs: nobody may read it."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.log import Voice
from flodesk.engine.places.known import Places
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.run import Run
from flodesk.engine.table import Table

TEXT = """
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# a = "rq"
# [tool.flodesk.rq]
# jobs = "node"
# ///
import os
import flodesk
from pathlib import Path


def note(file):
    with Path(file).open("a") as pids:
        pids.write(f"{os.getpid()}\\n")
    while not Path(file + " go").exists():
        flodesk.context().sleep(0.01)
    return 1.0


def flow():
    a = note(FILE)
    b = abs(a)


if __name__ == "__main__":
    flodesk.main(flow)
"""
BUFFERED = {"PYTHONUNBUFFERED": ""}
"""What a worker says waits where its processes inherit it, as without this variable."""


class Gone(io.StringIO):
    """A stream that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_stream_that_is_gone_ends_nothing() -> None:
    said: list[tuple[str, str, str]] = []
    node = [""]
    voice = Voice("info", lambda: node[0], lambda *line: said.append(line), Gone())
    assert voice.write("of nobody\n") == 10
    node[0] = "flow.a"
    voice.write("of a node")
    voice.flush()
    assert said == [("flow.a", "info", "of a node")]


def run_and_kill(server: LocalServer, folder: Path, wait_for: Callable[..., None]) -> str:
    """Run a node whose process is killed, so that the worker has something to say; return how the run ended."""
    pids = folder / "pids"
    places = Places()
    run = Run(
        "run", TEXT.replace("FILE", repr(str(pids))), "", emit=lambda event: None,
        table=Table(memoryview(bytearray(1 << 16))), places=places,
    )  # fmt: skip
    try:
        run.start()
        wait_for(lambda: pids.exists() and pids.read_text().endswith("\n"), "the node")
        os.kill(int(pids.read_text().split()[0]), signal.SIGKILL)
        wait_for(lambda: pids.read_text().count("\n") == 2, "the second try")
        Path(f"{pids} go").touch()
        assert run.join(60)
    finally:
        places.close()
    return f"{run.report.reason} {run.report.message}"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_whose_output_nobody_reads_runs_nodes(
    server: LocalServer, start_worker: Callable[..., Any], tmp_path: Path, wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    start_worker(server.url, heard=True, **BUFFERED)  # its output was closed after the greeting
    assert run_and_kill(server, tmp_path, wait_for) == "succeeded "
