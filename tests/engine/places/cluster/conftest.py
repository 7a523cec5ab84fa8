"""What the tests of Dask share: one cluster for those of a file, and a run of a flow on it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flodesk.engine.events import Event, LogLine, NodeFailed
from flodesk.engine.places.dask.dask_client import Cluster
from flodesk.engine.places.known import Places
from flodesk.engine.run import Run
from flodesk.engine.table import Layout, Table, states

SECONDS = 40.0
MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TOP = """
import os
import time
from pathlib import Path
import numpy


class Sum:
    def __init__(self, start=0.0):
        self.total = start

    def __call__(self, x):
        self.total += float(numpy.sum(x))
        return self.total

    def close(self):
        flodesk.context().log(f"closed at {self.total}")


def where(x=0):
    return os.getpid()


def inc(x, by=1):
    return x + by


def mul(x, y):
    return x * y


def big(x, n=200_000):
    return numpy.full(n, float(x))


def count(n=5):
    yield from range(n)
"""


def flow(body: str, *nodes: str, top: str = "") -> str:
    lines = ["# /// script", "# [tool.flodesk]", "# version = 1", "# [tool.flodesk.places.flow]"]
    lines += [f'# {node} = "dask"' for node in nodes]
    lines += ["# [tool.flodesk.dask.resources.flow]", "# gpu = { GPU = 1 }"]
    return "\n".join([*lines, "# ///", "import flodesk"]) + TOP + top + "\n\ndef flow():\n" + body + MAIN


class There:
    """Runs flows, with one cluster for all of them."""

    def __init__(self) -> None:
        self.places = Places()
        self.events: list[Event] = []
        self.run: Any = None
        self._layouts: list[Layout] = []
        self._table = Table(memoryview(bytearray(1 << 16)))

    def start(self, text: str, path: str = "", keep: bool = True) -> None:
        self.events, self._layouts = [], []
        self._table = Table(memoryview(bytearray(1 << 16)))
        self.run = Run(
            f"run{time.monotonic_ns()}", text, path, emit=self.events.append, table=self._table, places=self.places,
            laid_out=self._layouts.append, keep=keep,
        )  # fmt: skip
        self.run.start()

    def join(self) -> str:
        assert self.run.join(SECONDS), self.events
        return str(self.run.report.reason)

    def values(self, text: str, path: str = "", keep: bool = True) -> dict[str, Any]:
        self.start(text, path, keep)
        assert self.join() == "succeeded", self.run.report.message
        plan = self.run.runners["flow"].plan
        return {name: plan.slots[slot] for name, slot in plan.names.items()}

    def failure(self, text: str, path: str = "", keep: bool = True) -> Any:
        self.start(text, path, keep)
        assert self.join() == "failed"
        return next(event.failure for event in self.events if isinstance(event, NodeFailed))

    def lines(self) -> list[LogLine]:
        return [event for event in self.events if isinstance(event, LogLine)]

    def state(self, node: str) -> Any:
        return states(self._table.cells, self._layouts, {}, True, set()).get(node)

    def until(self, true: Callable[[], Any]) -> Any:
        end = time.monotonic() + SECONDS
        while not (found := true()):
            assert time.monotonic() < end, self.events
            time.sleep(0.005)
        return found

    @property
    def cluster(self) -> Cluster:
        place: Any = self.places.place("dask", self.run.runners["flow"].plan)
        found = place._held.now
        assert isinstance(found, Cluster)
        return found

    def workers(self) -> int:
        """Return how many workers the cluster has now."""
        cluster = self.cluster
        found = asyncio.run_coroutine_threadsafe(cluster._client.scheduler.identity(n_workers=-1), cluster._loop)
        return len(found.result(SECONDS)["workers"])

    def on_the_cluster(self) -> set[str]:
        """Return the keys of what Dask has now."""
        cluster = self.cluster

        async def asked() -> set[str]:
            found = await cluster._client.scheduler.who_has(keys=None)
            return {str(key) for key in found}

        return asyncio.run_coroutine_threadsafe(asked(), cluster._loop).result(SECONDS)


def plain(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    body = text.split("def flow():\n")[1].split(MAIN)[0]
    exec(compile("\n".join(line[4:] for line in body.splitlines()), "plain", "exec"), space)
    return space


@pytest.fixture(scope="module")  # what is idle takes a tenth of a core: it ends with its file
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    patch = pytest.MonkeyPatch()
    patch.setenv("FLODESK_DATA", str(tmp_path_factory.mktemp("data")))
    made = There()
    made.values(flow("    a = inc(1)\n", "a"))  # the cluster stands, with its threads
    yield made
    made.places.close()
    patch.undo()


@pytest.fixture(name="flow", scope="session")
def _flow() -> Callable[..., str]:
    """Give the function that writes a flow: its body, its nodes on Dask, more functions."""
    return flow


@pytest.fixture(name="plain", scope="session")
def _plain() -> Callable[[str], dict[str, Any]]:
    """Give the function that runs a flow's text as Python does, and returns what is bound."""
    return plain
