"""A Dask cluster of our own on this machine, for trials and tests where none is named: started here, ended with us.

Whoever may talk to a Dask scheduler has the workers run what he likes, and a port of the loopback interface is open to
everybody who is logged in here. So it speaks TLS, with a certificate that only the two ends have.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType

import dask
from distributed import LocalCluster
from distributed.security import Security

from flodesk.engine.heeding import heed
from flodesk.engine.lifeline import end_of

CLOSE_SECONDS = 5.0


class ClusterError(RuntimeError):
    """No cluster could be started; the text says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a cluster is, and how it is talked to."""

    address: str
    dashboard: str = ""
    security: Security | None = None


class OwnCluster:
    """A scheduler and workers in processes of their own, that end with this object, or with this process.

    Parameters
    ----------
    workers : int
        How many; 0: one for each core, eight at most.

    Attributes
    ----------
    found : Found
        Where it is.

    Raises
    ------
    ClusterError
        It did not start; its own last words are in the text.
    """

    def __init__(self, workers: int = 0) -> None:
        self._reader: threading.Thread | None = None
        self._folder = ""
        # -P: a file in the folder that this was started from must not pass for a package that the workers import
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flodesk.engine.places.dask.dask_own", str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C in the terminal is the business of who started it
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        try:
            line = self._process.stdout.readline()
            if not line:
                words = self._process.stderr.read().decode(errors="replace").strip().splitlines()
                raise ClusterError(
                    f"A Dask cluster of our own did not start: {words[-1] if words else 'no word of it'}"
                )
        except BaseException:
            self.close()
            raise
        # what it says from now on is read, so that it never waits for a full pipe; nobody needs it
        self._reader = threading.Thread(target=self._process.stderr.read, name="flodesk own cluster", daemon=True)
        self._reader.start()
        told = json.loads(line)
        self._folder = told["folder"]
        self.found = Found(told["address"], told["dashboard"], security(told["certificate"], told["key"]))

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self._process.poll() is None

    def end(self, seconds: float) -> str:
        """Say in words how its process has ended, which may take so long to be seen; empty if it has not."""
        try:
            return end_of(self._process.wait(seconds))
        except subprocess.TimeoutExpired:
            return ""

    def close(self) -> None:
        """End it. Safe to call twice."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._reader is not None:
            self._reader.join(CLOSE_SECONDS)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None and (self._reader is None or not self._reader.is_alive()):
                stream.close()
        if self._folder:  # it was killed, and its workers with it, or it has removed that itself
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> OwnCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def security(certificate: str, key: str) -> Security:
    """Return what both ends need to talk: each shows the one certificate, and believes no other."""
    names = ("client", "scheduler", "worker")
    shown = {f"tls_{name}_cert": certificate for name in names} | {f"tls_{name}_key": key for name in names}
    return Security(tls_ca_file=certificate, require_encryption=True, **shown)


def main() -> None:
    """Serve until standard input ends."""
    heed(lambda: None)
    logging.getLogger("distributed").setLevel(logging.ERROR)
    # a worker that has died is started again, however long that takes. Dask would give up one that is not there so long
    # after a death, also where it was there in between: a cluster without workers has nobody who says so
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1000 days"})
    workers = int(sys.argv[1]) or min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4)
    made = Security.temporary()
    certificate, key = made.tls_ca_file, made.tls_client_key
    with tempfile.TemporaryDirectory(prefix="flodesk-dask-", ignore_cleanup_errors=True) as folder:
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            security=security(certificate, key),
            protocol="tls://",
            dashboard_address="127.0.0.1:0" if find_spec("bokeh") else None,
            local_directory=folder,
            silence_logs=logging.ERROR,
        )
        dashboard = str(cluster.dashboard_link) if find_spec("bokeh") else ""
        told = {"address": cluster.scheduler_address, "dashboard": dashboard, "folder": folder}
        told |= {"certificate": certificate, "key": key}
        print(json.dumps(told), flush=True)
        while os.read(0, 1024):
            pass
        cluster.close(timeout=3)
    os._exit(0)


if __name__ == "__main__":
    main()
