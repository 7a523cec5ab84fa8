"""A cluster of our own whose process is killed: the run says so in words, and the next one has another."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, NodeFailed, RunFinished
from flodesk.engine.lifeline import OUT_OF_MEMORY
from flodesk.engine.places.dask.dask_client import Cluster, Holds

TEXT = """import time

import flodesk
from flodesk.nodes import timing


def slow(tick):
    time.sleep(0.05)
    return tick


def flow():
    for tick in timing.every(0.1):
        made = slow(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcess]:
    monkeypatch.delenv("FLODESK_DASK_ADDRESS", raising=False)
    made = InProcess()
    yield made
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_the_run_says_that_its_cluster_was_killed_and_the_next_has_another(
    engine: InProcess, wait_for: Callable[..., None]
) -> None:
    told: list[Event] = []
    engine.listener = told.append

    def run() -> None:
        told.clear()
        engine.open(TEXT)
        engine.start(place="dask")
        wait_for(lambda: told_of(RunFinished) or turns() > 1, "some turns")
        assert not told_of(RunFinished)

    def told_of(kind: type[Event]) -> list[Event]:
        return [event for event in told if isinstance(event, kind)]

    def turns() -> int:
        state = engine.states().get("flow.made")
        return state.count if state is not None else 0

    run()
    (own,) = [held.now._own for held in Holds._all.values() if held.now is not None and held.now._own is not None]
    os.kill(own._process.pid, signal.SIGKILL)
    wait_for(lambda: told_of(RunFinished), "its end")
    (failed,) = told_of(NodeFailed)
    assert isinstance(failed, NodeFailed)
    assert failed.failure.message == (
        f"The Dask cluster of our own has gone. Its process was killed (SIGKILL; {OUT_OF_MEMORY}). Run starts another"
    )
    run()
    engine.stop()
    wait_for(lambda: told_of(RunFinished), "its end")


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_its_client_gives_up_without_a_word_in_the_log(wait_for: Callable[..., None]) -> None:
    heard: list[logging.LogRecord] = []
    handler, log = logging.Handler(), logging.getLogger("distributed.client")
    handler.emit = heard.append  # type: ignore[method-assign]
    before = [*log.filters]
    log.addHandler(handler)
    cluster = Cluster("", 1, lambda level, text: None)
    try:
        cluster._connected.result(60.0)
        client, own = cluster._client, cluster._own
        assert own is not None
        client._timeout = 0.5  # s: so long it looks for its scheduler
        os.kill(own._process.pid, signal.SIGKILL)
        wait_for(lambda: client.status == "closed", "that it gives up")
        assert not heard
        log.error("of another client")
        assert len(heard) == 1
    finally:
        cluster.close()
        log.removeHandler(handler)
    assert log.filters == before
