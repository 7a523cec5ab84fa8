"""The place `process`: worker processes that are started once and kept, and that can be ended whatever they do."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flodesk.engine.places.processes.pool import Pool
from flodesk.engine.places.processes.seat import ProcessSeat
from flodesk.engine.places.processes.worker_process import Worker
from flodesk.engine.places.protocol import Opened, Seat

MOST_CPUS = 8
CLOSE_SECONDS = 1.0
"""How long a worker gets to end by itself."""


class ProcessPlace:
    """Workers of one engine.

    Parameters
    ----------
    settings : mapping
        ``cpus`` (how many workers calls may run in side by side), ``environment`` (variables by name), ``folder``
        (the working folder; that of the flow by default). What stands in ``[tool.flodesk.process]``.
    folder : str
        The folder of the flow.
    seats : type
        What stands for a function in a worker.
    """

    def __init__(self, settings: Mapping[str, Any], folder: str, seats: type[ProcessSeat] = ProcessSeat) -> None:
        self._seats = seats
        self._environment = {str(name): str(value) for name, value in settings.get("environment", {}).items()}
        self._folder = str(Path(folder or Path.cwd(), str(settings.get("folder", "") or ".")))
        self._cpus = int(settings.get("cpus", 0)) or min(MOST_CPUS, cores())
        self.pool = Pool()
        self._idle: list[Worker] = []
        self._all: list[Worker] = []
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._closed = False
        # one thread starts every process and lives as long as they do: on Linux they are told to die with it
        self._keeper = threading.Thread(target=self._keep, name="flodesk workers", daemon=True)
        self._keeper.start()

    # -------------------------------------------------------------- seats
    def seat(self, opened: Opened) -> Seat:
        """Give a function a worker of its own for the run, and see to it that another is ready for side by side."""
        with self._lock:
            worker = self._take() or self._hire()
            while len(self._all) < self._cpus:
                self._idle.append(self._hire())
        return self._seats(self, self.pool, worker, opened)

    def extra(self, opened: Opened) -> Seat | None:
        """Give another worker if one is free."""
        with self._lock:
            worker = self._take()
        return None if worker is None else self._seats(self, self.pool, worker, opened)

    def wait(self, seats: Sequence[Seat], seconds: float) -> None:
        """Wait until one of the seats has something to tell."""
        socks = [seat.worker.sock for seat in seats if isinstance(seat, ProcessSeat)]
        if hasattr(select, "poll"):
            poll = select.poll()
            for sock in socks:
                if sock.fileno() >= 0:
                    poll.register(sock, select.POLLIN)
            poll.poll(seconds * 1000)
        else:
            select.select(socks, [], [], seconds)

    def free(self, worker: Worker) -> None:
        """Take a worker back."""
        with self._lock:
            if worker.lost or self._closed:
                if worker in self._all:
                    self._all.remove(worker)
                if not self._closed and len(self._all) < self._cpus:
                    self._idle.append(self._hire())  # a fresh one for the next run
            elif worker not in self._idle:
                self._idle.append(worker)

    def close(self) -> None:
        """End every worker, and unlink the memory."""
        with self._lock:
            self._closed = True
            workers, self._all, self._idle = self._all, [], []
        self._orders.put(None)
        self._keeper.join(5.0)
        for worker in workers:
            worker.dismiss()
        end = time.monotonic() + CLOSE_SECONDS
        for worker in workers:
            worker.end(max(0.0, end - time.monotonic()))
        self.pool.close()

    @property
    def busy(self) -> bool:
        """Whether a function has a worker of it."""
        with self._lock:
            return len(self._idle) < len(self._all)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.process.pid for worker in self._all if worker.process is not None]

    # -------------------------------------------------------------- workers
    def _take(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._all.remove(worker)
            worker.end(0.0)
        return None

    def _hire(self) -> Worker:
        worker = Worker(self._environment, self._folder)
        self._all.append(worker)
        self._orders.put(worker)
        return worker

    def _keep(self) -> None:
        while (worker := self._orders.get()) is not None:
            worker.begin()


def cores() -> int:
    """Return how many cores this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
