"""Nodes that need something of their worker: they run where it is, and nowhere else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.places.known import Places

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
Flow = Callable[..., str]


class Machines:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, there: Any, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
        self._there = there
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self._own = ["--no-dashboard", "--host", "127.0.0.1"]
        self._start("Scheduler at:", "scheduler", "--port", self.address.rpartition(":")[2])

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until the scheduler knows it."""
        of_one = ["--no-nanny", "--nthreads", "2", "--local-directory", str(self._folder)]
        return self._start("Registered to:", "worker", self.address, *of_one, *options)

    def close(self) -> None:
        for process in reversed(self._started):
            process.terminate()
            process.wait(20)

    def _start(self, ready: str, *command: str) -> subprocess.Popen[bytes]:
        said = self._folder / f"{len(self._started)}.log"
        whole = [sys.executable, "-m", "dask", *command, *self._own]
        with said.open("wb") as log:
            process = subprocess.Popen(whole, stdout=log, stderr=log, env={**os.environ}, cwd=self._folder)
        self._started.append(process)
        self._there.until(lambda: ready in said.read_text())
        return process


@pytest.fixture(scope="module")
def machines(there: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Give a cluster with a worker that has nothing to offer."""
    made = Machines(there, tmp_path_factory.mktemp("machines"))
    made.worker()
    yield made
    made.close()


@pytest.fixture
def elsewhere(there: Any, machines: Machines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let flows run on that cluster."""
    monkeypatch.setenv("FLODESK_DASK_ADDRESS", machines.address)
    places, there.places = there.places, Places()
    yield there
    there.places.close()
    there.places = places


def test_a_node_runs_on_the_worker_that_has_what_it_needs(elsewhere: Any, machines: Machines, flow: Flow) -> None:
    gpu = machines.worker("--resources", "GPU=1")
    body = "    for k in count(8):\n        gpu = where(k)\n        q = where(k)\n        y = see(gpu, q)\n"
    top = "\n\nSEEN = []\n\n\ndef see(*values):\n    SEEN.append(values)\n"
    top += "\n\ndef where(x=0):\n    return os.getppid()\n"
    elsewhere.values(flow(body, "gpu", "q", top=top))
    seen = elsewhere.run.loaded.namespace["SEEN"]
    assert len(seen) == 8
    assert {at for at, _ in seen} == {gpu.pid}
    gpu.kill()
    gpu.wait()


HOLD = """

@flodesk.node(pure=PURE)
def hold(folder, x=0):
    flodesk.context().log(f"holds on {os.getppid()}")
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return x + 1
"""


@pytest.mark.parametrize("pure", [True, False], ids=["anywhere", "at its desk"])
def test_the_only_worker_that_has_what_a_node_needs_dies_meanwhile(
    elsewhere: Any, machines: Machines, flow: Flow, tmp_path: Path, pure: bool
) -> None:
    text = flow(f"    gpu = hold({str(tmp_path)!r})\n", "gpu", top=HOLD.replace("PURE", str(pure)))
    short = text.replace("# [tool.flodesk.dask.", "# [tool.flodesk.dask]\n# patience = 0.3\n# [tool.flodesk.dask.", 1)
    one = machines.worker("--resources", "GPU=1")
    elsewhere.start(short)
    elsewhere.until(lambda: any(f"holds on {one.pid}" in line.text for line in elsewhere.lines()))
    one.kill()
    one.wait()
    assert elsewhere.join() == "failed"
    if not pure:
        assert "has died. What keeps a state" in elsewhere.run.report.message
        return
    assert "No worker of the Dask cluster offers GPU=1, and none has come within 0.3 s" in elsewhere.run.report.message

    two = machines.worker("--resources", "GPU=1")
    elsewhere.start(text)
    elsewhere.until(lambda: any(f"holds on {two.pid}" in line.text for line in elsewhere.lines()))
    two.kill()
    two.wait()
    elsewhere.until(lambda: any("the nodes wait 60 s for one" in line.text for line in elsewhere.lines()))
    assert not elsewhere.run.join(0.0), "it waits"
    (tmp_path / "go").touch()
    three = machines.worker("--resources", "GPU=1")
    assert elsewhere.join() == "succeeded"
    plan = elsewhere.run.runners["flow"].plan
    assert plan.slots[plan.names["gpu"]] == 1
    three.kill()
    three.wait()
