"""A cluster of our own: what it does about its workers."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from flodesk.engine.places.dask.dask_own import OwnCluster

SECONDS = 60.0


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_a_worker_that_takes_long_to_start_again_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT", "1ms")  # no worker is as fast
    with OwnCluster(1) as own, Client(own.found.address, security=own.found.security, set_as_default=False) as client:

        def others(than: set[str]) -> Any:
            end = time.monotonic() + SECONDS
            while not (found := set(client.scheduler_info(n_workers=-1)["workers"]) - than):
                assert time.monotonic() < end, "no worker is there"
                time.sleep(0.01)
            return found

        before = others(set())
        (pid,) = client.run(os.getpid).values()
        os.kill(pid, signal.SIGKILL)
        assert others(before)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_the_folder_of_one_that_was_killed_goes_with_its_object(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with OwnCluster(1) as own:
        (folder,) = tmp_path.glob("flodesk-dask-*")
        assert any(folder.iterdir())
        os.kill(own._process.pid, signal.SIGKILL)
        own._process.wait()
    assert not folder.exists()
